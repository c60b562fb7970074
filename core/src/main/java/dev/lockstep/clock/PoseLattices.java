package dev.lockstep.clock;

import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the stamps of triggered sensors among those of poses: a data set that keeps a pose at the
/// stamp of every sensor tells when its cameras were triggered even where the images are absent,
/// though not which camera was.
public final class PoseLattices {
  /// Steps up to this are looked at for the common period, ns: sensors above 4 Hz.
  private static final long MAX_PERIOD_NS = 250 * Times.MILLISECOND;

  private static final long MIN_PERIOD_NS = 5 * Times.MILLISECOND;

  /// How exactly a triggered stamp keeps its period, ns. Judged: real ones keep it to 0.1 us; over
  /// three lost messages an error of the period adds up.
  private static final long TOLERANCE_NS = 5 * Times.MICROSECOND;

  /// Width of a bin of steps.
  private static final long BIN_NS = 4 * Times.MICROSECOND;

  /// Poses that are looked at; judged: some minutes of ten sensors.
  private static final int MAX_POSES = 1 << 15;

  private static final int MAX_LOST = 3;
  private static final int LEAST_STAMPS = 24;

  /// Least share of the slots from the first to the last pose that a sensor must fill.
  private static final double FILLED = 0.9;

  private PoseLattices() {}

  /// Stamps of triggered sensors, one array a sensor, in order of their first stamp. Poses without
  /// a common exact period give none.
  public static List<RisingStamps> find(PoseSeries poses) {
    int n = Math.min(poses.size(), MAX_POSES);
    long[] stamps = Arrays.copyOf(poses.stampsNs(), n);
    long period = period(stamps);
    List<RisingStamps> found = new ArrayList<>();
    if (period == 0) {
      return found;
    }
    boolean[] used = new boolean[n];
    for (int start = 0; start < n && stamps[start] - stamps[0] < period; start++) {
      RisingStamps chain = used[start] ? null : chain(stamps, start, period, used);
      if (chain != null) {
        found.add(chain);
      }
    }
    return found;
  }

  /// The shortest step that nearly as many pairs of stamps have as have any, refined to their mean;
  /// 0 where no step stands out.
  private static long period(long[] stamps) {
    int bins = (int) (MAX_PERIOD_NS / BIN_NS) + 2;
    int[] counts = new int[bins];
    long[] sums = new long[bins];
    for (int i = 0; i < stamps.length; i++) {
      for (int k = i + 1; k < stamps.length && stamps[k] - stamps[i] <= MAX_PERIOD_NS; k++) {
        long step = stamps[k] - stamps[i];
        if (step >= MIN_PERIOD_NS) {
          int bin = (int) (step / BIN_NS);
          counts[bin]++;
          sums[bin] += step;
        }
      }
    }
    int most = 0;
    for (int b = 0; b + 1 < bins; b++) {
      most = Math.max(most, counts[b] + counts[b + 1]);
    }
    // Three sensors of one period at least: the phase between two is as constant as the period.
    if (most < stamps.length / 4 || most < 3 * LEAST_STAMPS) {
      return 0;
    }
    for (int b = 0; b + 1 < bins; b++) {
      int pairs = counts[b] + counts[b + 1];
      if (pairs >= FILLED * most) {
        return Math.round((double) (sums[b] + sums[b + 1]) / pairs);
      }
    }
    return 0;
  }

  /// Follows a sensor from one of its stamps; null if it is none.
  private static @Nullable RisingStamps chain(
      long[] stamps, int start, long period, boolean[] used) {
    int[] places = new int[stamps.length];
    int n = 0;
    places[n++] = start;
    long last = stamps[start];
    int lost = 0;
    while (lost <= MAX_LOST
        && last + (lost + 1) * period <= stamps[stamps.length - 1] + TOLERANCE_NS) {
      long wanted = last + (lost + 1) * period;
      int at = Arrays.binarySearch(stamps, wanted - TOLERANCE_NS);
      at = at >= 0 ? at : -at - 1;
      int best = -1;
      for (; at < stamps.length && stamps[at] <= wanted + TOLERANCE_NS; at++) {
        if (!used[at]
            && (best < 0 || Math.abs(stamps[at] - wanted) < Math.abs(stamps[best] - wanted))) {
          best = at;
        }
      }
      if (best < 0) {
        lost++;
      } else {
        places[n++] = best;
        last = stamps[best];
        lost = 0;
      }
    }
    double slots = (double) (stamps[stamps.length - 1] - stamps[0]) / period;
    if (n < LEAST_STAMPS || n < FILLED * slots) {
      return null;
    }
    long[] own = new long[n];
    for (int i = 0; i < n; i++) {
      own[i] = stamps[places[i]];
      used[places[i]] = true;
    }
    return new RisingStamps(own, Arrays.copyOf(places, n));
  }
}
