package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.rig.RigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

class LearnCommandTest {
  private static final Path DRIVE = CommandRun.FIXTURES.resolve("mcap/clean-drive");

  /// The same drive in another container of the recorder's.
  private static final Path SAME = CommandRun.FIXTURES.resolve("mcap/clean-zstd");

  @TempDir private Path folder;

  private Path rig() {
    return folder.resolve("rig.yaml");
  }

  private Path edited(String pattern, String by) throws IOException {
    String text = Files.readString(rig());
    String changed = text.replaceFirst(pattern, by);
    assertThat(changed).isNotEqualTo(text);
    return Files.writeString(folder.resolve("edited.yaml"), changed);
  }

  private static CommandRun judge(Object rig) {
    return CommandRun.of(
        "check", "--select", "SYN,TIM", "--fail-on", "warning", "--rig", rig, DRIVE);
  }

  @Test
  void learnsByteForByteTheSameAndJudgesByIt() throws IOException {
    CommandRun learn = CommandRun.of("learn", DRIVE, "-o", rig());
    assertThat(learn.err()).isEmpty();
    assertThat(learn.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(learn.out())
        .contains(
            """
            lidar_timestamp_offsets: [0.0000]
            lidar_timestamp_noise_window: [0.001]
            # autoware_image_projection_based_fusion
            rois: [/camera/rear/video, /camera/front/image, /camera/left/image]
            rois_timestamp_offsets: [0.0, 0.0, 30.6]
            """);
    byte[] first = Files.readAllBytes(rig());
    assertThat(CommandRun.of("learn", DRIVE, "-o", rig()).exit()).isZero();
    assertThat(Files.readAllBytes(rig())).isEqualTo(first);
    assertThat(CommandRun.of("learn", DRIVE).out()).isEqualTo(Files.readString(rig()));

    CommandRun check = judge(rig());
    assertThat(check.out()).contains("1 recording: 1 clean");
    assertThat(check.exit()).isEqualTo(ExitCode.CLEAN);
  }

  @Test
  void findsWhatIsNotAsOnTheGoodDrive() throws IOException {
    assertThat(CommandRun.of("learn", DRIVE, SAME, "-o", rig()).exit()).isZero();
    assertThat(judge(rig()).exit()).isEqualTo(ExitCode.CLEAN);
    record Case(String pattern, String by, String finding) {}
    for (Case each :
        new Case[] {
          new Case("/camera/left/image", "/camera/port/image", "SYN013 stream-missing"),
          new Case("/camera/left/image", "/camera/port/image", "SYN014 stream-unexpected"),
          new Case("modality: imu", "modality: gnss", "another kind than on the good drives"),
          new Case("period_ms: [0-9.]+", "period_ms: 21", "TIM018 rate-off-profile"),
          new Case("phase_ms: -19", "phase_ms: -9", "SYN015 phase-off-profile"),
          new Case("latency_ms: [0-9]+", "latency_ms: 91", "TIM020 latency-off-profile"),
          new Case("resolution: \\[\\d+", "resolution: [7", "images have another resolution"),
          new Case("points: \\d+", "points: 1000000", "SYN018 messages-collapsed"),
        }) {
      CommandRun found = judge(edited(each.pattern, each.by));
      assertThat(found.out()).as(each.finding).contains(each.finding);
      assertThat(found.exit()).as(each.finding).isEqualTo(ExitCode.FINDINGS);
    }
  }

  @Test
  void aBrokenProfileIsWrongUsage() throws IOException {
    Path broken = Files.writeString(rig(), "version: 1\nstreams: {}\n");
    CommandRun run = judge(broken);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .startsWith("lockstep check: " + broken + ":2:1: /streams: {} (expected a list)\n");
    CommandRun absent = judge(folder.resolve("absent.yaml"));
    assertThat(absent.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(absent.err()).contains("absent.yaml: no such file or folder");
    assertThat(CommandRun.of("watch", "--rig", broken, folder).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("serve", "--store", folder, "--rig", broken).exit())
        .isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("learn").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("learn", folder).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void requiresStreamsAndRatesWithoutAProfile() {
    CommandRun met =
        CommandRun.of(
            "check",
            "--select",
            "SYN013,TIM018",
            "--require",
            "/lidar/points:10hz",
            "--require",
            "/camera/*:20hz,+-0.1%",
            DRIVE);
    assertThat(met.out()).contains("1 recording: 1 clean").contains("6 passed");
    assertThat(met.exit()).isEqualTo(ExitCode.CLEAN);
    CommandRun unmet =
        CommandRun.of(
            "check",
            "--select",
            "SYN013,TIM018",
            "--require",
            "/lidar/points:11hz",
            "--require",
            "/radar*:20hz",
            DRIVE);
    assertThat(unmet.out())
        .contains("SYN013 stream-missing: no stream fits an expected name: stream /radar* absent")
        .contains("TIM018 rate-off-profile: the stream runs at another rate than expected")
        .contains("2 errors");
    assertThat(unmet.exit()).isEqualTo(ExitCode.FINDINGS);
    CommandRun wrong = CommandRun.of("check", "--require", "/lidar/points", DRIVE);
    assertThat(wrong.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err())
        .startsWith(
            "lockstep check: --require: /lidar/points (expected STREAM:RATEhz or"
                + " STREAM:RATEhz,+-PERCENT%)\n");
  }

  @Test
  void measuresTheOffsetsOfARealKeyframe() throws IOException {
    String configured = System.getenv("LOCKSTEP_TEST_DATA");
    Path data =
        Path.of(configured == null ? "../../shared/data" : configured)
            .resolve("nuscenes/mmdetection3d/demo/data/nuscenes");
    assumeTrue(Files.isDirectory(data), "skipped: no shared test data");
    Path layout =
        Files.writeString(
            folder.resolve("layout.yaml"),
            """
            unit: us
            streams:
              - stream: LIDAR_TOP
                modality: lidar
                files: "*__LIDAR_TOP__*.pcd.bin"
                content: bin
                fields: [x, y, z, intensity, ring]
                stamps: {name: "*__{stamp}.pcd.bin"}
              - stream: "CAM_*"
                modality: camera
                files: "*__{stream}__*.jpg"
                stamps: {name: "*__{stamp}.jpg"}
            """);
    CommandRun learn = CommandRun.of("learn", data, "--layout", layout, "-o", rig());
    assertThat(learn.out())
        .isEqualTo(
            "# offsets from LIDAR_TOP in "
                + data
                + ": median of stamp minus nearest stamp, ms\n"
                + """
                CAM_BACK: -10.426  # of 1
                CAM_BACK_LEFT: -0.528  # of 1
                CAM_BACK_RIGHT: -20.058  # of 1
                CAM_FRONT: -35.491  # of 1
                CAM_FRONT_LEFT: -43.107  # of 1
                CAM_FRONT_RIGHT: -27.612  # of 1
                """);
  }

  @Test
  void publishesTheSchema() {
    assertThat(CommandRun.of("learn", "--schema").out()).isEqualTo(RigFile.schema());
  }

  @Test
  void checkDrawsEqualPlotsWhateverIsSelected() throws IOException {
    for (String plots : new String[] {"a", "b"}) {
      CommandRun run =
          CommandRun.of("check", "--select", "TIM", "--plot", folder.resolve(plots), DRIVE);
      assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    }
    try (var files = Files.list(folder.resolve("a"))) {
      List<String> names = files.map(f -> f.getFileName().toString()).sorted().toList();
      assertThat(names)
          .contains(
              "lidar_points.phases.svg",
              "lidar_points.steps.svg",
              "camera_left_image.steps.svg",
              "imu.steps.svg");
      for (String name : names) {
        assertThat(Files.readString(folder.resolve("b").resolve(name)))
            .isEqualTo(Files.readString(folder.resolve("a").resolve(name)));
      }
    }
  }

  @Test
  void checkDrawsTheBeamsOfARecordingWithCalibration() throws Exception {
    String drive = folder.resolve("drive.mcap").toString();
    assertThat(
            CommandRun.of("synth", "--seconds", "3", "--seed", "7", "--calibration", "--out", drive)
                .exit())
        .isZero();
    CommandRun run = CommandRun.of("check", "--plot", folder.resolve("plots"), drive);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    Path beam = folder.resolve("plots").resolve("lidar_points.beam.svg");
    NodeList texts =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(beam.toFile())
            .getElementsByTagName("text");
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      String text = texts.item(i).getTextContent();
      if (text.startsWith("/camera/")) {
        drawn.add(text.replaceAll("[0-9]", "#"));
      }
    }
    // The drive triggers the front and rear cameras with the beam, the left one 0.5 ms after it.
    assertThat(drawn)
        .containsExactlyInAnyOrder(
            "/camera/rear/video +#.## ms",
            "/camera/front/image +#.## ms",
            "/camera/left/image -#.## ms");
  }

  @Test
  void watchJudgesByTheProfile() throws IOException {
    assertThat(CommandRun.of("learn", DRIVE, "-o", rig()).exit()).isZero();
    Path edited = edited("phase_ms: -19", "phase_ms: -9");
    Path watched = Files.createDirectory(folder.resolve("watched"));
    Files.copy(DRIVE.resolve("drive.mcap"), watched.resolve("drive.mcap"));
    CommandRun watch =
        CommandRun.of(
            "watch", "--once", "--state", folder.resolve("state"), "--rig", edited, watched);
    assertThat(watch.out() + watch.err()).contains("SYN015");
  }
}
