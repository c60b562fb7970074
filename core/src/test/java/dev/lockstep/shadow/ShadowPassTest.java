package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.check.shadow.BytesReadDiffer;
import dev.lockstep.check.shadow.LabelRowsReadDiffer;
import dev.lockstep.check.shadow.MessagesReadDiffer;
import dev.lockstep.check.shadow.StampsReadDiffer;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.mcap.McapWriter;
import dev.lockstep.source.mcap.McapWriterOptions;
import dev.lockstep.source.mcap.McapWriterOptions.Part;
import dev.lockstep.testing.CheckPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShadowPassTest {
  private static final long START_NS = 1_750_000_000_000_000_000L;
  private static final ShadowShare ALL = new ShadowShare(1, 0);
  private static final int MESSAGES = 120;

  @TempDir private Path folder;

  private final Engine engine =
      new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1).withShadow(ALL));

  @AfterEach
  void close() {
    engine.close();
  }

  static List<McapWriterOptions> writers() {
    McapWriterOptions chunked = McapWriterOptions.DEFAULT.withChunkBytes(4000);
    return List.of(
        chunked.withCompression(""),
        chunked.withCompression("lz4"),
        chunked.withCompression("zstd"),
        chunked.without(Part.MESSAGE_INDEXES),
        chunked.without(Part.values()),
        McapWriterOptions.DEFAULT.withChunkBytes(0));
  }

  /// Two streams: one that begins with a ROS header, one that has no stamps.
  private Path drive(McapWriterOptions options) throws IOException {
    Path file = folder.resolve("drive.mcap");
    try (McapWriter writer = McapWriter.create(file, options)) {
      int schema =
          writer.schema(
              "example_msgs/msg/Level",
              "ros2msg",
              """
              # A level.
              std_msgs/Header header
              uint8[] data
              ================
              MSG: std_msgs/Header
              builtin_interfaces/Time stamp
              string frame_id
              ================
              MSG: builtin_interfaces/Time
              int32 sec
              uint32 nanosec
              """
                  .getBytes(StandardCharsets.UTF_8));
      int stamped = writer.channel(schema, "/level", "cdr", Map.of());
      int plain = writer.channel(0, "/raw", "raw", Map.of());
      Random random = new Random(1);
      for (int m = 0; m < MESSAGES; m++) {
        byte[] noise = new byte[200 + random.nextInt(100)];
        random.nextBytes(noise);
        long stampNs = START_NS + m * 100_000_000L;
        ByteBuffer payload = ByteBuffer.allocate(24 + noise.length).order(ByteOrder.LITTLE_ENDIAN);
        payload.putInt(0x0100).putInt((int) (stampNs / Times.SECOND));
        payload
            .putInt((int) (stampNs % Times.SECOND))
            .putInt(2)
            .putShort((short) 'a')
            .putShort((short) 0);
        payload.putInt(noise.length).put(noise);
        writer.message(stamped, m, stampNs + 5_000_000, stampNs + 5_000_000, payload.flip());
        if (m % 2 == 0) {
          writer.message(plain, m, stampNs + 6_000_000, stampNs, ByteBuffer.wrap(noise));
        }
      }
    }
    return file;
  }

  private RecordingRun open(Engine engine, Path file) throws IOException {
    return engine.open(file, "drive", new McapFormat(), finding -> {}, (done, total) -> {});
  }

  private static Map<Kind, CheckResult> shadows(RecordingResult result) {
    return result.results().stream()
        .filter(r -> r.check().id().compareTo("SHA012") >= 0 && r.check().id().startsWith("SHA01"))
        .collect(Collectors.toMap(r -> kind(r.check().id()), r -> r));
  }

  private static Kind kind(String id) {
    return ((ShadowCheck) Checks.named(id)).kind();
  }

  private static String way(RecordingResult result) {
    return result.notes().stream().filter(n -> n.startsWith("shadow")).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("writers")
  void readsWhatTheFirstReadRead(McapWriterOptions options) throws IOException {
    Path file = drive(options);
    try (RecordingRun run = open(engine, file)) {
      run.advance(run.available(), true);
      RecordingResult result = run.finish();
      Map<Kind, CheckResult> ends = shadows(result);
      long all = MESSAGES + MESSAGES / 2;
      assertThat(ends.get(Kind.BYTES).outcome()).isEqualTo(new Outcome.Passed(all));
      assertThat(ends.get(Kind.STAMPS).outcome()).isEqualTo(new Outcome.Passed(all));
      assertThat(ends.get(Kind.MESSAGES).outcome()).isEqualTo(new Outcome.Passed(all));
      assertThat(ends.get(Kind.LABELS).outcome()).isInstanceOf(Outcome.Skipped.class);
      boolean indexed = options.has(Part.MESSAGE_INDEXES) && options.chunkBytes() > 0;
      assertThat(way(result))
          .startsWith(
              indexed
                  ? "shadow read through summary, chunk index and message indexes: 180 messages"
                  : "shadow read record by record, since ")
          .doesNotContain("not derived");
    }
  }

  @Test
  void locatesEachBitThatFlipsBetweenTheReads() throws IOException {
    Path file = drive(McapWriterOptions.DEFAULT.withChunkBytes(4000).withCompression(""));
    byte[] sound = Files.readAllBytes(file);
    for (int seed = 0; seed < 25; seed++) {
      Files.write(file, sound, StandardOpenOption.WRITE);
      Random random = new Random(seed);
      int message = random.nextInt(MESSAGES);
      try (RecordingRun run = open(engine, file);
          var index = new McapFormat().index(file)) {
        run.advance(run.available(), true);
        ByteRange at = index.message("/level", message).bytes();
        int bit = random.nextInt((int) at.lengthBytes() - 24) * 8 + random.nextInt(8) + 24 * 8;
        byte[] flipped = sound.clone();
        flipped[(int) at.offsetBytes() + bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, flipped, StandardOpenOption.WRITE);
        List<Finding> found = shadows(run.finish()).get(Kind.BYTES).findings();
        assertThat(found).as("seed %d", seed).hasSize(1);
        Finding finding = found.getFirst();
        assertThat(finding.location().stream()).isEqualTo("/level");
        assertThat(Objects.requireNonNull(finding.location().messages()).first())
            .isEqualTo(message);
        assertThat(finding.location().bytes()).isEqualTo(at);
        assertThat(finding.evidence().expected())
            .isEqualTo(
                "first and second read; bit "
                    + bit % 8
                    + " of byte "
                    + bit / 8
                    + " of the message");
        if (seed == 0) {
          CheckPages.assertComplete(new BytesReadDiffer(), FindingText.of(finding));
        }
      }
    }
  }

  @Test
  void locatesAStampThatChangesBetweenTheReads() throws IOException {
    Path file = drive(McapWriterOptions.DEFAULT.withChunkBytes(4000).withCompression(""));
    try (RecordingRun run = open(engine, file);
        var index = new McapFormat().index(file)) {
      run.advance(run.available(), true);
      byte[] bytes = Files.readAllBytes(file);
      // The sixth byte of a CDR header is the second lowest of its seconds.
      bytes[(int) index.message("/level", 7).bytes().offsetBytes() + 5] ^= 1;
      Files.write(file, bytes, StandardOpenOption.WRITE);
      Map<Kind, CheckResult> ends = shadows(run.finish());
      assertThat(ends.get(Kind.BYTES).findings()).hasSize(1);
      List<Finding> found = ends.get(Kind.STAMPS).findings();
      assertThat(found).hasSize(1);
      CheckPages.assertComplete(new StampsReadDiffer(), FindingText.of(found.getFirst()));
    }
  }

  @Test
  void tellsOfAChunkThatCannotBeReadAgain() throws IOException {
    Path file = drive(McapWriterOptions.DEFAULT.withChunkBytes(4000).withCompression("zstd"));
    try (RecordingRun run = open(engine, file);
        var index = new McapFormat().index(file)) {
      run.advance(run.available(), true);
      ByteRange chunk = index.message("/level", 60).bytes();
      byte[] bytes = Files.readAllBytes(file);
      bytes[(int) (chunk.offsetBytes() + chunk.lengthBytes() / 2)] ^= 16;
      Files.write(file, bytes, StandardOpenOption.WRITE);
      Map<Kind, CheckResult> ends = shadows(run.finish());
      assertThat(ends.get(Kind.BYTES).findings()).hasSize(1);
      assertThat(ends.get(Kind.BYTES).findings().getFirst().location().bytes()).isEqualTo(chunk);
      assertThat(ends.get(Kind.MESSAGES).findings()).isEmpty();
    }
  }

  @Test
  void tellsOfMessagesThatOnlyOneReadHas() throws IOException {
    Path file = drive(McapWriterOptions.DEFAULT.withChunkBytes(0));
    try (RecordingRun run = open(engine, file);
        var index = new McapFormat().index(file)) {
      run.advance(run.available(), true);
      byte[] bytes = Files.readAllBytes(file);
      // Without chunks the record head stands 31 bytes in front of the payload: it becomes private.
      bytes[(int) index.message("/level", 3).bytes().offsetBytes() - 31] = (byte) 0x85;
      Files.write(file, bytes, StandardOpenOption.WRITE);
      List<Finding> found = shadows(run.finish()).get(Kind.MESSAGES).findings();
      assertThat(found).hasSize(1);
      CheckPages.assertComplete(new MessagesReadDiffer(), FindingText.of(found.getFirst()));
    }
  }

  @Test
  void tellsOfLabelsThatDoNotFitTheirMessage() {
    StreamInfo stream =
        StreamInfo.of(
            0,
            "/labels",
            Modality.LABELS,
            StampSource.HEADER,
            "cdr",
            "vision_msgs/Detection3DArray");
    FirstRead first = new FirstRead(ALL, false, 100);
    first.stream(stream);
    MessageBatch batch = new MessageBatch(stream, 1);
    batch.setCrc32c(batch.add(START_NS, START_NS, START_NS, 100, 50), 7);
    first.messages(batch);
    LabelSet labels = new LabelSet("/labels", Frame.SENSOR, StampSource.HEADER);
    labels.add(START_NS, -1, "a", "car", "drive.mcap", 0);
    labels.seal();
    List<Finding> found = new ArrayList<>();
    Disagreements out = new Disagreements(List.of(new LabelRowsReadDiffer()), found::add);
    ReadComparison comparison =
        new ReadComparison(first, out, "drive.mcap", List.of(), List.of(labels), null);
    SecondLabels.Label label =
        new SecondLabels.Label(Times.NONE, "a", "car", null, null, null, null);
    comparison.message(
        new SecondRead.Message(
            "/labels", 100, 50, 7, START_NS, START_NS, true, List.of(label, label)));
    comparison.count("/labels", 1);
    comparison.end();
    assertThat(found).hasSize(1);
    CheckPages.assertComplete(new LabelRowsReadDiffer(), FindingText.of(found.getFirst()));
  }

  @Test
  void choosesTheSameBlocksHoweverTheBytesArrive() throws IOException {
    Path file = drive(McapWriterOptions.DEFAULT.withChunkBytes(4000).withCompression(""));
    Path large = folder.resolve("large.mcap");
    try (McapWriter writer =
        McapWriter.create(large, McapWriterOptions.DEFAULT.withChunkBytes(100_000))) {
      int channel = writer.channel(0, "/big", "raw", Map.of());
      Random random = new Random(3);
      for (int m = 0; m < 80; m++) {
        byte[] noise = new byte[90_000];
        random.nextBytes(noise);
        writer.message(channel, m, START_NS + m, START_NS + m, ByteBuffer.wrap(noise));
      }
    }
    assertThat(Files.size(file)).isPositive();
    String[] notes = new String[3];
    for (int n = 0; n < notes.length; n++) {
      ShadowShare share = new ShadowShare(0.4, n == 2 ? 2 : 1);
      try (Engine some =
              new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2).withShadow(share));
          RecordingRun run = open(some, large)) {
        for (long at = 0; n == 1 && at < run.available(); at += 777_777) {
          run.advance(at, false);
        }
        run.advance(run.available(), true);
        RecordingResult result = run.finish();
        notes[n] = way(result);
        long examined = ((Outcome.Passed) shadows(result).get(Kind.BYTES).outcome()).examined();
        assertThat(examined).isBetween(1L, 79L);
        assertThat(shadows(result).get(Kind.MESSAGES).outcome()).isEqualTo(new Outcome.Passed(80));
      }
    }
    assertThat(notes[1]).isEqualTo(notes[0]);
    assertThat(notes[2]).isNotEqualTo(notes[0]);
  }

  @Test
  void takesAPieceOfTheBeginningWhereTheShareHoldsNone() {
    ShadowShare least = new ShadowShare(1e-9, 0);
    StreamInfo stream = StreamInfo.of(0, "/a", Modality.OTHER, StampSource.LOG_TIME, "", "");
    FirstRead first = new FirstRead(least, false, 50);
    first.stream(stream);
    int spare = 0;
    long next = 0;
    for (int m = 0; m < 1000; m++) {
      long position = (long) m << FirstRead.PIECE_BITS;
      MessageBatch batch = new MessageBatch(stream, 1);
      int row = batch.add(m, m, m, position, 10);
      next = m < 64 && least.rank(m) < least.rank(next) ? m : next;
      if (ShadowPass.places(least).test(position)) {
        assertThat(m).isLessThan(64);
        spare++;
        batch.setCrc32c(row, m + 1);
      } else {
        assertThat(m).isGreaterThan(1);
      }
      batch.setFirstIndex(m);
      first.messages(batch);
    }
    // The one that a larger share holds first; checksums of few others are computed for it.
    assertThat(first.pieces()).containsOnlyKeys(next);
    assertThat(spare).isBetween(2, 12);
    first.pieces().values().forEach(rows -> assertThat(rows.get(0).sums[0]).isNotZero());
  }

  @Test
  void halvesTheShareInsteadOfGrowing() {
    StreamInfo stream = StreamInfo.of(0, "/a", Modality.OTHER, StampSource.LOG_TIME, "", "");
    FirstRead first = new FirstRead(ALL, false, 50);
    first.stream(stream);
    for (int m = 0; m < 1000; m++) {
      MessageBatch batch = new MessageBatch(stream, 1);
      batch.setCrc32c(batch.add(m, m, m, (long) m << FirstRead.PIECE_BITS, 10), m);
      batch.setFirstIndex(m);
      first.messages(batch);
    }
    assertThat(first.kept()).isBetween(1L, 50L);
    assertThat(first.share().share()).isLessThan(0.1);
    first.pieces().keySet().forEach(key -> assertThat(first.share().holds(key)).isTrue());
    assertThat(first.count(0)).isEqualTo(1000);
  }

  @Test
  void takesAShareInPercent() {
    assertThat(ShadowShare.parse("5%", 3)).isEqualTo(new ShadowShare(0.05, 3));
    assertThatThrownBy(() -> ShadowShare.parse("0%", 0)).hasMessageContaining("above 0%");
    assertThatThrownBy(() -> ShadowShare.parse("120%", 0)).hasMessageContaining("at most 100%");
    assertThatThrownBy(() -> ShadowShare.parse("x", 0)).hasMessageContaining("percentage");
  }
}
