package dev.lockstep.clock;

/// Counts signed values in buckets of equal relative width, so that quantiles of any number of
/// values cost a fixed amount of memory and do not depend on the order in which values came.
///
/// Each power of two of the magnitude is cut into 32 buckets and a quantile answers the middle of
/// its bucket: within 1.6 % of the true value. Magnitudes below 1 count as 0. Smallest and largest
/// value are exact. 33 KB, allocated with the first value.
public final class LogHistogram {

  private static final int SUB_BITS = 5;
  private static final int SHIFT = 52 - SUB_BITS;
  private static final long ONE = Double.doubleToRawLongBits(1.0) >>> SHIFT;
  private static final int LAST = 64 << SUB_BITS;

  /// Counts by signed bucket: bucket 0 in the middle, those of negative values before it.
  private long[] counts = {};

  private long count;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /// An empty histogram.
  public LogHistogram() {}

  /// Counts one value; a NaN is not counted.
  public void add(double value) {
    if (Double.isNaN(value)) {
      return;
    }
    count++;
    if (value < min) {
      min = value;
    }
    if (value > max) {
      max = value;
    }
    if (counts.length == 0) {
      counts = new long[2 * LAST + 1];
    }
    // The sign is random: index arithmetic instead of a branch that would be mispredicted.
    int sign = (int) (Double.doubleToRawLongBits(value) >> 63);
    counts[LAST + ((bucket(Math.abs(value)) ^ sign) - sign)]++;
  }

  /// Number of values.
  public long count() {
    return count;
  }

  /// Smallest value, 0 where there is none.
  public double min() {
    return count == 0 ? 0 : min;
  }

  /// Largest value, 0 where there is none.
  public double max() {
    return count == 0 ? 0 : max;
  }

  /// The value that a share of all values does not exceed, within 1.6 %; 0 where there is none.
  ///
  /// @param share 0 (smallest) to 1 (largest)
  public double quantile(double share) {
    if (count == 0) {
      return 0;
    }
    long rank = rank(share);
    for (int i = 0; i < counts.length; i++) {
      rank -= counts[i];
      if (rank < 0) {
        double middle = middle(Math.abs(i - LAST));
        return Math.clamp(i < LAST ? -middle : middle, min, max);
      }
    }
    return max;
  }

  /// The magnitude that a share of all magnitudes does not exceed, within 1.6 %; 0 where there is
  /// none.
  ///
  /// @param share 0 (smallest) to 1 (largest)
  public double magnitudeQuantile(double share) {
    if (count == 0) {
      return 0;
    }
    double largest = Math.max(Math.abs(min), Math.abs(max));
    long rank = rank(share);
    for (int i = 0; i <= LAST; i++) {
      rank -= counts[LAST + i] + (i == 0 ? 0 : counts[LAST - i]);
      if (rank < 0) {
        return Math.min(largest, middle(i));
      }
    }
    return largest;
  }

  private long rank(double share) {
    return Math.min(count - 1, (long) Math.floor(Math.max(0, share) * count));
  }

  private static int bucket(double magnitude) {
    long index = (Double.doubleToRawLongBits(magnitude) >>> SHIFT) - ONE + 1;
    // Not Math.clamp: that is a call until the last compiler has dealt with it.
    return index < 0 ? 0 : index < LAST ? (int) index : LAST;
  }

  private static double middle(int bucket) {
    if (bucket == 0) {
      return 0;
    }
    double low = Double.longBitsToDouble((ONE + bucket - 1) << SHIFT);
    double high = Double.longBitsToDouble((ONE + bucket) << SHIFT);
    return (low + high) / 2;
  }
}
