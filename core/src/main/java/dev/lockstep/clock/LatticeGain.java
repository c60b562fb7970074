package dev.lockstep.clock;

/// How far a stamp may stray and how fast the lattice follows: limits in units of the stream's own
/// jitter, and the gains of the tracking filter.
///
/// The filter is the recursive least-squares line (growing memory up to [#MEMORY] messages, fading
/// beyond). Where the phase itself walks, as with a motor or a timer that counts from its last
/// wake-up, the phase gain rises to that of the steady Kalman filter for the measured ratio of walk
/// to jitter.
final class LatticeGain {

  /// Messages after which the filter forgets; judged: 25 s at 10 Hz, short against thermal cycles.
  static final int MEMORY = 256;

  /// Limit in robust standard deviations: of Gaussian residuals one in 500 million is beyond.
  private static final double SIGMAS = 6;

  /// The tail beyond one residual in ten, extended to one in ten million at the rate at which it
  /// falls from one in ten to three in a hundred: 7.7 standard deviations of Gaussian jitter, 16
  /// means of exponential lateness.
  static final double TAIL_STRETCH = Math.log(0.1 / 1e-7) / Math.log(0.1 / 0.03);

  /// That fall for Gaussian jitter, in standard deviations, and the number of residuals that weigh
  /// as much as this expectation: 64 measured ones know the tail to within two fifths only.
  static final double GAUSSIAN_FALL = LatticeFit.RARE_SIGMAS - LatticeFit.TENTH_SIGMAS;

  private static final double EXPECTATION = 128;

  /// Limit in units of the magnitude that three residuals in a hundred exceed: what happens more
  /// often than that is the stream's habit and shows in its [Jitter]; judged.
  private static final double RARES = 2;

  /// Limit as a share of the period below which nothing is reported. Judged: under one percent of a
  /// period no message changes its slot or its partner; clocks with coarse ticks stay below.
  static final double FLOOR = 1.0 / 128;

  /// A stamp on a coarse decimal grid may stray by this many grid steps: one by rounding, half for
  /// the lattice's own.
  private static final double GRIDS = 1.5;

  private static final double AGREEMENT = 5.4;

  /// Accuracy with which a period is carried across a hole, besides its own error; an ordinary
  /// oscillator wanders by about one part per million.
  private static final double CARRY = 1e-6;

  /// A change of period beyond this is a change of rate; oscillators stay within 100 ppm.
  private static final double NEW_RATE = 1e-3;

  /// Residuals after which limits are set anew; older ones count half as much each time.
  private static final int BLOCK = 256;

  private static final int SUB_BITS = 4;
  private static final int SHIFT = 52 - SUB_BITS;
  private static final long ONE = Double.doubleToRawLongBits(1.0) >>> SHIFT;

  /// Phase and period gain of the filter.
  double alpha;

  double beta;

  /// Largest residual that is usual, at most half a period.
  double limitNs;

  private final int[] counts = new int[(64 << SUB_BITS) + 1];
  private int counted;
  private int total;
  private double wideNs;
  private double sigmaNs;
  private double tailNs;
  private double rareNs;

  /// Stamps that have set the limits.
  private int known;

  private double jitterNs;

  /// One over a third of [#leastStepNs], so that a step that matters is three.
  double perStepUnit;

  /// The lesser of [#leastStepNs] now and before the limits were last set, which a step that is not
  /// yet told may have widened.
  double leastRecentStepNs;

  private double lastLeastStepNs;
  private double walkRatio;
  private double walkAlpha;
  private long gridNs;
  private boolean frozen = true;
  private int memory;
  private int periodMemory;

  /// Sets the limits from a fit; the lattice does not adapt until [#adapt].
  void start(LatticeFit.Locked fit, long grid) {
    freeze();
    gridNs = grid;
    double period = fit.lattice().periodNs();
    lastLeastStepNs = Double.POSITIVE_INFINITY;
    setLimits(fit.sigmaNs(), fit.tailNs(), fit.rareNs(), fit.stamps(), period);
    java.util.Arrays.fill(counts, 0);
    counted = 0;
    total = 0;
  }

