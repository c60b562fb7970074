package dev.lockstep.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.Drive;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapOutput;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.NuscenesDrive;
import dev.lockstep.synth.NuscenesFaults;
import dev.lockstep.synth.NuscenesSet;
import dev.lockstep.synth.RecordingOutput;
import dev.lockstep.synth.Rosbag1Output;
import dev.lockstep.synth.Rosbag2Output;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.labels.ExportScene;
import dev.lockstep.synth.labels.WaymoFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A fault in one place is cut out of recordings of every format that can be cut, with nothing of
/// the rest that the format does not need. `./lockstep bench repro --formats` does so in large
/// ones.
class FormatCutsTest {
  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT.withSeed(4).withSeconds(3).withCloud(4, 90);

  private final Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  private static Recording only(Path path) throws IOException {
    return new RecordingFinder(Formats.ALL).find(path).recordings().getFirst();
  }

  /// The smallest case of the first finding of `check`, which it gives.
  private Reproduction.Cut cut(Path path, String check) throws IOException {
    Recording recording = only(path);
    RecordingResult result = engine.check(recording.path(), recording.name(), recording.format());
    Finding finding =
        result.findings().stream()
            .filter(each -> each.check().id().equals(check))
            .findFirst()
            .orElseThrow();
    ReportedFinding target = ReportedFinding.of(recording.name(), finding);
    Reproduction.Cut cut =
        Reproduction.of(
            recording.path(),
            recording.format(),
            engine,
            target,
            folder.resolve("cut"),
            folder.resolve("tried"));
    Finding found = cut.finding();
    assertThat(found).as(target.message()).isNotNull();
    assertThat(cut.whole()).isFalse();
    assertThat(cut.bytes()).isLessThan(ManifestFiles.sizeBytes(recording.path()));
    return cut;
  }

