package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Check;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.integrity.BlockDiffers;
import dev.lockstep.check.integrity.ManifestDamaged;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.manifest.ManifestWriter;
import dev.lockstep.report.FindingText;
import dev.lockstep.report.JsonReport;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.synth.Drive;
import dev.lockstep.synth.DriveMessage;
import dev.lockstep.synth.McapOutput;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Seals recordings, damages them in every way that a manifest is there for, and reads the
/// findings.
class SealedRecordingTest {
  private static final List<Check> CHECKS = List.of(new BlockDiffers(), new ManifestDamaged());

  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT
          .withSeed(21)
          .withSeconds(6)
          .withCloud(2, 36)
          .withImages(32, 32)
          .withJpegQuality(30)
          .withRange(20)
          .withRates(50, 20);

  /// How the drive is written.
  enum Container {
    CHUNKED(McapSettings.DEFAULT.withChunkBytes(16 << 10)),
    UNCHUNKED(McapSettings.DEFAULT.withChunkBytes(0)),
    LZ4(McapSettings.DEFAULT.withChunkBytes(16 << 10).withCompression("lz4"));

    final McapSettings settings;

    Container(McapSettings settings) {
      this.settings = settings;
    }
  }

  /// A message that may be changed.
  private record Sent(int stream, int sequence, long logTimeNs, byte[] payload) {
    static Sent of(DriveMessage message) {
      return new Sent(message.stream(), message.sequence(), message.logTimeNs(), message.payload());
    }

    Sent withPayload(byte[] bytes) {
      return new Sent(stream, sequence, logTimeNs, bytes);
    }
  }

  private static final Drive DRIVE = new Drive(SMALL);
  private static final List<Sent> MESSAGES = new ArrayList<>();

  static {
    DRIVE.forEach(message -> MESSAGES.add(Sent.of(message)));
  }

