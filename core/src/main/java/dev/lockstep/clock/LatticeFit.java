package dev.lockstep.clock;

import java.util.Arrays;
import java.util.Objects;

/// Fits one lattice to an array of stamps, robust to lost messages, displaced stamps and jitter, or
/// says why none fits.
///
/// The period is searched as the frequency at which the stamps, wrapped onto a circle, point most
/// nearly one way (the concentration `R`, 1 minus the circular variance), around the median step
/// and its half and third; the coarsest period that holds wins, which refuses the aliases T/2 and
/// T/3 that fit every lattice just as well. Slots then follow by rounding, and period and phase by
/// a least-squares line with Huber weights at 1.4826 times the median absolute residual, repeated
/// until the slots stay, over a block that doubles until it holds all stamps. Cost is linear in the
/// number of stamps.
///
/// A lattice is one phase at one period: the fit is over the longest stretch without a step of more
/// than 16 median steps, and stamps that change phase or period within it give [CannotLock] or the
/// lattice of the larger part. [LatticeTracker] follows such streams.
public final class LatticeFit {

  /// Fewest rising stamps from which a period is claimed. Of random (Poisson) series of 12 stamps
  /// under one in a thousand locks by chance, see `LatticeFitTest`.
  public static final int MIN_STAMPS = 12;

  /// Least concentration of a lock. Gaussian jitter of a tenth of the period gives 0.82, where one
  /// stamp in two million leaves its own half period: below, a lost message can no longer be told
  /// from a late one.
  public static final double MIN_CONCENTRATION = 0.8;

  /// Below this concentration there is no lattice at all. Judged: Gaussian jitter of a fifth of the
  /// period.
  static final double NO_LATTICE_CONCENTRATION = 0.5;

  /// Least share of steps that advance by exactly one slot. Judged: with a third of the messages
  /// lost at random two steps in three still do; stamps that come in pairs stay at one half.
  static final double MIN_SINGLE_STEPS = 0.55;

  /// Usable stamps lie within this distance of 0 (146 years), so that no difference overflows.
  private static final long MAX_ABS_STAMP_NS = 1L << 62;

  /// From here to twice as much, neighbouring numbers are one apart.
  private static final double WHOLE = 0x1p52;

  /// A step longer than this many median steps ends a stretch: the phase may not survive it;
  /// judged.
  static final int LONG_STEP = 16;

  /// Largest share of such steps: where they are more frequent the stream comes in bursts, and the
  /// lattice of a burst says nothing about lost messages; judged.
  private static final double MAX_LONG_STEPS = 1.0 / 32;

  /// Least share of stamps that rise; judged.
  private static final double MIN_RISING = 0.75;

  private static final int SEED_STAMPS = 64;

  /// Blocks in which a period is searched before the fit gives up; judged.
  private static final int SEED_ATTEMPTS = 8;

  /// Half width of the period search: with jitter of a tenth of the period and a fifth of the
  /// messages lost the median step of 64 stamps is within 12 % of the period (three sigma).
  private static final double SEARCH_WIDTH = 0.16;

  /// Huber's constant: 95 % efficiency under Gaussian noise.
  private static final double HUBER = 1.345;

  /// Standard deviations that a tenth, and three in a hundred, of normal values exceed on either
  /// side.
  static final double TENTH_SIGMAS = 1.645;

  static final double RARE_SIGMAS = 2.170;

  /// Scale of the median absolute deviation to a Gaussian standard deviation.
  static final double MAD_TO_SIGMA = 1.4826;

  private static final int MAX_ROUNDS = 12;

  /// Movement of a line, in periods over its length and in ns, below which it is done; judged.
  private static final double ROUGH = 1.0 / 256;

  private static final double EXACT_NS = 0.01;

  /// What a fit gives: a lattice, or the reason why none is claimed.
  public sealed interface Outcome permits Locked, CannotLock {}

  /// The stamps lie on a lattice.
  ///
  /// @param lattice the lattice; its slot 0 holds the first stamp that was fitted
  /// @param stamps number of rising stamps that were fitted
  /// @param slots slots from the first to the last stamp, both included
  /// @param sigmaNs robust standard deviation of the residuals: 1.4826 times their median magnitude
  /// @param tailNs magnitude that one residual in ten exceeds
  /// @param rareNs magnitude that three residuals in a hundred exceed, at least one
  /// @param maxNs largest magnitude
  /// @param concentration length of the mean unit vector of the residuals on a circle of one period
  public record Locked(
      Lattice lattice,
      int stamps,
      long slots,
      double sigmaNs,
      double tailNs,
      double rareNs,
      double maxNs,
      double concentration)
      implements Outcome {

    /// Standard deviation of the stream's own jitter: the largest of those that half, a tenth and
    /// three in a hundred of its stamps show, so that tails count and single faults do not.
    public double jitterNs() {
      return LatticeFit.jitterNs(sigmaNs, tailNs, rareNs);
    }
  }