  static List<String> labelFormats() {
    return LabelFormats.ALL.stream()
        // The others are lines, and tried with them.
        .filter(each -> each.isWritable() && each.standsAlone())
        .map(LabelFormat::name)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("labelFormats")
  void aLabelIsCutOutOfADocument(String name) throws IOException {
    LabelFormat format = LabelFormats.named(name);
    var frames = format.capabilities().frames();
    boolean flat = frames.contains(LabelSet.Frame.IMAGE);
    ExportScene scene = ExportScene.of(flat ? LabelSet.Frame.IMAGE : frames.iterator().next(), 3);
    ExportScene.Row wrong = scene.at("7", 31);
    wrong.flat[2] = wrong.flat[0] - 20;
    wrong.size[0] = -wrong.size[0];
    LabelSet labels = scene.build();
    Path file =
        format
            .write(
                labels,
                LabelWriteOptions.of(labels),
                Files.createDirectories(folder.resolve("made")))
            .getFirst();
    Reproduction.Cut cut = cut(file, "LAB011");
    int rows = cut.result().labelSets().stream().mapToInt(each -> (int) each.boxes()).sum();
    assertThat(rows).as("boxes that are left").isLessThanOrEqualTo(1);
    assertThat(cut.bytes()).isLessThan(Files.size(file) / 4);
  }

  @ParameterizedTest
  @CsvSource({"none", "lz4", "bz2"})
  void aMessageIsCutOutOfABag(String compression) throws IOException {
    Path bag = folder.resolve("drive.bag");
    try (RecordingOutput out = new Rosbag1Output(bag, compression, 100_000)) {
      Injector.drive(out, SMALL, List.of(fault("jpeg-without-end")));
    }
    Reproduction.Cut cut = cut(bag, "INT023");
    assertThat(cut.streams()).containsExactly(Drive.CAMERA_FRONT);
    assertThat(cut.result().streams()).hasSize(1);
    assertThat(messages(cut)).isEqualTo(1);
    assertThat(noDamage(cut)).isTrue();
  }

  /// A cut says of itself only what is wrong with the original.
  private static boolean noDamage(Reproduction.Cut cut) {
    return cut.result().findings().stream()
        .noneMatch(each -> each.check().id().matches("INT0(0[1-9]|1[0-5])"));
  }

  private static long messages(Reproduction.Cut cut) {
    return cut.result().streams().stream().mapToLong(each -> each.messages()).sum();
  }

  private static FaultSpec fault(String name) {
    return new FaultSpec(name, 2, Map.of("stream", Drive.CAMERA_FRONT, "at", "14"));
  }

  @ParameterizedTest
  @CsvSource({"1000000", "100"})
  void aMessageIsCutOutOfDatabases(int messagesPerPart) throws IOException {
    Path bag = folder.resolve("drive");
    try (RecordingOutput out = new Rosbag2Output(bag, 4096, messagesPerPart)) {
      Injector.drive(out, SMALL, List.of(fault("jpeg-without-end")));
    }
    Reproduction.Cut cut = cut(bag, "INT023");
    assertThat(messages(cut)).isEqualTo(1);
    assertThat(noDamage(cut)).isTrue();
    try (Stream<Path> parts = Files.list(cut.recording())) {
      assertThat(parts.map(part -> String.valueOf(part.getFileName())))
          .hasSize(2)
          .contains("metadata.yaml");
    }
  }

  /// A folder whose parts are MCAP files, as ROS 2 writes them.
  ///
  /// @param more messages that `metadata.yaml` counts too many
  private Path bagOfMcap(int more) throws IOException {
    Path bag = Files.createDirectories(folder.resolve("drive"));
    StringBuilder files = new StringBuilder();
    long messages = 0;
    for (int part = 0; part < 2; part++) {
      Path file = bag.resolve("drive_" + part + ".mcap");
      SynthOptions options = SMALL.withSeed(4 + part);
      try (RecordingOutput out = new McapOutput(file, McapSettings.DEFAULT)) {
        Injector.drive(out, options, part == 0 ? List.of() : List.of(fault("jpeg-without-end")));
      }
      RecordingResult result = engine.check(file, "part", only(file).format());
      messages += result.streams().stream().mapToLong(each -> each.messages()).sum();
      files.append(files.isEmpty() ? "" : ", ").append(file.getFileName());
    }
    Files.writeString(
        bag.resolve("metadata.yaml"),
        "rosbag2_bagfile_information: {version: 5, storage_identifier: mcap,"
            + " relative_file_paths: ["
            + files
            + "], message_count: "
            + (messages + more)
            + ", topics_with_message_count: []}");
    return bag;
  }

  @ParameterizedTest
  @CsvSource({"0, INT023", "5, INT038"})
  void aMessageIsCutOutOfABagOfMcapFiles(int more, String check) throws IOException {
    Path bag = bagOfMcap(more);
    Reproduction.Cut cut = cut(bag, check);
    assertThat(cut.bytes()).isLessThan(ManifestFiles.sizeBytes(bag) / 50);
    // At most one of each stream at that time.
    assertThat(messages(cut)).isLessThanOrEqualTo(5);
    assertThat(noDamage(cut) || more > 0).isTrue();
    try (Stream<Path> parts = Files.list(cut.recording())) {
      assertThat(parts.map(part -> String.valueOf(part.getFileName()))).contains("metadata.yaml");
    }
  }

  @Test
  void aBagWithoutAnIndexIsCut() throws IOException {
    Path bag = folder.resolve("drive.bag");
    try (RecordingOutput out = new Rosbag1Output(bag, "none", 100_000)) {
      Injector.drive(out, SMALL, List.of(fault("jpeg-without-end")));
    }
    byte[] bytes = Files.readAllBytes(bag);
    // The place of the index: behind the length, the kind, and "index_pos=".
    int at =
        new String(bytes, 0, 200, java.nio.charset.StandardCharsets.ISO_8859_1)
            .indexOf("index_pos=");
    java.util.Arrays.fill(bytes, at + 10, at + 18, (byte) 0);
    Files.write(bag, bytes);
    Reproduction.Cut cut = cut(bag, "INT023");
    assertThat(messages(cut)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "missing-file, INT003, at, 40",
    "broken-chain, INT036, at, 3",
    "dangling-token, INT035, at, 50",
    "wrong-count, INT012, at, 0",
  })
  void aRowIsCutOutOfLinkedTables(String name, String check, String key, String at)
      throws IOException {
    NuscenesSet set = new NuscenesDrive(SMALL, 40, true).make(2);
    Map<String, String> settings = new HashMap<>(Map.of(key, at));
    if (name.equals("broken-chain")) {
      settings.put("table", "sample");
    } else if (name.equals("dangling-token")) {
      settings.putAll(Map.of("table", "sample_data", "field", "ego_pose_token"));
    } else if (name.equals("wrong-count")) {
      settings.putAll(Map.of("table", "scene", "field", "nbr_samples"));
    }
    NuscenesFaults.plant(set, new FaultSpec(name, 1, settings));
    set.write(folder.resolve("set"));
    Reproduction.Cut cut = cut(folder.resolve("set"), check);
    // Nothing of the other scene, and no link that leads nowhere but the one that did.
    assertThat(cut.bytes()).isLessThan(ManifestFiles.sizeBytes(folder.resolve("set")) / 10);
    assertThat(cut.result().findings())
        .filteredOn(each -> each.check().id().matches("INT03[56]|INT012"))
        .allMatch(each -> each.check().id().equals(check));
  }

  /// Frames of which one has a box that is inside out, with images that are much longer.
  private Path frames() throws IOException {
    ExportScene scene = ExportScene.of(LabelSet.Frame.EGO, 3);
    scene.at("7", 31).size[0] = -4;
    Path file = Files.createDirectories(folder.resolve("made")).resolve("drive.tfrecord");
    Files.write(file, WaymoFile.of(scene.build(), "drive", new byte[40_000]));
    return file;
  }

  @Test
  void aLabelIsCutOutOfARecord() throws IOException {
    Reproduction.Cut cut = cut(frames(), "LAB011");
    assertThat(cut.result().labelSets().stream().mapToLong(each -> each.boxes()).sum())
        .isEqualTo(1);
    assertThat(cut.bytes()).isLessThan(400);
    assertThat(noDamage(cut)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "20000, 1, INT007, payload of a record",
    "3, 64, INT007, length of a record",
    "-3, 1, INT007, sum of a record",
  })
  void aDamagedRecordIsCutOut(int at, int bits, String check, String what) throws IOException {
    Path file = frames();
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int record = 0;
    for (int i = 0; i < 20; i++) {
      record += 16 + (int) records.getLong(record);
    }
    bytes[record + at] ^= (byte) bits;
    Files.write(file, bytes);
    Reproduction.Cut cut = cut(file, check);
    assertThat(cut.bytes()).as(what).isLessThan(100);
  }
}
