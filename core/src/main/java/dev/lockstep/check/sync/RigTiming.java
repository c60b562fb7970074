package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.clock.PoseLattices;
import dev.lockstep.clock.RisingStamps;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the images of each camera lie against the sweeps, and against the instant at which the
/// beam crossed the camera's optical axis; measured once for all rules.
final class RigTiming {
  /// Least time between the residuals of the best and the next best unnamed camera; judged.
  private static final double CLEAR_NS = 2e6;

  /// Farthest that an unnamed camera may be from the beam, ns. Judged: with nine cameras in 50 ms
  /// one in three would be within it by chance, all seven of a rig never.
  private static final double MATCH_NS = 1e6;

  /// Cameras closer than this are triggered together: any of them serves, ns; judged.
  private static final double TOGETHER_NS = 1e5;

  /// One camera against the reference.
  ///
  /// @param subject name of the pair
  /// @param timed its stream, null where its stamps were found in the poses
  /// @param stamps its stamps
  /// @param lock its phase, null where that cannot be told
  /// @param why why not
  /// @param yaw direction of its optical axis, NaN where unknown
  /// @param residuals of each sweep and beam: crossing of the axis minus the nearest image stamp,
  ///   ns
  record Camera(
      String subject,
      String name,
      @Nullable Timed timed,
      RisingStamps stamps,
      @Nullable PhaseLock lock,
      String why,
      double yaw,
      List<Double> residuals) {
    /// Median of the residuals, ns; NaN where there are none.
    double residualNs() {
      PhaseLock known = lock;
      return known == null || residuals.isEmpty()
          ? Double.NaN
          : Beam.circularMedian(residuals, known.periodNs());
    }

    /// Whether the stamps come from poses.
    boolean unnamed() {
      return timed == null;
    }
  }

  private final Alignment alignment;
  private final Timed reference;
  private final List<Camera> cameras = new ArrayList<>();

  private RigTiming(Alignment alignment, SyncStreams streams, Timed reference) {
    this.alignment = alignment;
    this.reference = reference;
    for (Timed camera : streams.cameras()) {
      cameras.add(measured(camera));
    }
    if (cameras.isEmpty()) {
      addUnnamed();
    }
  }

  /// The timing of a recording with a LiDAR, or null where there is none.
  static @Nullable RigTiming of(Alignment alignment) {
    SyncStreams streams = SyncStreams.of(alignment);
    Timed reference = streams.reference();
    return reference == null
        ? null
        : alignment
            .shared()
            .get(RigTiming.class, () -> new RigTiming(alignment, streams, reference));
  }

  Timed reference() {
    return reference;
  }

  /// All cameras, in order of streams; unnamed ones where no camera has a stream.
  List<Camera> cameras() {
    return cameras;
  }

  private String subject(String camera) {
    return AlignmentCheck.pair(reference.name(), camera);
  }

  private Camera measured(Timed camera) {
    String why = reference.unusable();
    if (why == null) {
      why = camera.unusable();
    }
    PhaseLock lock = null;
    if (why == null) {
      lock = lock(camera.stamps(), camera.periodNs(), camera.locked() != null || camera.isSteady());
      why = lock == null ? "periods of the two streams cannot be told" : tooFew(lock);
    }
    double yaw = Beam.yaw(alignment, reference.stream(), camera.name());
    List<Double> residuals =
        lock == null || why != null ? List.of() : residuals(camera.stamps(), yaw, lock.periodNs());
    return new Camera(
        subject(camera.name()),
        camera.name(),
        camera,
        camera.stamps(),
        why == null ? lock : null,
        why == null ? "" : why,
        yaw,
        residuals);
  }

  private static @Nullable String tooFew(PhaseLock lock) {
    return lock.count() < PhaseLock.MIN_COUNT
        ? "fewer than " + PhaseLock.MIN_COUNT + " images lie within the sweeps"
        : null;
  }

  /// The phase at the period that shows a lock, else at the first that applies; null where periods
  /// cannot be told.
  private @Nullable PhaseLock lock(RisingStamps stamps, double periodNs, boolean periodic) {
    if (reference.locked() == null || periodNs <= 0) {
      return null;
    }
    return PhaseLock.between(stamps, periodNs, periodic, reference.stamps(), reference.periodNs());
  }

