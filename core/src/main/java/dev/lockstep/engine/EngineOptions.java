package dev.lockstep.engine;

import dev.lockstep.source.ReadOptions;

/// How a run is carried out; nothing here changes what is found, other than what is left out.
///
/// @param threads threads that scan, at least 1
/// @param read what the reader derives and may spend
/// @param quick whether payloads and labels are left out
public record EngineOptions(int threads, ReadOptions read, boolean quick) {
  /// All cores, everything examined.
  public static EngineOptions defaults() {
    return new EngineOptions(
        Runtime.getRuntime().availableProcessors(), ReadOptions.DEFAULT, false);
  }

  /// @throws IllegalArgumentException if `threads` is not positive
  public EngineOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected at least 1)");
    }
  }

  /// The same with `threads` threads.
  public EngineOptions withThreads(int threads) {
    return new EngineOptions(threads, read, quick);
  }

  /// The same without payloads and labels.
  public EngineOptions withoutPayloads() {
    return new EngineOptions(threads, read.containerOnly(), true);
  }

  /// The same with other read options.
  public EngineOptions withRead(ReadOptions read) {
    return new EngineOptions(threads, read, quick);
  }
}