  /// Widens the limits by a second fit, where few stamps have set them: neither saw all that the
  /// stream does.
  void widen(LatticeFit.Locked fit, double periodNs) {
    if (known < BLOCK) {
      double sigma = Math.max(sigmaNs, fit.sigmaNs());
      double tail = Math.max(tailNs, fit.tailNs());
      setLimits(sigma, tail, Math.max(rareNs, fit.rareNs()), known + fit.stamps(), periodNs);
    }
  }

  /// Keeps the lattice where it is until [#adapt].
  void freeze() {
    frozen = true;
    alpha = 0;
    beta = 0;
  }

  void adapt(int learned, double ratio, long grid) {
    frozen = false;
    memory = learned;
    periodMemory = learned;
    retune(ratio, grid);
  }

  void retune(double ratio, long grid) {
    gridNs = grid;
    walkRatio = ratio;
    walkAlpha = (-ratio + Math.sqrt(ratio * ratio + 4 * ratio)) / 2;
    setGains();
  }

  /// Counts a usual residual.
  void count(double residual, double periodNs) {
    observe(Math.abs(residual), periodNs);
    if (memory < MEMORY || periodMemory < MEMORY) {
      grow();
    }
  }

  /// Counts the magnitude of any residual towards the limits.
  void observe(double magnitude, double periodNs) {
    long bucket = (Double.doubleToRawLongBits(magnitude + 1) >>> SHIFT) - ONE;
    counts[bucket < counts.length ? (int) bucket : counts.length - 1]++;
    total++;
    if (++counted == BLOCK) {
      double sigma = LatticeFit.MAD_TO_SIGMA * quantile(0.5);
      setLimits(sigma, quantile(0.9), quantile(0.97), total, periodNs);
      counted = 0;
      total = 0;
      for (int i = 0; i < counts.length; i++) {
        counts[i] >>= 1;
        total += counts[i];
      }
    }
  }

  /// The magnitude below which a share of the counted residuals lie, interpolated in its bucket.
  private double quantile(double share) {
    int left = (int) (share * total);
    int i = 0;
    while (left >= counts[i]) {
      left -= counts[i++];
    }
    double low = Double.longBitsToDouble((ONE + i) << SHIFT);
    double high = Double.longBitsToDouble((ONE + i + 1) << SHIFT);
    return low + (high - low) * (left + 0.5) / counts[i] - 1;
  }

  private void setLimits(double sigma, double tailNs, double rareNs, int n, double periodNs) {
    sigmaNs = sigma;
    this.tailNs = tailNs;
    this.rareNs = rareNs;
    known = n;
    jitterNs = LatticeFit.jitterNs(sigma, tailNs, rareNs);
    double fall = (n * (rareNs - tailNs) + EXPECTATION * GAUSSIAN_FALL * sigma) / (n + EXPECTATION);
    double habit = Math.max(RARES * rareNs, tailNs + TAIL_STRETCH * fall);
    wideNs = Math.max(Math.max(SIGMAS * sigma, habit), FLOOR * periodNs);
    limitNs = Math.min(wideNs, periodNs / 2);
    double least = leastStepNs(periodNs);
    perStepUnit = ChangePoint.SIGMAS / least;
    leastRecentStepNs = Math.min(least, lastLeastStepNs);
    lastLeastStepNs = least;
  }

  private void grow() {
    if (frozen) {
      return;
    }
    memory = Math.min(MEMORY, memory + 1);
    periodMemory = Math.min(MEMORY, periodMemory + 1);
    setGains();
  }

  private void setGains() {
    if (frozen) {
      return;
    }
    double n = memory;
    alpha = Math.max(walkAlpha, 2 * (2 * n - 1) / (n * (n + 1)));
    double m = periodMemory;
    beta = 6 / (m * (m + 1));
  }

