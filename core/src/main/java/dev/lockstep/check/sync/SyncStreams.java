package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.clock.RisingStamps;
import dev.lockstep.clock.StampFits;
import dev.lockstep.clock.WholeShift;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams of a recording that can be held against each other, with their periods; made once
/// for all rules.
///
/// Messages whose stamps another rule reports as wrong are left out, so that no rule here reports
/// them again. One LiDAR, the one with the most sweeps, is the reference of the others.
final class SyncStreams {
  /// One stream.
  ///
  /// @param stream as recorded
  /// @param stamps usable stamps that rise
  /// @param fit their lattice
  /// @param excused id of a rule that reports all its stamps as wrong, or null
  record Timed(
      Alignment.Stream stream,
      RisingStamps stamps,
      LatticeFit.Outcome fit,
      @Nullable String excused) {
    String name() {
      return stream.name();
    }

    LatticeFit.@Nullable Locked locked() {
      return fit instanceof LatticeFit.Locked locked ? locked : null;
    }

    /// The period of the lattice, else the median step; 0 where there is neither.
    double periodNs() {
      return fit instanceof LatticeFit.Locked locked
          ? locked.lattice().periodNs()
          : stamps.medianStepNs();
    }

    /// Whether most steps are alike, even where no one lattice fits: after a step in the phase none
    /// does.
    boolean isSteady() {
      return stamps.isSteady();
    }

    /// Why nothing can be said about its time, or null.
    @Nullable String unusable() {
      if (excused != null) {
        return excused + " reports the stamps of " + name();
      }
      if (stream.cut()) {
        return name() + " has more messages than stamps are kept";
      }
      return stamps.size() == 0 ? name() + " has no stamps" : null;
    }
  }

  /// Stamps that a stream must have to be held against others as a whole; judged.
  private static final int LEAST_STAMPS = 10;

  private final List<Timed> lidars = new ArrayList<>();
  private final List<Timed> cameras = new ArrayList<>();
  private final List<Timed> radars = new ArrayList<>();
  private final List<Shift> shifts = new ArrayList<>();
  private final StampFits fits;
  private final @Nullable Timed reference;
  private int compared;

  private SyncStreams(Alignment alignment) {
    fits = alignment.shared().get(StampFits.class, StampFits::new);
    List<Alignment.Stream> labels = new ArrayList<>();
    for (Alignment.Stream stream : alignment.streams()) {
      if (!stream.info().stampSource().measuredAtSensor() || stream.messages() == 0) {
        continue;
      }
      switch (stream.info().modality()) {
        case LIDAR -> lidars.add(timed(stream));
        case CAMERA, VIDEO -> cameras.add(timed(stream));
        case RADAR -> radars.add(timed(stream));
        case LABELS -> labels.add(stream);
        case IMU, GNSS, POSE, OTHER -> {}
      }
    }
    List<Timed> witnesses = new ArrayList<>();
    for (Alignment.Stream other : alignment.others()) {
      if (other.info().stampSource().measuredAtSensor() && other.messages() > 0) {
        witnesses.add(timed(other));
      }
    }
    labels.forEach(set -> witnesses.add(timed(set)));
    markShifted(witnesses, lidars, cameras, radars);
    reference = reference(labels);
  }

  /// Excuses streams that are shifted as a whole: SYN007 says so, and nothing else of their stamps
  /// can be held against others.
  ///
  /// @param witnesses streams that have a say in which of the others are shifted; of themselves
  ///   other rules tell
  @SafeVarargs
  private void markShifted(List<Timed> witnesses, List<Timed>... kinds) {
    List<Timed> all = new ArrayList<>();
    for (List<Timed> kind : kinds) {
      addComparable(kind, all);
    }
    compared = all.size();
    addComparable(witnesses, all);
    WholeShift.Extent[] extents =
        all.stream()
            .map(t ->
                new WholeShift.Extent(
                    t.stamps.stampsNs()[0], t.stamps.stampsNs()[t.stamps.size() - 1], t.periodNs()))
            .toArray(WholeShift.Extent[]::new);
    @Nullable Long[] found = WholeShift.all(extents);
    for (int i = 0; i < compared; i++) {
      Long shift = found[i];
      if (shift != null) {
        Timed own = all.get(i);
        shifts.add(new Shift(own, shift, all.size() == 2 ? all.getFirst().name() : null));
        for (List<Timed> kind : kinds) {
          kind.replaceAll(t -> t.equals(own) ? new Timed(t.stream, t.stamps, t.fit, "SYN007") : t);
        }
      }
    }
  }