  @TempDir private Path folder;
  private Path file;
  private SourceFormat format = new McapFormat();

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("drive.mcap");
  }

  private void write(Container container, List<Sent> messages) throws IOException {
    try (McapOutput out = new McapOutput(file, container.settings)) {
      DRIVE.streams().forEach(out::stream);
      for (Sent each : messages) {
        out.message(
            each.stream(),
            each.sequence(),
            each.logTimeNs(),
            each.logTimeNs(),
            ByteBuffer.wrap(each.payload()));
      }
      out.finish();
    }
  }

  private void seal(BlockLimits limits, int threads) throws IOException {
    ManifestHeader header = new ManifestHeader(limits, "drive", format.name(), 0);
    EngineOptions options = EngineOptions.defaults().withThreads(threads);
    try (Engine engine = new Engine(List.of(), options);
        ManifestWriter writer = ManifestWriter.create(ManifestFiles.of(file), header)) {
      BlockFeed feed =
          new BlockFeed(
              limits,
              block -> {
                try {
                  writer.add(block);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      engine.check(file, "drive", format, finding -> {}, (done, total) -> {}, List.of(feed));
      writer.commit();
    }
  }

  private RecordingResult check() throws IOException {
    try (Engine engine = new Engine(CHECKS, EngineOptions.defaults().withThreads(2))) {
      return engine.check(file, "drive", format);
    }
  }

  private String findings() throws IOException {
    return check().findings().stream().map(FindingText::of).collect(Collectors.joining("\n"));
  }

  /// Seals the drive, writes it anew with a change, and says what is found.
  private String afterChange(Container container, Consumer<List<Sent>> change) throws IOException {
    write(container, MESSAGES);
    seal(BlockLimits.DEFAULT, 2);
    List<Sent> messages = new ArrayList<>(MESSAGES);
    change.accept(messages);
    write(container, messages);
    return findings();
  }

  private static int stream(String topic) {
    for (int i = 0; i < DRIVE.streams().size(); i++) {
      if (DRIVE.streams().get(i).topic().equals(topic)) {
        return i;
      }
    }
    throw new IllegalArgumentException(topic);
  }

  /// Where message `number` of a stream stands in the list.
  private static int at(List<Sent> messages, String topic, int number) {
    int stream = stream(topic);
    int seen = 0;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).stream() == stream && seen++ == number) {
        return i;
      }
    }
    throw new IllegalArgumentException(topic + " " + number);
  }

  private static void copyPayload(List<Sent> messages, String topic, int from, int to) {
    int target = at(messages, topic, to);
    byte[] payload = MESSAGES.get(at(MESSAGES, topic, from)).payload();
    messages.set(target, messages.get(target).withPayload(payload));
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void isSilentOnWhatWasSealed(Container container) throws IOException {
    write(container, MESSAGES);
    seal(BlockLimits.DEFAULT, 2);
    RecordingResult result = check();
    assertThat(result.findings()).isEmpty();
    assertThat(result.results())
        .extracting(CheckResult::outcome)
        .allMatch(Outcome.Passed.class::isInstance)
        .hasSize(DRIVE.streams().size() + 1);
    assertThat(result.coverage().manifestBytes())
        .isEqualTo(MESSAGES.stream().mapToLong(m -> m.payload().length).sum());
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void namesTheMessageOfAFlippedBit(Container container) throws IOException {
    assertThat(
            afterChange(
                container,
                messages -> {
                  int at = at(messages, Drive.LIDAR, 37);
                  byte[] payload = messages.get(at).payload().clone();
                  payload[payload.length / 2] ^= 4;
                  messages.set(at, messages.get(at).withPayload(payload));
                }))
        .startsWith(
            "error INT040 block-differs: content was changed: CRC-32C of message 37 in block 3 ")
        .contains("at /lidar/points, message 37, stamp ", " ns, drive.mcap, byte ")
        .doesNotContain("\nerror");
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void tellsExchangedBlocks(Container container) throws IOException {
    assertThat(
            afterChange(
                container,
                messages -> {
                  for (int i = 0; i < 10; i++) {
                    copyPayload(messages, Drive.IMU, 40 + i, 120 + i);
                    copyPayload(messages, Drive.IMU, 120 + i, 40 + i);
                  }
                }))
        .isEqualTo(
            """
            error INT040 block-differs: blocks were exchanged: order of blocks 4, 12 -> 12, 4
              at /imu, messages 40..49\
            """);
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void tellsAReplayedBlock(Container container) throws IOException {
    assertThat(
            afterChange(
                container,
                messages -> {
                  for (int i = 0; i < 10; i++) {
                    copyPayload(messages, Drive.IMU, 40 + i, 120 + i);
                  }
                }))
        .isEqualTo(
            """
            error INT040 block-differs: block was replayed: block 12 holds the content of block 4 (expected its own)
              at /imu, messages 120..129\
            """);
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void namesMissingMessages(Container container) throws IOException {
    assertThat(
            afterChange(
                container,
                messages -> {
                  for (int i = 0; i < 3; i++) {
                    messages.remove(at(messages, Drive.IMU, 155));
                  }
                }))
        .isEqualTo(
            """
            error INT040 block-differs: messages were lost after sealing: 3 messages missing (sealed as 155..157 in block 15)
              at /imu, message 155\
            """);
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void namesExtraMessages(Container container) throws IOException {
    assertThat(
            afterChange(
                container,
                messages -> {
                  int at = at(messages, Drive.IMU, 77);
                  byte[] other = messages.get(at).payload().clone();
                  other[other.length - 3] ^= 1;
                  messages.add(at, messages.get(at).withPayload(other));
                }))
        .isEqualTo(
            """
            error INT040 block-differs: messages were added after sealing: 1 message added (expected none)
              at /imu, message 77\
            """);
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void namesTheEndThatATruncationTook(Container container) throws IOException {
    write(container, MESSAGES);
    seal(BlockLimits.DEFAULT, 2);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    String findings = findings();
    assertThat(findings.lines().filter(line -> line.startsWith("error")))
        .hasSize(DRIVE.streams().size())
        .allMatch(line -> line.contains("messages were lost after sealing"));
    assertThat(findings).contains("sealed as ", " to block 29)\n  at /imu, message ");
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void readsWithTheLimitsOfTheManifest(Container container) throws IOException {
    write(container, MESSAGES);
    seal(new BlockLimits(7, 3000), 2);
    assertThat(findings()).isEmpty();
    List<Sent> messages = new ArrayList<>(MESSAGES);
    copyPayload(messages, Drive.IMU, 0, 50);
    write(container, messages);
    assertThat(findings()).contains("CRC-32C of message 50 in block 7 ").doesNotContain("\nerror");
  }

  @Test
  void aManifestDoesNotDependOnThreads() throws IOException {
    write(Container.LZ4, MESSAGES);
    seal(BlockLimits.DEFAULT, 1);
    byte[] one = Files.readAllBytes(ManifestFiles.of(file));
    seal(BlockLimits.DEFAULT, 3);
    assertThat(ManifestFiles.of(file)).hasBinaryContent(one);
  }

  @Test
  void anySplitOfTheBytesGivesTheSameFindings() throws IOException {
    afterChange(
        Container.CHUNKED,
        messages -> {
          Random random = new Random(5);
          for (int i = 0; i < 60; i++) {
            int at = random.nextInt(messages.size());
            byte[] payload = messages.get(at).payload().clone();
            payload[random.nextInt(payload.length)] ^= 8;
            messages.set(at, messages.get(at).withPayload(payload));
          }
        });
    String whole = json(check());
    assertThat(whole).contains("INT040");
    long length = Files.size(file);
    for (long seed = 1; seed <= 5; seed++) {
      long[] steps = new Random(seed).longs(40, 0, length).sorted().toArray();
      try (Engine engine = new Engine(CHECKS, EngineOptions.defaults().withThreads(2));
          RecordingRun run =
              engine.open(file, "drive", format, finding -> {}, (done, total) -> {})) {
        for (long step : steps) {
          run.advance(step, false);
        }
        run.advance(length, true);
        assertThat(json(run.finish())).as("seed %d", seed).isEqualTo(whole);
      }
    }
  }

  private static String json(RecordingResult result) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.document().write(new Run("test", List.of(result), List.of(), 0), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aDamagedManifestIsToldAndNotUsed() throws IOException {
    write(Container.CHUNKED, MESSAGES);
    seal(BlockLimits.DEFAULT, 2);
    Path manifest = ManifestFiles.of(file);
    byte[] bytes = Files.readAllBytes(manifest);
    Files.write(manifest, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(findings())
        .startsWith("error INT041 manifest-damaged: ")
        .contains("at drive.mcap.blocks.arrow, byte ");
    assertThat(check().results().getFirst().outcome())
        .isEqualTo(new Outcome.Skipped("the block manifest is damaged"));
  }

  @Test
  void withoutAManifestNothingIsCompared() throws IOException {
    write(Container.CHUNKED, MESSAGES);
    assertThat(check().results())
        .extracting(CheckResult::outcome)
        .containsExactly(
            new Outcome.Skipped("the recording has no block manifest"),
            new Outcome.Skipped("the recording has no block manifest"));
  }

  @Test
  void aQuickRunSaysThatItLeavesPayloadsOut() throws IOException {
    write(Container.CHUNKED, MESSAGES);
    seal(BlockLimits.DEFAULT, 2);
    try (Engine engine = new Engine(CHECKS, EngineOptions.defaults().withoutPayloads())) {
      assertThat(engine.check(file, "drive", format).results())
          .extracting(CheckResult::outcome)
          .containsExactly(
              new Outcome.Skipped("payloads are left out of a quick run"), new Outcome.Passed(1));
    }
  }

  /// A KITTI drive of 30 sweeps.
  private void makeKitti() throws IOException {
    format = new KittiFormat();
    file = folder.resolve("2011_09_26_drive_0042_sync");
    Path data = Files.createDirectories(file.resolve("velodyne_points/data"));
    StringBuilder stamps = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      ByteBuffer points = ByteBuffer.allocate(160);
      new Random(i)
          .ints(40, 0, 1000)
          .forEach(v -> points.order(ByteOrder.LITTLE_ENDIAN).putFloat(v));
      Files.write(data.resolve(String.format("%010d.bin", i)), points.array());
      stamps.append(String.format("2011-09-26 13:02:%02d.%d00000007%n", 25 + i / 10, i % 10));
    }
    Files.writeString(file.resolve("velodyne_points/timestamps.txt"), stamps);
    seal(BlockLimits.DEFAULT, 2);
    assertThat(findings()).isEmpty();
  }

  private Path sweep(int i) {
    return file.resolve(String.format("velodyne_points/data/%010d.bin", i));
  }

  @Test
  void namesTheFileOfAFolderThatWasChanged() throws IOException {
    makeKitti();
    byte[] bytes = Files.readAllBytes(sweep(17));
    bytes[80] ^= 1;
    Files.write(sweep(17), bytes);
    assertThat(findings())
        .startsWith(
            "error INT040 block-differs: content was changed: CRC-32C of message 17 in block 1 ")
        .endsWith(" ns, velodyne_points/data/0000000017.bin")
        .doesNotContain("\nerror");
  }

  @Test
  void tellsExchangedFilesOfAFolder() throws IOException {
    makeKitti();
    Path aside = folder.resolve("aside");
    Files.move(sweep(4), aside);
    Files.move(sweep(5), sweep(4));
    Files.move(aside, sweep(5), StandardCopyOption.REPLACE_EXISTING);
    assertThat(findings())
        .isEqualTo(
            """
            error INT040 block-differs: messages were exchanged: order 4, 5 -> 5, 4 (block 0)
              at velodyne_points, messages 4..5\
            """);
  }

  @Test
  void tellsStampsThatWereChangedWhileTheContentWasNot() throws IOException {
    makeKitti();
    Path list = file.resolve("velodyne_points/timestamps.txt");
    Files.writeString(list, Files.readString(list).replace("13:02:26", "13:03:03"));
    assertThat(findings())
        .isEqualTo(
            """
            error INT040 block-differs: stamps were changed: stamp of message 10 in block 1 stored 1317042146000000007 ns, computed 1317042183000000007 ns
              at velodyne_points, messages 10..19\
            """);
  }
}
