package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class PointTimesCollapsedTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new PointTimesCollapsed();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(60, (i, sweep) -> sweep.firstNs = i % 3 * 1_000L);
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          if (i == 30 || i == 31) {
            sweep.distinct = 1;
            sweep.power = -1;
          }
        });
  }

  @Override
  public String expected() {
    return """
    error LID006 point-times-collapsed: all points of the sweep have the same time: different times of 14400 points 1 (expected at least 64)
      at /lidar, messages 30..31, stamps 1700000003000000000..1700000003100000000 ns\
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
  void findsFloat32SecondsOfTheDay() {
    assertThat(found((i, s) -> s.distinct = 13)).contains("share a few times", "messages 0..59");
  }

  @Test
  void findsTimesWithoutOrder() {
    assertThat(found((i, s) -> s.descents = i == 7 ? 7_000 : 127))
        .startsWith("warning LID006 ")
        .contains("message 7,", "48.6 %");
  }

  @Test
  void isUndecidedWithoutPointTimes() {
    assertThat(reason((i, s) -> s.timed = false)).contains("no times");
  }
}
