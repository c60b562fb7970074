package dev.lockstep.check.rig;

import dev.lockstep.check.Alignment;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.clock.RisingStamps;
import dev.lockstep.clock.StampFits;
import dev.lockstep.clock.WholeShift;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a recording shows of the sensors that made it: rates, jitter, phases, sizes, directions.
/// The same measurements make a profile and are held against one.
///
/// Stamps that other rules report as wrong are left out.
public final class RigSurvey {
  /// Least tolerance of a phase, ns: a beam within 1 ms of the axis of a camera is as good as on
  /// it.
  static final double PHASE_TOLERANCE_NS = 1e6;

  /// Standard deviations that a phase may be off.
  private static final double PHASE_SIGMAS = 6;

  /// Messages that a stream must have to be held against others as a whole; judged, as in SYN007.
  private static final int LEAST_STAMPS = 10;

  /// One stream.
  ///
  /// @param stream as recorded
  /// @param stamps usable stamps that rise
  /// @param fit their lattice
  /// @param excused id of a rule that reports all its stamps as wrong, or null
  record Measured(
      Alignment.Stream stream,
      RisingStamps stamps,
      LatticeFit.Outcome fit,
      @Nullable String excused) {
    String name() {
      return stream.name();
    }

    Modality modality() {
      return stream.info().modality();
    }

    /// Period of the lattice, else the median step of steady stamps, else the mean one; NaN with
    /// fewer than two stamps.
    double periodNs() {
      if (fit instanceof LatticeFit.Locked locked) {
        return locked.lattice().periodNs();
      }
      if (stamps.size() < 2) {
        return Double.NaN;
      }
      return stamps.isSteady()
          ? stamps.medianStepNs()
          : Times.difference(stamps.stampsNs()[stamps.size() - 1], stamps.stampsNs()[0])
              / (stamps.size() - 1.0);
    }

    /// Whether stamps follow the period.
    boolean isPeriodic() {
      return fit instanceof LatticeFit.Locked || (stamps.size() > 2 && stamps.isSteady());
    }

    /// Why nothing can be said about its time, or null.
    @Nullable String unusable() {
      if (excused != null) {
        return excused + " reports the stamps of " + name();
      }
      return stamps.size() == 0 ? name() + " has no stamps" : null;
    }

    /// Log time minus stamp.
    double[] latencies() {
      return stream.samples().stream()
          .filter(sample -> sample.latencyNs() != Times.NONE)
          .mapToDouble(Alignment.Sample::latencyNs)
          .toArray();
    }

    double[] sizes() {
      return stream.samples().stream().mapToDouble(Alignment.Sample::lengthBytes).toArray();
    }

    double[] points() {
      return stream.samples().stream()
          .filter(sample -> sample.points() >= 0)
          .mapToDouble(Alignment.Sample::points)
          .toArray();
    }
  }

  private final Alignment alignment;
  private final List<Measured> streams = new ArrayList<>();

  private RigSurvey(Alignment alignment) {
    this.alignment = alignment;
    StampFits fits = alignment.shared().get(StampFits.class, StampFits::new);
    for (Alignment.Stream stream : alignment.all()) {
      // What was made by people or afterwards is no part of the rig.
      if (stream.info().modality() != Modality.LABELS) {
        StampFits.Fitted fitted = fits.of(stream.stampsNs(), stream.rightlyStamped());
        streams.add(
            new Measured(stream, fitted.stamps(), fitted.fit(), stream.allWronglyStamped()));
      }
    }
    excuseShifted();
  }

  /// The survey of a recording, made once for all rules.
  static RigSurvey of(Alignment alignment) {
    return alignment.shared().get(RigSurvey.class, () -> new RigSurvey(alignment));
  }

  /// What a recording shows as a profile.
  public static RigProfile learn(Alignment alignment) {
    return of(alignment).profile();
  }

  /// How far messages of a stream lie from the nearest ones of the reference.
  ///
  /// @param count messages
  /// @param medianNs median of stamp minus nearest stamp
  public record Offset(String stream, int count, double medianNs) {}

