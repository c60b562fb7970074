package dev.lockstep.engine;

/// Told how far a run has come.
@FunctionalInterface
public interface Progress {
  /// `done` of `total` has been read; bytes for one-file formats, files for folders.
  void at(long done, long total);
}
