package dev.lockstep.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Sha256Test {
  private static String hexOf(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    return HexFormat.of().formatHex(Sha256.of(segment, 0, segment.byteSize()));
  }

  /// FIPS 180-4 examples.
  @Test
  void givesThePublishedDigests() {
    assertThat(hexOf(new byte[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(hexOf("abc".getBytes(US_ASCII)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void isTheSameInAnySplit() {
    byte[] bytes = new byte[100_000];
    new Random(5).nextBytes(bytes);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    byte[] digest =
        new Sha256()
            .update(segment, 0, 1)
            .update(segment, 1, 70_000)
            .update(segment, 70_001, 29_999)
            .digest();
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(hexOf(bytes));
  }

  @Test
  void startsAfreshAfterADigest() {
    Sha256 sha = new Sha256();
    MemorySegment abc = MemorySegment.ofArray("abc".getBytes(US_ASCII));
    byte[] first = sha.update(abc, 0, 3).digest();
    assertThat(sha.update(abc, 0, 3).digest()).isEqualTo(first);
  }
}
