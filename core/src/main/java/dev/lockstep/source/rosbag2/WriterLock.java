package dev.lockstep.source.rosbag2;

import dev.lockstep.mapped.LockQuery;
import java.nio.file.Path;

/// What a writer of a SQLite database is at, by the locks that it holds
/// (sqlite.org/lockingv3.html).
///
/// ```text
/// byte 0x40000000    PENDING
///      0x40000001    RESERVED   write lock: changes gather in the writer's memory and its journal
///      0x40000002    SHARED     510 bytes; a write lock over them is EXCLUSIVE: the file is written
/// ```
enum WriterLock {
  /// No transaction that writes.
  NONE,
  /// One that has not touched the file.
  RESERVED,
  /// One that writes the file.
  EXCLUSIVE,
  /// This system cannot be asked.
  UNKNOWN;

  private static final long RESERVED_AT = 0x4000_0001L;
  private static final long SHARED_AT = 0x4000_0002L;
  private static final long SHARED_BYTES = 510;

  /// What the writer of the database at `path` is at.
  static WriterLock of(Path path) {
    return switch (LockQuery.writeLocked(path, SHARED_AT, SHARED_BYTES)) {
      case YES -> EXCLUSIVE;
      case UNKNOWN -> UNKNOWN;
      case NO -> LockQuery.writeLocked(path, RESERVED_AT, 1) == LockQuery.Held.NO ? NONE : RESERVED;
    };
  }
}
