package dev.lockstep.synth;

/// One message of a synthetic recording on its way to a writer.
public final class DriveMessage {
  private final int stream;
  private final long index;
  private final long stampNs;
  private final long logTimeNs;
  private final long publishTimeNs;
  private final int sequence;
  private final byte[] payload;

  DriveMessage(
      int stream,
      long index,
      long stampNs,
      long logTimeNs,
      long publishTimeNs,
      int sequence,
      byte[] payload) {
    this.stream = stream;
    this.index = index;
    this.stampNs = stampNs;
    this.logTimeNs = logTimeNs;
    this.publishTimeNs = publishTimeNs;
    this.sequence = sequence;
    this.payload = payload;
  }

  /// Number of its stream in [Drive#streams()].
  public int stream() {
    return stream;
  }

  /// Number of the message in its stream, from 0.
  public long index() {
    return index;
  }

  /// Stamp that its payload holds.
  public long stampNs() {
    return stampNs;
  }

  /// When it was recorded.
  public long logTimeNs() {
    return logTimeNs;
  }

  /// When it was sent.
  public long publishTimeNs() {
    return publishTimeNs;
  }

  /// The sender's counter.
  public int sequence() {
    return sequence;
  }

  /// Its bytes; the array belongs to the caller.
  public byte[] payload() {
    return payload;
  }
}
