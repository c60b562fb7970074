package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class SweepsDiscontinuousTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new SweepsDiscontinuous();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          sweep.absolute = true;
          sweep.lastNs = 99_980_000;
        });
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          sweep.absolute = true;
          sweep.lastNs = i == 30 ? 92_000_000 : 99_980_000;
        });
  }

  @Override
  public String expected() {
    return """
    warning LID007 sweeps-discontinuous: time is missing between two sweeps: from the end of the sweep before to the first point 8 ms (expected about 20 us as usual)
      at /lidar, message 31, stamp 1700000003100000000 ns\
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
  void leavesLateStampsToTheRuleAboutThem() {
    assertThat(
            found((i, s) -> {
              s.absolute = true;
              s.stampNs += i == 30 ? 3_000_000 : 0;
            }))
        .isEmpty();
    // Of a clock that steps, all times of a sweep step.
    assertThat(
            found((i, s) -> {
              s.absolute = true;
              s.stampNs += i >= 30 ? 20_000_000 : 0;
            }))
        .isEmpty();
  }

  @Test
  void leavesLostSweepsToTheRuleAboutThem() {
    assertThat(
            found((i, s) -> {
              s.absolute = true;
              s.stampNs += i >= 30 ? SweepSeries.TURN_NS : 0;
            }))
        .isEmpty();
  }

  @Test
  void findsSweepsThatOverlap() {
    assertThat(
            found((i, s) -> {
              s.absolute = true;
              s.firstNs = i == 12 ? -8_000_000 : 0;
            }))
        .contains("two sweeps overlap in time", "message 12,");
  }

  @Test
  void isUndecidedWhereTimesCountFromTheStamp() {
    assertThat(reason((i, s) -> s.absolute = false)).contains("count from the stamp");
  }
}
