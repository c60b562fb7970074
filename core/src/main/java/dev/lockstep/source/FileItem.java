package dev.lockstep.source;

/// One file of a recording that is a folder, or the place of one that is missing.
public interface FileItem {
  /// Reads the file. Called once, on any thread, at the same time as other items.
  void scan();

  /// Hands over what was found. Called once after `scan`, in reading order, on one thread.
  void commit(RecordingSink sink);
}