  private static void addComparable(List<Timed> kind, List<Timed> all) {
    for (Timed timed : kind) {
      if (timed.unusable() == null && timed.stamps.size() >= LEAST_STAMPS) {
        all.add(timed);
      }
    }
  }

  /// A stream that is shifted as a whole against the others.
  ///
  /// @param either the only other stream, which may be the one that is wrong, or null
  record Shift(Timed timed, long shiftNs, @Nullable String either) {}

  /// Streams that are shifted as a whole.
  List<Shift> shifts() {
    return shifts;
  }

  /// Number of streams whose place in time was compared.
  int compared() {
    return compared;
  }

  static SyncStreams of(Alignment alignment) {
    return alignment.shared().get(SyncStreams.class, () -> new SyncStreams(alignment));
  }

  private Timed timed(Alignment.Stream stream) {
    StampFits.Fitted fitted = fits.of(stream.stampsNs(), stream.rightlyStamped());
    return new Timed(stream, fitted.stamps(), fitted.fit(), stream.allWronglyStamped());
  }

  /// The LiDAR with the most sweeps. Where files of most sweeps are absent, labels that carry the
  /// stamps of all of them stand in.
  private @Nullable Timed reference(List<Alignment.Stream> labels) {
    Timed most = null;
    for (Timed lidar : lidars) {
      if (most == null || lidar.stamps.size() > most.stamps.size()) {
        most = lidar;
      }
    }
    for (Alignment.Stream set : labels) {
      Timed standIn = timed(set);
      if (most == null
          ? lidars.isEmpty() && standIn.locked() != null
          : standIn.stamps.size() > 2 * most.stamps.size() && holds(standIn, most)) {
        return most == null
            ? standIn
            : new Timed(most.stream, merged(most, standIn), standIn.fit, null);
      }
    }
    return most;
  }

  private static boolean holds(Timed labels, Timed lidar) {
    for (long stampNs : lidar.stamps.stampsNs()) {
      int at = labels.stamps.nearest(stampNs);
      if (at < 0 || Math.abs(labels.stamps.stampsNs()[at] - stampNs) > Times.MICROSECOND) {
        return false;
      }
    }
    return lidar.stamps.size() > 0;
  }

  /// Stamps of the labels, with the messages of the sweeps that are there, else -1.
  private static RisingStamps merged(Timed lidar, Timed labels) {
    long[] stamps = labels.stamps.stampsNs();
    int[] messages = new int[stamps.length];
    Arrays.fill(messages, -1);
    for (int i = 0; i < lidar.stamps.size(); i++) {
      messages[labels.stamps.nearest(lidar.stamps.stampsNs()[i])] = lidar.stamps.messages()[i];
    }
    return new RisingStamps(stamps, messages);
  }

  /// The stream that others are held against: a LiDAR, else labels with the stamps of one, or null.
  @Nullable Timed reference() {
    return reference;
  }

  /// Camera and video streams, in order of ids.
  List<Timed> cameras() {
    return cameras;
  }

  /// All streams with stamps but labels: LiDAR, cameras, radar, in this order.
  List<Timed> all() {
    List<Timed> all = new ArrayList<>(lidars);
    all.addAll(cameras);
    all.addAll(radars);
    return all;
  }

  /// A pair of streams that should be in step.
  ///
  /// @param first the reference, a LiDAR where there is one
  record Pair(Timed first, Timed second) {
    String subject() {
      return AlignmentCheck.pair(first.name(), second.name());
    }

    /// Why nothing can be said about the pair, or null.
    @Nullable String unusable() {
      String why = first.unusable();
      return why == null ? second.unusable() : why;
    }
  }

  /// Each other stream with the reference; without a LiDAR, with the first camera.
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    Timed first = lidars.isEmpty() ? (cameras.isEmpty() ? null : cameras.getFirst()) : reference;
    if (first != null) {
      for (Timed other : all()) {
        if (!other.name().equals(first.name())) {
          pairs.add(new Pair(first, other));
        }
      }
    }
    return pairs;
  }
}
