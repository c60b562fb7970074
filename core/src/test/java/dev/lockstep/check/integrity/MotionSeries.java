package dev.lockstep.check.integrity;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Random;

/// Readings of an inertial unit at 100 Hz, or poses at 20 Hz of a vehicle on a circle, with
/// whatever is to be wrong with them.
final class MotionSeries {
  private static final long START_NS = 1_700_000_000_000_000_000L;

  /// One reading or pose.
  static final class Row {
    final double[] rates = new double[3];
    final double[] forces = new double[3];
    final double[] position = new double[3];
    final double[] quaternion = new double[4];
  }

  /// Changes the row numbered `i`.
  interface Change {
    void apply(int i, Row row);
  }

  private MotionSeries() {}

  static MessageBatch imu(int count, Change change) {
    StreamInfo stream = StreamInfo.of(0, "/imu", Modality.IMU, StampSource.HEADER, "cdr", "");
    MessageBatch batch = new MessageBatch(stream, count);
    Random random = new Random(7);
    for (int i = 0; i < count; i++) {
      Row row = new Row();
      for (int axis = 0; axis < 3; axis++) {
        row.rates[axis] = 0.002 * random.nextGaussian();
        row.forces[axis] = 0.05 * random.nextGaussian() + (axis == 2 ? 9.81 : 0);
      }
      change.apply(i, row);
      long stampNs = START_NS + i * 10 * Times.MILLISECOND;
      int at = batch.add(stampNs, Times.NONE, Times.NONE, i * 300L, 300);
      batch.setTurnRate(at, row.rates[0], row.rates[1], row.rates[2]);
      batch.setAcceleration(at, row.forces[0], row.forces[1], row.forces[2]);
    }
    return batch;
  }

  static MessageBatch poses(int count, Change change) {
    return poses(count, false, change);
  }

  static MessageBatch poses(int count, boolean geodetic, Change change) {
    Modality modality = geodetic ? Modality.GNSS : Modality.POSE;
    StreamInfo stream = StreamInfo.of(0, "/pose", modality, StampSource.HEADER, "cdr", "");
    MessageBatch batch = new MessageBatch(stream, count);
    for (int i = 0; i < count; i++) {
      Row row = new Row();
      double seconds = i / 20.0;
      double yaw = 0.1 * seconds;
      row.position[0] = 100 * Math.sin(yaw);
      row.position[1] = 100 * (1 - Math.cos(yaw));
      row.quaternion[2] = Math.sin(yaw / 2);
      row.quaternion[3] = Math.cos(yaw / 2);
      change.apply(i, row);
      long stampNs = START_NS + i * 50 * Times.MILLISECOND;
      int at = batch.add(stampNs, Times.NONE, Times.NONE, i * 80L, 80);
      double[] p = row.position;
      double scale = geodetic ? 1e-5 : 1;
      batch.setPosition(at, p[0] * scale, p[1] * scale, p[2], geodetic);
      if (!geodetic) {
        double[] q = row.quaternion;
        batch.setOrientation(at, q[3], q[0], q[1], q[2]);
      }
    }
    return batch;
  }
}
