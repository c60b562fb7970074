package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class SweepHasHoleTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new SweepHasHole();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          sweep.holeFrom = 10;
          sweep.holeTo = 30;
          sweep.perBin = 40 - i % 9;
        });
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          if (i == 40) {
            sweep.holeFrom = 200;
            sweep.holeTo = 206;
          }
          if (i == 50 || i == 51) {
            sweep.holeFrom = 350;
            sweep.holeTo = 380;
          }
        });
  }

  @Override
  public String expected() {
    return """
    warning LID008 sweep-has-hole: the sweep has a hole: degrees without a point from azimuth 20 degrees on 6 degrees (expected at most 2 degrees)
      at /lidar, message 40, stamp 1700000004000000000 ns
    error LID008 sweep-has-hole: the sweep has a hole: degrees without a point from azimuth 170 degrees on 30 degrees (expected at most 2 degrees)
      at /lidar, messages 50..51, stamps 1700000005000000000..1700000005100000000 ns\
    """;
  }

  private String found(SweepSeries.Change change) {
    return StreamCheckContract.run(check(), SweepSeries.of(60, change)).findings().text();
  }

  private String reason(SweepSeries.Change change) {
    return StreamCheckContract.run(check(), SweepSeries.of(60, change)).conclusion()
            instanceof Conclusion.Undecided undecided
        ? undecided.reason()
        : "";
  }

  @Test
  void ignoresDirectionsThatAreAtTimesEmpty() {
    assertThat(
            found((i, s) -> {
              if (i % 10 == 3) {
                s.holeFrom = 90;
                s.holeTo = 120;
              }
            }))
        .isEmpty();
  }

  /// In sweeps that are corrected for motion, what passes close by takes its points along.
  @Test
  void takesPointsThatStandElsewhereForNoneLost() {
    assertThat(
            found((i, s) -> {
              if (i == 40) {
                s.holeFrom = 200;
                s.holeTo = 206;
                s.perBin = 41;
              }
            }))
        .isEmpty();
  }

  @Test
  void leavesHalfASweepToTheRuleAboutPoints() {
    assertThat(
            found((i, s) -> {
              if (i == 40) {
                s.holeTo = 190;
              }
            }))
        .isEmpty();
  }

  @Test
  void isUndecidedOnThinSweeps() {
    assertThat(reason((i, s) -> s.perBin = 2)).contains("too few points");
  }

  @Test
  void saysNothingWhereNoTimeIsMissing() {
    assertThat(holed(0, 99_900_000)).isEmpty();
    assertThat(holed(3, 99_900_000)).isEmpty();
    assertThat(holed(4, 99_900_000)).contains("6 degrees");
  }

  @Test
  void countsTimeThatIsMissingAtTheEnd() {
    assertThat(holed(0, 99_900_000 - 6 * SweepSeries.TURN_NS / 360)).contains("6 degrees");
  }

  private String holed(int pause, long lastNs) {
    return found((i, s) -> {
      s.pause = 0;
      if (i == 40) {
        s.holeFrom = 200;
        s.holeTo = 206;
        s.pause = pause;
        s.lastNs = lastNs;
      }
    });
  }
}
