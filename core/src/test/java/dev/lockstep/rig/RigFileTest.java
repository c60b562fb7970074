package dev.lockstep.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Period;
import dev.lockstep.model.RigProfile.Phase;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.RigProfile.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RigFileTest {
  private static Stream stream(String name, double phaseNs, int size, List<Sector> seen) {
    Calibration calibration =
        new Calibration(
            name,
            "base",
            new Pose(0.5, -0.5, 0.5, -0.5, 1.25, 0, -0.125),
            new Calibration.Intrinsics(1000, 1001.5, 960, 540, 1920, 1080));
    return new Stream(
        name,
        false,
        Modality.CAMERA,
        Period.of(50_000_123),
        21_000,
        99_000,
        new Phase(phaseNs, 50_000_123, 1e6),
        -7e6,
        3e6,
        2e5,
        size,
        size / 2,
        0,
        1920,
        1080,
        List.of(new Sector(0, -180, -170)),
        seen,
        calibration);
  }

  private static Stream lidar() {
    return Stream.of("/lidar", Period.of(1e8));
  }

  private static RigProfile profile(Stream... streams) {
    List<Stream> all = new ArrayList<>(List.of(streams));
    all.add(lidar());
    return new RigProfile("/lidar", true, all);
  }

  @Test
  void readsWhatItWritesAndWritesTheSameBytesAgain() {
    RigProfile profile =
        profile(
            stream("/a \"b\"\\\u0007 \ud83d\ude97", -12_345_678, 4711, List.of()),
            stream("- x: [1]", 3, 9, List.of(new Sector(1, 0, 180))));
    String text = RigText.of(profile);
    RigProfile read = RigFile.read(text, "rig.yaml");
    assertThat(read).isEqualTo(profile);
    assertThat(RigText.of(read)).isEqualTo(text);
  }

  @Test
  void keepsWrittenLimits() {
    RigProfile read =
        RigFile.read(
            """
            version: 1
            streams:
              - {stream: /a, period_ms: 100, period_warn_percent: 8}
              - {stream: "/b*", optional: true, period_ms: 100, period_error_percent: 2}
            """,
            "rig.yaml");
    assertThat(read.streams().get(0).period()).isEqualTo(new Period(1e8, 8, 8));
    assertThat(read.streams().get(1).period()).isEqualTo(new Period(1e8, 1, 2));
    assertThat(read.complete()).isFalse();
    assertThat(RigFile.read(RigText.of(read), "again.yaml")).isEqualTo(read);
  }

  @Test
  void tellsPlaceValueAndWhatWasExpected() {
    assertThatThrownBy(() ->
            RigFile.read(
                """
                version: 2
                reference: /lidar
                streams:
                  - stream: /a
                    modality: sonar
                    period_ms: fast
                    rate: 10
                  - stream: /b
                    period_ms: -1
                  - modality: lidar
                """,
                "rig.yaml"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            rig.yaml:1:1: /version: 2 (expected one of 1)
            rig.yaml:5:5: /streams/0/modality: "sonar" (expected one of lidar, camera, video, radar, imu, gnss, pose, other)
            rig.yaml:6:5: /streams/0/period_ms: "fast" (expected a number)
            rig.yaml:7:5: /streams/0/rate: unknown key rate (expected one of stream, optional, modality, period_ms, period_warn_percent, period_error_percent, jitter_ms, jitter_max_ms, phase_ms, phase_period_ms, phase_tolerance_ms, pair_offset_ms, latency_ms, latency_jitter_ms, size_bytes, size_least_bytes, points, resolution, blind, seen, calibration)
            rig.yaml:9:5: /streams/1/period_ms: -1 (expected exclusiveMinimum 0)
            rig.yaml:10:5: /streams/2: no stream (expected one)\
            """);
  }

  @Test
  void tellsWhatASchemaCannotSay() {
    assertThatThrownBy(() ->
            RigFile.read(
                """
                version: 1
                reference: /lidar
                streams:
                  - stream: /a
                    phase_ms: 3
                  - stream: /a
                    period_warn_percent: 3
                    seen: [[0, 10, 5]]
                """,
                "rig.yaml"))
        .hasMessage(
            """
            rig.yaml:2:1: /reference: /lidar (expected one of the streams)
            rig.yaml:5:5: /streams/0/phase_ms: phase_ms without a period (expected phase_period_ms)
            rig.yaml:6:5: /streams/1/stream: /a (expected a name that no other entry has)
            rig.yaml:7:5: /streams/1/period_warn_percent: period_warn_percent without a period (expected period_ms)
            rig.yaml:8:12: /streams/1/seen/0: 10 to 5 (expected a first degree below the last)\
            """);
    assertThatThrownBy(() -> RigFile.read("", "rig.yaml"))
        .hasMessage("rig.yaml:1:1: nothing (expected a rig profile)");
    assertThatThrownBy(() -> RigFile.read("streams: [", "rig.yaml"))
        .hasMessageStartingWith("rig.yaml:1:");
  }

  @Test
  void neverThrowsAnythingElseOfDamagedText() {
    String text = RigText.of(profile(stream("/a", 3, 9, List.of(new Sector(0, 0, 180)))));
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder damaged = new StringBuilder(text);
      for (int i = 0; i <= random.nextInt(3); i++) {
        int at = random.nextInt(damaged.length());
        damaged.setCharAt(at, "x\n :[]{}-&*!#\u0000\"9.e".charAt(random.nextInt(18)));
      }
      try {
        RigFile.read(damaged.toString(), "rig.yaml");
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageStartingWith("rig.yaml:");
      }
    }
  }

  @Test
  void mergesWhatDrivesHaveInCommon() {
    Stream a = stream("/a", 24_900_000, 1000, List.of(new Sector(0, -10, 20)));
    Stream b = stream("/a", -24_900_000, 3000, List.of(new Sector(0, 5, 180)));
    RigMerge.Merged merged =
        RigMerge.of(List.of(profile(a, stream("/only", 0, 1, List.of())), profile(b)));
    assertThat(merged.notes()).containsExactly("/only is not in every drive: optional");
    RigProfile profile = merged.profile();
    assertThat(profile.streams())
        .extracting(s -> s.name() + " " + s.optional())
        .containsExactly("/a false", "/only true", "/lidar false");
    Stream both = profile.streams().getFirst();
    assertThat(both.seen()).containsExactly(new Sector(0, 5, 20));
    assertThat(both.leastBytes()).isEqualTo(500);
    // The phases lie on either side of half a period, 0.2 ms apart.
    assertThat(both.phase().off(25_000_000)).isBetween(-1000.0, 1000.0);
    assertThat(both.phase().toleranceNs()).isEqualTo(1e6);
  }

  @Test
  void leavesOutWhatDrivesDisagreeAbout() {
    Stream a = stream("/a", 0, 1000, List.of());
    Stream b = stream("/a", 9_000_000, 1000, List.of());
    RigMerge.Merged merged = RigMerge.of(List.of(profile(a), profile(b)));
    assertThat(merged.profile().streams().getFirst().phase()).isNull();
    assertThat(merged.notes())
        .containsExactly("/a: the phase differs from drive to drive and is left out");
  }

  @Test
  void printsWhatUsersOfAutowareTune() {
    assertThat(AutowareText.of(profile(stream("/front", -12_345_678, 1, List.of())))).isEqualTo("");
    Stream top = new RigProfile("", true, List.of(lidar())).streams().getFirst();
    Stream reference =
        new Stream(
            top.name(),
            false,
            Modality.LIDAR,
            top.period(),
            1e5,
            7_300_000,
            null,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            0,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            null);
    Stream left =
        new Stream(
            "/left",
            false,
            Modality.LIDAR,
            top.period(),
            1e5,
            2e6,
            new Phase(-15e6, 1e8, 2.1e6),
            Double.NaN,
            Double.NaN,
            Double.NaN,
            0,
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            null);
    RigProfile rig =
        new RigProfile(
            "/lidar", true, List.of(reference, left, stream("/front", -12_345_678, 1, List.of())));
    assertThat(AutowareText.of(rig))
        .isEqualTo(
            """
            # autoware_pointcloud_preprocessor, concatenate_and_time_sync_node (advanced)
            input_topics: [/lidar, /left]
            lidar_timestamp_offsets: [0.0150, 0.0000]
            lidar_timestamp_noise_window: [0.008, 0.003]
            # autoware_image_projection_based_fusion
            rois: [/front]
            rois_timestamp_offsets: [37.7]
            rois_timestamp_noise_window: [0.001]
            # tier4_perception_dataset
            system_scan_period_sec: 0.100000
            max_camera_jitter_sec: 0.001
            cameras:
              /front: {delay_msec: 37.65}
            """);
  }

  @Test
  void readsRequirements() {
    assertThat(Requirement.parse("/lidar/points:10hz"))
        .isEqualTo(Stream.of("/lidar/points", new Period(1e8, 5, 5)));
    assertThat(Requirement.parse("a:b*:29.97Hz,+-0.5%"))
        .isEqualTo(Stream.of("a:b*", new Period(1e9 / 29.97, 0.5, 0.5)));
    for (String wrong : List.of("/a", "/a:10", "/a:0hz", "/a:10hz,5%", ":10hz", "/a:-1hz")) {
      assertThatThrownBy(() -> Requirement.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("--require: " + wrong + " (expected ");
    }
  }
}
