package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;

/// Tells of checksums that do not match, and of the single flipped bit where one explains it: such
/// a bit leaves a difference that no other place of the summed range would leave.
final class WrongSums {
  /// Checksums for which the bit is looked for. Each search takes up to 40 ms; where more sums are
  /// wrong, it was no single bit. Judged.
  private static final int MAX_SEARCHES = 8;

  private final String file;
  private int searches;

  /// @param file name of the file
  WrongSums(String file) {
    this.file = file;
  }

  /// A checksum over `length` bytes from `from` on that does not match.
  Defect defect(DefectKind kind, String what, long from, long length, int stored, int computed) {
    if (Integer.bitCount(stored ^ computed) == 1) {
      return Defect.of(
          kind,
          Location.bytes(file, from, length),
          Evidence.Mismatch.ofCrc(
              what + " (one flipped bit of the stored sum itself explains it)", stored, computed));
    }
    long bit = searches++ < MAX_SEARCHES ? Crc32.flippedBit(stored, computed, length) : -1;
    if (bit < 0) {
      return Defect.of(
          kind,
          Location.bytes(file, from, length),
          Evidence.Mismatch.ofCrc(what, stored, computed));
    }
    long at = from + bit / Byte.SIZE;
    return Defect.of(
        kind,
        Location.bytes(file, at, 1),
        Evidence.Mismatch.ofCrc(
            what + " (bit " + bit % Byte.SIZE + " of byte " + at + " flipped explains it)",
            stored,
            computed));
  }
}
