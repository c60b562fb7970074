package dev.lockstep.payload;

import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepProfile.PointTimes;
import dev.lockstep.model.SweepShape;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// Looks at some points of a sweep and sums them up as a [SweepProfile]. One object serves a
/// thread; it allocates nothing but the profiles that it gives.
///
/// At most [#MAX_LOOKED] points of a sweep are looked at, by an odd stride, which meets every laser
/// of a LiDAR whose lasers are a power of two.
public final class SweepProfiler {
  /// Points of a sweep that are looked at. Judged: 23 in each degree of a turn, which place the
  /// beam within a tenth of a millisecond, for an eighth of a millisecond of work.
  static final int MAX_LOOKED = 8_192;

  /// Beyond this distance from the LiDAR, m, the place of the LiDAR on the vehicle is known well
  /// enough to tell the azimuth of a point within a degree.
  private static final double BEAM_RANGE_METERS = 4;

  /// Nearer points are no returns: drivers write zeros for those.
  private static final double LEAST_RANGE_METERS = 0.5;

  /// The time from the first to the last point of a sweep lies between these, ns: sensors turn 2 to
  /// 200 times a second. Judged; a factor of 1,000 apart the unit would be ambiguous.
  private static final double MIN_SPAN_NS = 5e6;

  private static final double MAX_SPAN_NS = 0.9e9;

  /// Times further from zero than this count from an epoch, ns.
  private static final double MAX_RELATIVE_NS = 10e9;

  /// Part of the span by which a point may lie before the one in front of it.
  private static final double DESCENT = 0.02;

  // In place of a bin.
  private static final int NEAR = -1;
  private static final int NO_RETURN = -2;

  private static final int CELLS = 1 << 15;
  private static final int[] POWERS_OF_WHOLES = {0, 3, 6, 9};
  private static final int[] POWERS_OF_FRACTIONS = {9, 6, 3, 0};
  private static final double[] SCALES = {1, 1e3, 1e6, 1e9};

  /// Part of the span by which times in one direction may differ: where a sweep begins and ends,
  /// the first and the last beam meet in one bin.
  private static final double SAME_PASS = 0.25;

  /// Lasers that are told apart; the largest LiDARs have half of that.
  private static final int MAX_LASERS = 256;

  /// Points from which the distance in a sector is known; judged.
  private static final int LEAST_IN_SECTOR = 8;

  private static final int BINS_OF_SECTOR = SweepProfile.BINS / SweepShape.SECTORS;

  /// A float's bits, read as a whole number, are its binary logarithm to within a tenth: exponent
  /// and, linearly, mantissa.
  private static final int FLOAT_MANTISSA_BITS = 23;

  private static final int FLOAT_BIAS = 127;

  private final double[] times = new double[MAX_LOOKED];
  private final float[] farAzimuths = new float[MAX_LOOKED];
  private final int[] farBins = new int[MAX_LOOKED];
  private final short[] timedBeams = new short[MAX_LOOKED];
  private final long[] cells = new long[CELLS / Long.SIZE];
  private short[] counts = {};
  private int[] far = {};
  private double[] firstTimes = {};
  private double[] timeSums = {};
  private double[] azimuthSums = {};
  private int looked;

  /// What LID002 takes for no place, m².
  private static final double FARTHEST_SQUARED = 0x1p130;

  /// Points among them whose coordinates are no finite numbers, which LID002 judges.
  private int infinite;

  private int timed;
  private int beams;
  private boolean hasTimes;
  private boolean wholeNumbers;
  private final long[] logSums = new long[SweepShape.SECTORS];
  private final int[] inSectors = new int[SweepShape.SECTORS];
  private final short[] lasers = new short[MAX_LASERS];
  private int lastLaser;
  private int returns;
  private double heights;
  private boolean intensities;
  private boolean varied;
  private int firstIntensity;

  /// How many points further the next one to be looked at is.
  public static int stride(int points) {
    int stride = (points + MAX_LOOKED - 1) / MAX_LOOKED;
    return Math.max(1, stride | 1);
  }

  /// Begins a sweep.
  ///
  /// @param beams LiDARs that it was put together from
  /// @param hasTimes whether points have times
  /// @param wholeNumbers whether these are whole numbers
  public void begin(int beams, boolean hasTimes, boolean wholeNumbers) {
    this.beams = beams;
    this.hasTimes = hasTimes;
    this.wholeNumbers = wholeNumbers;
    looked = 0;
    infinite = 0;
    timed = 0;
    int bins = beams * SweepProfile.BINS;
    counts = new short[bins];
    if (far.length < bins) {
      far = new int[bins];
      firstTimes = new double[bins];
      timeSums = new double[bins];
      azimuthSums = new double[bins];
    }
    Arrays.fill(far, 0);
    Arrays.fill(timeSums, 0);
    Arrays.fill(azimuthSums, 0);
    Arrays.fill(logSums, 0);
    Arrays.fill(inSectors, 0);
    Arrays.fill(lasers, (short) 0);
    lastLaser = -1;
    returns = 0;
    heights = 0;
    intensities = false;
    varied = false;
  }

