package dev.lockstep.source;

import dev.lockstep.checksum.Crc32;
import java.lang.foreign.MemorySegment;

/// Stored checksums of cuts: right where they were right, absent where they were absent, and wrong
/// in the same way where they were wrong.
public final class CutSums {
  /// No byte of the cut is known for one of the original.
  public static final long UNKNOWN = -2;

  /// Where a byte of the summed range went.
  public interface Bytes {
    /// Its place in the summed range of the cut; -1 if it was left out, or [#UNKNOWN].
    long placeOf(long place);
  }

  private CutSums() {}

  /// What a cut stores as its checksum.
  ///
  /// A single flipped bit that explains a wrong sum explains it in the cut, too, if it is in there.
  /// Else nothing tells which bytes are wrong, and the difference of the two sums stays what it was
  /// as long as there are bytes at all.
  ///
  /// @param stored what the original stores
  /// @param computed the checksum of the `length` bytes that it is of
  /// @param now the checksum of the `lengthNow` bytes of the cut
  public static int stored(
      int stored, int computed, long length, int now, long lengthNow, Bytes bytes) {
    int difference = stored ^ computed;
    if (stored == 0 || difference == 0 || lengthNow == 0) {
      return stored == 0 ? 0 : now;
    }
    long bit = Integer.bitCount(difference) == 1 ? -1 : Crc32.flippedBit(stored, computed, length);
    long at = bit < 0 ? UNKNOWN : bytes.placeOf(bit / Byte.SIZE);
    if (at == -1) {
      return now;
    }
    int wrong =
        at == UNKNOWN
            ? now ^ difference
            : now ^ effect((int) (bit % Byte.SIZE), lengthNow - at - 1);
    // Zero would be no sum.
    return wrong == 0 ? 1 : wrong;
  }

  /// What a flipped bit does to a checksum if `behind` bytes follow its byte.
  private static int effect(int bit, long behind) {
    int last = of((byte) 0) ^ of((byte) (1 << bit));
    return Crc32.combine(last, 0, behind);
  }

  private static int of(byte only) {
    return Crc32.of(MemorySegment.ofArray(new byte[] {only}));
  }
}
