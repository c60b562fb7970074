package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class PointTimesOffAzimuthTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new PointTimesOffAzimuth();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          sweep.beam = true;
          sweep.beamOff = i % 3;
        });
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(
        80,
        (i, sweep) -> {
          sweep.beam = true;
          sweep.beamOff = i == 30 ? 40 : 0;
          sweep.beamBack = i >= 50 && i < 55;
        });
  }

  @Override
  public String expected() {
    return """
    error LID016 point-times-off-azimuth: points do not lie where the beam was at their times: beam -40 degrees off its course (expected within 5 degrees of its course)
      at /lidar, message 30, stamp 1700000003000000000 ns
    error LID016 point-times-off-azimuth: points do not lie where the beam was at their times: beam runs backward (expected within 5 degrees of its course)
      at /lidar, messages 50..54, stamps 1700000005000000000..1700000005400000000 ns\
    """;
  }

  private String found(SweepSeries.Change change) {
    return StreamCheckContract.run(check(), SweepSeries.of(60, change)).findings().text();
  }

  @Test
  void saysWhereDistancesShowThatThePointsMoved() {
    assertThat(
            found((i, sweep) -> {
              sweep.beam = true;
              sweep.beamOff = i == 30 ? 90 : 0;
              sweep.turned = i == 30 ? 90 : 0;
            }))
        .contains("distances show that the points are turned");
  }

  @Test
  void leavesTimesInNoOrderToTheRuleAboutThose() {
    assertThat(
            found((i, sweep) -> {
              sweep.beam = true;
              sweep.beamBack = i == 30;
              sweep.descents = i == 30 ? 7000 : 3;
            }))
        .isEmpty();
  }

  @Test
  void followsABeamThatWanders() {
    assertThat(
            found((i, sweep) -> {
              sweep.beam = true;
              sweep.beamOff = 4 * i;
            }))
        .isEmpty();
  }
}
