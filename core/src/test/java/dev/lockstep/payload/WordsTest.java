package dev.lockstep.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final int WINDOW_BYTES = 64;

  /// The rule itself, a byte at a time.
  private static long nextMarker(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == -1 && (i + 1 == bytes.length || bytes[i + 1] != 0)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void findsEveryMarkerOfRandomBytesFromAnyPlace() {
    Words words = new Words(WINDOW_BYTES);
    // Bytes beside FF differ by one from it, and those that a borrow could mistake are among them.
    byte[] alphabet = {-1, -1, 0, 1, (byte) 0x80, 0x7F, (byte) 0xFE, (byte) 0xD9};
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(5 * WINDOW_BYTES)];
      int usual = random.nextInt(64);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            random.nextInt(64) < usual
                ? (byte) (2 + random.nextInt(0x70))
                : alphabet[random.nextInt(alphabet.length)];
      }
      try (Arena arena = Arena.ofConfined()) {
        int offset = random.nextInt(9);
        MemorySegment segment = arena.allocate(offset + bytes.length + 8L);
        segment.fill((byte) -1);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, offset, bytes.length);
        words.over(segment, offset + bytes.length);
        int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        while (from <= bytes.length) {
          long expected = nextMarker(bytes, from);
          long found = words.nextMarker(offset + from);
          assertEquals(expected, found < 0 ? -1 : found - offset, "seed " + seed + ", " + from);
          from = expected < 0 ? bytes.length + 1 : (int) expected + 1;
        }
      }
    }
  }
}
