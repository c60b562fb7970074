package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;

/// Where a chunk lies and what its head says.
///
/// @param offset offset of the chunk record
/// @param length length of the record with its head, as it really is
/// @param head fields in front of the records
/// @param state whether length and end are as they should be
record ChunkSpan(long offset, long length, Records.ChunkHead head, State state) {
  /// Whether length and end of a chunk are as they should be.
  enum State {
    /// All of it is there, and its head agrees.
    WHOLE,
    /// All of it is there, but its record head gives a wrong length.
    LENGTH_WRONG,
    /// The file ends inside.
    CUT
  }

  /// Reads the head of the chunk at `offset`, whose length is known to be `length`.
  static ChunkSpan read(
      MemorySegment segment, long offset, long length, State state, Fields fields) {
    long body = offset + McapLayout.RECORD_HEAD_BYTES;
    fields.at(segment, body, length - McapLayout.RECORD_HEAD_BYTES);
    return new ChunkSpan(offset, length, Records.ChunkHead.read(fields), state);
  }

  /// First byte behind the chunk.
  long end() {
    return offset + length;
  }

  /// Length of the records that are there.
  long recordsLength() {
    long present = end() - head.recordsOffset();
    long stored = head.recordsLength();
    return stored < 0 || stored > present ? present : stored;
  }

  /// Whether the records are stored as they are.
  boolean plain() {
    return head.compression().isEmpty();
  }
}
