package dev.lockstep.model;

import org.jspecify.annotations.Nullable;

/// Where a defect or finding lies: as much of file, bytes, stream, messages, stamps, track and
/// frames as applies.
///
/// @param file path relative to the recording, or its name; null where no file is meant
/// @param bytes bytes of that file
/// @param stream name of the stream or label set
/// @param messages message indices in the stream, 0-based; for labels, row numbers
/// @param stampsNs stamps of the first and last message concerned, ns
/// @param track track id, as in the labels
/// @param frames frame numbers, as in the labels
public record Location(
    @Nullable String file,
    @Nullable ByteRange bytes,
    @Nullable String stream,
    @Nullable Span messages,
    @Nullable Span stampsNs,
    @Nullable String track,
    @Nullable Span frames) {

  /// No narrower place than the recording itself.
  public static final Location RECORDING = new Location(null, null, null, null, null, null, null);

  /// A place in a file.
  public static Location file(String file) {
    return RECORDING.withFile(file);
  }

  /// A place in a file, narrowed to bytes.
  public static Location bytes(String file, long offsetBytes, long lengthBytes) {
    return RECORDING.withFile(file).withBytes(offsetBytes, lengthBytes);
  }

  /// A place in a stream or label set.
  public static Location stream(String stream) {
    return new Location(null, null, stream, null, null, null, null);
  }

  /// The same place, in `file`.
  public Location withFile(@Nullable String file) {
    return new Location(file, bytes, stream, messages, stampsNs, track, frames);
  }

  /// The same place, narrowed to bytes.
  public Location withBytes(long offsetBytes, long lengthBytes) {
    return new Location(
        file, new ByteRange(offsetBytes, lengthBytes), stream, messages, stampsNs, track, frames);
  }

  /// The same place, in `stream`.
  public Location withStream(String stream) {
    return new Location(file, bytes, stream, messages, stampsNs, track, frames);
  }

  /// The same place, narrowed to messages.
  public Location withMessages(long first, long last) {
    return new Location(file, bytes, stream, new Span(first, last), stampsNs, track, frames);
  }

  /// The same place, with the stamps of its ends, which may be in either order.
  public Location withStamps(long firstNs, long lastNs) {
    return new Location(
        file, bytes, stream, messages, Span.between(firstNs, lastNs), track, frames);
  }

  /// The same place, with the stamps of its ends where both have one.
  ///
  /// @param firstNs stamp, or [Times#NONE]
  /// @param lastNs stamp, or [Times#NONE]
  public Location withKnownStamps(long firstNs, long lastNs) {
    return firstNs == Times.NONE || lastNs == Times.NONE ? this : withStamps(firstNs, lastNs);
  }

  /// The same place, narrowed to a track, or to none.
  public Location withTrack(@Nullable String track) {
    return new Location(file, bytes, stream, messages, stampsNs, track, frames);
  }

  /// The same place, narrowed to frames.
  public Location withFrames(long first, long last) {
    return new Location(file, bytes, stream, messages, stampsNs, track, new Span(first, last));
  }
}
