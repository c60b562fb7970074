package dev.lockstep.source;

import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Location;
import dev.lockstep.model.Times;

/// A message that a [RecordingIndex] knows, and where it lies.
///
/// @param stream name of its stream
/// @param index its index in the stream, from 0
/// @param stampNs when the sensor measured, or [Times#NONE]
/// @param logTimeNs when it was recorded, or [Times#NONE]
/// @param file file that holds it, relative to the recording
/// @param bytes its payload in that file; of its chunk where that is compressed
/// @param compressed whether `bytes` are those of a compressed chunk
public record MessageAt(
    String stream,
    long index,
    long stampNs,
    long logTimeNs,
    String file,
    ByteRange bytes,
    boolean compressed) {

  /// The place as findings give it.
  public Location location() {
    Location at =
        Location.stream(stream)
            .withFile(file)
            .withMessages(index, index)
            .withBytes(bytes.offsetBytes(), bytes.lengthBytes());
    return stampNs == Times.NONE ? at : at.withStamps(stampNs, stampNs);
  }
}
