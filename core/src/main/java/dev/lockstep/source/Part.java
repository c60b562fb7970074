package dev.lockstep.source;

import java.io.IOException;

/// One of several files that follow each other in a recording, and what was read of it.
public final class Part {
  private final String name;
  private final Opening opening;
  private boolean afterLoss;
  private long messages;
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;

  /// Opens the file.
  @FunctionalInterface
  public interface Opening {
    /// A reader of the file alone.
    RecordingReader open() throws IOException;
  }

  /// A file that was not read yet.
  ///
  /// @param name relative to the recording
  public Part(String name, Opening opening) {
    this.name = name;
    this.opening = opening;
  }

  /// Says that a file in front of it is missing, which is told: streams have a hole there.
  public Part afterLoss() {
    afterLoss = true;
    return this;
  }

  boolean isAfterLoss() {
    return afterLoss;
  }

  /// Name of the file, relative to the recording.
  public String name() {
    return name;
  }

  /// Number of messages that it held.
  public long messages() {
    return messages;
  }

  /// Least log time of its messages, ns; `Long.MAX_VALUE` where it has none.
  public long firstNs() {
    return firstNs;
  }

  /// Greatest log time of its messages, ns; `Long.MIN_VALUE` where it has none.
  public long lastNs() {
    return lastNs;
  }

  RecordingReader open() throws IOException {
    return opening.open();
  }

  void count(long logTimeNs) {
    messages++;
    firstNs = Math.min(firstNs, logTimeNs);
    lastNs = Math.max(lastNs, logTimeNs);
  }
}
