package dev.lockstep.clock;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds the one place in a short series where the phase of a stream steps, or says that there is
/// none.
///
/// Batch search: of all places the one at which a line with a step leaves the least squares. Single
/// displaced stamps are kept out by a median of three before, and by medians of either side
/// afterwards; a slope, a curve and a walking phase by asking that the step be sudden, larger than
/// three standard deviations of what the line with the step leaves, and than what stamps that
/// follow their neighbours leave, and that it parts the stamps in two.
final class ChangePoint {

  /// Most stamps of one search.
  static final int MOST = 64;

  /// Fewest stamps on either side. Fewer are a run of late stamps as well; judged.
  static final int LEAST_SIDE = 6;

  /// Least step in standard deviations of the stream's own jitter: below, single stamps lie as far
  /// off.
  static final double SIGMAS = 3;

  /// Least step in standard errors of its own estimate: over all places of a series of 64 without a
  /// step one in about 100,000 reaches it (Gaussian jitter).
  private static final double ERRORS = 5.5;

  /// Largest share of stamps nearer to the other phase, as a mean of both sides; a step of three
  /// standard deviations leaves 7 %. Judged.
  private static final double MAX_STRAYS = 0.13;

  /// Largest correlation of each stamp with the next that is made up for.
  private static final double MAX_SHARED = 0.9;

  /// Stamps beside the place that show how sudden the step is.
  private static final int BESIDE = 5;

  /// Where a step is and how large.
  ///
  /// @param index the first stamp of the new phase
  /// @param stepNs new phase minus old phase
  record Step(int index, double stepNs) {}

  private final double[] slots = new double[MOST];
  private final double[] offsetsNs = new double[MOST];
  private final double[] smoothNs = new double[MOST];
  private final double[] sortedNs = new double[MOST];
  private int size;

  void clear() {
    size = 0;
  }

  /// Adds a stamp by its slot and its distance from there on any lattice near the stream's own.
  void add(double slot, double offsetNs) {
    slots[size] = slot;
    offsetsNs[size] = offsetNs;
    size++;
  }

  /// The step of what was added, or null.
  ///
  /// @param leastNs least size that matters
  @Nullable Step find(double leastNs) {
    int n = size;
    if (n < 2 * LEAST_SIDE) {
      return null;
    }
    for (int i = 0; i < n; i++) {
      boolean end = i == 0 || i == n - 1;
      smoothNs[i] = end ? offsetsNs[i] : middle(offsetsNs[i - 1], offsetsNs[i], offsetsNs[i + 1]);
    }
    return test(search(smoothNs), leastNs);
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /// The place at which a line with a step leaves the least squares, with slope and step.
  private double[] search(double[] y) {
    int n = size;
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < n; i++) {
      meanX += slots[i] / n;
      meanY += y[i] / n;
    }
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < n; i++) {
      xx += (slots[i] - meanX) * (slots[i] - meanX);
      xy += (slots[i] - meanX) * (y[i] - meanY);
    }
    double afterX = 0;
    double afterY = 0;
    double[] best = {-1, 0, 0, 0};
    double most = -1;
    for (int c = n - 1; c >= LEAST_SIDE; c--) {
      afterX += slots[c] - meanX;
      afterY += y[c] - meanY;
      int after = n - c;
      if (after < LEAST_SIDE) {
        continue;
      }
      // What is left of the step function once constant and slope are taken out.
      double own = (double) after * c / n - afterX * afterX / xx;
      double shared = afterY - afterX * xy / xx;
      double gain = own > 0 ? shared * shared / own : 0;
      if (gain > most) {
        most = gain;
        double step = shared / own;
        best = new double[] {c, step, (xy - step * afterX) / xx, own};
      }
    }
    return best;
  }

  private @Nullable Step test(double[] best, double leastNs) {
    int c = (int) best[0];
    if (c < 0) {
      return null;
    }
    double slope = best[2];
    double before = median(0, c, slope);
    double after = median(c, size, slope);
    double step = after - before;
    if (Math.abs(step) < leastNs || Math.abs(step - best[1]) > Math.abs(step) / 2) {
      return null;
    }
    int strays = 0;
    double last = 0;
    double squares = 0;
    double products = 0;
    for (int i = 0; i < size; i++) {
      double level = i < c ? before : after;
      double off = offsetsNs[i] - slope * slots[i] - level;
      boolean beyond = off * (i < c ? step : -step) > step * step / 2;
      strays += beyond ? i < c ? size - c : c : 0;
      // Clipped, so that one displaced stamp does not tell of independence.
      double clipped = Math.clamp(off, -Math.abs(step) / 2, Math.abs(step) / 2);
      products += clipped * last;
      squares += clipped * clipped;
      last = clipped;
      sortedNs[i] = Math.abs(off);
    }
    if (strays > MAX_STRAYS * 2 * c * (size - c)) {
      return null;
    }
    double shared = squares > 0 ? Math.clamp(products / squares, 0, MAX_SHARED) : 0;
    double errors = ERRORS * Math.sqrt((1 + shared) / (1 - shared) / best[3]);
    Arrays.sort(sortedNs, 0, size);
    double sigma =
        Math.max(
            LatticeFit.MAD_TO_SIGMA * sortedNs[size / 2],
            sortedNs[size * 9 / 10] / LatticeFit.TENTH_SIGMAS);
    double jump =
        median(c, Math.min(size, c + BESIDE), slope) - median(Math.max(0, c - BESIDE), c, slope);
    boolean large = Math.abs(step) >= Math.max(SIGMAS, errors) * sigma;
    boolean sudden = jump * step > step * step / 2;
    return large && sudden ? new Step(first(c, slope, before, after), step) : null;
  }

  /// The first stamp of the new phase: near the place found, where the median of three may hide it.
  private int first(int c, double slope, double before, double after) {
    double half = (before + after) / 2;
    boolean up = after > before;
    int first = c;
    while (first > c - 2 && (offsetsNs[first - 1] - slope * slots[first - 1] > half) == up) {
      first--;
    }
    while (first == c && c + 1 < size && (offsetsNs[first] - slope * slots[first] > half) != up) {
      first++;
    }
    return first;
  }

  private double median(int from, int to, double slope) {
    for (int i = from; i < to; i++) {
      sortedNs[i - from] = offsetsNs[i] - slope * slots[i];
    }
    int n = to - from;
    Arrays.sort(sortedNs, 0, n);
    return (sortedNs[(n - 1) / 2] + sortedNs[n / 2]) / 2;
  }
}
