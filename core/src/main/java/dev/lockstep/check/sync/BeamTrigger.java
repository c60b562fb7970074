package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.sync.RigTiming.Camera;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.geometry.Angles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether the cameras of a rig are triggered by the beam of its LiDAR, and which of them keep to
/// it; decided once for all rules.
///
/// That a rig is triggered by the beam is written nowhere in a recording. It is taken for granted
/// only where cameras that look in different directions agree: two at the beam itself, or three at
/// a common distance from it.
final class BeamTrigger {
  /// Farthest from the beam that an image is in step, ms.
  static final double MAX_RESIDUAL_MS = 1;

  private static final double LIMIT_NS = MAX_RESIDUAL_MS * 1e6;

  /// Cameras whose axes are closer than this see the beam at the same time and prove nothing about
  /// each other, radians; judged: 5 degrees, 1.4 ms of a turn.
  private static final double SAME_DIRECTION = Math.toRadians(5);

  /// Fewest crossings that a residual is judged by; judged.
  static final int LEAST_CROSSINGS = 3;

  private final List<Camera> judged = new ArrayList<>();
  private final Map<String, String> fitsAxisOf = new HashMap<>();
  private final boolean triggered;
  private final double commonNs;
  private final int agreeing;

  private BeamTrigger(RigTiming timing) {
    for (Camera camera : timing.cameras()) {
      if (undecided(camera) == null) {
        judged.add(camera);
      }
    }
    Camera centre = null;
    int most = 0;
    for (Camera candidate : judged) {
      int directions = directions(candidate.residualNs());
      boolean better =
          directions > most
              || directions == most
                  && centre != null
                  && Math.abs(candidate.residualNs()) < Math.abs(centre.residualNs());
      if (better) {
        most = directions;
        centre = candidate;
      }
    }
    double common = centre == null ? 0 : common(centre);
    int needed = Math.abs(common) <= LIMIT_NS ? 2 : 3;
    boolean agree = most >= needed && 2 * most >= allDirections();
    // Of exchanged streams none may be left that agrees: their own beam is the reference then.
    double reference = agree ? common : 0;
    findExchanged(timing, reference, agree);
    triggered = agree || !fitsAxisOf.isEmpty();
    commonNs = agree ? common : 0;
    agreeing = most;
  }

  /// What the cameras of a rig agree on, or null without a LiDAR.
  static @Nullable BeamTrigger of(Alignment alignment) {
    RigTiming timing = RigTiming.of(alignment);
    return timing == null
        ? null
        : alignment.shared().get(BeamTrigger.class, () -> new BeamTrigger(timing));
  }

  /// Why the beam says nothing about a camera, or null where it does.
  static @Nullable String undecided(Camera camera) {
    PhaseLock lock = camera.lock();
    if (lock == null) {
      return camera.why();
    }
    if (camera.unnamed()) {
      return "camera stamps were found among those of poses and named by the beam itself";
    }
    if (Double.isNaN(camera.yaw())) {
      return "only the phase is known: no calibration tells where the camera looks";
    }
    if (!lock.locked()) {
      return "the camera does not keep a phase to the LiDAR";
    }
    if (camera.residuals().size() < LEAST_CROSSINGS) {
      return "only the phase is known: points of the sweeps have no usable times";
    }
    return null;
  }

  private int directions(double residualNs) {
    List<Double> yaws = new ArrayList<>();
    for (Camera camera : judged) {
      if (Math.abs(off(camera, residualNs)) <= LIMIT_NS) {
        addDirection(yaws, camera.yaw());
      }
    }
    return yaws.size();
  }

  private int allDirections() {
    List<Double> yaws = new ArrayList<>();
    judged.forEach(camera -> addDirection(yaws, camera.yaw()));
    return yaws.size();
  }

  private static void addDirection(List<Double> yaws, double yaw) {
    if (yaws.stream().noneMatch(y -> Math.abs(Angles.difference(y, yaw)) < SAME_DIRECTION)) {
      yaws.add(yaw);
    }
  }

  private double common(Camera centre) {
    List<Double> near = new ArrayList<>();
    for (Camera camera : judged) {
      double off = off(camera, centre.residualNs());
      if (Math.abs(off) <= LIMIT_NS) {
        near.add(centre.residualNs() + off);
      }
    }
    double[] values = near.stream().mapToDouble(Double::doubleValue).toArray();
    return Beam.median(values);
  }

  private static double off(Camera camera, double fromNs) {
    PhaseLock lock = camera.lock();
    return lock == null
        ? Double.NaN
        : PhaseLock.fold(camera.residualNs() - fromNs, lock.periodNs());
  }

  /// Finds cameras off the beam whose stamps fit the axes of others of them, one to one. Where no
  /// others agree on the beam, all that miss it must have changed places.
  private void findExchanged(RigTiming timing, double referenceNs, boolean agree) {
    List<Camera> apart = new ArrayList<>();
    for (Camera camera : judged) {
      if (Math.abs(off(camera, referenceNs)) > LIMIT_NS) {
        apart.add(camera);
      }
    }
    Map<String, String> fits = new HashMap<>();
    List<String> taken = new ArrayList<>();
    for (Camera camera : apart) {
      Camera fit = null;
      for (Camera other : apart) {
        boolean far = Math.abs(Angles.difference(other.yaw(), camera.yaw())) > SAME_DIRECTION;
        if (far && Math.abs(off(timing.seen(camera, other.yaw()), referenceNs)) <= LIMIT_NS) {
          fit = fit == null ? other : fit;
        }
      }
      if (fit != null && !taken.contains(fit.name())) {
        fits.put(camera.name(), fit.name());
        taken.add(fit.name());
      }
    }
    // Those that took another's place must have left theirs to one of them.
    boolean shrinks = true;
    while (shrinks) {
      shrinks = fits.keySet().removeIf(name -> !fits.containsValue(name));
      shrinks |= fits.values().removeIf(name -> !fits.containsKey(name));
    }
    if (agree || fits.size() >= 2 && fits.size() == apart.size()) {
      fitsAxisOf.putAll(fits);
    }
  }

  /// Whether cameras agree on the beam.
  boolean triggered() {
    return triggered;
  }

  /// How far from the beam the cameras that agree lie in common, ns: crossing minus stamp.
  double commonNs() {
    return commonNs;
  }

  /// Number of different directions of the cameras that agree.
  int agreeing() {
    return agreeing;
  }

  /// Cameras that the beam can judge.
  List<Camera> judged() {
    return judged;
  }

  /// How far a camera lies from where the others do, ns.
  double offNs(Camera camera) {
    return off(camera, commonNs);
  }

  /// The camera whose axis the stamps of `camera` fit instead of its own, or null.
  @Nullable String fitsAxisOf(Camera camera) {
    return fitsAxisOf.get(camera.name());
  }
}