  /// The whole number next to `x`, halves to the even one, as by Math.rint, which is a call until
  /// the last compiler has dealt with it.
  static double nearest(double x) {
    // Where neighbouring numbers are one apart, a sum is rounded to a whole number.
    return Math.abs(x) < WHOLE / 2 ? x + 1.5 * WHOLE - 1.5 * WHOLE : Math.rint(x);
  }

  static double jitterNs(double sigmaNs, double tailNs, double rareNs) {
    return Math.max(sigmaNs, Math.max(tailNs / TENTH_SIGMAS, rareNs / RARE_SIGMAS));
  }

  /// No lattice is claimed.
  ///
  /// @param reason why
  /// @param stamps number of rising stamps
  /// @param medianStepNs median of the rising steps, 0 where there are none
  /// @param longSteps steps longer than 1.5 medians: a measurement, never proof of a lost message
  /// @param concentration the best concentration found, 0 where none was computed
  public record CannotLock(
      Reason reason, int stamps, double medianStepNs, int longSteps, double concentration)
      implements Outcome {}

  /// Why no lattice is claimed.
  public enum Reason {
    /// Fewer than [#MIN_STAMPS] stamps that rise.
    TOO_FEW_STAMPS("too few stamps to learn a period"),
    /// Every stamp has the same value.
    ALL_EQUAL("all stamps are equal"),
    /// More than a quarter of the stamps do not rise: messages share stamps, or run backwards.
    NOT_RISING("many stamps do not rise (messages share stamps or run backwards)"),
    /// The stamps follow no period: messages are sent when something happens.
    EVENT_DRIVEN("stamps follow no period (event-driven)"),
    /// There is a period, but jitter reaches half of it: a lost message looks like a late one.
    JITTER_TOO_WIDE("jitter reaches half a period"),
    /// Messages come in bursts: most steps skip slots of the finest lattice, or long steps are
    /// many.
    BURSTS("messages come in bursts");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }

    /// The reason as a clause for a report.
    public String sentence() {
      return sentence;
    }
  }

  private LatticeFit() {}

  /// Fits a lattice to the stamps `[from, to)`.
  ///
  /// Stamps need not rise: of two that do not, the one that contradicts its neighbours is left out.
  ///
  /// @throws IndexOutOfBoundsException where the range is not inside the array
  public static Outcome fit(long[] stampsNs, int from, int to) {
    Objects.checkFromToIndex(from, to, stampsNs.length);
    long[] rising = new long[to - from];
    int n = rising(stampsNs, from, to, rising);
    double median = medianStep(rising, n);
    boolean fewRise = to - from >= 2 * MIN_STAMPS && n < MIN_RISING * (to - from);
    if (n < MIN_STAMPS || fewRise) {
      Reason reason = fewRise ? Reason.NOT_RISING : Reason.TOO_FEW_STAMPS;
      boolean equal = to - from > 1 && allEqual(stampsNs, from, to);
      int longSteps = longSteps(rising, n, median);
      return new CannotLock(equal ? Reason.ALL_EQUAL : reason, n, median, longSteps, 0);
    }
    int first = 0;
    int length = 0;
    int stretches = 0;
    for (int start = 0; start < n; ) {
      int end = start + 1;
      while (end < n && rising[end] - rising[end - 1] <= LONG_STEP * median) {
        end++;
      }
      if (end - start > length) {
        first = start;
        length = end - start;
      }
      start = end;
      stretches++;
    }
    if (length < MIN_STAMPS || stretches - 1 > MAX_LONG_STEPS * n) {
      return new CannotLock(Reason.BURSTS, n, median, longSteps(rising, n, median), 0);
    }
    return new Search(rising, first, first + length, median).run();
  }

  private static boolean allEqual(long[] stampsNs, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (stampsNs[i] != stampsNs[from]) {
        return false;
      }
    }
    return true;
  }

  static boolean isUsable(long stampNs) {
    return stampNs <= MAX_ABS_STAMP_NS && stampNs >= -MAX_ABS_STAMP_NS;
  }

  /// Copies the stamps that rise, leaving out of each pair that does not the one that contradicts
  /// its neighbours; returns their number.
  static int rising(long[] stampsNs, int from, int to, long[] out) {
    int n = 0;
    for (int i = from; i < to; i++) {
      long stamp = stampsNs[i];
      if (!isUsable(stamp)) {
        continue;
      }
      if (n > 0 && stamp <= out[n - 1]) {
        if (stamp == out[n - 1] || (n > 1 && stamp <= out[n - 2])) {
          continue;
        }
        n--;
      }
      out[n++] = stamp;
    }
    return n;
  }

  /// Lower median of the steps of `n` rising stamps, 0 where there is no step.
  static double medianStep(long[] rising, int n) {
    if (n < 2) {
      return 0;
    }
    long[] steps = new long[n - 1];
    for (int i = 1; i < n; i++) {
      steps[i - 1] = rising[i] - rising[i - 1];
    }
    Arrays.sort(steps);
    return steps[(n - 2) / 2];
  }

  private static int longSteps(long[] rising, int n, double medianStepNs) {
    int longSteps = 0;
    for (int i = 1; i < n; i++) {
      if (rising[i] - rising[i - 1] > 1.5 * medianStepNs) {
        longSteps++;
      }
    }
    return longSteps;
  }

  /// One search: the stamps relative to the first, and the state of the fit.
  private static final class Search {
    private final long[] rising;
    private final long anchorNs;
    private final double[] offsets;
    private final int count;
    private final double medianStepNs;
    private final double[] scratch;
    private double periodNs;
    private double phaseNs;
    private double concentration;

    Search(long[] rising, int from, int to, double medianStepNs) {
      this.rising = Arrays.copyOfRange(rising, from, to);
      this.anchorNs = rising[from];
      this.count = to - from;
      this.medianStepNs = medianStepNs;
      this.offsets = new double[count];
      this.scratch = new double[count];
      for (int i = 0; i < count; i++) {
        offsets[i] = this.rising[i] - anchorNs;
      }
    }

    Outcome run() {
      int lo = 0;
      int hi = 0;
      for (int attempt = 0; attempt < SEED_ATTEMPTS && count - hi >= MIN_STAMPS; attempt++) {
        lo = hi;
        hi = Math.min(count, lo + SEED_STAMPS);
        searchPeriod(lo, hi);
        if (concentration >= MIN_CONCENTRATION) {
          break;
        }
      }
      if (concentration < MIN_CONCENTRATION) {
        return cannot(
            concentration < NO_LATTICE_CONCENTRATION
                ? Reason.EVENT_DRIVEN
                : Reason.JITTER_TOO_WIDE);
      }
      while (lo > 0 || hi < count) {
        int length = hi - lo;
        // So well that twice as many have their slots, and no better: it is done again with those.
        refine(lo, hi, ROUGH * periodNs);
        lo = Math.max(0, lo - length);
        hi = (int) Math.min(count, (long) hi + length);
      }
      refine(lo, hi, EXACT_NS);
      return judge();
    }

    /// Sets period, phase and concentration to the coarsest good peak among the median step, its
    /// half and its third.
    private void searchPeriod(int lo, int hi) {
      double best = -1;
      double bestFrequency = 0;
      double bestPhase = 0;
      for (int divisor = 1; divisor <= 3 && best < MIN_CONCENTRATION; divisor++) {
        double centre = divisor / medianStepNs;
        double span = offsets[hi - 1] - offsets[lo];
        // A quarter turn over the whole block between two trials loses under 3 % of R.
        int trials = (int) Math.ceil(2 * SEARCH_WIDTH * centre * span * 4) + 1;
        double start = centre * (1 - SEARCH_WIDTH);
        double step = 2 * SEARCH_WIDTH * centre / trials;
        double[] sums = new double[2 * (trials + 1)];
        for (int i = lo; i < hi; i++) {
          double x = offsets[i] - offsets[lo];
          double angle = 2 * Math.PI * start * x;
          double turn = 2 * Math.PI * step * x;
          double re = Math.cos(angle);
          double im = Math.sin(angle);
          double turnRe = Math.cos(turn);
          double turnIm = Math.sin(turn);
          for (int t = 0; t <= trials; t++) {
            sums[2 * t] += re;
            sums[2 * t + 1] += im;
            double next = re * turnRe - im * turnIm;
            im = re * turnIm + im * turnRe;
            re = next;
          }
        }
        for (int t = 0; t <= trials; t++) {
          double r = Math.hypot(sums[2 * t], sums[2 * t + 1]) / (hi - lo);
          if (r > best) {
            best = r;
            bestFrequency = start + t * step;
            bestPhase = Math.atan2(sums[2 * t + 1], sums[2 * t]);
          }
        }
      }
      periodNs = 1 / bestFrequency;
      phaseNs = offsets[lo] + bestPhase / (2 * Math.PI) * periodNs;
      concentration = best;
    }

    /// Robust line through `[lo, hi)` with slots by rounding, until it moves no more than so far.
    private void refine(int lo, int hi, double movesNs) {
      double lastPeriod = 0;
      double lastPhase = 0;
      for (int round = 0; round < MAX_ROUNDS; round++) {
        double scale = Math.max(1, MAD_TO_SIGMA * medianResidual(lo, hi));
        line(lo, hi, HUBER * scale);
        if (Math.abs(periodNs - lastPeriod) * (hi - lo) < movesNs
            && Math.abs(phaseNs - lastPhase) < movesNs) {
          return;
        }
        lastPeriod = periodNs;
        lastPhase = phaseNs;
      }
    }

    private double residual(int i) {
      double x = offsets[i] - phaseNs;
      return x - nearest(x / periodNs) * periodNs;
    }

    private double medianResidual(int lo, int hi) {
      for (int i = lo; i < hi; i++) {
        scratch[i] = Math.abs(residual(i));
      }
      return Select.at(scratch, lo, hi, lo + (hi - lo) / 2);
    }

    /// Moves phase and period by the weighted line through the residuals of `[lo, hi)`.
    private void line(int lo, int hi, double bound) {
      // Locals, because the first compiler loads fields again in each turn.
      double[] at = offsets;
      double phase = phaseNs;
      double period = periodNs;
      double weights = 0;
      double slots = 0;
      double residuals = 0;
      for (int i = lo; i < hi; i++) {
        double slot = nearest((at[i] - phase) / period);
        double residual = at[i] - phase - slot * period;
        double weight = weight(residual, bound);
        weights += weight;
        slots += weight * slot;
        residuals += weight * residual;
      }
      double meanSlot = slots / weights;
      double meanResidual = residuals / weights;
      double squares = 0;
      double products = 0;
      for (int i = lo; i < hi; i++) {
        double slot = nearest((at[i] - phase) / period);
        double residual = at[i] - phase - slot * period;
        double weight = weight(residual, bound);
        squares += weight * (slot - meanSlot) * (slot - meanSlot);
        products += weight * (slot - meanSlot) * (residual - meanResidual);
      }
      double slope = squares > 0 ? products / squares : 0;
      phaseNs += meanResidual - slope * meanSlot;
      periodNs += slope;
    }

    private static double weight(double residual, double bound) {
      double size = Math.abs(residual);
      return bound < size ? bound / size : 1;
    }

    private Outcome judge() {
      double re = 0;
      double im = 0;
      double max = 0;
      int single = 0;
      double lastSlot = 0;
      double firstSlot = 0;
      for (int i = 0; i < count; i++) {
        double residual = residual(i);
        double angle = 2 * Math.PI * residual / periodNs;
        re += Math.cos(angle);
        im += Math.sin(angle);
        max = Math.max(max, Math.abs(residual));
        double slot = Math.rint((offsets[i] - phaseNs) / periodNs);
        if (i == 0) {
          firstSlot = slot;
        } else if (slot - lastSlot == 1) {
          single++;
        }
        lastSlot = slot;
        scratch[i] = Math.abs(residual);
      }
      concentration = Math.hypot(re, im) / count;
      if (concentration < NO_LATTICE_CONCENTRATION) {
        return cannot(Reason.EVENT_DRIVEN);
      }
      if (single < MIN_SINGLE_STEPS * (count - 1)) {
        return cannot(Reason.BURSTS);
      }
      if (concentration < MIN_CONCENTRATION) {
        return cannot(Reason.JITTER_TOO_WIDE);
      }
      int half = count / 2;
      int tenth = (int) (0.9 * count);
      int rare = Math.min(count - 2, (int) (0.97 * count));
      long zero = anchorNs + Math.round(phaseNs + firstSlot * periodNs);
      return new Locked(
          new Lattice(zero, periodNs),
          count,
          (long) (lastSlot - firstSlot) + 1,
          MAD_TO_SIGMA * Select.at(scratch, 0, count, half),
          Select.at(scratch, 0, count, tenth),
          Select.at(scratch, 0, count, rare),
          max,
          concentration);
    }

    private CannotLock cannot(Reason reason) {
      int longSteps = longSteps(rising, count, medianStepNs);
      return new CannotLock(reason, count, medianStepNs, longSteps, Math.max(0, concentration));
    }
  }
}
