package dev.lockstep.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A reduced share of each campaign. The time limits only end what hangs.
@Timeout(600)
class CampaignsTest {
  private static final Path FIXTURES = Path.of("..", "fixtures");

  @TempDir Path scratch;

  @Test
  void watchFindsWhatCheckFindsBesideARecorderOfAnyHabit() throws Exception {
    ThreeDoors.Outcome outcome =
        ThreeDoors.compare(
            new CheckDoor(),
            new WatchDoor(0, 4),
            ThreeDoors.drives(FIXTURES, scratch.resolve("drives"), 2),
            1,
            Files.createDirectory(scratch.resolve("run")));
    assertThat(outcome.differences()).isEmpty();
    assertThat(outcome.findings()).isGreaterThan(10);
  }

  @Test
  void aKilledWatchLosesAndRepeatsNothing() throws Exception {
    WatchDoor door = new WatchDoor(2, 8);
    ThreeDoors.Outcome outcome =
        ThreeDoors.compare(
            new CheckDoor(),
            door,
            ThreeDoors.drives(FIXTURES, scratch.resolve("drives"), 0),
            2,
            Files.createDirectory(scratch.resolve("run")));
    assertThat(outcome.differences()).isEmpty();
    assertThat(door.killed()).isEqualTo(2);
  }

  @Test
  void aRecorderIsFollowedToACleanVerdictAndTheCostIsMeasured() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/smaps_rollup")), "figures come from /proc");
    SidecarLoad.Run run = SidecarLoad.run(scratch, 40, 2, true);
    assertThat(run.verdict()).isEqualTo("clean");
    assertThat(run.writtenBytes()).isGreaterThanOrEqualTo(80_000_000);
    assertThat(run.cpuWholeSeconds()).isPositive();
    assertThat(run.privateBytes()).isPositive();
  }
}