  /// The offsets of LiDARs, cameras and radars from the reference, also where there are too few
  /// messages to tell a phase.
  ///
  /// @param reference name of the reference
  public static List<Offset> offsets(Alignment alignment, String reference) {
    RigSurvey survey = of(alignment);
    Measured to = survey.named(reference);
    List<Offset> offsets = new ArrayList<>();
    for (Measured each : survey.streams) {
      if (to != null
          && isSensor(each)
          && !each.name().equals(reference)
          && each.stamps.size() > 0) {
        offsets.add(new Offset(each.name(), each.stamps.size(), nearestOffsetNs(each, to)));
      }
    }
    return offsets;
  }

  private static boolean isSensor(Measured each) {
    return switch (each.modality()) {
      case LIDAR, CAMERA, VIDEO, RADAR -> true;
      case LABELS, IMU, GNSS, POSE, OTHER -> false;
    };
  }

  /// SYN007 reports streams that are shifted as a whole.
  private void excuseShifted() {
    List<Integer> compared = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      Measured each = streams.get(i);
      if (isSensor(each)
          && each.unusable() == null
          && each.stamps.size() >= LEAST_STAMPS
          && each.stream.info().stampSource().measuredAtSensor()) {
        compared.add(i);
      }
    }
    WholeShift.Extent[] extents = new WholeShift.Extent[compared.size()];
    for (int i = 0; i < extents.length; i++) {
      Measured each = streams.get(compared.get(i));
      long[] stamps = each.stamps.stampsNs();
      extents[i] =
          new WholeShift.Extent(stamps[0], stamps[stamps.length - 1], each.stamps.medianStepNs());
    }
    @Nullable Long[] shifts = WholeShift.all(extents);
    for (int i = 0; i < extents.length; i++) {
      if (shifts[i] != null) {
        Measured own = streams.get(compared.get(i));
        streams.set(compared.get(i), new Measured(own.stream, own.stamps, own.fit, "SYN007"));
      }
    }
  }

  /// Every stream but labels, in order of ids.
  List<Measured> streams() {
    return streams;
  }

  /// The stream of that name, or null.
  @Nullable Measured named(String name) {
    for (Measured each : streams) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  @Nullable Calibration calibration(String stream) {
    return alignment.calibration(stream);
  }

  /// Width and height of the images of a stream, those of most of them, else as its calibration
  /// says; 0 where unknown.
  int[] resolution(Measured each) {
    Map<List<Integer>, Integer> sizes = new LinkedHashMap<>();
    List<Integer> most = List.of(0, 0);
    for (Alignment.Sample sample : each.stream.samples()) {
      List<Integer> size = List.of(sample.width(), sample.height());
      if (sample.width() > 0 && sizes.merge(size, 1, Integer::sum) > sizes.getOrDefault(most, 0)) {
        most = size;
      }
    }
    if (most.getFirst() > 0) {
      return new int[] {most.getFirst(), most.getLast()};
    }
    Calibration known = calibration(each.name());
    Calibration.Intrinsics intrinsics = known == null ? null : known.intrinsics();
    return intrinsics == null
        ? new int[] {0, 0}
        : new int[] {intrinsics.width(), intrinsics.height()};
  }

  /// The phases of the streams, made once for all rules.
  RigPhases phases(Supplier<RigPhases> maker) {
    return alignment.shared().get(RigPhases.class, maker);
  }

  /// Median of stamp minus that of the reference's message of the same number; NaN where messages
  /// are not paired by numbers.
  static double pairOffsetNs(Measured own, Measured reference) {
    for (Measured each : new Measured[] {own, reference}) {
      if (each.stream.info().stampSource() != StampSource.LIST || each.unusable() != null) {
        return Double.NaN;
      }
    }
    long[] a = own.stream.stampsNs();
    long[] b = reference.stream.stampsNs();
    double[] offsets = new double[Math.min(a.length, b.length)];
    int n = 0;
    for (int i = 0; i < offsets.length; i++) {
      if (a[i] != Times.NONE && b[i] != Times.NONE) {
        offsets[n++] = Times.difference(a[i], b[i]);
      }
    }
    return Medians.of(Arrays.copyOf(offsets, n));
  }

  /// Median of stamp minus the nearest stamp of the reference, ns; NaN where there is none.
  static double nearestOffsetNs(Measured own, Measured reference) {
    double[] offsets = new double[own.stamps.size()];
    int n = 0;
    for (long stampNs : own.stamps.stampsNs()) {
      int at = reference.stamps.nearest(stampNs);
      if (at >= 0) {
        offsets[n++] = Times.difference(stampNs, reference.stamps.stampsNs()[at]);
      }
    }
    return Medians.of(Arrays.copyOf(offsets, n));
  }

  /// The stream that others are held against: the LiDAR with the most sweeps, else the first
  /// camera; null where there is neither.
  private @Nullable Measured reference() {
    Measured best = null;
    for (Measured each : streams) {
      boolean lidar = each.modality() == Modality.LIDAR;
      boolean camera = each.modality() == Modality.CAMERA || each.modality() == Modality.VIDEO;
      if (each.unusable() != null || !(lidar || camera)) {
        continue;
      }
      boolean better =
          best == null
              || (lidar && best.modality() != Modality.LIDAR)
              || (lidar && each.stamps.size() > best.stamps.size());
      best = better ? each : best;
    }
    return best;
  }

  private RigProfile profile() {
    Measured reference = reference();
    List<RigProfile.Stream> learned = new ArrayList<>();
    for (Measured each : streams) {
      if (each.stream.messages() > 0) {
        learned.add(entry(each, reference));
      }
    }
    return new RigProfile(reference == null ? "" : reference.name(), true, learned);
  }

  private RigProfile.Stream entry(Measured own, @Nullable Measured reference) {
    boolean timed = own.unusable() == null;
    RigProfile.Phase phase = null;
    double pairOffset = Double.NaN;
    if (reference != null && timed && !own.name().equals(reference.name())) {
      phase = phase(own, reference);
      pairOffset = pairOffsetNs(own, reference);
    }
    double[] latencies = own.latencies();
    double latency = Medians.of(latencies);
    double[] sizes = own.sizes();
    Directions directions = Directions.of(own.stream.sweeps());
    Calibration calibration = calibration(own.name());
    int[] size = resolution(own);
    return new RigProfile.Stream(
        own.name(),
        false,
        own.modality(),
        timed && own.isPeriodic() ? RigProfile.Period.of(own.periodNs()) : null,
        timed && own.fit instanceof LatticeFit.Locked locked ? locked.sigmaNs() : Double.NaN,
        timed && own.fit instanceof LatticeFit.Locked locked ? locked.maxNs() : Double.NaN,
        phase,
        pairOffset,
        timed ? latency : Double.NaN,
        timed ? Medians.sigma(latencies, latency) : Double.NaN,
        sizes.length == 0 ? 0 : (int) Medians.of(sizes),
        sizes.length == 0 ? 0 : (int) Medians.least(sizes),
        own.points().length == 0 ? 0 : (int) Medians.of(own.points()),
        size[0],
        size[1],
        directions.blind(),
        directions.seen(),
        calibration);
  }

  /// The phase of a stream that keeps it; null where there is no constant one.
  private static RigProfile.@Nullable Phase phase(Measured own, Measured reference) {
    if (!isSensor(own)) {
      return null;
    }
    if (!(reference.fit instanceof LatticeFit.Locked) || !(own.periodNs() > 0)) {
      return null;
    }
    PhaseLock lock =
        PhaseLock.between(
            own.stamps, own.periodNs(), own.isPeriodic(), reference.stamps, reference.periodNs());
    return lock == null || lock.count() < PhaseLock.MIN_COUNT || !lock.locked() || changes(lock)
        ? null
        : new RigProfile.Phase(
            lock.phaseNs(),
            lock.periodNs(),
            Math.max(PHASE_TOLERANCE_NS, PHASE_SIGMAS * lock.spreadNs()));
  }

  /// Whether a phase changes during the recording, which other rules report.
  static boolean changes(PhaseLock lock) {
    return lock.stepAt() >= 0 || lock.lostAt() >= 0;
  }

  /// Sectors as text: `-12 to 30 degrees of beam 0`.
  static String text(List<Sector> sectors) {
    StringBuilder text = new StringBuilder();
    for (Sector sector : sectors) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(sector.fromDegrees())
          .append(" to ")
          .append(sector.toDegrees());
    }
    return text + " degrees";
  }
}
