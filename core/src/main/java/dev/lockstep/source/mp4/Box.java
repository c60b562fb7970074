package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One box: its type and where it lies. What it claims never reaches past what holds it.
///
/// @param at where it begins
/// @param body where its body begins
/// @param end where it ends
record Box(int type, long at, long body, long end) {
  /// Bytes of the body.
  long length() {
    return end - body;
  }

  String name() {
    return Mp4Layout.name(type);
  }

  /// Version of a full box.
  int version(MemorySegment file) {
    return u8(file, body);
  }

  /// Flags of a full box.
  int flags(MemorySegment file) {
    return file.get(U32, body) & 0xFF_FFFF;
  }

  /// Walks the boxes one after another in a range.
  static final class Walk {
    private final MemorySegment file;
    private final Faults faults;
    private final String parent;
    private final long end;
    private long at;

    /// The boxes in `[from, end)`.
    Walk(MemorySegment file, long from, long end, String parent, Faults faults) {
      this.file = file;
      this.at = from;
      this.end = end;
      this.parent = parent;
      this.faults = faults;
    }

    /// The boxes of `box`'s body.
    static Walk in(MemorySegment file, Box box, Faults faults) {
      return new Walk(file, box.body, box.end, box.name(), faults);
    }

    /// The next box, or null at the end or at bytes that are no box, which are reported.
    @Nullable Box next() {
      faults.examined(DefectKind.RECORD_LENGTH, 1);
      if (end - at < HEAD_BYTES) {
        // QuickTime ends lists of boxes with four zero bytes.
        return null;
      }
      long size = u32(file, at);
      int type = file.get(U32, at + 4);
      long body = at + HEAD_BYTES;
      if (size == 1 && end - at >= LARGE_HEAD_BYTES) {
        size = file.get(U64, body);
        body = at + LARGE_HEAD_BYTES;
      }
      if (type == UUID) {
        body += UUID_BYTES;
      }
      if (size < body - at || size > end - at) {
        faults.add(
            DefectKind.RECORD_LENGTH,
            at,
            end - at,
            new Evidence.OutOfRange(
                "size of box " + Mp4Layout.name(type) + " in " + parent,
                size,
                body - at,
                end - at,
                "bytes"));
        at = end;
        return null;
      }
      Box box = new Box(type, at, body, at + size);
      at = box.end;
      return box;
    }
  }
}
