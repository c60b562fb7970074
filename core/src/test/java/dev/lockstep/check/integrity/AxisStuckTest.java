package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class AxisStuckTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new AxisStuck();
  }

  @Override
  public MessageBatch clean() {
    return MotionSeries.imu(1000, (i, row) -> {});
  }

  @Override
  public MessageBatch violating() {
    return MotionSeries.imu(
        1000,
        (i, row) -> {
          row.rates[2] = i >= 300 && i < 400 ? 0.001 : row.rates[2];
          row.forces[0] = i >= 600 && i < 610 ? 20 : row.forces[0];
        });
  }

  @Override
  public String expected() {
    return """
    error INT044 axis-stuck: an axis of the sensor stands still: turn rate about z 0.001 again 100 times in a row (expected at most 19 times in a row)
      at /imu, messages 300..399, stamps 1700000003000000000..1700000003990000000 ns
    warning INT044 axis-stuck: an axis of the sensor is saturated: acceleration along x 20 again 10 times in a row (expected at most 3 times in a row)
      at /imu, messages 600..609, stamps 1700000006000000000..1700000006090000000 ns\
    """;
  }

  private String found(MotionSeries.Change change) {
    return StreamCheckContract.run(check(), MotionSeries.imu(1000, change)).findings().text();
  }

  @Test
  void leavesAReadingThatComesAgainWholeToTheRuleAboutThose() {
    double[] last = new double[6];
    assertThat(
            found((i, row) -> {
              for (int axis = 0; axis < 3; axis++) {
                last[axis] = i < 300 || i > 400 ? row.rates[axis] : last[axis];
                last[3 + axis] = i < 300 || i > 400 ? row.forces[axis] : last[3 + axis];
                row.rates[axis] = last[axis];
                row.forces[axis] = last[3 + axis];
              }
            }))
        .isEmpty();
  }

  @Test
  void measuresCoarseUnitsByThemselves() {
    // Values of few steps repeat by themselves.
    assertThat(found((i, row) -> row.forces[0] = Math.rint(row.forces[0] * 10) / 10)).isEmpty();
  }

  @Test
  void saysNothingOfAnAxisThatNeverMoved() {
    assertThat(found((i, row) -> row.rates[0] = 0)).isEmpty();
  }
}