  /// Says that the points of the sweep that was begun have intensities.
  public void hasIntensities() {
    intensities = true;
  }

  /// Looks at a point; those beyond the limit of a sweep are left out.
  ///
  /// @param beam number of its LiDAR
  /// @param dx meters from the LiDAR along the x axis
  /// @param dy meters from the LiDAR along the y axis
  /// @param z height, m
  /// @param time stored time, whatever its unit; NaN where points have none
  /// @param laser number of its laser, -1 where unknown
  /// @param intensity bits of its intensity, 0 where unknown
  public void point(
      int beam, double dx, double dy, double z, double time, int laser, int intensity) {
    if (looked == MAX_LOOKED) {
      return;
    }
    looked++;
    if (!Double.isNaN(time)) {
      times[timed] = time;
      timedBeams[timed] = (short) beam;
      farBins[timed++] = NO_RETURN;
    }
    double square = dx * dx + dy * dy;
    if (!(square < FARTHEST_SQUARED)) {
      infinite++;
      return;
    }
    if (square <= LEAST_RANGE_METERS * LEAST_RANGE_METERS) {
      return;
    }
    double azimuth = atan2(dy, dx);
    int at = beam * SweepProfile.BINS + SweepProfile.bin(azimuth);
    counts[at]++;
    // By beams, sectors repeat: where points were put together, sides are those of the vehicle.
    int sector = (at - beam * SweepProfile.BINS) / BINS_OF_SECTOR;
    logSums[sector] += Float.floatToRawIntBits((float) square);
    inSectors[sector]++;
    heights += z;
    varied |= returns > 0 && intensity != firstIntensity;
    firstIntensity = returns == 0 ? intensity : firstIntensity;
    returns++;
    if (laser >= 0 && laser < MAX_LASERS) {
      lasers[laser]++;
      lastLaser = laser > lastLaser ? laser : lastLaser;
    }
    if (!Double.isNaN(time)) {
      boolean far = square > BEAM_RANGE_METERS * BEAM_RANGE_METERS;
      farBins[timed - 1] = far ? at : NEAR;
      farAzimuths[timed - 1] = (float) azimuth;
    }
  }

  /// Ends a sweep.
  ///
  /// @param stampNs stamp of the sweep, or [Times#NONE]
  /// @param frame frame of reference of the azimuths, empty for the sensor's own
  public SweepProfile end(long stampNs, String frame) {
    return directions(stampNs, frame).withShape(shape());
  }

  private SweepShape shape() {
    float[] ranges = new float[SweepShape.SECTORS];
    for (int i = 0; i < ranges.length; i++) {
      // The logarithm of the square is twice that of the distance.
      double log = (double) logSums[i] / inSectors[i] / (1 << FLOAT_MANTISSA_BITS) - FLOAT_BIAS;
      ranges[i] = inSectors[i] < LEAST_IN_SECTOR ? Float.NaN : (float) (log / 2);
    }
    return new SweepShape(
        ranges,
        returns == 0 ? Double.NaN : heights / returns,
        looked - infinite,
        returns,
        Arrays.copyOf(lasers, lastLaser + 1),
        intensities,
        varied);
  }

