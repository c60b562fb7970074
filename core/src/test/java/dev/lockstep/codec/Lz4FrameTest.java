package dev.lockstep.codec;

import static dev.lockstep.codec.Samples.firstBytes;
import static dev.lockstep.codec.Samples.offHeap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.codec.Lz4FrameEncoder.Options;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Lz4FrameTest {
  private final Arena arena = Arena.ofConfined();
  private final Lz4FrameDecoder decoder = new Lz4FrameDecoder();

  @AfterEach
  void free() {
    decoder.close();
    arena.close();
  }

  private static byte[] encode(byte[] plain, Options options) {
    try (Lz4FrameEncoder encoder = new Lz4FrameEncoder(options)) {
      byte[] out = new byte[(int) encoder.maxCompressedBytes(plain.length)];
      long length = encoder.compress(MemorySegment.ofArray(plain), MemorySegment.ofArray(out));
      return Arrays.copyOf(out, (int) length);
    }
  }

  private static List<Options> allOptions() {
    List<Options> all = new ArrayList<>();
    for (int bits = 0; bits < 16; bits++) {
      for (int code = 4; code <= 7; code++) {
        all.add(
            new Options(code, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
      }
    }
    return all;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// A skippable frame with four bytes in it.
  private static byte[] skippable(int nibble) {
    return new byte[] {(byte) (0x50 + nibble), 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 9, 9, 9, 9};
  }

  private void assertDecodes(byte[] frame, byte[] plain, boolean checksummed, String what)
      throws MalformedCompressionException {
    MemorySegment out = arena.allocate(plain.length);
    Decompressed result = decoder.decompress(offHeap(arena, frame), out);
    assertThat(result)
        .as(what)
        .isEqualTo(new Decompressed(plain.length, frame.length, checksummed));
    assertThat(out.mismatch(MemorySegment.ofArray(plain))).as(what).isEqualTo(-1);
  }

  private MalformedCompressionException refusalOf(byte[] frame, long outputBytes) {
    MemorySegment in = MemorySegment.ofArray(frame);
    return catchThrowableOfType(
        MalformedCompressionException.class,
        () -> decoder.decompress(in, arena.allocate(outputBytes)));
  }

  @ParameterizedTest
  @EnumSource(Samples.class)
  void givesBackWhatWasEncodedWithEveryOption(Samples kind) throws MalformedCompressionException {
    for (int length : new int[] {0, 1, 12, 13, 100, 65_535, 65_536, 65_537, 400_000}) {
      byte[] plain = kind.bytes(length, length);
      for (Options options : allOptions()) {
        boolean checksummed = options.blockChecksums() || options.contentChecksum();
        String what = length + " bytes, " + options;
        assertDecodes(encode(plain, options), plain, checksummed, what);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-B4", "-B5", "-B6", "-B7"})
  void decodesWhatTheCommandLineToolMakes(String blockSize) throws Exception {
    // More than one block of 64 kB, 256 kB, 1 MB or 4 MB, with every kind of bytes in it.
    int blockBytes = 1 << 16 + 2 * (blockSize.charAt(2) - '4');
    int share = Math.max(24_000, blockBytes / 16);
    byte[] plain =
        join(
            Samples.TEXT.bytes(3 * share, 1),
            Samples.RANDOM.bytes(share, 2),
            Samples.POINTS.bytes(12 * share, 3),
            Samples.PERIODIC.bytes(share, 4));
    for (String linked : new String[] {"-BD", "-BI"}) {
      for (String check : new String[] {"--frame-crc", "--no-frame-crc"}) {
        for (String blockCheck : new String[] {"-BX", ""}) {
          // The slow level for one combination only: its blocks are of the same kind.
          boolean slow = linked.equals("-BD") && blockCheck.isEmpty();
          for (String level : slow ? new String[] {"-1", "-9"} : new String[] {"-1"}) {
            List<String> options =
                new ArrayList<>(List.of("-z", "-c", blockSize, linked, check, level));
            if (!blockCheck.isEmpty()) {
              options.add(blockCheck);
            }
            byte[] frame = CommandLine.run(plain, "lz4", options.toArray(String[]::new));
            boolean checksummed = check.equals("--frame-crc") || !blockCheck.isEmpty();
            assertDecodes(frame, plain, checksummed, options.toString());
          }
        }
      }
    }
  }

  @Test
  void decodesContentSizeFromTheCommandLineTool(@TempDir Path folder) throws Exception {
    byte[] plain = Samples.TEXT.bytes(200_000, 5);
    Path file = folder.resolve("plain");
    Files.write(file, plain);
    byte[] frame =
        CommandLine.run(new byte[0], "lz4", "-c", "-BD", "--content-size", file.toString());
    assertThat(frame[4] & Lz4Layout.FLG_CONTENT_SIZE).isNotZero();
    assertDecodes(frame, plain, true, "with content size");
    assertThat(refusalOf(frame, 199_999))
        .hasMessage(
            "content size: 200000 (the output takes 199999 bytes more), at compressed byte 6");
  }

  @Test
  void isReadByTheCommandLineTool() throws Exception {
    byte[] plain = join(Samples.TEXT.bytes(150_000, 1), Samples.POINTS.bytes(150_000, 2));
    for (Options options : allOptions()) {
      byte[] back = CommandLine.run(encode(plain, options), "lz4", "-d", "-c");
      assertThat(Arrays.equals(back, plain)).as("%s", options).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Samples.class)
  void agreesWithAnIndependentImplementation(Samples kind)
      throws IOException, MalformedCompressionException {
    byte[] plain = kind.bytes(300_000, 7);
    ByteArrayOutputStream theirs = new ByteArrayOutputStream();
    try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(theirs)) {
      out.write(plain);
    }
    assertDecodes(theirs.toByteArray(), plain, false, "theirs");
    for (Options options : allOptions()) {
      if (!options.linkedBlocks()) {
        ByteArrayInputStream ours = new ByteArrayInputStream(encode(plain, options));
        assertThat(Arrays.equals(new LZ4FrameInputStream(ours).readAllBytes(), plain))
            .as("%s", options)
            .isTrue();
      }
    }
  }

  @Test
  void encodesTheSameBytesTheSameWay() {
    byte[] plain = Samples.POINTS.bytes(500_000, 1);
    Options options = new Options(4, true, true, true, true);
    try (Lz4FrameEncoder encoder = new Lz4FrameEncoder(options)) {
      MemorySegment out = arena.allocate(encoder.maxCompressedBytes(plain.length));
      byte[] first = firstBytes(out, encoder.compress(MemorySegment.ofArray(plain), out));
      encoder.compress(MemorySegment.ofArray(Samples.TEXT.bytes(70_000, 2)), out);
      byte[] again = firstBytes(out, encoder.compress(offHeap(arena, plain), out));
      assertThat(again).isEqualTo(first);
    }
  }

  @Test
  void compressesLinkedBlocksBetter() {
    byte[] noise = Samples.RANDOM.bytes(4000, 1);
    byte[] plain = new byte[50 * noise.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = noise[i % noise.length];
    }
    int linked = encode(plain, new Options(4, true, false, false, false)).length;
    int independent = encode(plain, new Options(4, false, false, false, false)).length;
    assertThat(linked).isLessThan(independent / 2);
  }

  @Test
  void staysWithinItsBoundAndRefusesLess() {
    for (Options options : allOptions()) {
      for (int length : new int[] {0, 1, 65_536, 65_537, 200_000}) {
        byte[] plain = Samples.RANDOM.bytes(length, 3);
        try (Lz4FrameEncoder encoder = new Lz4FrameEncoder(options)) {
          int bound = (int) encoder.maxCompressedBytes(length);
          assertThat(encode(plain, options).length).isLessThanOrEqualTo(bound);
          MemorySegment tooShort = arena.allocate(bound - 1);
          assertThatThrownBy(() -> encoder.compress(MemorySegment.ofArray(plain), tooShort))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
    assertThatThrownBy(() -> new Options(3, false, false, false, false))
        .hasMessage("block size code: 3 (expected 4 to 7)");
  }

  @Test
  void joinsFramesAndSkipsWhatIsToBeSkipped() throws MalformedCompressionException {
    byte[] one = Samples.TEXT.bytes(1000, 1);
    byte[] two = Samples.TEXT.bytes(70_000, 2);
    byte[] frames =
        join(
            skippable(0),
            encode(one, Options.DEFAULT),
            skippable(15),
            encode(new byte[0], Options.DEFAULT),
            encode(two, new Options(4, true, false, false, false)),
            skippable(3));
    assertDecodes(frames, join(one, two), false, "frames");
    assertDecodes(skippable(1), new byte[0], true, "nothing but a skippable frame");
  }

  @Test
  void leavesTrailingBytesAlone() throws MalformedCompressionException {
    byte[] plain = Samples.TEXT.bytes(1000, 1);
    byte[] frame = encode(plain, Options.DEFAULT);
    for (int trailing = 1; trailing < 10; trailing++) {
      MemorySegment in = MemorySegment.ofArray(Arrays.copyOf(frame, frame.length + trailing));
      Decompressed result = decoder.decompress(in, arena.allocate(1000));
      assertThat(result).isEqualTo(new Decompressed(1000, frame.length, true));
    }
  }

  @Test
  void decodesIntoExactlyTheRoomThereIsAndNotIntoLess() throws MalformedCompressionException {
    for (Options options : allOptions()) {
      if (options.contentSize()) {
        continue;
      }
      byte[] plain = Samples.TEXT.bytes(66_000, 9);
      byte[] frame = encode(plain, options);
      assertDecodes(frame, plain, options.blockChecksums() || options.contentChecksum(), "exact");
      MalformedCompressionException refusal = refusalOf(frame, 65_999);
      assertThat(refusal.what()).startsWith("block decodes to more than ");
      assertThat(refusal.decodedBytes()).isEqualTo(options.blockSizeCode() == 4 ? 65_536 : 0);
    }
  }

  @Test
  void refusesEveryTruncationByOffset() {
    byte[] plain = Samples.TEXT.bytes(300, 4);
    for (Options options : allOptions()) {
      byte[] frame = encode(plain, options);
      for (int length = 0; length < frame.length; length++) {
        MalformedCompressionException refusal = refusalOf(Arrays.copyOf(frame, length), 300);
        assertThat(refusal).as("%s cut to %d", options, length).isNotNull();
        assertThat(refusal.offset()).isBetween(0L, (long) length);
      }
    }
  }

  @Test
  void noticesEveryFlippedBitWhereChecksumsAreStored() {
    byte[] plain = Samples.POINTS.bytes(400, 4);
    byte[] frame = encode(plain, new Options(4, false, true, true, true));
    for (int bit = 0; bit < 8 * frame.length; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(refusalOf(flipped, 1000)).as("bit %d", bit).isNotNull();
    }
  }

  @Test
  void saysWhichChecksumDoesNotMatch() {
    byte[] plain = Samples.RANDOM.bytes(20, 4);
    byte[] frame = encode(plain, new Options(4, false, true, true, false));
    byte[] block = frame.clone();
    block[11] ^= 1;
    assertThat(refusalOf(block, 1000).what())
        .matches("block checksum: 0x[0-9A-F]{8} stored, 0x[0-9A-F]{8} computed");
    assertThat(refusalOf(block, 1000).offset()).isEqualTo(7 + 4 + 20);
    byte[] content = frame.clone();
    content[frame.length - 1] ^= 1;
    MalformedCompressionException refusal = refusalOf(content, 1000);
    assertThat(refusal.what())
        .matches("content checksum: 0x[0-9A-F]{8} stored, 0x[0-9A-F]{8} computed");
    assertThat(refusal.offset()).isEqualTo(frame.length - 4);
    assertThat(refusal.decodedBytes()).isEqualTo(20);
  }

  /// A frame header of those fields with a right checksum, and nothing after it.
  private static byte[] header(int flags, int sizes, int extraBytes) {
    ByteBuffer head = ByteBuffer.allocate(7 + extraBytes).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(Lz4Layout.MAGIC).put((byte) flags).put((byte) sizes);
    byte[] bytes = head.array();
    bytes[6 + extraBytes] = (byte) (XxHash32.of(bytes, 4, 2 + extraBytes, 0) >>> 8);
    return bytes;
  }

  @Test
  void saysWhyAFrameIsNotSupported() {
    assertThat(refusalOf(new byte[0], 10)).hasMessage("ends within: magic, at compressed byte 0");
    assertThat(refusalOf(new byte[] {1, 2, 3, 4, 5, 6, 7}, 10))
        .hasMessage("magic: 0x04030201 (expected 0x184D2204), at compressed byte 0");
    assertThat(refusalOf(new byte[] {2, 0x21, 0x4C, 0x18, 0, 0, 0}, 10).what())
        .isEqualTo("legacy LZ4 frame (not supported)");
    assertThat(refusalOf(header(0x80, 0x40, 0), 10).what())
        .isEqualTo("frame version: 2 (expected 1)");
    assertThat(refusalOf(header(0x42, 0x40, 0), 10).what())
        .isEqualTo("reserved bits of the frame header are set");
    assertThat(refusalOf(header(0x40, 0x41, 0), 10).what())
        .isEqualTo("reserved bits of the frame header are set");
    assertThat(refusalOf(header(0x40, 0x30, 0), 10).what())
        .isEqualTo("block size code: 3 (expected 4 to 7)");
    assertThat(refusalOf(header(0x41, 0x40, 4), 10).what())
        .isEqualTo("frame needs a dictionary (not supported)");
    byte[] wrongCheck = header(0x40, 0x40, 0);
    wrongCheck[6]++;
    assertThat(refusalOf(wrongCheck, 10).what())
        .matches("header checksum: 0x[0-9A-F]{2} stored, 0x[0-9A-F]{2} computed");
  }

  @Test
  void refusesBlocksAndSizesThatCannotBe() {
    byte[] head = header(0x60, 0x40, 0);
    assertThat(refusalOf(join(head, new byte[] {1, 0, 1, (byte) 0x80}), 1 << 20).what())
        .isEqualTo("block size: 65537 (expected 65536 or less)");
    assertThat(refusalOf(join(head, new byte[] {9, 0, 0, 0, 1}), 1 << 20).what())
        .isEqualTo("block size: 9 (1 bytes left)");
    assertThat(refusalOf(join(head, new byte[] {2, 0, 0, (byte) 0x80, 1, 1}), 1).what())
        .isEqualTo("block decodes to more than 1 bytes");
    byte[] sized = header(0x68, 0x40, 8);
    assertThat(refusalOf(join(sized, new byte[] {1, 0, 0, (byte) 0x80, 1, 0, 0, 0, 0}), 9).what())
        .isEqualTo("content size: 0 stored, 1 decoded");
    assertThat(refusalOf(new byte[] {0x50, 0x2A, 0x4D, 0x18, 9, 0, 0, 0, 1}, 9).what())
        .isEqualTo("skippable frame: 9 bytes (1 left)");
  }

  @Test
  void treatsAPlainBlockOfNothingAsABlock() throws MalformedCompressionException {
    byte[] frame =
        join(
            header(0x60, 0x40, 0),
            new byte[] {0, 0, 0, (byte) 0x80, 1, 0, 0, (byte) 0x80, 7, 0, 0, 0, 0});
    assertDecodes(frame, new byte[] {7}, false, "empty plain block");
  }

  @Test
  void reachesIntoPlainBlocksBefore() throws MalformedCompressionException {
    byte[] frame =
        join(
            header(0x40, 0x40, 0),
            new byte[] {4, 0, 0, (byte) 0x80, 1, 2, 3, 4},
            new byte[] {5, 0, 0, 0, 0x00, 4, 0, 0x10, 9},
            new byte[4]);
    assertDecodes(frame, new byte[] {1, 2, 3, 4, 1, 2, 3, 4, 9}, false, "linked");
    frame[4] = 0x60;
    frame[6] = header(0x60, 0x40, 0)[6];
    assertThat(refusalOf(frame, 100))
        .hasMessage("match offset: 4 (expected 1 to 0), at compressed byte 22");
  }

  @Test
  void survivesTwentyThousandDamagedFrames() {
    List<byte[]> frames = new ArrayList<>();
    for (Samples kind : Samples.values()) {
      for (Options options : allOptions()) {
        frames.add(encode(kind.bytes(frames.size() % 7 == 0 ? 70_000 : 900, 1), options));
      }
    }
    int refused = new FrameDamage(arena, decoder).run(frames, 70_000, 20_000, 42);
    assertThat(refused).isBetween(12_000, 19_900);
  }

  @Test
  void keepsReadOnlyAndHeapSegmentsApart() throws MalformedCompressionException {
    byte[] plain = Samples.TEXT.bytes(1000, 1);
    MemorySegment in = MemorySegment.ofArray(encode(plain, Options.DEFAULT)).asReadOnly();
    byte[] out = new byte[1000];
    decoder.decompress(in, MemorySegment.ofArray(out));
    assertThat(out).isEqualTo(plain);
    assertThat(in.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 4);
  }
}
