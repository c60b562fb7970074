package dev.lockstep.synth.fault;

import dev.lockstep.model.Times;

/// One message of a [Tape]: what may be edited without its payload, and where that is.
///
/// Rows keep their identity while others are added and removed, so a fault can say now where
/// something is and be asked for message numbers once all faults are planted.
public final class TapeRow {
  /// Number of its stream.
  int stream;

  /// Key of the payload in the tape's store.
  long payloadKey;

  /// Replaces the stored payload, if not null.
  byte @org.jspecify.annotations.Nullable [] edited;

  /// Stamp that the payload holds, or [Times#NONE].
  long storedStampNs;

  /// Stamp that the payload should hold, or [Times#NONE].
  long stampNs;

  /// When it was recorded, ns.
  public long logTimeNs;

  /// When it was sent, ns.
  public long publishTimeNs;

  /// The sender's counter.
  public int sequence;

  TapeRow(int stream, long payloadKey, long stampNs) {
    this.stream = stream;
    this.payloadKey = payloadKey;
    this.storedStampNs = stampNs;
    this.stampNs = stampNs;
  }

  /// Takes the payload of another row, under the own stamp.
  void takePayload(TapeRow other) {
    payloadKey = other.payloadKey;
    edited = other.edited;
    storedStampNs = other.storedStampNs;
  }

  TapeRow copy() {
    TapeRow copy = new TapeRow(stream, payloadKey, storedStampNs);
    copy.edited = edited;
    copy.stampNs = stampNs;
    copy.logTimeNs = logTimeNs;
    copy.publishTimeNs = publishTimeNs;
    copy.sequence = sequence;
    return copy;
  }

  /// Number of its stream.
  public int stream() {
    return stream;
  }

  /// Stamp of the sensor, or [Times#NONE].
  public long stampNs() {
    return stampNs;
  }

  /// Gives the message another stamp.
  ///
  /// @throws IllegalStateException if its payload holds none
  public void setStampNs(long value) {
    if (stampNs == Times.NONE) {
      throw new IllegalStateException("message without a stamp");
    }
    stampNs = value;
  }
}
