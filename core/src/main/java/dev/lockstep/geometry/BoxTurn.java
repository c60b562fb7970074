package dev.lockstep.geometry;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.TurnTrack;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How a vehicle turned, by the boxes around it: what stands or drives straight on seems to turn
/// against it, as one.
public final class BoxTurn {
  /// Tracks that two instants must share. Judged: the middle of three is no single turning car.
  private static final int LEAST_TRACKS = 3;

  private BoxTurn() {}

  /// The turns of the vehicle or sensor in whose frame boxes are given, about its z; null where
  /// they are given in another frame or without measured stamps.
  public static @Nullable TurnTrack of(LabelSet labels) {
    boolean moving =
        switch (labels.frameOfReference()) {
          case EGO, SENSOR -> true;
          case WORLD, IMAGE -> false;
        };
    if (!moving || labels.size() == 0) {
      return null;
    }
    TurnTrack track = new TurnTrack(true);
    int tracks = labels.trackCount();
    double[] yaws = new double[tracks];
    int[] seen = new int[tracks];
    Arrays.fill(seen, -1);
    double[] turns = new double[tracks];
    long[] stampsNs = labels.stampsNs();
    int frame = 0;
    for (int from = 0; from < labels.size(); frame++) {
      int count = 0;
      int row = from;
      for (; row < labels.size() && stampsNs[row] == stampsNs[from]; row++) {
        int id = labels.tracks()[row];
        if (id == LabelSet.NO_TRACK || !labels.has3d(row)) {
          continue;
        }
        double yaw = yaw(labels.boxes3d(), row * LabelSet.BOX_3D);
        if (seen[id] == frame - 1 && frame > 0 && count < tracks) {
          turns[count++] = halfTurn(yaws[id] - yaw);
        }
        yaws[id] = yaw;
        seen[id] = frame;
      }
      track.addStep(stampsNs[from], count < LEAST_TRACKS ? Double.NaN : median(turns, count));
      from = row;
    }
    return track;
  }

  private static double yaw(double[] boxes, int at) {
    double w = boxes[at + 6];
    double x = boxes[at + 7];
    double y = boxes[at + 8];
    double z = boxes[at + 9];
    return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
  }

  /// An angle between -90 and 90 degrees: boxes that are turned around stay where they are.
  private static double halfTurn(double angle) {
    return angle - Math.PI * Math.rint(angle / Math.PI);
  }

  private static double median(double[] values, int count) {
    Arrays.sort(values, 0, count);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
  }
}
