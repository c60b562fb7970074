package dev.lockstep.geometry;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Leads from the frame of a label set to that of a sensor, by calibration and poses.
///
/// Mountings may be chained (a camera on a LiDAR on the vehicle); the frame at the end of a chain
/// is the vehicle's. A camera's axes are x to the right, y down, z forward; labels in the frame of
/// a camera are turned so that x is forward, y left and z up.
public final class SensorFrames {
  /// Longest chain of mountings; a longer one runs in a circle.
  private static final int MAX_CHAIN = 8;

  /// Poses further apart than this are not interpolated (judged: a vehicle at 1.5 rad/s turns 9
  /// degrees in 0.1 s, of which interpolation leaves less than 0.2).
  private static final long MAX_POSE_GAP_NS = 200_000_000;

  /// `camera_T_turned`: from axes forward, left, up to those of a camera.
  private static final double[] TURNED = {0.5, 0.5, -0.5, 0.5, 0, 0, 0};

  private final List<Calibration> calibrations;
  private final @Nullable PoseSeries poses;

  /// @param calibrations of the sensors, later ones of a name count for nothing
  /// @param poses of the vehicle, or null
  public SensorFrames(List<Calibration> calibrations, @Nullable PoseSeries poses) {
    this.calibrations = List.copyOf(calibrations);
    this.poses = poses;
  }

  /// The calibration of a sensor, or null.
  public @Nullable Calibration of(String sensor) {
    for (Calibration calibration : calibrations) {
      if (calibration.sensor().equals(sensor)) {
        return calibration;
      }
    }
    return null;
  }

  /// Whether a frame is one that sensors are mounted on and no sensor itself: that of the vehicle.
  public boolean isVehicle(String frame) {
    return of(frame) == null && calibrations.stream().anyMatch(c -> c.parent().equals(frame));
  }

  /// Where the LiDARs stand on the vehicle in the mean, for sweeps in its frame; null where no
  /// calibration tells.
  public double @Nullable [] meanLidar() {
    double[] sum = new double[3];
    int n = 0;
    for (Calibration calibration : calibrations) {
      Pose mounting = calibration.mounting();
      if (mounting != null
          && calibration.intrinsics() == null
          && calibration.sensor().toLowerCase(Locale.ROOT).contains("lidar")) {
        sum[0] += mounting.x();
        sum[1] += mounting.y();
        sum[2] += mounting.z();
        n++;
      }
    }
    return n == 0 ? null : new double[] {sum[0] / n, sum[1] / n, sum[2] / n};
  }

  /// Where the origin of a sensor, or a place on the vehicle, is at one time, seen from the frame
  /// at another: finds the pose of both and writes three meters to `out`; gives `false` where one
  /// is not known.
  ///
  /// @param sensor name of the sensor, or null for the vehicle's own frame
  /// @param place in the frame of the sensor, three meters
  public boolean seenLater(
      @Nullable String sensor, double[] place, long stampNs, long laterNs, double[] out) {
    PoseSeries known = poses;
    Chain chain = sensor == null ? null : chain(sensor);
    if (known == null || (sensor != null && chain == null)) {
      return false;
    }
    double[] vehicleFromSensor =
        chain == null ? new double[] {1, 0, 0, 0, 0, 0, 0} : chain.vehicleFromSensor();
    PoseLookup lookup = new PoseLookup(known, MAX_POSE_GAP_NS);
    double[] pose = new double[Rigid.STRIDE];
    double[] worldFromSensor = new double[Rigid.STRIDE];
    double[] world = new double[3];
    if (!lookup.at(laterNs, pose, 0)) {
      return false;
    }
    Rigid.compose(pose, 0, vehicleFromSensor, 0, worldFromSensor, 0);
    Rigid.apply(worldFromSensor, 0, place[0], place[1], place[2], world, 0);
    if (!lookup.at(stampNs, pose, 0)) {
      return false;
    }
    Rigid.compose(pose, 0, vehicleFromSensor, 0, worldFromSensor, 0);
    Rigid.apply(inverted(worldFromSensor), 0, world[0], world[1], world[2], out, 0);
    return true;
  }

  /// A way from labels to a sensor.
  public static final class Way {
    private final double[] sensorFromVehicle;
    private final double @Nullable [] fixed;
    private final @Nullable PoseLookup lookup;
    private final double[] pose = new double[Rigid.STRIDE];
    private final double[] inverse = new double[Rigid.STRIDE];

    private Way(
        double[] sensorFromVehicle, double @Nullable [] fixed, @Nullable PoseLookup lookup) {
      this.sensorFromVehicle = sensorFromVehicle;
      this.fixed = fixed;
      this.lookup = lookup;
    }

