package dev.lockstep.bench.time;

import dev.lockstep.clock.LatticeFit;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The stamps of one real sensor.
///
/// @param dataSet the data set that they come from
/// @param rig the recording that they come from
/// @param info the stream
/// @param stampsNs one a message
/// @param logTimesNs when messages reached a recorder, or null
public record Series(
    String dataSet, String rig, StreamInfo info, long[] stampsNs, long @Nullable [] logTimesNs) {
  /// Coarsest clock that may count, ns.
  private static final long MAX_COUNT_NS = 1_000_000;

  String name() {
    return rig + " " + info.name();
  }

  int size() {
    return stampsNs.length;
  }

  private static final String LABELS = "labels";

  /// A stream; stamps of labels may stand in for those of sweeps.
  static StreamInfo info(int id, String name, Modality modality, StampSource source) {
    return modality == Modality.LABELS
        ? StreamInfo.of(id, name, Modality.LIDAR, source, "", LABELS)
        : StreamInfo.of(id, name, modality, source, "", "");
  }

  /// Whether labels stand in for it.
  boolean standsIn() {
    return info.schema().equals(LABELS);
  }

  /// Whether it is that stream.
  boolean isSame(String ofRig, String name, long[] stamps) {
    return rig.equals(ofRig) && info.name().equals(name) && Arrays.equals(stampsNs, stamps);
  }

  /// The same stream with other stamps.
  Series with(long[] stamps) {
    return new Series(dataSet, rig, info, stamps, null);
  }

  /// The same stream from one message to another.
  Series cut(int from, int to) {
    return with(Arrays.copyOfRange(stampsNs, from, to));
  }

  LatticeFit.@Nullable Locked locked() {
    return LatticeFit.fit(stampsNs, 0, size()) instanceof LatticeFit.Locked locked ? locked : null;
  }

  double periodNs() {
    LatticeFit.Locked locked = locked();
    return locked == null ? Double.NaN : locked.lattice().periodNs();
  }

  /// Standard deviation of the stream's own jitter: the largest of 1.4826 times the median distance
  /// from the lattice, and of those that a tenth and three in a hundred of the stamps show, so that
  /// tails count and single faults do not.
  double sigmaNs() {
    LatticeFit.Locked locked = locked();
    return locked == null ? Double.NaN : locked.jitterNs();
  }

  /// One count of the clock: the coarsest of 1 ms, 0.1 ms, ... of which all stamps are multiples. A
  /// fault of one count looks like rounding.
  long countNs() {
    long count = MAX_COUNT_NS;
    for (long stampNs : stampsNs) {
      while (Times.difference(stampNs, stampsNs[0]) % count != 0) {
        count /= 10;
      }
    }
    return count;
  }

  double spanSeconds() {
    return (double) Times.difference(stampsNs[size() - 1], stampsNs[0]) / Times.SECOND;
  }
}
