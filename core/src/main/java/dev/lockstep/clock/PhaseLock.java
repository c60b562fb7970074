package dev.lockstep.clock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the messages of one stream lie against those of another in time: at a constant phase, or
/// running free of them.
///
/// The phase of a message is its stamp minus that of the last message of the reference in front of
/// it, folded to one period. Averages are taken on a circle of that period, so that a phase near
/// half a period is as good as any. Whether phases stay is judged by a line through the medians of
/// up to 64 blocks.
///
/// @param count messages that have a phase
/// @param periodNs the period that phases are folded to
/// @param phaseNs circular mean of the phases, from -period/2 to period/2
/// @param spreadNs robust standard deviation of the phases around the line through them
/// @param concentration length of their mean unit vector: 1 where all are equal, near 0 where they
///   lie anywhere
/// @param driftNs by how much the line rises from the first to the last message
/// @param spanNs from the first to the last message
/// @param blockSpreadNs spread of the block medians around the line
/// @param lostAt place of the first message behind which the phase, constant until there, runs
///   away; -1 where it does not
/// @param lostPpm slope of the phase behind it, parts per million
/// @param stepAt place of the first message behind a step from one constant phase to another; -1
///   where there is none
/// @param stepNs size of that step
public record PhaseLock(
    int count,
    double periodNs,
    double phaseNs,
    double spreadNs,
    double concentration,
    double driftNs,
    double spanNs,
    double blockSpreadNs,
    int lostAt,
    double lostPpm,
    int stepAt,
    double stepNs) {

  /// Fewest phases that a lock is judged by; judged, as for a period.
  public static final int MIN_COUNT = 12;

  /// Least concentration of a lock: a spread of a twentieth of the period.
  static final double MIN_CONCENTRATION = 0.95;

  /// Part of the period by which the phase may drift over the recording.
  static final double MAX_DRIFT = 0.05;

  /// Spread of blocks around a line that is one, of its rise. A step leaves a sixth and more.
  private static final double STRAIGHT = 0.1;

  private static final int BLOCKS = 64;

  /// Ratio up to which two periods are the same; judged.
  private static final double SAME_PERIOD = 1.05;

  /// Periods are held to stand in a ratio of whole numbers up to this.
  private static final int MAX_RATIO = 6;

  private static final double RATIO_TOLERANCE = 0.005;

  /// Messages that are looked at: of more, every nth; an odd n meets every phase of a stream with
  /// several messages to one of the reference. Judged: 256 in each block.
  private static final int MAX_LOOKED = 1 << 14;

  /// Phases of which not all are needed for their mean: a quarter of them tells it within a
  /// fortieth of their spread.
  private static final int MANY = 6400;

  /// Behind a gap of more than this many of its periods the reference says nothing.
  private static final double REACH = 1.5;

  /// Blocks that must have kept their phase before it can be lost.
  private static final int KEPT_BLOCKS = 8;

  /// Whether the phase stays.
  public boolean locked() {
    return concentration > MIN_CONCENTRATION && Math.abs(driftNs) < MAX_DRIFT * periodNs;
  }

  /// Whether the phase moves evenly: another clock drives the stream.
  public boolean runsFree() {
    return !locked()
        && lostAt < 0
        && stepAt < 0
        && blockSpreadNs < STRAIGHT * Math.abs(driftNs)
        && spanNs > 0;
  }

  /// Rate of the stream against the reference, parts per million.
  public double ppm() {
    return spanNs > 0 ? driftNs / spanNs * 1e6 : 0;
  }

  /// The phases of `stream` against `reference`, folded to the period that shows a lock: that of
  /// either, or one that both share; else to the first that applies. Null where periods cannot be
  /// told.
  ///
  /// @param periodNs period of the stream
  /// @param periodic whether its stamps follow it
  /// @param sweepNs period of the reference
  public static @Nullable PhaseLock between(
      RisingStamps stream,
      double periodNs,
      boolean periodic,
      RisingStamps reference,
      double sweepNs) {
    List<Double> folds = new ArrayList<>();
    if (periodNs * SAME_PERIOD >= sweepNs) {
      folds.add(sweepNs);
    }
    if (periodic && periodNs <= sweepNs * SAME_PERIOD) {
      folds.add(periodNs);
    }
    for (int q = 1; periodic && q <= MAX_RATIO; q++) {
      double p = Math.rint(q * sweepNs / periodNs);
      if (p >= 1 && p <= MAX_RATIO && Math.abs(q * sweepNs / periodNs / p - 1) < RATIO_TOLERANCE) {
        folds.add(sweepNs / p);
        break;
      }
    }
    PhaseLock first = null;
    for (double fold : folds) {
      PhaseLock lock = of(stream, reference, fold, sweepNs);
      if (lock.locked()) {
        return lock;
      }
      first = first == null ? lock : first;
    }
    return first;
  }

  /// The phases of `stream` against `reference`.
  ///
  /// @param foldNs period that phases are folded to
  /// @param referencePeriodNs period of the reference
  public static PhaseLock of(
      RisingStamps stream, RisingStamps reference, double foldNs, double referencePeriodNs) {
    int size = stream.size();
    long[] own = stream.stampsNs();
    long[] others = reference.stampsNs();
    int stride = Math.max(1, (size + MAX_LOOKED - 1) / MAX_LOOKED) | 1;
    int looked = (size + stride - 1) / stride;
    double[] phases = new double[looked];
    double[] times = new double[looked];
    int[] places = new int[looked];
    int n = 0;
    int at = -1;
    int advance = 0;
    double re = 0;
    double im = 0;
    // Of many phases every fourth tells the mean as well, and sines are slow.
    int turning = size / stride > MANY ? 3 : 0;
    int turned = 0;
    for (int i = 0; i < size; i += stride) {
      int before = at;
      at = last(others, own[i], at, advance);
      advance = at - before;
      if (at < 0 || own[i] - others[at] > REACH * referencePeriodNs) {
        continue;
      }
      double phase = fold(own[i] - others[at], foldNs);
      if ((n & turning) == 0) {
        double angle = 2 * Math.PI * phase / foldNs;
        re += Math.cos(angle);
        im += Math.sin(angle);
        turned++;
      }
      phases[n] = phase;
      times[n] = own[i] - own[0];
      places[n++] = i;
    }
    if (n == 0) {
      return new PhaseLock(0, foldNs, 0, 0, 0, 0, 0, 0, -1, 0, -1, 0);
    }
    double mean = Math.atan2(im, re) / (2 * Math.PI) * foldNs;
    double concentration = Math.hypot(re, im) / turned;
    double span = times[n - 1] - times[0];
    Blocks blocks = new Blocks(phases, times, n, foldNs);
    double drift = blocks.slope * span;
    double spread = blocks.spread(phases, times, n);
    int step = blocks.stepAt(phases, n);
    int lost = step < 0 ? blocks.lostAt(foldNs) : -1;
    return new PhaseLock(
        n,
        foldNs,
        mean,
        spread,
        concentration,
        drift,
        span,
        blocks.blockSpread,
        lost < 0 ? -1 : places[lost],
        blocks.lostSlope * 1e6,
        step < 0 ? -1 : places[step],
        blocks.step);
  }

  /// The place of the last value that is not above `value`, at or behind `from`, -1 if there is
  /// none; it lies about `ahead` further on, so that what lies between need not be looked at.
  private static int last(long[] values, long value, int from, int ahead) {
    int at = Math.min(values.length - 1, from + ahead);
    while (at > from && values[at] > value) {
      at--;
    }
    while (at + 1 < values.length && values[at + 1] <= value) {
      at++;
    }
    return at;
  }

  /// A difference folded to half a period on either side of 0.
  public static double fold(double differenceNs, double periodNs) {
    return differenceNs - LatticeFit.nearest(differenceNs / periodNs) * periodNs;
  }

  /// Medians of the phases of some stretches, unwrapped from one to the next, and a line through
  /// them.
  private static final class Blocks {
    private final double foldNs;
    private final int count;
    private final double[] at;
    private final double[] phase;
    private final int[] first;
    private final double slope;
    private final double intercept;
    private final double blockSpread;
    private double lostSlope;
    private double step;

    Blocks(double[] phases, double[] times, int n, double foldNs) {
      this.foldNs = foldNs;
      this.count = Math.min(BLOCKS, Math.max(1, n / 4));
      this.at = new double[count];
      this.phase = new double[count];
      this.first = new int[count];
      double before = phases[0];
      for (int b = 0; b < count; b++) {
        int from = (int) ((long) b * n / count);
        int to = (int) ((long) (b + 1) * n / count);
        double[] near = new double[to - from];
        double sum = 0;
        for (int i = from; i < to; i++) {
          sum += times[i];
        }
        // Where all lie within less than half a circle, any of them tells which way round the
        // others
        // are; sines are slow.
        double centre = phases[from];
        if (foldAround(centre, phases, from, near) >= foldNs / 2) {
          centre = centre(phases, from, to);
          double _ = foldAround(centre, phases, from, near);
        }
        int half = near.length / 2;
        double upper = Select.at(near, 0, near.length, half);
        double lower = Select.at(near, 0, near.length, (near.length - 1) / 2);
        double median = centre + (upper + lower) / 2;
        before += fold(median - before, foldNs);
        phase[b] = before;
        at[b] = sum / (to - from);
        first[b] = from;
      }
      double[] line = line(0, count);
      intercept = line[0];
      slope = line[1];
      blockSpread = Math.sqrt(line[2] / count);
    }

    /// Folds phases around one; returns the range of the result.
    private double foldAround(double centre, double[] phases, int from, double[] near) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < near.length; i++) {
        double off = fold(phases[from + i] - centre, foldNs);
        near[i] = off;
        if (off < least) {
          least = off;
        }
        if (off > most) {
          most = off;
        }
      }
      return most - least;
    }

    private double centre(double[] phases, int from, int to) {
      double re = 0;
      double im = 0;
      for (int i = from; i < to; i++) {
        double angle = 2 * Math.PI * phases[i] / foldNs;
        re += Math.cos(angle);
        im += Math.sin(angle);
      }
      return Math.atan2(im, re) / (2 * Math.PI) * foldNs;
    }

    /// Intercept, slope and sum of squared residuals of the line through blocks `[from, to)`.
    private double[] line(int from, int to) {
      double meanAt = 0;
      double meanPhase = 0;
      for (int b = from; b < to; b++) {
        meanAt += at[b] / (to - from);
        meanPhase += phase[b] / (to - from);
      }
      double squares = 0;
      double products = 0;
      double all = 0;
      for (int b = from; b < to; b++) {
        squares += (at[b] - meanAt) * (at[b] - meanAt);
        products += (at[b] - meanAt) * (phase[b] - meanPhase);
        all += (phase[b] - meanPhase) * (phase[b] - meanPhase);
      }
      double rise = squares > 0 ? products / squares : 0;
      return new double[] {meanPhase - rise * meanAt, rise, Math.max(0, all - rise * products)};
    }

    /// Robust spread of the phases around the line.
    double spread(double[] phases, double[] times, int n) {
      double[] off = new double[n];
      for (int i = 0; i < n; i++) {
        off[i] = Math.abs(fold(phases[i] - intercept - slope * times[i], foldNs));
      }
      return LatticeFit.MAD_TO_SIGMA * Select.at(off, 0, n, n / 2);
    }

    /// The phase behind a step between two constant ones, or -1.
    int stepAt(double[] phases, int n) {
      double total = flat(0, count);
      double best = total;
      int at = -1;
      for (int b = 2; b + 2 <= count; b++) {
        double both = flat(0, b) + flat(b, count);
        if (both < best) {
          best = both;
          at = b;
        }
      }
      if (at < 0 || best > total * STRAIGHT) {
        return -1;
      }
      double size = mean(at, count) - mean(0, at);
      if (Math.abs(size) < 5 * Math.sqrt(best / count)) {
        return -1;
      }
      step = size;
      int place = first[at];
      double largest = 0;
      int end = at + 1 < count ? first[at + 1] : n;
      for (int i = first[at - 1] + 1; i < end; i++) {
        double jump = Math.abs(fold(phases[i] - phases[i - 1], foldNs));
        if (jump > largest) {
          largest = jump;
          place = i;
        }
      }
      return place;
    }

    private double mean(int from, int to) {
      double sum = 0;
      for (int b = from; b < to; b++) {
        sum += phase[b];
      }
      return sum / (to - from);
    }

    /// Sum of squared distances from the mean of blocks `[from, to)`.
    private double flat(int from, int to) {
      double mean = mean(from, to);
      double sum = 0;
      for (int b = from; b < to; b++) {
        sum += (phase[b] - mean) * (phase[b] - mean);
      }
      return sum;
    }

    /// The phase from which on phases run away after having been constant, or -1.
    int lostAt(double foldNs) {
      double one = line(0, count)[2];
      double best = one;
      int at = -1;
      for (int b = KEPT_BLOCKS; b + KEPT_BLOCKS <= count; b++) {
        double[] kept = line(0, b);
        double[] lost = line(b, count);
        double drift = lost[1] * (this.at[count - 1] - this.at[b]);
        double before = kept[1] * (this.at[b - 1] - this.at[0]);
        if (kept[2] + lost[2] < best
            && Math.abs(drift) >= MAX_DRIFT * foldNs
            && Math.abs(before) < MAX_DRIFT / 5 * foldNs
            && Math.abs(kept[1]) < Math.abs(lost[1]) / 10
            && Math.sqrt(lost[2] / (count - b)) < STRAIGHT * Math.abs(drift)) {
          best = kept[2] + lost[2];
          at = b;
          lostSlope = lost[1];
        }
      }
      return at >= 0 && best < one / 4 ? first[at] : -1;
    }
  }
}
