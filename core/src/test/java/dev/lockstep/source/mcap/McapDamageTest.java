package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.source.mcap.McapWriterOptions.Part;
import dev.lockstep.testing.ReaderDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage that nobody chose: every bit, every cut, and thousands of seeded mutations.
class McapDamageTest {
  /// Mutations of each file; `-Dlockstep.fuzz=10000` makes it a long run.
  private static final int MUTATIONS = Integer.getInteger("lockstep.fuzz", 100);

  /// Enough for several chunks and both channels in one; each byte more is another cut.
  private static final int MESSAGES = 7;

  private static final int CHUNK_BYTES = 150;

  @TempDir Path folder;

  private static byte[] small(McapWriterOptions options) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (McapWriter writer = new McapWriter(Channels.newChannel(bytes), options)) {
      int schema = writer.schema("Example", "plain", "x".getBytes(StandardCharsets.UTF_8));
      int a = writer.channel(schema, "/a", "raw", Map.of("k", "v"));
      int b = writer.channel(0, "/b", "raw", Map.of());
      for (int m = 0; m < MESSAGES; m++) {
        byte[] payload = new byte[10 + m];
        Arrays.fill(payload, (byte) (m * 3 + 1));
        writer.message(m % 3 == 0 ? b : a, m, 5000 + m * 10L, 4000 + m, ByteBuffer.wrap(payload));
      }
      writer.attachment("calib", "text/plain", 1, 2, new byte[] {1, 2, 3});
      writer.metadata("car", Map.of("vin", "1"));
    }
    return bytes.toByteArray();
  }

  private static McapWriterOptions chunked(String compression) {
    return McapWriterOptions.DEFAULT.withChunkBytes(CHUNK_BYTES).withCompression(compression);
  }

  private static List<McapWriterOptions> kinds() {
    return List.of(
        chunked(""),
        chunked("lz4"),
        chunked("zstd"),
        McapWriterOptions.DEFAULT.withChunkBytes(0),
        McapWriterOptions.ROSBAG2.withChunkBytes(CHUNK_BYTES),
        McapWriterOptions.FASTWRITE,
        chunked("").without(Part.MESSAGE_INDEXES, Part.CHUNK_CRC, Part.DATA_CRC),
        chunked("").without(Part.values()));
  }

  @Test
  void tellsOfEveryFlippedBitUnderChecksums() throws IOException {
    for (String compression : List.of("", "lz4", "zstd")) {
      byte[] file = small(chunked(compression));
      for (int at = 0; at < file.length; at++) {
        byte[] damaged = file.clone();
        damaged[at] ^= (byte) (1 << at % 8);
        ReaderDriver.Read read = Mcaps.read(folder, damaged);
        assertThat(read.defects(Severity.WARNING))
            .as("bit %d of byte %d flipped, %s", at % 8, at, compression)
            .isNotEmpty();
        assertPlaces(read, damaged.length);
      }
    }
  }

  @Test
  void tellsOfEveryCut() throws IOException {
    for (McapWriterOptions options : kinds()) {
      byte[] file = small(options);
      Path path = Files.write(folder.resolve("drive.mcap"), file);
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        for (int length = file.length - 1; length >= 0; length--) {
          channel.truncate(length);
          ReaderDriver.Read read = new ReaderDriver(new McapFormat()).read(path);
          DefectKind kind = length == 0 ? DefectKind.FILE_EMPTY : DefectKind.FILE_TRUNCATED;
          if (!Mcaps.kinds(read).equals(List.of(kind))) {
            fail(
                "cut to %d of %d bytes, %s: expected %s%n%s",
                length, file.length, options, kind, read.findings());
          }
        }
      }
    }
  }

  @Test
  void readsAllWholeMessagesInFrontOfACut() throws IOException {
    byte[] file = small(McapWriterOptions.FASTWRITE);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = 8;
    int messages = 0;
    while (bytes.get(at) != McapLayout.ATTACHMENT) {
      int end = at + 9 + (int) bytes.getLong(at + 1);
      messages += bytes.get(at) == McapLayout.MESSAGE ? 1 : 0;
      for (int cut : new int[] {end, Math.min(end + 8, file.length), end + 20}) {
        ReaderDriver.Read read = Mcaps.read(folder, Arrays.copyOf(file, cut));
        assertThat(read.messageCount()).as("cut to %d bytes", cut).isEqualTo(messages);
      }
      at = end;
    }
    assertThat(messages).isEqualTo(MESSAGES);
  }

  @Test
  void survivesAnyBytes() throws IOException {
    byte[] other = small(chunked("zstd"));
    for (int kind = 0; kind < kinds().size(); kind++) {
      McapWriterOptions options = kinds().get(kind);
      byte[] file = small(options);
      for (int n = 0; n < MUTATIONS; n++) {
        long seed = n * 31L + kind;
        byte[] mutated = mutate(file, other, new Random(seed));
        survive(mutated, "seed " + seed + " on " + options);
      }
    }
  }

  @Test
  void survivesBytesWithoutAnyOrder() throws IOException {
    for (long seed = 0; seed < MUTATIONS; seed++) {
      byte[] noise = new byte[new Random(seed).nextInt(3000)];
      new Random(seed).nextBytes(noise);
      if (noise.length > 8) {
        System.arraycopy(small(McapWriterOptions.FASTWRITE), 0, noise, 0, 8);
      }
      survive(noise, "seed " + seed);
    }
  }

  private void survive(byte[] bytes, String how) throws IOException {
    Path path = folder.resolve("drive.mcap");
    Files.write(path, bytes);
    ReaderDriver.Read read =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> new ReaderDriver(new McapFormat()).read(path), how);
    assertPlaces(read, bytes.length);
    assertThat(read.defects()).as(how).hasSizeLessThan(2000);
    long[] steps = new Random(bytes.length).longs(7, 0, bytes.length + 1L).sorted().toArray();
    Mcaps.assertSame(
        read, new ReaderDriver(new McapFormat()).threads(2).steps(steps).read(path), how);
  }

  private static void assertPlaces(ReaderDriver.Read read, long size) {
    for (Defect defect : read.defects()) {
      assertThat(defect.location().file()).as(defect.toString()).isEqualTo("drive.mcap");
      assertThat(defect.location().bytes()).as(defect.toString()).isNotNull();
      assertThat(Objects.requireNonNull(defect.location().bytes()).endBytes())
          .as(defect.toString())
          .isLessThanOrEqualTo(size);
    }
    assertThat(read.coverage().totalBytes()).isEqualTo(size);
    assertThat(read.coverage().protectedBytes()).isBetween(0L, size);
    assertThat(read.coverage().lostBytes()).isBetween(0L, size);
  }

  /// Flips, cuts, splices, zeros, and lengths that lie.
  private static byte[] mutate(byte[] file, byte[] other, Random random) {
    byte[] bytes = file.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && bytes.length > 20; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(8)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> {
          int end = Math.min(bytes.length, at + random.nextInt(300));
          Arrays.fill(bytes, at, end, (byte) 0);
        }
        case 4 -> {
          int from = random.nextInt(other.length);
          int length = Math.min(Math.min(bytes.length - at, other.length - from), 200);
          System.arraycopy(other, from, bytes, at, length);
        }
        case 5 -> {
          int from = random.nextInt(bytes.length);
          byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 150));
          byte[] joined = Arrays.copyOf(bytes, bytes.length + part.length);
          System.arraycopy(bytes, at, joined, at + part.length, bytes.length - at);
          System.arraycopy(part, 0, joined, at, part.length);
          bytes = joined;
        }
        case 6 -> bytes = without(bytes, at, Math.min(bytes.length, at + random.nextInt(40)));
        default -> lie(bytes, random);
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int from, int to) {
    byte[] rest = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, rest, from, bytes.length - to);
    return rest;
  }

  /// Puts an extreme number where a record has its length or the length of a field.
  private static void lie(byte[] bytes, Random random) {
    long[] lies = {-1, Long.MAX_VALUE, 1L << 40, 1L << 31, 0xFFFF_FFFFL, 0, bytes.length};
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int skip = random.nextInt(40);
    int at = 8;
    while (skip-- > 0 && at + 9 < bytes.length) {
      long length = buffer.getLong(at + 1);
      if (length < 0 || length > bytes.length - at - 9) {
        break;
      }
      at += 9 + (int) length;
    }
    at += random.nextBoolean() ? 1 : 9 + random.nextInt(40);
    if (at + 8 <= bytes.length) {
      buffer.putLong(at, lies[random.nextInt(lies.length)]);
    }
  }
}
