package dev.lockstep.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both CRCs against published values and against the JDK's.
final class CrcTest {
  /// One of the two checksums under test with its independent reference.
  enum Kind {
    CRC32(0xCBF43926),
    CRC32C(0xE3069283);

    final int checkValue;

    Kind(int checkValue) {
      this.checkValue = checkValue;
    }

    int update(int crc, MemorySegment segment, long offset, long lengthBytes) {
      return this == CRC32
          ? Crc32.update(crc, segment, offset, lengthBytes)
          : Crc32c.update(crc, segment, offset, lengthBytes);
    }

    int of(MemorySegment segment) {
      return this == CRC32 ? Crc32.of(segment) : Crc32c.of(segment);
    }

    int updateInt(int crc, int value) {
      return this == CRC32 ? Crc32.updateInt(crc, value) : Crc32c.updateInt(crc, value);
    }

    int updateLong(int crc, long value) {
      return this == CRC32 ? Crc32.updateLong(crc, value) : Crc32c.updateLong(crc, value);
    }

    int combine(int crcA, int crcB, long lengthBytesB) {
      return this == CRC32
          ? Crc32.combine(crcA, crcB, lengthBytesB)
          : Crc32c.combine(crcA, crcB, lengthBytesB);
    }

    int expected(byte[] bytes, int offset, int length) {
      Checksum checksum = this == CRC32 ? new CRC32() : new CRC32C();
      checksum.update(bytes, offset, length);
      return (int) checksum.getValue();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void givesThePublishedCheckValue(Kind kind) {
    byte[] digits = "123456789".getBytes(US_ASCII);
    assertThat(kind.of(MemorySegment.ofArray(digits))).isEqualTo(kind.checkValue);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isZeroForNothing(Kind kind) {
    assertThat(kind.of(MemorySegment.ofArray(new byte[0]))).isZero();
  }

  /// The vectors of RFC 3720 appendix B.4, given there as bytes in order of transmission.
  @Test
  void givesTheIscsiVectors() {
    byte[] bytes = new byte[32];
    assertThat(Crc32c.of(MemorySegment.ofArray(bytes))).isEqualTo(0x8A9136AA);
    MemorySegment.ofArray(bytes).fill((byte) 0xFF);
    assertThat(Crc32c.of(MemorySegment.ofArray(bytes))).isEqualTo(0x62A8AB43);
    for (int i = 0; i < 32; i++) {
      bytes[i] = (byte) i;
    }
    assertThat(Crc32c.of(MemorySegment.ofArray(bytes))).isEqualTo(0x46DD794E);
    for (int i = 0; i < 32; i++) {
      bytes[i] = (byte) (31 - i);
    }
    assertThat(Crc32c.of(MemorySegment.ofArray(bytes))).isEqualTo(0x113FDB5C);
    ByteBuffer read = ByteBuffer.allocate(48);
    read.putInt(0, 0x01C00000).putInt(16, 0x14000000).putInt(20, 0x400).putInt(24, 0x14);
    read.putInt(28, 0x18).putInt(32, 0x28000000).putInt(40, 0x02000000);
    assertThat(Crc32c.of(MemorySegment.ofArray(read.array()))).isEqualTo(0xD9963A56);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void agreesWithTheReferenceAtEveryShortLengthAndAlignment(Kind kind) {
    byte[] bytes = new byte[400];
    new Random(1).nextBytes(bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes.length);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
      for (int offset = 0; offset < 17; offset++) {
        for (int length = 0; offset + length <= 300; length++) {
          assertThat(kind.update(0, memory, offset, length))
              .as("offset %d, length %d", offset, length)
              .isEqualTo(kind.expected(bytes, offset, length));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isTheSameInAnySplit(Kind kind) {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 64 : 30_000)];
      random.nextBytes(bytes);
      MemorySegment segment = MemorySegment.ofArray(bytes);
      int expected = kind.expected(bytes, 0, bytes.length);
      int extended = 0;
      int combined = 0;
      int position = 0;
      while (position < bytes.length) {
        int length = 1 + random.nextInt(bytes.length - position);
        extended = kind.update(extended, segment, position, length);
        combined = kind.combine(combined, kind.update(0, segment, position, length), length);
        position += length;
      }
      assertThat(extended).as("extended, seed %d", seed).isEqualTo(expected);
      assertThat(combined).as("combined, seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void addsNumbersAsLittleEndianBytes(Kind kind) {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0x89ABCDEF).putLong(0xFEDCBA9876543210L);
    int crc = kind.updateLong(kind.updateInt(0, 0x89ABCDEF), 0xFEDCBA9876543210L);
    assertThat(crc).isEqualTo(kind.expected(bytes.array(), 0, 12));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void combinesLengthsThatShareACacheSlot(Kind kind) {
    byte[] a = {1, 2, 3};
    int crcA = kind.expected(a, 0, 3);
    for (int round = 0; round < 2; round++) {
      for (int lengthB = 0; lengthB < 5000; lengthB += 7) {
        byte[] whole = new byte[3 + lengthB];
        System.arraycopy(a, 0, whole, 0, 3);
        assertThat(kind.combine(crcA, kind.expected(new byte[lengthB], 0, lengthB), lengthB))
            .as("length of B %d", lengthB)
            .isEqualTo(kind.expected(whole, 0, whole.length));
      }
    }
  }

  /// Appending is associative, so a length beyond any buffer is checked through its parts.
  @ParameterizedTest
  @EnumSource(Kind.class)
  void combinesLengthsBeyondFourGigabytes(Kind kind) {
    int crcB = 0x12345678;
    int crcC = 0x9ABCDEF0;
    long lengthB = 5_000_000_007L;
    long lengthC = 1L << 40;
    int left = kind.combine(kind.combine(0x55AA55AA, crcB, lengthB), crcC, lengthC);
    int right = kind.combine(0x55AA55AA, kind.combine(crcB, crcC, lengthC), lengthB + lengthC);
    assertThat(left).isEqualTo(right);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesRangesOutsideTheSegmentAndNegativeLengths(Kind kind) {
    MemorySegment segment = MemorySegment.ofArray(new byte[100]);
    assertThatThrownBy(() -> kind.update(0, segment, 90, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> kind.update(0, segment, -1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> kind.update(0, segment, 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> kind.combine(0, 0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length of B: -1 (expected 0 or more)");
  }

  @Test
  void findsTheOneBitThatWasFlipped() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[1 + random.nextInt(20_000)];
      random.nextBytes(bytes);
      int before = Crc32.of(MemorySegment.ofArray(bytes));
      int bit = random.nextInt(bytes.length * 8);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      int after = Crc32.of(MemorySegment.ofArray(bytes));
      assertThat(Crc32.flippedBit(before, after, bytes.length)).as("seed " + seed).isEqualTo(bit);
      int other = (bit + 1 + random.nextInt(bytes.length * 8 - 1)) % (bytes.length * 8);
      bytes[other / 8] ^= (byte) (1 << other % 8);
      int twice = Crc32.of(MemorySegment.ofArray(bytes));
      assertThat(Crc32.flippedBit(before, twice, bytes.length)).as("seed " + seed).isEqualTo(-1);
    }
    assertThat(Crc32.flippedBit(5, 5, 100)).isEqualTo(-1);
    assertThat(Crc32.flippedBit(5, 6, 1L << 40)).isEqualTo(-1);
  }

  /// TensorFlow, `core/lib/hash/crc32c_test.cc`: masking changes a CRC each time, and can be
  /// undone.
  @Test
  void masksOfCrcsCanBeTakenOff() {
    byte[] foo = {'f', 'o', 'o'};
    int crc = Crc32c.of(MemorySegment.ofArray(foo));
    assertThat(Crc32c.masked(crc)).isNotEqualTo(crc);
    assertThat(Crc32c.masked(Crc32c.masked(crc))).isNotEqualTo(crc);
    assertThat(Crc32c.unmasked(Crc32c.masked(crc))).isEqualTo(crc);
    assertThat(Crc32c.unmasked(Crc32c.unmasked(Crc32c.masked(Crc32c.masked(crc))))).isEqualTo(crc);
    // Of nothing, what is added.
    assertThat(Crc32c.masked(0)).isEqualTo(0xA282EAD8);
  }
}
