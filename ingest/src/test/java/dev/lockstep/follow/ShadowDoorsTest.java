package dev.lockstep.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.CostMeter;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.ops.ServiceMetrics;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.shadow.ShadowShare;
import dev.lockstep.source.mcap.McapFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recording that is followed, by the sidecar or the TCP endpoint, is read twice as by `check`.
class ShadowDoorsTest {
  private static final Path DRIVE = Path.of("..", "fixtures", "mcap", "demo-drive", "drive.mcap");

  @TempDir private Path folder;

  private final CostMeter meter = new CostMeter();

  private Engine engine(double share) {
    return new Engine(
        Checks.ALL,
        EngineOptions.defaults().withThreads(1).withShadow(new ShadowShare(share, 7)),
        meter);
  }

  @Test
  void givesOneVerdictThroughEveryDoor() throws IOException {
    for (double share : new double[] {0.05, 1}) {
      try (Engine engine = engine(share)) {
        RecordingResult checked = engine.check(DRIVE, "drive.mcap", new McapFormat());
        List<Finding> live = new ArrayList<>();
        try (FollowedRecording followed = followed(engine, DRIVE, live)) {
          for (long at = 100_000; at < Files.size(DRIVE); at += 321_123) {
            followed.advance(at);
          }
          RecordingResult result = followed.complete();
          assertThat(result.results()).isEqualTo(checked.results());
          assertThat(result.notes()).isEqualTo(checked.notes());
          assertThat(checked.notes()).anyMatch(note -> note.startsWith("shadow read"));
        }
      }
    }
  }

  private static FollowedRecording followed(Engine engine, Path path, List<Finding> live)
      throws IOException {
    return FollowedRecording.open(
        engine, path, "drive.mcap", new McapFormat(), live::add, FollowOptions.findingsOnly());
  }

  @Test
  void tellsADisagreementLiveAndAccountsItsCost() throws IOException {
    Path file = folder.resolve("drive.mcap");
    Files.copy(DRIVE, file);
    ServiceMetrics metrics = new ServiceMonitor("watch", InstantSource.system()).metrics();
    metrics.shadow(meter);
    List<Finding> live = new ArrayList<>();
    try (Engine engine = engine(1);
        FollowedRecording followed = followed(engine, file, live);
        var index = new McapFormat().index(file)) {
      followed.advance(Files.size(file));
      byte[] bytes = Files.readAllBytes(file);
      bytes[(int) index.message("/lidar/points", 40).bytes().endBytes() - 5] ^= 4;
      Files.write(file, bytes, StandardOpenOption.WRITE);
      RecordingResult result = followed.complete();
      List<String> told =
          result.findings().stream()
              .map(finding -> finding.check().id())
              .filter(id -> id.startsWith("SHA"))
              .toList();
      assertThat(told).containsExactly("SHA012");
      assertThat(live.stream().map(finding -> finding.check().id())).contains("SHA012");
    }
    assertThat(meter.shadowCpuNs()).isPositive();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    metrics.write(text);
    assertThat(text.toString(StandardCharsets.UTF_8))
        .containsPattern("lockstep_shadow_cpu_seconds_total [0-9.eE-]+");
  }
}
