package dev.lockstep.clock;

/// How fine the stamps of one stream are, and whether they once were floating-point numbers.
///
/// **Grid.** The greatest common divisor of all steps between unequal stamps. A clock that counts
/// milliseconds gives 1,000,000 ns however much its steps vary; of `v` steps that differ from the
/// one before by chance all are multiples of `g` with probability below `g^-v`.
///
/// **Float trace.** A Unix stamp needs 61 bits and a double holds 53, so nanoseconds that passed
/// through a double are multiples of 256 (64 for stamps near 1980), and seconds that did are
/// multiples of 2^-22 s = 238.4 ns, rounded or cut to whole nanoseconds. Either is decided only
/// where every stamp complies and the probability that stamps of the stream's own decimal digits do
/// so by chance is below [#MAX_CHANCE]: with nanosecond stamps four of the first kind suffice,
/// eight of the second.
///
/// Streaming, a few fields of memory, independent of order and batches except for the steps.
public final class StampResolution {

  /// Highest probability of a chance result that is still called a trace.
  public static final double MAX_CHANCE = 1e-9;

  /// Steps that a coarse clock varies at least; two late stamps vary eight. Judged.
  private static final int MIN_VARIATIONS = 9;

  private static final double MIN_VARIATION_SHARE = 0.01;

  private static final long NANOS = 1_000_000_000L;

  /// Bits that a double holds.
  private static final int DOUBLE_BITS = 53;

  /// Finest double grid of seconds, in nanoseconds, that whole nanoseconds still reveal; judged.
  private static final double FINEST_SECONDS_NS = 8;

  private static final long[] POWERS_OF_TEN = new long[19];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  /// What floating-point type the stamps came through.
  public enum FloatTrace {
    /// At least one stamp cannot have come through a double.
    NONE,
    /// Every stamp is a number of nanoseconds that a double can hold.
    NANOSECONDS,
    /// Every stamp is, to the nanosecond, a number of seconds that a double can hold.
    SECONDS,
    /// Too few stamps, stamps too small, or so coarse that a double holds them anyway.
    UNDECIDABLE
  }

  private long count;
  private long repeats;
  private long variations;
  private long gridNs;
  private long lastNs;
  private long lastStepNs;
  private long bits;
  private int decimals = 18;
  private long inNanoseconds;
  private long inSeconds;
  private double nanosecondsLog;
  private double secondsLog;

  /// Has seen nothing.
  public StampResolution() {}

  /// Takes the next stamp, in nanoseconds.
  public void add(long stampNs) {
    if (count > 0) {
      step(stampNs - lastNs);
    }
    lastNs = stampNs;
    count++;
    bits |= stampNs;
    while (decimals > 0 && stampNs % POWERS_OF_TEN[decimals] != 0) {
      decimals--;
    }
    long magnitude = Math.abs(stampNs);
    int spare = 64 - Long.numberOfLeadingZeros(magnitude) - DOUBLE_BITS;
    if (spare > 0) {
      nanosecondsLog -= spare * Math.log10(2);
      inNanoseconds += Long.numberOfTrailingZeros(stampNs) >= spare ? 1 : 0;
    }
    addSeconds(magnitude);
  }

  private void step(long stepNs) {
    if (stepNs == 0) {
      repeats++;
      return;
    }
    if (stepNs != lastStepNs && lastStepNs != 0) {
      variations++;
    }
    lastStepNs = stepNs;
    gridNs = gridNs == 0 ? Math.abs(stepNs) : gcd(gridNs, stepNs);
  }

  private void addSeconds(long magnitudeNs) {
    long seconds = magnitudeNs / NANOS;
    int exponent = 63 - Long.numberOfLeadingZeros(Math.max(1, seconds));
    double stepNs = NANOS * Math.scalb(1.0, exponent - DOUBLE_BITS + 1);
    if (stepNs < FINEST_SECONDS_NS) {
      return;
    }
    double fractionNs = magnitudeNs % NANOS;
    double below = Math.floor((fractionNs + 0.5) / stepNs) * stepNs;
    double above = below + stepNs;
    // Rounded to the nearest nanosecond, or cut down to one.
    boolean fits = fractionNs - below <= 0.5 || above - fractionNs < 1;
    inSeconds += fits ? 1 : 0;
    secondsLog += Math.log10(2 / stepNs);
  }

  /// Number of stamps seen.
  public long count() {
    return count;
  }

  /// Number of stamps equal to the one before.
  public long repeats() {
    return repeats;
  }

  /// Greatest common divisor of all steps, in nanoseconds; 0 where there was no step. Where all
  /// steps are equal it is the step itself and says nothing about the clock.
  public long gridNs() {
    return gridNs;
  }

  /// Probability that steps of a nanosecond clock share the grid by chance; 1 where the steps do
  /// not vary.
  public double gridChance() {
    return gridNs <= 1 ? 1 : Math.pow(10, -variations * Math.log10((double) gridNs));
  }

  /// Whether so few steps differ from the one before that single faults in a schedule explain them:
  /// then the grid is that of the faults.
  private boolean isSchedule() {
    return variations < Math.max(MIN_VARIATIONS, MIN_VARIATION_SHARE * count);
  }

  /// Whether the clock is known to be too coarse for a stream: its grid is at least a share of the
  /// period and no accident.
  ///
  /// @param periodNs the stream's period
  /// @param share the coarsest harmless grid as a share of the period
  public boolean isCoarse(double periodNs, double share) {
    return !isSchedule() && gridChance() < MAX_CHANCE && gridNs >= share * periodNs;
  }

  /// Number of low decimal digits that are 0 in every stamp: 6 for whole milliseconds.
  public int zeroDigits() {
    return count == 0 ? 0 : decimals;
  }

  /// Number of low bits that are 0 in every stamp.
  public int zeroBits() {
    return count == 0 ? 0 : Math.min(62, Long.numberOfTrailingZeros(bits));
  }

  /// Share of the stamps that a double of nanoseconds can hold.
  public double shareInNanoseconds() {
    return count == 0 ? 0 : (double) inNanoseconds / count;
  }

  /// Share of the stamps that a double of seconds can hold, to the nanosecond.
  public double shareInSeconds() {
    return count == 0 ? 0 : (double) inSeconds / count;
  }

  /// Whether all stamps came through a floating-point number.
  public FloatTrace floatTrace() {
    // Every power of ten brings its power of two with it, so coarse stamps comply more easily.
    double nanoseconds = nanosecondsLog + count * decimals * Math.log10(2);
    boolean nanosecondsTell = nanoseconds < Math.log10(MAX_CHANCE);
    boolean secondsTell = secondsLog < Math.log10(MAX_CHANCE);
    if (nanosecondsTell && inNanoseconds == count) {
      return FloatTrace.NANOSECONDS;
    }
    if (secondsTell && decimals < 3 && inSeconds == count) {
      return FloatTrace.SECONDS;
    }
    return nanosecondsTell && secondsTell ? FloatTrace.NONE : FloatTrace.UNDECIDABLE;
  }

  private static long gcd(long a, long b) {
    long x = a;
    long y = b % a;
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return Math.abs(x);
  }
}
