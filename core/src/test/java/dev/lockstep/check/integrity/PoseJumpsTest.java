package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class PoseJumpsTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new PoseJumps();
  }

  @Override
  public MessageBatch clean() {
    return MotionSeries.poses(400, (i, row) -> {});
  }

  @Override
  public MessageBatch violating() {
    double[] stuck = new double[2];
    return MotionSeries.poses(
        400,
        (i, row) -> {
          row.position[1] += i >= 50 && i < 60 ? 8 : 0;
          stuck[0] = i < 100 ? row.position[0] : stuck[0];
          stuck[1] = i < 100 ? row.position[1] : stuck[1];
          if (i >= 100 && i < 150) {
            row.position[0] = stuck[0];
            row.position[1] = stuck[1];
          }
          row.quaternion[2] *= i >= 250 && i < 260 ? -1 : 1;
          row.quaternion[3] *= i == 300 ? 2 : 1;
        });
  }

  @Override
  public String expected() {
    return """
    error INT046 pose-jumps: the position jumps: step of the position 8.14 m (expected at most 2.08 m)
      at /pose, messages 50..59, stamps 1700000002500000000..1700000002950000000 ns
    error INT046 pose-jumps: the position stands still out of a motion: messages with the value of the one before 50 (expected at most 19)
      at /pose, messages 100..149, stamps 1700000005000000000..1700000007450000000 ns
    error INT046 pose-jumps: the orientation jumps: turn from message to message 143 degrees (expected at most 20 degrees)
      at /pose, messages 250..259, stamps 1700000012500000000..1700000012950000000 ns
    error INT046 pose-jumps: the message holds no pose: pose quaternion of length 1.614 (expected 1)
      at /pose, message 300, stamp 1700000015000000000 ns\
    """;
  }

  private String found(boolean geodetic, MotionSeries.Change change) {
    return StreamCheckContract.run(check(), MotionSeries.poses(400, geodetic, change))
        .findings()
        .text();
  }

  @Test
  void letsVehiclesBrakeAndStand() {
    // Brakes at 5 m/s² from 10 m/s, then stands.
    assertThat(
            found(
                false,
                (i, row) -> {
                  double seconds = Math.clamp((i - 100) / 20.0, -5, 2);
                  row.position[0] =
                      seconds < 0 ? 10 * seconds : 10 * seconds - 2.5 * seconds * seconds;
                  row.position[1] = 0;
                }))
        .isEmpty();
  }

  @Test
  void findsExchangedDegrees() {
    assertThat(
            found(
                true,
                (i, row) -> {
                  double north = 49e5 + row.position[0];
                  double east = 120e5 + row.position[1];
                  row.position[0] = i >= 200 ? east : north;
                  row.position[1] = i >= 200 ? north : east;
                }))
        .contains("latitude 120", "messages 200..399");
  }

  @Test
  void findsOneFixThatLiesAside() {
    assertThat(found(true, (i, row) -> row.position[1] += i == 200 ? 30 : 0))
        .contains("the position jumps", "message 200,");
  }

  @Test
  void passesOrientationsThatNobodyKnows() {
    assertThat(
            found(
                false,
                (i, row) -> {
                  row.quaternion[2] = 0;
                  row.quaternion[3] = 0;
                }))
        .isEmpty();
  }
}
