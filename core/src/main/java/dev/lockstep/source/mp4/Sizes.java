package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;

/// Sizes of the samples of a track (stsz, stz2), where they lie in the file.
final class Sizes {
  private final MemorySegment file;
  private final long at;
  private final int bits;
  private final long each;
  private final long count;
  private final Box box;

  private Sizes(MemorySegment file, Box box, long at, int bits, long each, long count) {
    this.file = file;
    this.box = box;
    this.at = at;
    this.bits = bits;
    this.each = each;
    this.count = count;
  }

  /// Reads the head of the table; entries that the box cannot hold are reported and left out.
  static Sizes of(MemorySegment file, Box box, Faults faults) {
    faults.examined(DefectKind.RECORD_MALFORMED, 1);
    long head = FULL_BYTES + 8L;
    if (box.length() < head) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          box.at(),
          box.end() - box.at(),
          new Evidence.OutOfRange("body of box " + box.name(), box.length(), head, null, "bytes"));
      return new Sizes(file, box, box.end(), 32, 0, 0);
    }
    boolean compact = box.type() == STZ2;
    long first = u32(file, box.body() + FULL_BYTES);
    int bits = compact ? (int) (first & 0xFF) : 32;
    long each = compact ? 0 : first;
    long count = u32(file, box.body() + FULL_BYTES + 4);
    if (compact && bits != 4 && bits != 8 && bits != 16) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          box.at(),
          box.end() - box.at(),
          new Evidence.Violation("bits of a size in box stz2", Integer.toString(bits), "4, 8, 16"));
      return new Sizes(file, box, box.end(), 32, 0, 0);
    }
    long room = (box.length() - head) * 8 / bits;
    if (each == 0 && count > room) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          box.at(),
          box.end() - box.at(),
          new Evidence.OutOfRange("entries of box " + box.name(), count, null, room, ""));
      count = room;
    }
    return new Sizes(file, box, box.body() + head, bits, each, count);
  }

  long count() {
    return count;
  }

  Box box() {
    return box;
  }

  /// The size of all samples, or 0 where each has its own.
  long each() {
    return each;
  }

  /// Size of sample `i`, bytes.
  long size(long i) {
    if (each != 0) {
      return each;
    }
    return switch (bits) {
      case 4 -> (u8(file, at + i / 2) >> (i % 2 == 0 ? 4 : 0)) & 0xF;
      case 8 -> u8(file, at + i);
      case 16 -> u16(file, at + 2 * i);
      default -> u32(file, at + 4 * i);
    };
  }
}
