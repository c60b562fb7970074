package dev.lockstep.source;

/// A piece of a recording that can be scanned by itself: a chunk, a run of records, some files.
public interface ScanUnit {
  /// The heavy work: decompression, checksums, payloads. Called once, on any thread, at the same
  /// time as other units of the same reader.
  void scan();

  /// Hands over what was found. Called once after `scan`, on the engine's thread, in recording
  /// order.
  void commit(RecordingSink sink);
}
