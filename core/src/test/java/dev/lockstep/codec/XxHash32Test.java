package dev.lockstep.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

final class XxHash32Test {
  @Test
  void givesThePublishedValues() {
    assertThat(XxHash32.of(new byte[0], 0, 0, 0)).isEqualTo(0x02CC5D05);
    assertThat(XxHash32.of("abc".getBytes(US_ASCII), 0, 3, 0)).isEqualTo(0x32D153FF);
  }

  @Test
  void agreesWithAnIndependentImplementationInAnySplit() {
    var reference = XXHashFactory.safeInstance().hash32();
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(seed % 10 == 0 ? 20_000 : 100)];
      random.nextBytes(bytes);
      int hashSeed = random.nextInt();
      int expected = reference.hash(bytes, 0, bytes.length, hashSeed);
      assertThat(XxHash32.of(bytes, 0, bytes.length, hashSeed))
          .as("seed %d", seed)
          .isEqualTo(expected);
      XxHash32 hash = new XxHash32(hashSeed);
      MemorySegment segment = MemorySegment.ofArray(bytes);
      for (int round = 0; round < 2; round++) {
        hash.reset();
        int position = 0;
        while (position < bytes.length) {
          int length = 1 + random.nextInt(bytes.length - position);
          if (random.nextBoolean()) {
            hash.update(bytes, position, length);
          } else {
            hash.update(segment, position, length);
          }
          position += length;
        }
        assertThat(hash.value()).as("in pieces, seed %d", seed).isEqualTo(expected);
      }
    }
  }
}
