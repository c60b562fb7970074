package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class PointTimesImplausibleTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new PointTimesImplausible();
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
          if (i == 30) {
            sweep.lastNs = 30_000_000;
          }
        });
  }

  @Override
  public String expected() {
    return """
    error LID005 point-times-implausible: point times do not span the time between sweeps: span of the point times in sweeps 0.3 (expected 0.5 to 1.5)
      at /lidar, message 30, stamp 1700000003000000000 ns\
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
  void findsTimesInNoUnit() {
    assertThat(found((i, s) -> s.power = -1)).startsWith("error LID005 ").contains("in no unit");
  }

  @Test
  void findsMicrosecondsWhereNanosecondsAreUsual() {
    assertThat(
            found((i, s) -> {
              s.power = 3;
              s.usual = false;
            }))
        .startsWith("warning LID005 ")
        .contains("messages 0..59", "unit of the point times by their span us");
  }

  @Test
  void leavesFewDifferentTimesToTheRuleAboutThem() {
    assertThat(
            found((i, s) -> {
              s.power = -1;
              s.distinct = 1;
            }))
        .isEmpty();
    assertThat(
            reason((i, s) -> {
              s.power = -1;
              s.distinct = 1;
            }))
        .isNotEmpty();
  }
}