    /// Writes `sensor_T_labels` at `stampNs` to `out`; gives `false` where the pose is not known.
    public boolean at(long stampNs, double[] out) {
      double[] same = fixed;
      if (same != null) {
        System.arraycopy(same, 0, out, 0, Rigid.STRIDE);
        return true;
      }
      if (lookup == null || !lookup.at(stampNs, pose, 0)) {
        return false;
      }
      Rigid.invert(pose, 0, inverse, 0);
      Rigid.compose(sensorFromVehicle, 0, inverse, 0, out, 0);
      return true;
    }
  }

  /// Why there is no way from `labels` to a sensor, or null if there is one.
  ///
  /// @param sensor name of the sensor, or null for the vehicle's own frame
  public @Nullable String obstacle(LabelSet labels, @Nullable String sensor) {
    String own = labels.details().frameName();
    return switch (labels.frameOfReference()) {
      case IMAGE -> "boxes are 2D";
      case WORLD ->
          poses == null
              ? "boxes are fixed to the ground, and no poses of the vehicle are known"
              : unmounted(sensor);
      case EGO -> unmounted(sensor);
      case SENSOR -> {
        if (own.isEmpty()) {
          yield "labels do not name the sensor in whose frame they are";
        }
        if (own.equals(sensor)) {
          yield null;
        }
        Chain from = chain(own);
        Chain to = sensor == null ? null : chain(sensor);
        yield from == null
            ? "where " + own + " sits is not known"
            : sensor != null && to == null && !from.passes(sensor) ? unmounted(sensor) : null;
      }
    };
  }

  private @Nullable String unmounted(@Nullable String sensor) {
    return sensor == null || chain(sensor) != null
        ? null
        : "where " + sensor + " sits on the vehicle is not known";
  }

  /// The way from labels to a sensor; null where there is an [#obstacle].
  public @Nullable Way way(LabelSet labels, @Nullable String sensor) {
    if (obstacle(labels, sensor) != null) {
      return null;
    }
    double[] identity = {1, 0, 0, 0, 0, 0, 0};
    Chain to = sensor == null ? null : chain(sensor);
    double[] sensorFromVehicle = to == null ? identity : inverted(to.vehicleFromSensor());
    PoseSeries known = poses;
    return switch (labels.frameOfReference()) {
      case IMAGE -> null;
      case WORLD ->
          known == null
              ? null
              : new Way(sensorFromVehicle, null, new PoseLookup(known, MAX_POSE_GAP_NS));
      case EGO -> new Way(sensorFromVehicle, sensorFromVehicle, null);
      case SENSOR -> {
        String own = labels.details().frameName();
        if (own.equals(sensor)) {
          double[] same = projects(own) ? TURNED : identity;
          yield new Way(identity, same, null);
        }
        Chain from = chain(own);
        if (from == null) {
          yield null;
        }
        double[] up = to == null && sensor != null ? from.upTo(sensor) : from.vehicleFromSensor();
        double[] out = new double[Rigid.STRIDE];
        if (projects(own)) {
          double[] turned = new double[Rigid.STRIDE];
          Rigid.compose(up, 0, TURNED, 0, turned, 0);
          up = turned;
        }
        Rigid.compose(sensorFromVehicle, 0, up, 0, out, 0);
        yield new Way(identity, out, null);
      }
    };
  }

  private boolean projects(String sensor) {
    Calibration calibration = of(sensor);
    return calibration != null && calibration.intrinsics() != null;
  }

  private static double[] inverted(double[] t) {
    double[] out = new double[Rigid.STRIDE];
    Rigid.invert(t, 0, out, 0);
    return out;
  }

  /// The mountings from a sensor to the vehicle.
  ///
  /// @param parents frames on the way
  /// @param steps transform from the sensor to each of them
  private record Chain(List<String> parents, List<double[]> steps) {
    double[] vehicleFromSensor() {
      return steps.getLast();
    }

    boolean passes(String frame) {
      return parents.contains(frame);
    }

    double[] upTo(String frame) {
      return steps.get(parents.indexOf(frame));
    }
  }

  private @Nullable Chain chain(String sensor) {
    List<String> parents = new ArrayList<>();
    List<double[]> steps = new ArrayList<>();
    double[] sum = {1, 0, 0, 0, 0, 0, 0};
    Calibration at = of(sensor);
    while (at != null && parents.size() < MAX_CHAIN) {
      Pose m = at.mounting();
      if (m == null) {
        return null;
      }
      double[] step = {m.qw(), m.qx(), m.qy(), m.qz(), m.x(), m.y(), m.z()};
      double[] next = new double[Rigid.STRIDE];
      Rigid.compose(step, 0, sum, 0, next, 0);
      sum = next;
      parents.add(at.parent());
      steps.add(sum);
      at = of(at.parent());
    }
    return parents.isEmpty() || at != null ? null : new Chain(parents, steps);
  }
}
