package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.IgnoringSink;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.mcap.McapWriterOptions.Part;
import dev.lockstep.testing.ReaderDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class McapRoundTripTest {
  @TempDir Path folder;

  /// One message as it was written.
  private record Written(String topic, int sequence, long logNs, long publishNs, byte[] payload) {
    String text() {
      return "%s %d %d %d %d %08x"
          .formatted(
              topic,
              sequence,
              logNs,
              publishNs,
              payload.length,
              Crc32.of(MemorySegment.ofArray(payload)));
    }
  }

  private final List<Written> written = new ArrayList<>();

  /// Writes a file with everything in it, differently for each seed.
  private byte[] write(McapWriterOptions options, long seed) throws IOException {
    Random random = new Random(seed);
    written.clear();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (McapWriter writer = new McapWriter(Channels.newChannel(bytes), options)) {
      int schema = writer.schema("Example", "plain", "x".getBytes(StandardCharsets.UTF_8));
      int[] channels = new int[1 + random.nextInt(5)];
      for (int c = 0; c < channels.length; c++) {
        channels[c] =
            writer.channel(random.nextBoolean() ? schema : 0, "/t" + c, "raw", Map.of("c", "" + c));
      }
      int messages = random.nextInt(400);
      long time = random.nextLong(1L << 62);
      for (int m = 0; m < messages; m++) {
        int c = random.nextInt(channels.length);
        byte[] payload =
            new byte[random.nextInt(10) == 0 ? random.nextInt(9000) : random.nextInt(90)];
        random.nextBytes(payload);
        time += random.nextInt(1000) - 100;
        Written message = new Written("/t" + c, random.nextInt(), time, time - 5, payload);
        written.add(message);
        writer.message(
            channels[c],
            message.sequence,
            message.logNs,
            message.publishNs,
            ByteBuffer.wrap(payload));
        if (random.nextInt(100) == 0) {
          writer.attachment("a" + m, "text/plain", time, 0, payload);
        }
        if (random.nextInt(100) == 0) {
          writer.metadata("m" + m, Map.of("k", "v"));
        }
        if (random.nextInt(100) == 0) {
          writer.privateRecord(0x80 + random.nextInt(0x80), payload);
        }
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void messagesLieWithinTheFileHoweverWellTheyAreCompressed() throws IOException {
    for (String compression : List.of("lz4", "zstd")) {
      Path file = folder.resolve(compression + ".mcap");
      try (McapWriter writer =
          new McapWriter(
              Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              McapWriterOptions.DEFAULT.withCompression(compression))) {
        int channel = writer.channel(0, "/zeros", "raw", Map.of());
        writer.message(channel, 0, 1, 1, ByteBuffer.allocate(200_000));
      }
      List<Long> ends = new ArrayList<>();
      try (RecordingReader reader = new McapFormat().open(file, ReadOptions.DEFAULT)) {
        reader.readAll(
            new IgnoringSink() {
              @Override
              public void messages(MessageBatch batch) {
                assertThat(batch.lengthsBytes()[0]).isEqualTo(200_000);
                ends.add(batch.location(0).bytes().endBytes());
              }
            });
      }
      assertThat(ends).hasSize(1);
      assertThat(ends.getFirst()).isBetween(1L, Files.size(file));
    }
  }

  private static List<McapWriterOptions> allOptions() {
    List<McapWriterOptions> all = new ArrayList<>();
    for (int chunkBytes : new int[] {0, 1, 3000, 1 << 20}) {
      for (String compression : List.of("", "lz4", "zstd")) {
        McapWriterOptions options =
            McapWriterOptions.DEFAULT.withChunkBytes(chunkBytes).withCompression(compression);
        all.add(options);
        for (Part part : Part.values()) {
          all.add(options.without(part));
        }
        all.add(options.without(Part.values()));
      }
    }
    all.add(McapWriterOptions.ROSBAG2);
    all.add(McapWriterOptions.FASTWRITE);
    return all;
  }

  private static List<String> texts(ReaderDriver.Read read) {
    List<String> texts = new ArrayList<>();
    for (StreamInfo stream : read.streams()) {
      MessageBatch rows = read.messages(stream.id());
      for (int r = 0; r < rows.size(); r++) {
        texts.add(
            "%s %d %d %d %d %08x"
                .formatted(
                    stream.name(),
                    rows.sequences()[r],
                    rows.logTimesNs()[r],
                    rows.publishTimesNs()[r],
                    rows.lengthsBytes()[r],
                    rows.digests()[r]));
      }
    }
    return texts;
  }

  private List<String> expected(ReaderDriver.Read read) {
    List<String> texts = new ArrayList<>();
    for (StreamInfo stream : read.streams()) {
      for (Written message : written) {
        if (message.topic.equals(stream.name())) {
          texts.add(message.text());
        }
      }
    }
    return texts;
  }

  @Test
  void readsWhatWasWrittenWithAnyOptions() throws IOException {
    long seed = 1;
    for (McapWriterOptions options : allOptions()) {
      String how = options + ", seed " + seed;
      byte[] file = write(options, seed++);
      ReaderDriver.Read read = Mcaps.read(folder, file);
      assertThat(texts(read)).as(how).isEqualTo(expected(read));
      assertThat(read.messageCount()).as(how).isEqualTo(written.size());
      assertThat(Mcaps.kinds(read).stream().filter(k -> !isDemand(options, k.name())))
          .as(how + read.findings())
          .isEmpty();
      assertThat(read.coverage().lostBytes()).as(how).isZero();
      assertThat(read.coverage().totalBytes()).as(how).isEqualTo(file.length);
    }
  }

  /// A summary that counts or indexes channels without repeating them breaks the specification.
  private static boolean isDemand(McapWriterOptions options, String kind) {
    return kind.equals("SPEC_MUST") && !options.has(Part.REPEATED_DEFINITIONS);
  }

  @Test
  void writesTheSameBytesForTheSameCalls() throws IOException {
    for (String compression : List.of("", "lz4", "zstd")) {
      McapWriterOptions options =
          McapWriterOptions.DEFAULT.withChunkBytes(5000).withCompression(compression);
      assertThat(write(options, 7)).isEqualTo(write(options, 7));
    }
  }

  @Test
  void protectsAllButTheEndWithEveryChecksum() throws IOException {
    byte[] file = write(McapWriterOptions.DEFAULT.withChunkBytes(2000), 3);
    ReaderDriver.Read read = Mcaps.read(folder, file);
    assertThat(read.coverage().protectedBytes()).isEqualTo(file.length - 13 - 4 - 8);
  }

  @Test
  void protectsNothingWithoutAnyChecksum() throws IOException {
    ReaderDriver.Read read = Mcaps.read(folder, write(McapWriterOptions.FASTWRITE, 3));
    assertThat(read.coverage().protectedBytes()).isZero();
    assertThat(read.coverage().basis()).isEqualTo("none");
  }

  @Test
  void givesTheSameForAnyNumberOfThreadsAndAnyGrowth() throws IOException {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      McapWriterOptions options = allOptions().get(random.nextInt(allOptions().size()));
      String how = "seed " + seed + ", " + options;
      Path path = folder.resolve("drive.mcap");
      byte[] file = write(options, seed);
      Files.write(path, file);
      String whole = new ReaderDriver(new McapFormat()).read(path).text();
      assertThat(new ReaderDriver(new McapFormat()).threads(4).read(path).text())
          .as(how)
          .isEqualTo(whole);
      long[] steps = random.longs(20, 0, file.length + 1L).sorted().toArray();
      assertThat(new ReaderDriver(new McapFormat()).threads(2).steps(steps).read(path).text())
          .as(how)
          .isEqualTo(whole);
    }
  }

  @Test
  void givesCrc32cOfPayloadsOnlyIfAsked() throws IOException {
    Path path = folder.resolve("drive.mcap");
    Files.write(path, write(McapWriterOptions.DEFAULT.withChunkBytes(2000), 5));
    ReaderDriver.Read without = new ReaderDriver(new McapFormat()).read(path);
    assertThat(without.messages(0).crc32cs()).isEmpty();
    ReaderDriver.Read with =
        new ReaderDriver(new McapFormat()).options(ReadOptions.DEFAULT.withCrc32c()).read(path);
    MessageBatch rows = with.messages("/t0");
    int row = 0;
    for (Written message : written) {
      if (message.topic.equals("/t0")) {
        assertThat(rows.crc32cs()[row])
            .isEqualTo(Crc32c.of(MemorySegment.ofArray(message.payload)));
        row++;
      }
    }
    assertThat(row).isEqualTo(rows.size());
  }

  @Test
  void releasesEveryMapping() throws IOException {
    int before = MappedFile.openCount();
    Mcaps.read(folder, write(McapWriterOptions.DEFAULT, 9), 100, 2000, 4000);
    assertThat(MappedFile.openCount()).isEqualTo(before);
  }

  @Test
  void waitsForAChunkThatItsWriterHasNotFinished() throws IOException {
    byte[] file = Assembly.drive(3, 5).build();
    byte[] growing = file.clone();
    Path path = folder.resolve("drive.mcap");
    int second = secondChunk(file);
    // The head as some writers leave it until the chunk is complete.
    for (int i = 1; i < 9; i++) {
      growing[second + i] = -1;
    }
    Files.write(path, growing);
    ReaderDriver.Read read = new ReaderDriver.Read();
    try (var reader = new McapFormat().open(path, ReadOptions.DEFAULT)) {
      reader.extend(second + 200L, false);
      drain(reader, read);
      assertThat(read.messageCount()).isEqualTo(15);
      assertThat(reader.position()).isEqualTo(second);
      Files.write(path, file);
      reader.extend(file.length, true);
      drain(reader, read);
      reader.finish(read);
    }
    assertThat(read.findings()).isEmpty();
    assertThat(read.messageCount()).isEqualTo(45);
  }

  private static int secondChunk(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int chunks = 0;
    int at = 8;
    while (true) {
      if (bytes.get(at) == McapLayout.CHUNK && ++chunks == 2) {
        return at;
      }
      at += 9 + (int) bytes.getLong(at + 1);
    }
  }

  private static void drain(dev.lockstep.source.RecordingReader reader, ReaderDriver.Read read) {
    for (var unit = reader.next(); unit != null; unit = reader.next()) {
      unit.scan();
      unit.commit(read);
    }
  }
}
