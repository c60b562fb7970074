package dev.lockstep.check.video;

import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts the frames of a video, which come in the order of decoding, in the order in which they are
/// shown. Shared by the rules of a stream; constant memory.
final class ShownOrder {
  /// Frames that may be decoded in front of one that is shown before them (H.264, A.3.1 and H.265,
  /// A.4.2: no decoder holds more than 16).
  static final int MAX_REORDER = 16;

  /// A frame in its turn.
  ///
  /// @param late whether it comes after a frame that is shown later has left the window
  record Frame(long index, long stampNs, boolean late) {}

  private final long[] stamps = new long[MAX_REORDER + 2];
  private final long[] indices = new long[MAX_REORDER + 2];
  private int held;
  private final List<Frame> fresh = new ArrayList<>();
  private long nextIndex;
  private long lastNs = Times.NONE;
  private boolean ended;
  private @Nullable MessageBatch batch;

  private ShownOrder() {}

  static ShownOrder of(SharedAnalyses shared) {
    return shared.get(ShownOrder.class, ShownOrder::new);
  }

  /// Why a stream has no times at which frames are shown, or null where it has.
  static @Nullable String notApplicable(StreamInfo stream) {
    if (stream.modality() != Modality.VIDEO) {
      return "stream has no video frames";
    }
    return stream.stampSource() == StampSource.MEDIA_TIME
        ? null
        : "format keeps no times at which frames are decoded and shown";
  }

  /// Takes the next messages, once however many rules hand them over.
  void accept(MessageBatch next) {
    if (next == batch) {
      return;
    }
    batch = next;
    fresh.clear();
    for (int row = 0; row < next.size(); row++) {
      long index = next.firstIndex() + row;
      long stampNs = next.stampsNs()[row];
      if (index < nextIndex || stampNs == Times.NONE) {
        continue;
      }
      nextIndex = index + 1;
      insert(index, stampNs);
      if (held > MAX_REORDER + 1) {
        release();
      }
    }
  }

  /// No more messages.
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    fresh.clear();
    while (held > 0) {
      release();
    }
  }

  /// Frames whose turn has come since the last batch.
  List<Frame> fresh() {
    return fresh;
  }

  /// Latest first, so that the next to be shown is the last.
  private void insert(long index, long stampNs) {
    int at = held;
    while (at > 0 && stamps[at - 1] <= stampNs) {
      stamps[at] = stamps[at - 1];
      indices[at] = indices[at - 1];
      at--;
    }
    stamps[at] = stampNs;
    indices[at] = index;
    held++;
  }

  private void release() {
    held--;
    boolean late = lastNs != Times.NONE && stamps[held] < lastNs;
    fresh.add(new Frame(indices[held], stamps[held], late));
    lastNs = late ? lastNs : stamps[held];
  }
}