  /// A new phase is known from `messages` messages; the period is kept.
  void newPhase(int messages) {
    memory = messages;
    setGains();
  }

  /// Forgets all but the newest `messages` messages.
  void forget(int messages) {
    memory = Math.min(memory, messages);
    periodMemory = Math.min(periodMemory, messages);
    setGains();
  }

  /// Usual limit for a stamp that lies `stepNs` after the one before: wider where both lie on the
  /// grid of a coarse clock.
  double limitAt(long stepNs, double periodNs) {
    return Math.min(periodNs / 2, wideAt(stepNs));
  }

  /// The limit of [#limitAt] without the bound of half a period.
  double wideAt(long stepNs) {
    return gridNs > 0 && stepNs % gridNs == 0 ? Math.max(wideNs, GRIDS * gridNs) : wideNs;
  }

  /// Least step that is reported in a stream that is yet to be followed.
  static double leastStepNs(LatticeFit.Locked fit, long gridNs) {
    double floor = Math.max(GRIDS * gridNs, FLOOR * fit.lattice().periodNs());
    return Math.max(floor, ChangePoint.SIGMAS * fit.jitterNs());
  }

  /// How far a stamp of a coarse clock may be off by rounding, 0 for other clocks.
  double roundingNs() {
    return GRIDS * gridNs;
  }

  /// Least step that is reported, besides the limit of a single stamp: above what the clock can
  /// tell, and what matters.
  double leastStepNs(double periodNs) {
    return Math.max(Math.max(roundingNs(), FLOOR * periodNs), ChangePoint.SIGMAS * jitterNs);
  }

  /// Least step that is reported where many stamps on either side tell it: above what the clock can
  /// tell, and what matters.
  double leastWindowStepNs(double periodNs) {
    return Math.max(roundingNs(), FLOOR * periodNs);
  }

  /// How far apart the offsets of messages that agree on a phase may lie: the range of six Gaussian
  /// residuals in 999 of 1,000 cases, and an eighth of the limit where jitter is far below it.
  double agreementNs() {
    return Math.max(AGREEMENT * sigmaNs, limitNs / 8);
  }

  /// Three standard errors of the phase carried over some slots.
  double carryNs(long slots, double periodNs) {
    if (slots <= 1) {
      return 0;
    }
    double n = Math.max(periodMemory, LatticeFit.MIN_STAMPS);
    // The whole jitter: a phase that wanders shows in its tail first.
    double slope = jitterNs * Math.sqrt(12 / (n * n * n));
    return 3 * (slope * slots + CARRY * periodNs * slots + walkNs() * Math.sqrt((double) slots));
  }

  /// Whether a hole is so long that the number of slots in it is no longer certain.
  boolean phaseLost(long slots, double periodNs) {
    return carryNs(slots, periodNs) > periodNs / 2;
  }

  /// Whether a hole is so long that the phase behind it is known less well than one message tells
  /// it.
  boolean phaseFades(long slots, double periodNs) {
    return carryNs(slots, periodNs) > limitNs / 2;
  }

  private double walkNs() {
    return sigmaNs * Math.sqrt(walkRatio / (1 + walkRatio));
  }

  /// Whether two periods, each fitted over so many stamps, are two rates.
  boolean isNewRate(double reference, int referenceStamps, double fresh, int freshStamps) {
    double error = Math.hypot(periodErrorNs(referenceStamps), periodErrorNs(freshStamps));
    return Math.abs(fresh - reference) > Math.max(NEW_RATE * reference, SIGMAS * error);
  }

  /// Standard error of a period fitted over `n` stamps: that of independent jitter, and that of a
  /// walking phase (the slope of a random walk has variance 6/5 of a step's over n).
  private double periodErrorNs(int n) {
    return Math.hypot(jitterNs * Math.sqrt(12.0 / n) / n, walkNs() * Math.sqrt(1.2 / n));
  }
}
