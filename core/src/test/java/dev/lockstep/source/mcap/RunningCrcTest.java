package dev.lockstep.source.mcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lockstep.checksum.Crc32;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningCrcTest {
  @Test
  void sumsPiecesOfAnyLengthAndTheWholeRange() {
    RunningCrc crc = new RunningCrc();
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(200_000)];
      random.nextBytes(bytes);
      MemorySegment segment = MemorySegment.ofArray(bytes);
      int longest = 1 << (1 + random.nextInt(14));
      int from = random.nextInt(bytes.length / 2 + 1);
      int to = bytes.length - random.nextInt((bytes.length - from) / 2 + 1);
      boolean wanted = random.nextBoolean();
      crc.start(segment, from, to, wanted);
      int at = from;
      while (at < to) {
        at = Math.min(to, at + random.nextInt(40));
        int length = Math.min(to - at, random.nextInt(longest));
        assertEquals(Crc32.of(segment, at, length), crc.piece(at, length), "seed " + seed);
        at += length;
        crc.passed(at);
      }
      if (wanted) {
        assertEquals(Crc32.of(segment, from, to - from), crc.upTo(to), "seed " + seed);
      }
    }
  }

  @Test
  void readsNothingBehindTheRange() {
    // The rest of a file may be gone; a segment that ends with the range would refuse.
    byte[] bytes = new byte[3000];
    MemorySegment range = MemorySegment.ofArray(bytes).asSlice(0, 1000);
    RunningCrc crc = new RunningCrc();
    crc.start(range, 0, 1000, true);
    assertEquals(Crc32.of(range, 900, 100), crc.piece(900, 100));
  }
}
