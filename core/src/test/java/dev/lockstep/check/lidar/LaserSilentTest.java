package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class LaserSilentTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new LaserSilent();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(60, (i, sweep) -> {});
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(60, (i, sweep) -> sweep.silentLaser = i >= 30 && i < 36 ? 5 : -1);
  }

  @Override
  public String expected() {
    return """
    error LID014 laser-silent: a laser of the LiDAR gives no points: laser 5 0 of the points looked at (expected about 100)
      at /lidar, messages 30..35, stamps 1700000003000000000..1700000003500000000 ns\
    """;
  }

  @Test
  void missesNoLaserThatNeverGavePoints() {
    assertThat(
            StreamCheckContract.run(
                    check(), SweepSeries.of(60, (i, sweep) -> sweep.silentLaser = 5))
                .findings()
                .text())
        .isEmpty();
  }

  @Test
  void findsTheOutermostLaser() {
    assertThat(
            StreamCheckContract.run(
                    check(),
                    SweepSeries.of(60, (i, sweep) -> sweep.silentLaser = i >= 40 ? 15 : -1))
                .findings()
                .text())
        .contains("laser 15", "messages 40..59");
  }
}
