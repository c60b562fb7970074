package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACK = "2000100";
  private static final long STAMP = 1772442001200961951L;

  @TempDir private Path folder;
  private Path drive;

  @BeforeEach
  void copyADrive() throws IOException {
    drive = folder.resolve("drive.mcap");
    Files.copy(CommandRun.FIXTURES.resolve("mcap/clean-drive/drive.mcap"), drive);
  }

  private JsonNode json(Object... more) throws IOException {
    Object[] args = new Object[more.length + 4];
    args[0] = "trace";
    args[1] = drive;
    args[2] = "--output";
    args[3] = "json";
    System.arraycopy(more, 0, args, 4, more.length);
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).isEmpty();
    return JSON.readTree(run.out());
  }

  @Test
  void goesFromALabelToItsBytesAndPairs() {
    CommandRun.of("seal", drive);
    CommandRun run = CommandRun.of("trace", drive, "--track", TRACK, "--stamp", STAMP);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            label drive.mcap:12 of /labels/lidar
              3D box, track 2000100, category car, frame 12, stamp 1772442001200961951 ns (header stamp)
              bytes: 219635+1699
              annotator: annotator-3; edited: 2026-03-03T14:50:45Z; tool: not recorded; revision: not recorded
            rests on (the sweep nearest in time)
              /lidar/points message 12: stamp 1772442001200961951 ns, +0.000 ms from the label
                drive.mcap, byte 214559+5045
                block 1: CRC-32C stored 0x2C60F849, computed 0x2C60F849
            paired with it (each the other's nearest)
              /camera/front/image message 24: stamp 1772442001200993010 ns, +0.031 ms from it
                drive.mcap, byte 207404+588
                block 2: CRC-32C stored 0x4280D2F5, computed 0x4280D2F5
              /camera/left/image message 23: stamp 1772442001181557270 ns, -19.405 ms from it
                drive.mcap, byte 199085+580
                block 2: CRC-32C stored 0x8A3C6413, computed 0x8A3C6413
              /camera/rear/video message 24: stamp 1772442001200998720 ns, +0.037 ms from it
                drive.mcap, byte 208023+430
                block 2: CRC-32C stored 0x9CA509BF, computed 0x9CA509BF
            findings that touch it: not looked for (--check or --findings FILE)
            """);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
  }

  @Test
  void byStampByFrameAndByRowIsTheSameLabel() throws IOException {
    JsonNode byStamp = json("--track", TRACK, "--stamp", STAMP);
    assertThat(byStamp.path("traces")).hasSize(1);
    assertThat(byStamp.path("manifest").asText())
        .isEqualTo("no block manifest beside the recording");
    JsonNode label = byStamp.path("traces").get(0).path("label");
    assertThat(label.path("row").asLong()).isEqualTo(12);
    assertThat(label.path("tool").isNull()).isTrue();
    assertThat(json("--track", TRACK, "--frame", 12).path("traces"))
        .contains(byStamp.path("traces").get(0));
    assertThat(json("--label", "drive.mcap:12", "--track", TRACK).path("traces"))
        .contains(byStamp.path("traces").get(0));
    JsonNode basis = byStamp.path("traces").get(0).path("basis");
    byte[] bytes = Files.readAllBytes(drive);
    CRC32C crc = new CRC32C();
    crc.update(bytes, basis.path("offset_bytes").asInt(), basis.path("length_bytes").asInt());
    assertThat(basis.path("crc32c_computed").asText())
        .isEqualTo(String.format("0x%08X", crc.getValue()));
  }

  @Test
  void aChangedSweepDiffersAndItsFindingTouches() throws IOException {
    CommandRun.of("seal", drive);
    byte[] bytes = Files.readAllBytes(drive);
    JsonNode before = json("--track", TRACK, "--stamp", STAMP);
    int at = before.path("traces").get(0).path("basis").path("offset_bytes").asInt() + 3000;
    bytes[at] ^= 4;
    Files.write(drive, bytes);
    CommandRun run = CommandRun.of("trace", drive, "--track", TRACK, "--stamp", STAMP, "--check");
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out())
        .contains("block 1: CRC-32C stored 0x2C60F849, computed ", ": DIFFERS\n")
        .contains("INT040 block-differs", "INT007 stored-checksum-wrong");
    Path found = folder.resolve("found.jsonl");
    CommandRun.of("check", "--output", "jsonl:" + found, drive);
    JsonNode with = json("--track", TRACK, "--stamp", STAMP, "--findings", found);
    JsonNode other = json("--label", "50", "--findings", found);
    assertThat(with.path("traces").get(0).path("findings").findValuesAsText("check"))
        .contains("INT040", "INT007");
    assertThat(other.path("traces").get(0).path("findings")).isEmpty();
    Path document = folder.resolve("found.json");
    CommandRun.of("check", "--output", "json:" + document, drive);
    assertThat(
            json("--track", TRACK, "--stamp", STAMP, "--findings", document)
                .path("traces")
                .get(0)
                .path("findings")
                .findValuesAsText("check"))
        .contains("INT040", "INT007");
  }

  @Test
  void goesBackFromBytesAndBlocksToLabels() throws IOException {
    CommandRun.of("seal", drive);
    JsonNode basis = json("--track", TRACK, "--stamp", STAMP).path("traces").get(0).path("basis");
    String range = "drive.mcap:" + (basis.path("offset_bytes").asInt() + 5) + "+2";
    JsonNode bytes = json("--bytes", range);
    assertThat(bytes.path("messages")).hasSize(1);
    assertThat(bytes.path("messages").get(0).path("message").asInt()).isEqualTo(12);
    JsonNode labels = bytes.path("labels");
    assertThat(labels).isNotEmpty();
    for (JsonNode label : labels) {
      boolean solid = label.path("set").asText().equals("/labels/lidar");
      assertThat(label.path("by").asText()).isEqualTo(solid ? "made on" : "paired with");
      assertThat(Math.abs(label.path("stamp_ns").asLong() - STAMP)).isLessThan(60_000_000);
    }
    JsonNode block = json("--block", "/lidar/points:1");
    assertThat(block.path("messages")).hasSize(10);
    assertThat(block.path("labels").size()).isGreaterThan(labels.size());
    String labelBytes = "/labels/lidar:0";
    List<String> by = json("--block", labelBytes).path("labels").findValuesAsText("by");
    assertThat(by).isNotEmpty().containsOnly("stored in");
    CommandRun nothing = CommandRun.of("trace", drive, "--bytes", "drive.mcap:0+3");
    assertThat(nothing.out())
        .isEqualTo("drive.mcap, byte 0+3\nmessages in it: 0\nlabels that rest on it: 0\n");
  }

  @Test
  void aFileWithoutIndexIsReadAndSaysSo() {
    Path file = CommandRun.FIXTURES.resolve("mcap/clean-unchunked/drive.mcap");
    CommandRun run =
        CommandRun.of("trace", file, "--track", "2000099", "--stamp", 1772442001200995641L);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out())
        .contains("/lidar/points message 12: stamp 1772442001200995641 ns")
        .contains("none stored (no block manifest beside the recording)")
        .endsWith("the whole recording was read: nothing in it says where messages lie\n");
  }

  @Test
  void findingsOfAllChecksAreThoseOfTheLabel() {
    CommandRun clean = CommandRun.of("trace", drive, "--label", "12", "--track", TRACK, "--check");
    assertThat(clean.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(clean.out()).endsWith("findings that touch it: 0\n");
    assertThat(clean.err()).isEmpty();
  }

  /// A compressed chunk that cannot be read leaves everything else traceable, as a read of all
  /// finds it.
  @Test
  void whatProvesDamagedIsReadWhole() throws IOException {
    Path file = folder.resolve("hurt.mcap");
    Path original = CommandRun.FIXTURES.resolve("mcap/clean-zstd/drive.mcap");
    Files.copy(original, file);
    CommandRun.of("seal", file);
    CommandRun sound = CommandRun.of("trace", file, "--block", "/lidar/points:1", "-o", "json");
    JsonNode message = JSON.readTree(sound.out()).path("messages").get(4);
    byte[] bytes = Files.readAllBytes(file);
    int at = message.path("offset_bytes").asInt() + message.path("length_bytes").asInt() / 2;
    bytes[at] ^= 1;
    bytes[at + 1] ^= 16;
    Files.write(file, bytes);
    CommandRun hurt = CommandRun.of("trace", file, "--block", "/lidar/points:1");
    assertThat(hurt.exit()).as(hurt.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(hurt.out())
        .endsWith("the whole recording was read: nothing in it says where messages lie\n");
    Path manifest = folder.resolve("hurt.mcap.blocks.arrow");
    byte[] rows = Files.readAllBytes(manifest);
    // In the middle of the columns: some value of some row.
    rows[rows.length / 3] ^= 1;
    Files.write(manifest, rows);
    CommandRun both = CommandRun.of("trace", file, "--block", "/lidar/points:1");
    assertThat(both.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(both.err()).contains("the block manifest is damaged");
  }

  @Test
  void aFileMayBeGivenAsAPath() {
    CommandRun run =
        CommandRun.of(
            "trace",
            CommandRun.FIXTURES.resolve("kitti/clean-tracking"),
            "--label",
            "label_02/0000.txt:40");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).startsWith("label 0000.txt:40 of label_02\n").contains("bytes: ");
  }

  @Test
  void aMessageWhoseFileIsMissingHasNoChecksum() throws IOException {
    Path scene = folder.resolve("scene");
    Path from = CommandRun.FIXTURES.resolve("nuscenes/clean-scene");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = scene.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        if (!file.toString().contains("LIDAR_TOP")) {
          Files.copy(file, to);
        }
      }
    }
    CommandRun run = CommandRun.of("trace", scene, "--label", "5");
    assertThat(run.out())
        .contains(", byte 0+0\n    no bytes: the file is empty or not there\n")
        .contains("CAM_FRONT message 1", "CRC-32C computed 0x");
  }

  /// The launcher teaches the start-up cache with these.
  @Test
  void tracesOfTheLauncherAreTraces() throws IOException {
    CommandRun.of("seal", drive);
    String launcher = Files.readString(CommandRun.FIXTURES.resolve("../lockstep"));
    String words =
        launcher
            .lines()
            .filter(line -> line.startsWith("traced="))
            .map(line -> line.substring("traced='".length(), line.length() - 1))
            .collect(Collectors.joining())
            .replace("$traced", "")
            .replace(" fixtures/", " " + CommandRun.FIXTURES + "/");
    List<String> traces = List.of(words.split(" \\+\\+\\+ "));
    assertThat(traces).hasSize(4);
    for (String trace : traces) {
      List<Object> args = new ArrayList<>(List.of("trace", drive));
      args.addAll(List.of(trace.split(" ")));
      CommandRun run = CommandRun.of(args.toArray());
      assertThat(run.exit()).as(trace + run.err()).isEqualTo(ExitCode.CLEAN);
    }
  }

  @Test
  void labelsApartAreTracedInTheRecording() {
    Path labels = CommandRun.FIXTURES.resolve("mcap/clean-drive/drive.mcap");
    CommandRun run =
        CommandRun.of("trace", drive, "--labels", labels, "--track", TRACK, "--stamp", STAMP);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("/lidar/points message 12: stamp " + STAMP + " ns, +0.000");
  }

  @Test
  void wrongUsageIsSaid() {
    assertUsage("needs one of --label, --track with --stamp or --frame", "trace", drive);
    assertUsage("--track needs --stamp or --frame", "trace", drive, "--track", "1");
    assertUsage("--track needs --stamp or --frame", "trace", drive, "--frame", "1");
    assertUsage("label: x (expected ROW or FILE:ROW", "trace", drive, "--label", "x");
    assertUsage(
        "no such label in " + drive + " (it has ", "trace", drive, "--label", "other.txt:1");
    assertUsage(
        "(it has no labels)",
        "trace",
        CommandRun.FIXTURES.resolve("mp4/clean-clip/clip.mp4"),
        "--label",
        "1");
    assertUsage("expected FILE:OFFSET+LENGTH", "trace", drive, "--bytes", "drive.mcap:5");
    assertUsage("expected FILE:OFFSET+LENGTH", "trace", drive, "--bytes", "drive.mcap:5+0");
    assertUsage("no block manifest beside", "trace", drive, "--block", "/lidar/points:0");
    assertUsage("one of them", "trace", drive, "--label", "1", "--check", "--findings", drive);
    assertUsage("need a label", "trace", drive, "--bytes", "drive.mcap:5+1", "--check");
    assertUsage("--output: xml", "trace", drive, "--label", "1", "--output", "xml");
    CommandRun.of("seal", drive);
    assertUsage("the manifest has 6 blocks of it", "trace", drive, "--block", "/lidar/points:99");
    assertUsage("found", "trace", drive, "--label", "1", "--findings", folder.resolve("found"));
    assertUsage(
        "no output of 'check' in json or jsonl, line 1",
        "trace",
        drive,
        "--label",
        "1",
        "--findings",
        drive);
  }

  private static void assertUsage(String message, Object... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aLabelOfARealTrackingSequenceRestsOnItsSweep() {
    Path labels =
        SharedData.path(
            "kitti/scalabel/tests/label/testcases/kitti_sample/tracking/training/label_02/0001.txt");
    CommandRun run = CommandRun.of("trace", labels, "--track", "0", "--frame", "0");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("velodyne message 0: stamp 0 ns, +0.000 ms from the label")
        .contains("../velodyne/0001/000000.bin, byte 0+")
        .contains("image_02 message 0: stamp 0 ns, +0.000 ms from it");
    CommandRun back =
        CommandRun.of("trace", labels, "--bytes", "../velodyne/0001/000000.bin:100+1");
    assertThat(back.out())
        .contains("messages in it: 1\n", "made on: label_02 0001.txt:", ", track 0, ");
  }
}
