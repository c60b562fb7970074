package dev.lockstep.codec;

import static dev.lockstep.codec.Samples.firstBytes;
import static dev.lockstep.codec.Samples.offHeap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ZstdTest {
  private final Arena arena = Arena.ofConfined();
  private final ZstdDecoder decoder = new ZstdDecoder();

  @AfterEach
  void free() {
    decoder.close();
    arena.close();
  }

  private byte[] encode(byte[] plain, int level, boolean checksum) {
    try (ZstdEncoder encoder = new ZstdEncoder(level, checksum)) {
      MemorySegment out = arena.allocate(encoder.maxCompressedBytes(plain.length));
      return firstBytes(out, encoder.compress(MemorySegment.ofArray(plain), out));
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// Decodes from native memory, which the library reads in place, and from the heap, which is
  /// copied for it like mapped memory.
  private void assertDecodes(byte[] frame, byte[] plain, boolean checksummed, String what)
      throws MalformedCompressionException {
    for (MemorySegment in : List.of(offHeap(arena, frame), MemorySegment.ofArray(frame))) {
      MemorySegment out = arena.allocate(plain.length);
      Decompressed result = decoder.decompress(in, out);
      assertThat(result)
          .as(what)
          .isEqualTo(new Decompressed(plain.length, frame.length, checksummed));
      assertThat(out.mismatch(MemorySegment.ofArray(plain))).as(what).isEqualTo(-1);
    }
  }

  private MalformedCompressionException refusalOf(byte[] frame, long outputBytes) {
    MemorySegment in = MemorySegment.ofArray(frame);
    return catchThrowableOfType(
        MalformedCompressionException.class,
        () -> decoder.decompress(in, arena.allocate(outputBytes)));
  }

  @ParameterizedTest
  @EnumSource(Samples.class)
  void givesBackWhatWasEncoded(Samples kind) throws MalformedCompressionException {
    for (int length : new int[] {0, 1, 255, 256, 70_000, 131_072, 1_300_000}) {
      byte[] plain = kind.bytes(length, length);
      for (boolean checksum : new boolean[] {true, false}) {
        byte[] frame = encode(plain, 3, checksum);
        assertDecodes(frame, plain, checksum, length + " bytes, checksum " + checksum);
        ZstdFrameHeader header = ZstdFrameHeader.read(MemorySegment.ofArray(frame), 0);
        assertThat(header.contentSizeBytes()).isEqualTo(length);
        assertThat(header.hasContentChecksum()).isEqualTo(checksum);
      }
    }
  }

  @Test
  void decodesFramesWithoutContentSizeFromTheCommandLineTool() throws Exception {
    byte[] plain = join(Samples.TEXT.bytes(300_000, 1), Samples.POINTS.bytes(800_000, 2));
    for (String level : new String[] {"-1", "-3", "-15", "--fast=3"}) {
      for (String check : new String[] {"--check", "--no-check"}) {
        byte[] frame = CommandLine.run(plain, "zstd", "-q", "-c", level, check);
        assertThat(ZstdFrameHeader.read(MemorySegment.ofArray(frame), 0).contentSizeBytes())
            .isEqualTo(ZstdFrameHeader.UNKNOWN);
        assertDecodes(frame, plain, check.equals("--check"), level + " " + check);
        MalformedCompressionException refusal = refusalOf(frame, plain.length - 1);
        assertThat(refusal.what())
            .isEqualTo("content: more than the " + (plain.length - 1) + " bytes of the output");
      }
    }
  }

  @Test
  void decodesFramesWithContentSizeFromTheCommandLineTool(@TempDir Path folder) throws Exception {
    byte[] plain = Samples.TEXT.bytes(100_000, 1);
    Path file = Files.write(folder.resolve("plain"), plain);
    byte[] frame = CommandLine.run(new byte[0], "zstd", "-q", "-c", file.toString());
    assertThat(ZstdFrameHeader.read(MemorySegment.ofArray(frame), 0).contentSizeBytes())
        .isEqualTo(100_000);
    assertDecodes(frame, plain, true, "with content size");
    assertThat(refusalOf(frame, 99_999))
        .hasMessage(
            "content size: 100000 (the output takes 99999 bytes more), at compressed byte 0");
  }

  @Test
  void isReadByTheCommandLineTool() throws Exception {
    byte[] plain = join(Samples.TEXT.bytes(900_000, 1), Samples.RANDOM.bytes(600_000, 2));
    for (int level : new int[] {1, 3, 9}) {
      byte[] back = CommandLine.run(encode(plain, level, true), "zstd", "-q", "-d", "-c");
      assertThat(Arrays.equals(back, plain)).as("level %d", level).isTrue();
    }
  }

  @Test
  void encodesTheSameBytesTheSameWay() {
    byte[] plain = Samples.POINTS.bytes(2_500_000, 1);
    try (ZstdEncoder encoder = new ZstdEncoder(3, true)) {
      MemorySegment out = arena.allocate(encoder.maxCompressedBytes(plain.length));
      byte[] first = firstBytes(out, encoder.compress(MemorySegment.ofArray(plain), out));
      encoder.compress(MemorySegment.ofArray(Samples.TEXT.bytes(70_000, 2)), out);
      byte[] again = firstBytes(out, encoder.compress(offHeap(arena, plain), out));
      assertThat(Arrays.equals(again, first)).isTrue();
    }
  }

  @Test
  void staysWithinItsBoundAndRefusesLess() {
    try (ZstdEncoder encoder = new ZstdEncoder(1, true)) {
      for (int length : new int[] {0, 1, 1000, 131_072, 131_073, 3_000_000}) {
        byte[] plain = Samples.RANDOM.bytes(length, 3);
        assertThat(encode(plain, 1, true).length)
            .isLessThanOrEqualTo((int) encoder.maxCompressedBytes(length));
        MemorySegment tooShort = arena.allocate(encoder.maxCompressedBytes(length) - 1);
        assertThatThrownBy(() -> encoder.compress(MemorySegment.ofArray(plain), tooShort))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  /// Heap memory cannot be given to the library, and silently copying the output would hide the
  /// cost.
  @Test
  void refusesHeapMemoryForItsOutput() {
    MemorySegment heap = MemorySegment.ofArray(new byte[1000]);
    byte[] frame = encode(new byte[10], 3, true);
    assertThatThrownBy(() -> decoder.decompress(MemorySegment.ofArray(frame), heap))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("output: heap memory (expected native)");
    try (ZstdEncoder encoder = new ZstdEncoder(3, true)) {
      assertThatThrownBy(() -> encoder.compress(heap, heap))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("output: heap memory (expected native)");
    }
  }

  @Test
  void joinsFramesSkipsWhatIsToBeSkippedAndLeavesTrailingBytesAlone()
      throws MalformedCompressionException {
    byte[] one = Samples.TEXT.bytes(1000, 1);
    byte[] two = Samples.TEXT.bytes(200_000, 2);
    byte[] skippable = {0x57, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9};
    byte[] frames =
        join(skippable, encode(one, 3, true), skippable, encode(two, 1, true), skippable);
    assertDecodes(frames, join(one, two), true, "frames");
    for (int trailing = 1; trailing < 10; trailing++) {
      MemorySegment in = MemorySegment.ofArray(Arrays.copyOf(frames, frames.length + trailing));
      Decompressed result = decoder.decompress(in, arena.allocate(201_000));
      assertThat(result).isEqualTo(new Decompressed(201_000, frames.length, true));
    }
  }

  /// More compressed bytes than are copied for the library at once.
  @Test
  void decodesLongFramesInPieces() throws MalformedCompressionException {
    byte[] plain =
        join(Samples.RANDOM.bytes(ZstdDecoder.STAGING_BYTES, 1), Samples.TEXT.bytes(3_000_000, 1));
    byte[] frame = encode(plain, 1, true);
    assertThat(frame.length).isGreaterThan(ZstdDecoder.STAGING_BYTES);
    assertDecodes(frame, plain, true, "long");
    frame[frame.length - 5] ^= 1;
    assertThat(refusalOf(frame, plain.length).decodedBytes()).isGreaterThan(7_000_000);
  }

  @Test
  void saysWhereAFrameIsDamagedAndWhatIsGoodBefore() throws MalformedCompressionException {
    byte[] plain = Samples.POINTS.bytes(1_000_000, 1);
    byte[] frame = encode(plain, 3, true);
    byte[] damaged = frame.clone();
    int at = frame.length / 2;
    Arrays.fill(damaged, at, at + 40, (byte) 0);
    MemorySegment out = arena.allocate(plain.length);
    MalformedCompressionException refusal =
        catchThrowableOfType(
            MalformedCompressionException.class,
            () -> decoder.decompress(MemorySegment.ofArray(damaged), out));
    assertThat(refusal.offset()).isBetween(at - 131_075L, (long) frame.length - 4);
    assertThat(refusal.decodedBytes()).isGreaterThanOrEqualTo(131_072 * 2);
    long good = 131_072 * 2;
    assertThat(firstBytes(out, good)).isEqualTo(Arrays.copyOf(plain, (int) good));

    byte[] wrongSum = frame.clone();
    wrongSum[frame.length - 1] ^= 1;
    refusal = refusalOf(wrongSum, plain.length);
    assertThat(refusal.what()).isEqualTo("content checksum does not match");
    assertDecodes(frame, plain, true, "the same decoder afterwards");
  }

  @Test
  void refusesEveryTruncationByOffset() {
    for (boolean checksum : new boolean[] {true, false}) {
      byte[] frame = encode(Samples.TEXT.bytes(2000, 4), 3, checksum);
      for (int length = 0; length < frame.length; length++) {
        MalformedCompressionException refusal = refusalOf(Arrays.copyOf(frame, length), 2000);
        assertThat(refusal).as("cut to %d", length).isNotNull();
        assertThat(refusal.offset()).isBetween(0L, (long) length);
      }
    }
  }

  private static byte[] head(int... bytes) {
    byte[] head = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    byte[] all = Arrays.copyOf(head, 4 + bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      all[4 + i] = (byte) bytes[i];
    }
    return all;
  }

  private static ZstdFrameHeader headerOf(int... bytes) throws MalformedCompressionException {
    return ZstdFrameHeader.read(MemorySegment.ofArray(head(bytes)), 0);
  }

  /// Every field at every width, by RFC 8878 section 3.1.1.1.
  @Test
  void readsEveryFormOfHeader() throws MalformedCompressionException {
    assertThat(headerOf(0x00, 0x00)).isEqualTo(new ZstdFrameHeader(6, -1, 1024, false, 0));
    assertThat(headerOf(0x04, 0x5B)).isEqualTo(new ZstdFrameHeader(6, -1, 2_883_584, true, 0));
    assertThat(headerOf(0x20, 0xFF)).isEqualTo(new ZstdFrameHeader(6, 255, 255, false, 0));
    assertThat(headerOf(0x60, 0xFF, 0xFF))
        .isEqualTo(new ZstdFrameHeader(7, 65_791, 65_791, false, 0));
    assertThat(headerOf(0x80, 0x00, 1, 0, 0, 0x80))
        .isEqualTo(new ZstdFrameHeader(10, 0x8000_0001L, 1024, false, 0));
    assertThat(headerOf(0xC0, 0x00, 1, 0, 0, 0, 0, 0, 0, 0x40))
        .isEqualTo(new ZstdFrameHeader(14, 0x4000_0000_0000_0001L, 1024, false, 0));
    assertThat(headerOf(0x01, 0x00, 0xFE).dictionaryId()).isEqualTo(0xFE);
    assertThat(headerOf(0x02, 0x00, 1, 0xFE).dictionaryId()).isEqualTo(0xFE01);
    assertThat(headerOf(0x03, 0x00, 1, 0, 0, 0xFE))
        .isEqualTo(new ZstdFrameHeader(10, -1, 1024, false, 0xFE00_0001L));
  }

  @Test
  void saysWhyAFrameIsNotSupported() {
    assertThat(refusalOf(new byte[0], 10))
        .hasMessage("ends within the frame header, at compressed byte 0");
    assertThat(refusalOf(new byte[] {1, 2, 3, 4, 5, 6}, 10))
        .hasMessage("magic: 0x04030201 (expected 0xFD2FB528), at compressed byte 0");
    assertThat(refusalOf(head(0x60, 1), 10).what()).isEqualTo("ends within the frame header");
    assertThat(refusalOf(head(0x28, 1), 10).what())
        .isEqualTo("reserved bit of the frame header is set");
    assertThat(refusalOf(head(0x01, 0, 7, 1, 0, 0), 10).what())
        .isEqualTo("frame needs dictionary 7 (not supported)");
    assertThat(refusalOf(head(0xE0, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0), 10).what())
        .isEqualTo("content size: 9223372036854775808");
    assertThat(refusalOf(head(0x00, 0x89, 1, 0, 0), 10).what())
        .isEqualTo("window: 150994944 bytes (at most 134217728)");
    assertThat(refusalOf(head(0x00, 0x00, 7, 0, 0), 10).what())
        .isEqualTo("block type: 3 (expected 0 to 2)");
    assertThat(refusalOf(head(0x00, 0x00, 0xFD, 0xFF, 0xFF), 10).what())
        .isEqualTo("block size: 2097151 (expected 131072 or less)");
    assertThat(refusalOf(head(0x00, 0x00, 0x51, 0, 0, 1), 10).what())
        .isEqualTo("block size: 10 (1 bytes left)");
    assertThat(refusalOf(head(0x00, 0x00, 0x50, 0), 10).what())
        .isEqualTo("ends within a block's head");
    assertThat(refusalOf(head(0x04, 0x00, 1, 0, 0, 1, 2), 10).what())
        .isEqualTo("ends within the content checksum");
    assertThat(refusalOf(new byte[] {0x50, 0x2A, 0x4D, 0x18, 9, 0, 0, 0, 1}, 9).what())
        .isEqualTo("skippable frame: 9 bytes (1 left)");
    assertThat(refusalOf(new byte[] {0x50, 0x2A, 0x4D, 0x18, 9}, 9).what())
        .isEqualTo("ends within a skippable frame's head");
  }

  @Test
  void survivesTwentyThousandDamagedFrames() {
    List<byte[]> frames = new ArrayList<>();
    for (Samples kind : Samples.values()) {
      for (int level : new int[] {1, 3, 9}) {
        frames.add(encode(kind.bytes(900, level), level, true));
        frames.add(encode(kind.bytes(900, level), level, false));
        frames.add(encode(kind.bytes(150_000, level), level, level == 3));
      }
    }
    int refused = new FrameDamage(arena, decoder).run(frames, 150_000, 20_000, 43);
    assertThat(refused).isBetween(10_000, 19_900);
  }

  @Test
  void readsNothingButItsInput() throws MalformedCompressionException {
    byte[] frame = encode(new byte[] {1, 2, 3}, 3, false);
    MemorySegment in = offHeap(arena, frame).asReadOnly();
    MemorySegment out = arena.allocate(3);
    decoder.decompress(in, out);
    assertThat(out.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
  }
}
