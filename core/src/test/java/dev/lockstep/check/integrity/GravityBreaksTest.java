package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class GravityBreaksTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new GravityBreaks();
  }

  @Override
  public MessageBatch clean() {
    return MotionSeries.imu(
        1500,
        (i, row) -> {
          // Brakes, as hard as they can.
          row.forces[0] -= i > 500 && i < 800 ? 9 : 0;
        });
  }

  @Override
  public MessageBatch violating() {
    return MotionSeries.imu(
        1500,
        (i, row) -> {
          for (int axis = 0; axis < 3; axis++) {
            row.forces[axis] /= i >= 400 && i < 700 ? 9.80665 : 1;
          }
          row.forces[2] *= i >= 1000 ? -1 : 1;
          row.forces[1] = i == 200 ? Double.NaN : row.forces[1];
          row.rates[2] = i >= 210 && i <= 212 ? Double.POSITIVE_INFINITY : row.rates[2];
        });
  }

  @Override
  public String expected() {
    return """
    error INT045 gravity-breaks: the reading is none that the sensor can have made: acceleration NaN m/s² (expected within 500 m/s²)
      at /imu, message 200
    error INT045 gravity-breaks: the reading is none that the sensor can have made: angular velocity Infinity rad/s (expected within 100 rad/s)
      at /imu, messages 210..212
    error INT045 gravity-breaks: the unit or the gravity of accelerations changes: mean acceleration (x, y, z) (-0.0, 0.0, 9.6) -> (0.0, -0.0, 1.0) (m/s² over half a second, as if in g)
      at /imu, messages 401..700, stamps 1700000004010000000..1700000007000000000 ns
    error INT045 gravity-breaks: gravity turns over while the sensor does not: mean acceleration (x, y, z) (-0.0, 0.0, 9.4) -> (-0.0, 0.0, -9.8) (m/s² over half a second)
      at /imu, messages 1001..1450, stamps 1700000010010000000..1700000014500000000 ns\
    """;
  }

  private String found(MotionSeries.Change change) {
    return StreamCheckContract.run(check(), MotionSeries.imu(1500, change)).findings().text();
  }

  @Test
  void tellsATurnThatNoSensorMeasures() {
    assertThat(found((i, row) -> row.rates[0] = i == 700 ? -1e30 : row.rates[0]))
        .contains("angular velocity -1.0000000150474662E30 rad/s", "message 700")
        .containsOnlyOnce("INT045");
    assertThat(found((i, row) -> row.rates[0] = Double.NaN)).isEmpty();
  }

  @Test
  void tellsReadingsThatAreInGFromTheFirstOn() {
    assertThat(found((i, row) -> row.forces[2] /= 9.80665)).contains("accelerations are in g");
  }

  @Test
  void saysNothingOfASensorThatTurnsOver() {
    // Half a turn about x in three seconds.
    assertThat(
            found((i, row) -> {
              double angle = Math.PI * Math.clamp((i - 600) / 300.0, 0, 1);
              row.rates[0] += i >= 600 && i < 900 ? Math.PI / 3 : 0;
              double down = row.forces[2];
              row.forces[1] += down * Math.sin(angle);
              row.forces[2] = down * Math.cos(angle);
            }))
        .isEmpty();
  }

  @Test
  void leavesAnAxisThatStandsStillToTheRuleAboutThose() {
    assertThat(found((i, row) -> row.forces[2] = i > 500 && i < 900 ? 0 : row.forces[2])).isEmpty();
  }
}
