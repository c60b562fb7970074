package dev.lockstep.synth.scene;

import java.util.List;

/// Casts the rays of a spinning LiDAR onto the ground and the boxes of a scene.
///
/// Each column sees the world at its own time. Points are given in the sensor's frame at the begin
/// of the sweep, corrected for the vehicle's own motion and not for that of others, as datasets
/// usually do; so moving objects are sheared as in reality. A ray that hits nothing within range
/// gives no point.
public final class LidarModel {
  private final Scene scene;
  private final Spinner spinner;
  private final double[] sines;
  private final double[] cosines;

  /// A LiDAR in a world.
  public LidarModel(Scene scene, Spinner spinner) {
    this.scene = scene;
    this.spinner = spinner;
    sines = new double[spinner.beams()];
    cosines = new double[spinner.beams()];
    for (int beam = 0; beam < sines.length; beam++) {
      sines[beam] = StrictMath.sin(spinner.elevation(beam));
      cosines[beam] = StrictMath.cos(spinner.elevation(beam));
    }
  }

  /// Measures one sweep into `out`, which is cleared first.
  ///
  /// @param number number of the sweep, which selects its noise
  /// @param startSeconds begin, since the drive began
  /// @param turnNs duration
  public void measure(long number, double startSeconds, long turnNs, Sweep out) {
    out.clear();
    EgoMotion start = scene.ego(startSeconds);
    double startCos = StrictMath.cos(start.yaw());
    double startSin = StrictMath.sin(start.yaw());
    double startX = start.x() + startCos * spinner.forwardMeters();
    double startY = start.y() + startSin * spinner.forwardMeters();
    for (int column = 0; column < spinner.columns(); column++) {
      int offsetNs = (int) (turnNs * column / spinner.columns());
      double seconds = startSeconds + offsetNs * 1e-9;
      EgoMotion ego = scene.ego(seconds);
      double originX = ego.x() + StrictMath.cos(ego.yaw()) * spinner.forwardMeters();
      double originY = ego.y() + StrictMath.sin(ego.yaw()) * spinner.forwardMeters();
      double heading = ego.yaw() + spinner.azimuth(column);
      double headingCos = StrictMath.cos(heading);
      double headingSin = StrictMath.sin(heading);
      // Only boxes that the vertical plane of this column can meet.
      List<Actor> actors = scene.actors(seconds);
      int candidates = 0;
      Target[] targets = new Target[actors.size()];
      for (Actor actor : actors) {
        Target target = Target.facing(actor, originX, originY, headingCos, headingSin);
        if (target != null) {
          targets[candidates++] = target;
        }
      }
      for (int beam = 0; beam < spinner.beams(); beam++) {
        double sine = sines[beam];
        double cosine = cosines[beam];
        double range = sine < 0 ? -spinner.upMeters() / sine : Double.POSITIVE_INFINITY;
        long track = Sweep.GROUND;
        for (int i = 0; i < candidates; i++) {
          double hit = targets[i].range(spinner.upMeters(), cosine, sine);
          if (hit < range) {
            range = hit;
            track = targets[i].track();
          }
        }
        if (range > spinner.maxRangeMeters()) {
          continue;
        }
        long point = (number * spinner.columns() + column) * spinner.beams() + beam;
        double measured =
            range + spinner.noiseMeters() * Noise.bell(scene.seed(), Lanes.RANGE, point);
        double dx = originX + measured * cosine * headingCos - startX;
        double dy = originY + measured * cosine * headingSin - startY;
        out.add(
            (float) (dx * startCos + dy * startSin),
            (float) (dy * startCos - dx * startSin),
            (float) (measured * sine),
            offsetNs,
            beam,
            track);
      }
    }
  }

  /// A box cut by the vertical plane of one column: from where to where along the ground the box
  /// lies in that plane, and how high it is.
  private record Target(long track, double near, double far, double top) {

    static @org.jspecify.annotations.Nullable Target facing(
        Actor actor, double originX, double originY, double dirX, double dirY) {
      double cos = StrictMath.cos(actor.yaw());
      double sin = StrictMath.sin(actor.yaw());
      double dx = originX - actor.x();
      double dy = originY - actor.y();
      double x = dx * cos + dy * sin;
      double y = dy * cos - dx * sin;
      double vx = dirX * cos + dirY * sin;
      double vy = dirY * cos - dirX * sin;
      double near = 0;
      double far = Double.POSITIVE_INFINITY;
      for (int axis = 0; axis < 2; axis++) {
        double position = axis == 0 ? x : y;
        double speed = axis == 0 ? vx : vy;
        double half = (axis == 0 ? actor.lengthMeters() : actor.widthMeters()) / 2;
        if (speed == 0) {
          if (Math.abs(position) > half) {
            return null;
          }
        } else {
          double first = (-half - position) / speed;
          double second = (half - position) / speed;
          near = Math.max(near, Math.min(first, second));
          far = Math.min(far, Math.max(first, second));
        }
      }
      return near < far ? new Target(actor.track(), near, far, actor.heightMeters()) : null;
    }

    /// Range at which a ray from `height` meets the box, or infinity.
    double range(double height, double cosine, double sine) {
      double heightNear = height + near * sine / cosine;
      if (heightNear >= 0 && heightNear <= top) {
        return near / cosine;
      }
      // From above, the ray may still come down onto the roof.
      if (heightNear > top && sine < 0) {
        double ground = (top - height) * cosine / sine;
        return ground <= far ? ground / cosine : Double.POSITIVE_INFINITY;
      }
      return Double.POSITIVE_INFINITY;
    }
  }
}