  private SweepProfile directions(long stampNs, String frame) {
    float[] none = {};
    if (!hasTimes || timed == 0) {
      return new SweepProfile(frame, beams, counts, none, none, Times.NONE, Times.NONE, null);
    }
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < timed; i++) {
      // Not Math.min and Math.max, as in [#atan2].
      double time = times[i];
      first = time < first ? time : first;
      last = time > last ? time : last;
    }
    int power = power(last - first);
    boolean usual = power == (wholeNumbers ? 0 : 9);
    boolean absolute = power >= 0 && Math.abs(first) * SCALES[power / 3] > MAX_RELATIVE_NS;
    PointTimes quality =
        new PointTimes(power, usual, absolute, timed, distinct(first), descents(last - first));
    if (power < 0 || absolute && stampNs == Times.NONE) {
      return new SweepProfile(frame, beams, counts, none, none, Times.NONE, Times.NONE, quality);
    }
    double scale = SCALES[power / 3];
    long base = absolute ? stampNs : 0;
    long firstNs = Times.difference(nanoseconds(first, scale), base);
    long lastNs = firstNs + Math.round((last - first) * scale);
    sumUp(last - first);
    float[] meanTimes = new float[counts.length];
    float[] meanAzimuths = new float[counts.length];
    for (int i = 0; i < counts.length; i++) {
      meanTimes[i] =
          far[i] == 0
              ? Float.NaN
              : (float) (firstNs + (firstTimes[i] - first + timeSums[i] / far[i]) * scale);
      meanAzimuths[i] = far[i] == 0 ? Float.NaN : (float) (azimuthSums[i] / far[i]);
    }
    return new SweepProfile(frame, beams, counts, meanTimes, meanAzimuths, firstNs, lastNs, quality)
        .withPauses(pauses(first, last - first));
  }

  /// The longest run of parts of the span in which each LiDAR gave no point.
  private short[] pauses(double first, double span) {
    int parts = SweepProfile.BINS;
    short[] pauses = new short[beams];
    int slots = beams * parts;
    Arrays.fill(cells, 0, (slots + Long.SIZE - 1) / Long.SIZE, 0);
    double scale = parts / span;
    for (int i = 0; i < timed; i++) {
      if (farBins[i] == NO_RETURN) {
        continue;
      }
      int part = (int) ((times[i] - first) * scale);
      part = part < parts ? part : parts - 1;
      int slot = timedBeams[i] * parts + part;
      cells[slot >> 6] |= 1L << slot;
    }
    for (int beam = 0; beam < beams; beam++) {
      int run = 0;
      int longest = 0;
      for (int slot = beam * parts; slot < (beam + 1) * parts; slot++) {
        run = (cells[slot >> 6] >>> slot & 1) == 0 ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      pauses[beam] = (short) longest;
    }
    return pauses;
  }

  /// Adds up times and azimuths of distant points by direction.
  private void sumUp(double span) {
    for (int i = 0; i < timed; i++) {
      int at = farBins[i];
      if (at < 0) {
        continue;
      }
      if (far[at] == 0) {
        firstTimes[at] = times[i];
      }
      double later = times[i] - firstTimes[at];
      if (Math.abs(later) <= SAME_PASS * span) {
        far[at]++;
        timeSums[at] += later;
        azimuthSums[at] += farAzimuths[i];
      }
    }
  }

  private static long nanoseconds(double value, double scale) {
    double whole = Math.floor(value);
    double ns = whole * scale;
    // A cast would stop at the ends of the range, a product of longs would not.
    return Math.abs(ns) < 9e18
        ? (long) whole * (long) scale + Math.round((value - whole) * scale)
        : (long) ns;
  }

  /// The power of ten that makes nanoseconds of values with such a span, or -1.
  private int power(double span) {
    for (int power : wholeNumbers ? POWERS_OF_WHOLES : POWERS_OF_FRACTIONS) {
      double ns = span * SCALES[power / 3];
      if (ns >= MIN_SPAN_NS && ns <= MAX_SPAN_NS) {
        return power;
      }
    }
    return -1;
  }

  /// Number of different times, by the share of cells that their hashes leave empty.
  private int distinct(double first) {
    Arrays.fill(cells, 0);
    int filled = 0;
    for (int i = 0; i < timed; i++) {
      long bits = Double.doubleToRawLongBits(times[i] - first) * 0x9E37_79B9_7F4A_7C15L;
      int cell = (int) (bits >>> 49);
      long bit = 1L << cell;
      if ((cells[cell >> 6] & bit) == 0) {
        cells[cell >> 6] |= bit;
        filled++;
      }
    }
    return (int) Math.round(-CELLS * Math.log1p(-(double) filled / CELLS));
  }

  private int descents(double span) {
    double limit = DESCENT * span;
    int descents = 0;
    for (int i = 1; i < timed; i++) {
      descents += times[i] < times[i - 1] - limit ? 1 : 0;
    }
    return descents;
  }

  /// Arc tangent within 2e-5 rad (0.001 degrees), some times faster than that of the library
  /// (minimax polynomial of the eleventh degree on the first octant).
  static double atan2(double y, double x) {
    double ax = Math.abs(x);
    double ay = Math.abs(y);
    // Not Math.max: that is a call until the last compiler has dealt with it.
    double high = ax > ay ? ax : ay;
    if (high == 0) {
      return 0;
    }
    double a = (ax > ay ? ay : ax) / high;
    double s = a * a;
    double r =
        a
            * (0.99997726
                + s
                    * (-0.33262347
                        + s
                            * (0.19354346
                                + s * (-0.11643287 + s * (0.05265332 + s * -0.01172120)))));
    if (ay > ax) {
      r = Math.PI / 2 - r;
    }
    if (x < 0) {
      r = Math.PI - r;
    }
    return y < 0 ? -r : r;
  }
}
