package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;

/// Entries of equal length, where they lie in the file.
///
/// @param at where the first one begins
/// @param count how many there are; no more than the box holds
/// @param stride bytes of an entry
/// @param box the box that they are in
record Table(MemorySegment file, long at, long count, int stride, Box box) {
  /// The table of a full box that consists of a count and entries.
  static Table of(MemorySegment file, Box box, int stride, Faults faults) {
    return behind(file, box, FULL_BYTES, stride, faults);
  }

  /// The table of a box whose count stands `skip` bytes behind the begin of its body.
  static Table behind(MemorySegment file, Box box, int skip, int stride, Faults faults) {
    faults.examined(DefectKind.RECORD_MALFORMED, 1);
    long head = (long) skip + COUNT_BYTES;
    if (box.length() < head) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          box.at(),
          box.end() - box.at(),
          new Evidence.OutOfRange("body of box " + box.name(), box.length(), head, null, "bytes"));
      return new Table(file, box.end(), 0, stride, box);
    }
    long count = Mp4Layout.u32(file, box.body() + skip);
    long room = (box.length() - head) / stride;
    if (count > room) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          box.at(),
          box.end() - box.at(),
          new Evidence.OutOfRange("entries of box " + box.name(), count, null, room, ""));
      count = room;
    }
    return new Table(file, box.body() + head, count, stride, box);
  }

  /// Number `field` (of four bytes) of entry `i`, unsigned.
  long u32(long i, int field) {
    return Mp4Layout.u32(file, at + i * stride + 4L * field);
  }

  /// Number `field` (of four bytes) of entry `i`, signed.
  int s32(long i, int field) {
    return file.get(U32, at + i * stride + 4L * field);
  }

  /// The one number of entry `i`, of four or eight bytes.
  long offset(long i) {
    return stride == Long.BYTES ? file.get(U64, at + i * stride) : u32(i, 0);
  }
}