  /// A beam that crossed the axis of a camera.
  ///
  /// @param stampNs when
  /// @param offNs from the nearest image, folded
  record Crossing(long stampNs, double offNs) {}

  private List<Double> residuals(RisingStamps images, double yaw, double foldNs) {
    return crossings(images, yaw, foldNs).stream().map(Crossing::offNs).toList();
  }

  /// Each crossing of an axis, in order of sweeps.
  List<Crossing> crossings(RisingStamps images, double yaw, double foldNs) {
    List<Crossing> crossings = new ArrayList<>();
    if (Double.isNaN(yaw)) {
      return crossings;
    }
    Alignment.Reports reports = reference.stream().reports();
    for (Alignment.Sweep sweep : reference.stream().sweeps()) {
      long stampNs =
          sweep.message() < reference.stream().stampsNs().length
              ? reference.stream().stampsNs()[sweep.message()]
              : Times.NONE;
      boolean misleading = reports.pointsAreFalse(sweep.message());
      if (stampNs == Times.NONE || misleading || !sweep.profile().hasBeamTimes()) {
        continue;
      }
      for (int beam = 0; beam < sweep.profile().beams(); beam++) {
        double crossing = Beam.crossingNs(sweep.profile(), beam, yaw, reference.periodNs());
        if (Double.isNaN(crossing)) {
          continue;
        }
        long crossedNs = stampNs + Math.round(crossing);
        int image = images.nearest(crossedNs);
        double off = image < 0 ? Double.NaN : crossedNs - images.stampsNs()[image];
        // Where no image was taken nearby (a lost one, another rate), its lattice still tells.
        if (Math.abs(off) < 10 * foldNs) {
          crossings.add(new Crossing(crossedNs, PhaseLock.fold(off, foldNs)));
        }
      }
    }
    return crossings;
  }

  /// A camera with its own stamps, as if it looked elsewhere.
  Camera seen(Camera camera, double yaw) {
    PhaseLock lock = camera.lock();
    return lock == null
        ? camera
        : new Camera(
            camera.subject(),
            camera.name(),
            camera.timed(),
            camera.stamps(),
            lock,
            camera.why(),
            yaw,
            residuals(camera.stamps(), yaw, lock.periodNs()));
  }

  /// Cameras of which only the stamps are known, from the poses; where calibration and point times
  /// tell when each should have been triggered, they get their names.
  private void addUnnamed() {
    PoseSeries poses = alignment.poses();
    if (poses == null || reference.unusable() != null || reference.locked() == null) {
      return;
    }
    List<RisingStamps> lattices = PoseLattices.find(poses);
    List<Camera> unnamed = new ArrayList<>();
    for (RisingStamps lattice : lattices) {
      PhaseLock lock = lock(lattice, lattice.medianStepNs(), true);
      if (lock != null && tooFew(lock) == null) {
        String name = "camera of poses " + (unnamed.size() + 1);
        unnamed.add(
            new Camera(subject(name), name, null, lattice, lock, "", Double.NaN, List.of()));
      }
    }
    for (Calibration calibration : alignment.calibrations()) {
      double yaw = Beam.yaw(alignment, reference.stream(), calibration.sensor());
      Camera match = Double.isNaN(yaw) ? null : match(calibration.sensor(), yaw, unnamed);
      if (match != null) {
        cameras.add(match);
      }
    }
    if (cameras.isEmpty()) {
      cameras.addAll(unnamed);
    }
  }

  private @Nullable Camera match(String name, double yaw, List<Camera> unnamed) {
    Camera best = null;
    double nearest = Double.POSITIVE_INFINITY;
    double next = Double.POSITIVE_INFINITY;
    for (Camera candidate : unnamed) {
      PhaseLock lock = candidate.lock();
      if (lock == null) {
        continue;
      }
      Camera named =
          new Camera(
              subject(name),
              name,
              null,
              candidate.stamps(),
              lock,
              "",
              yaw,
              residuals(candidate.stamps(), yaw, lock.periodNs()));
      double off = Math.abs(named.residualNs());
      if (best != null && Math.abs(named.residualNs() - best.residualNs()) < TOGETHER_NS) {
        continue;
      }
      if (off < nearest) {
        next = nearest;
        nearest = off;
        best = named;
      } else if (off < next) {
        next = off;
      }
    }
    return nearest <= MATCH_NS && next > CLEAR_NS ? best : null;
  }
}
