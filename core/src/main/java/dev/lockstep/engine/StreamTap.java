package dev.lockstep.engine;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;

/// Sees the streams of a run as they are read, for whoever shows how a recording goes; it has no
/// part in what is found. Called on the thread that advances the run.
public interface StreamTap {
  /// The next stream; its id is the number of streams before it.
  void stream(StreamInfo stream);

  /// The next messages of a stream, numbered; they are not the tap's to keep.
  void messages(MessageBatch batch);
}
