package dev.lockstep.check;

import dev.lockstep.model.Location;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;

/// Messages of a stream in a row with one fault, which are one finding.
///
/// A rule opens a run at the first of them, extends it by the others, and reports it at
/// [#location()] when a message comes that is sound, or none.
public final class MessageRun {
  private final StreamInfo stream;
  private final long first;
  private final long firstNs;
  private long last;
  private long lastNs;

  /// A run of one message.
  ///
  /// @param message its index in the stream
  /// @param stampNs its stamp, or [Times#NONE]
  public MessageRun(StreamInfo stream, long message, long stampNs) {
    this.stream = stream;
    first = message;
    firstNs = stampNs;
    last = message;
    lastNs = stampNs;
  }

  /// Adds a message behind those that it has.
  ///
  /// @param stampNs its stamp, or [Times#NONE]
  public void extend(long message, long stampNs) {
    last = message;
    lastNs = stampNs;
  }

  /// Index of the first message.
  public long first() {
    return first;
  }

  /// Whether `message` is the one behind the last.
  public boolean isFollowedBy(long message) {
    return last + 1 == message;
  }

  /// The messages, with their stamps where the first and the last have some.
  public Location location() {
    return Location.stream(stream.name())
        .withMessages(first, last)
        .withKnownStamps(firstNs, lastNs);
  }

  /// Says that nothing is to be learned from these messages, see [CheckSink#lacks].
  public void disown(CheckSink sink) {
    sink.lacks(stream.name(), first - 1, last + 1, 0);
  }
}
