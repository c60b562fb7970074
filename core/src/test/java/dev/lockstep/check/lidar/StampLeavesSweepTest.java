package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class StampLeavesSweepTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new StampLeavesSweep();
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
          if (i >= 40) {
            sweep.firstNs = -99_900_000;
            sweep.lastNs = 0;
          }
        });
  }

  @Override
  public String expected() {
    return """
    error LID004 stamp-leaves-sweep: the stamp moves to another place in its sweep: place of the stamp start -> end (first point -99.9 ms after the stamp)
      at /lidar, messages 40..59, stamps 1700000004000000000..1700000005900000000 ns\
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
  void findsAStampThatIsFarFromItsPoints() {
    assertThat(
            found((i, s) -> {
              s.firstNs = -37_000_000_000L;
              s.lastNs = s.firstNs + 99_900_000;
            }))
        .startsWith("error LID004 ")
        .contains("messages 0..59", "-37 s to -36.9001 s after the stamp");
  }

  @Test
  void findsASingleSweepThatIsStampedAtItsMiddle() {
    assertThat(
            found((i, s) -> {
              if (i == 5) {
                s.firstNs = -50_000_000;
                s.lastNs = 49_900_000;
              }
            }))
        .contains("message 5,", "start -> middle");
  }

  @Test
  void acceptsStampsALittleInFrontOfTheFirstPoint() {
    assertThat(
            found((i, s) -> {
              s.firstNs = 2_654_000;
              s.lastNs = 106_085_000;
            }))
        .isEmpty();
  }

  @Test
  void isUndecidedWithoutPointTimes() {
    assertThat(reason((i, s) -> s.timed = false)).isEqualTo("points have no usable times");
  }
}
