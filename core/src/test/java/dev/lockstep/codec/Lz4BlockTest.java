package dev.lockstep.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;

/// The data of blocks, against an independent implementation and made by hand.
final class Lz4BlockTest {
  private static final int HISTORY = 100;

  private final Lz4BlockDecoder decoder = new Lz4BlockDecoder();

  private static byte[] block(int... bytes) {
    byte[] block = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      block[i] = (byte) bytes[i];
    }
    return block;
  }

  /// Decodes after a history of `HISTORY` bytes, into an array with and without room to spare.
  private byte[] decode(byte[] block, int limit) {
    byte[] result = {};
    for (int slack : new int[] {64, 0}) {
      byte[] out = new byte[HISTORY + limit + slack];
      Arrays.fill(out, (byte) 0x55);
      for (int i = 0; i < HISTORY; i++) {
        out[i] = (byte) (i + 1);
      }
      int end = decoder.decode(block, 0, block.length, out, 0, HISTORY, HISTORY + limit);
      byte[] decoded = end < 0 ? new byte[0] : Arrays.copyOfRange(out, HISTORY, end);
      if (slack == 0) {
        assertThat(decoded).isEqualTo(result);
      }
      result = decoded;
    }
    return result;
  }

  private String faultOf(byte[] block, int limit) {
    assertThat(decode(block, limit)).isEmpty();
    return decoder.fault() + " @" + decoder.faultOffset();
  }

  @Test
  void decodesLiteralsAndMatches() {
    assertThat(decode(block(0x30, 'a', 'b', 'c'), 10)).asString().isEqualTo("abc");
    assertThat(decode(block(0x32, 'a', 'b', 'c', 3, 0, 0x10, '!'), 10))
        .asString()
        .isEqualTo("abcabcabc!");
    assertThat(decode(block(0x00), 10)).isEmpty();
    assertThat(decoder.decode(block(0x00), 0, 1, new byte[1], 0, 1, 1)).isEqualTo(1);
  }

  @Test
  void reachesBackToTheFirstByteOfTheHistory() {
    assertThat(decode(block(0x00, HISTORY, 0, 0x10, 9), 10)).containsExactly(1, 2, 3, 4, 9);
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertThat(faultOf(block(), 10)).isEqualTo("block ends without literals @0");
    assertThat(faultOf(block(0x20, 'a'), 10)).isEqualTo("literals: 2 (1 bytes left) @1");
    assertThat(faultOf(block(0xF0), 10)).isEqualTo("block ends within a literal length @1");
    assertThat(faultOf(block(0xF0, 255, 255), 600))
        .isEqualTo("block ends within a literal length @3");
    assertThat(faultOf(block(0x20, 'a', 'b'), 1))
        .isEqualTo("block decodes to more than 1 bytes @1");
    assertThat(faultOf(block(0xF0, 255, 255), 500))
        .isEqualTo("block decodes to more than 500 bytes @3");
    assertThat(faultOf(block(0x10, 'a', 1), 10)).isEqualTo("block ends within a match offset @2");
    assertThat(faultOf(block(0x10, 'a', 0, 0, 0x00), 10))
        .isEqualTo("match offset: 0 (expected 1 to 101) @4");
    assertThat(faultOf(block(0x10, 'a', 1, 0, 0x00, 106, 0, 0x00), 10))
        .isEqualTo("match offset: 106 (expected 1 to 105) @7");
    assertThat(faultOf(block(0x1F, 'a', 1, 0), 100))
        .isEqualTo("block ends within a match length @4");
    assertThat(faultOf(block(0x1F, 'a', 1, 0, 255, 255), 100))
        .isEqualTo("block decodes to more than 100 bytes @5");
    assertThat(faultOf(block(0x12, 'a', 1, 0, 0x00), 6))
        .isEqualTo("block decodes to more than 6 bytes @4");
    assertThat(faultOf(block(0x10, 'a', 1, 0), 10)).isEqualTo("block ends without literals @4");
  }

  /// Every offset against every length around the widths that are copied at once.
  @Test
  void copiesMatchesThatOverlapThemselves() {
    for (int offset = 1; offset <= HISTORY; offset++) {
      for (int length = 4; length < 150; length++) {
        byte[] expected = new byte[HISTORY + length + 80];
        for (int i = 0; i < HISTORY; i++) {
          expected[i] = (byte) (i + 1);
        }
        for (int i = 0; i < length; i++) {
          expected[HISTORY + i] = expected[HISTORY + i - offset];
        }
        for (int i = 0; i < 80; i++) {
          expected[HISTORY + length + i] = (byte) (200 - i);
        }
        byte[] block = new byte[200];
        int at = 0;
        block[at++] = (byte) Math.min(length - 4, 15);
        block[at++] = (byte) offset;
        block[at++] = 0;
        if (length - 4 >= 15) {
          block[at++] = (byte) (length - 4 - 15);
        }
        block[at++] = (byte) 0xF0;
        block[at++] = 80 - 15;
        System.arraycopy(expected, HISTORY + length, block, at, 80);
        assertThat(decode(Arrays.copyOf(block, at + 80), length + 80))
            .as("offset %d, length %d", offset, length)
            .isEqualTo(Arrays.copyOfRange(expected, HISTORY, expected.length));
      }
    }
  }

  @Test
  void decodesWhatAnIndependentEncoderMakes() {
    LZ4Factory factory = LZ4Factory.safeInstance();
    for (LZ4Compressor compressor : List.of(factory.fastCompressor(), factory.highCompressor(9))) {
      for (long seed = 0; seed < 200; seed++) {
        Random random = new Random(seed);
        Samples kind = Samples.any(random);
        byte[] plain = kind.bytes(random.nextInt(seed % 5 == 0 ? 100_000 : 300), seed);
        byte[] block = compressor.compress(plain);
        byte[] out = new byte[plain.length];
        int end = decoder.decode(block, 0, block.length, out, 0, 0, out.length);
        assertThat(end).as("%s, seed %d", kind, seed).isEqualTo(plain.length);
        assertThat(out).as("%s, seed %d", kind, seed).isEqualTo(plain);
      }
    }
  }

  @Test
  void encodesWhatAnIndependentDecoderReads() {
    Lz4BlockEncoder encoder = new Lz4BlockEncoder();
    var reference = LZ4Factory.safeInstance().safeDecompressor();
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Samples kind = Samples.any(random);
      byte[] plain = kind.bytes(random.nextInt(seed % 5 == 0 ? 100_000 : 60), seed);
      byte[] encoded = new byte[Lz4Layout.maxBlockBytes(plain.length)];
      encoder.reset();
      int length = encoder.encode(plain, 0, 0, plain.length, encoded);
      byte[] decoded = new byte[plain.length];
      assertThat(reference.decompress(encoded, 0, length, decoded, 0))
          .as("%s, seed %d", kind, seed)
          .isEqualTo(plain.length);
      assertThat(decoded).as("%s, seed %d", kind, seed).isEqualTo(plain);
    }
  }
}
