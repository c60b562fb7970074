package dev.lockstep.engine;

import dev.lockstep.shadow.ShadowShare;
import dev.lockstep.source.ReadOptions;
import org.jspecify.annotations.Nullable;

/// How a run is carried out; nothing here changes what is found, other than what is left out.
///
/// @param threads threads that scan, at least 1, the one that orders what they bring among them
/// @param read what the reader derives and may spend
/// @param quick whether payloads and labels are left out
/// @param keepAll whether stamps of every stream are kept for [RecordingRun#alignment], whatever
///   rules ask for
/// @param shadow which share is read a second time in another way, null for none
public record EngineOptions(
    int threads, ReadOptions read, boolean quick, boolean keepAll, @Nullable ShadowShare shadow) {
  /// All cores, everything examined.
  public static EngineOptions defaults() {
    return new EngineOptions(
        Runtime.getRuntime().availableProcessors(), ReadOptions.DEFAULT, false, false, null);
  }

  /// @throws IllegalArgumentException if `threads` is not positive
  public EngineOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected at least 1)");
    }
  }

  /// The same with `threads` threads.
  public EngineOptions withThreads(int threads) {
    return new EngineOptions(threads, read, quick, keepAll, shadow);
  }

  /// The same without payloads and labels.
  public EngineOptions withoutPayloads() {
    return new EngineOptions(threads, read.containerOnly(), true, keepAll, shadow);
  }

  /// The same, keeping stamps and samples of every stream.
  public EngineOptions withAllKept() {
    return new EngineOptions(threads, read, quick, true, shadow);
  }

  /// The same with other read options.
  public EngineOptions withRead(ReadOptions read) {
    return new EngineOptions(threads, read, quick, keepAll, shadow);
  }

  /// The same, reading a share a second time.
  public EngineOptions withShadow(@Nullable ShadowShare shadow) {
    return new EngineOptions(threads, read, quick, keepAll, shadow);
  }
}
