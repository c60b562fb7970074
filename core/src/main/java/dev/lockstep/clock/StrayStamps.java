package dev.lockstep.clock;

/// Finds single stamps that lie off the middle between their neighbours, in hindsight over one
/// window.
///
/// Two steps with opposite residuals, `+x` and `-x`, are one displaced stamp, whatever the phase
/// does in the long run: a motor that wanders or a sweep that is cut on packets scatters far around
/// its lattice and little around its neighbours. A stamp strays where it is off by more than
/// [#APART] times what the next one is, and beyond the tail of the others extended to one in ten
/// million.
final class StrayStamps {
  /// Most strays of one window: more are a habit.
  static final int MOST = 4;

  /// Fewest stamps whose tail can be told; judged.
  private static final int FEWEST = 48;

  /// Judged: of the Argoverse 2 sweeps, which are cut on packets of 0.66 ms, one in three is off
  /// the middle by half of that, and a stray of 1 ms by twice as much.
  private static final double APART = 1.75;

  /// Stamps that weigh as much as the expectation of a Gaussian tail. Few, since steps that are cut
  /// on packets have none; 16 let no Gaussian series of 100 to 300 stamps be flagged in 2,000 each.
  private static final double EXPECTATION = 16;

  private final double[] offNs = new double[StampWindow.CAPACITY];
  private final double[] sortedNs;
  private final int[] rows = new int[MOST + 1];

  /// Searches with the help of an array of the window's capacity, whose content is lost.
  StrayStamps(double[] scratch) {
    sortedNs = scratch;
  }

  /// Finds the rows of strays and returns their number.
  ///
  /// @param leastNs excess that matters
  /// @param roundingNs what rounding may make of none
  int find(long[] stampsNs, int[] slots, int n, double leastNs, double roundingNs) {
    if (n < FEWEST) {
      return 0;
    }
    offNs[0] = 0;
    offNs[n - 1] = 0;
    for (int i = 1; i < n - 1; i++) {
      long after = stampsNs[i + 1] - stampsNs[i];
      long before = stampsNs[i] - stampsNs[i - 1];
      offNs[i] = slots[i + 1] - slots[i - 1] == 2 ? 0.5 * (before - after) : 0;
    }
    rows[0] = largest(n, 0);
    if (Math.abs(offNs[rows[0]]) <= roundingNs || isHabit(n)) {
      return 0;
    }
    for (int k = 1; k <= MOST; k++) {
      rows[k] = largest(n, k);
    }
    for (int k = MOST; k >= 1; k--) {
      double least = Math.abs(offNs[rows[k - 1]]);
      double next = Math.abs(offNs[rows[k]]);
      boolean apart = least >= APART * next && least > roundingNs;
      // The excess is known to within what others are off.
      if (apart && least + next >= leastNs && least > beyond(n, k)) {
        return k;
      }
    }
    return 0;
  }

  /// Whether more stamps lie nearly as far off as the furthest than strays and their neighbours
  /// are.
  private boolean isHabit(int n) {
    double near = Math.abs(offNs[rows[0]]) / APART;
    int count = 0;
    for (int i = 1; i < n - 1; i++) {
      count += Math.abs(offNs[i]) > near ? 1 : 0;
    }
    return count > 3 * MOST;
  }

  /// The row that is off furthest, besides the first `k` found and their neighbours.
  private int largest(int n, int k) {
    int found = 0;
    double most = -1;
    for (int i = 1; i < n - 1; i++) {
      double off = Math.abs(offNs[i]);
      if (off > most && !isBeside(i, k)) {
        most = off;
        found = i;
      }
    }
    return found;
  }

  private boolean isBeside(int i, int k) {
    for (int j = 0; j < k; j++) {
      if (Math.abs(rows[j] - i) <= 1) {
        return true;
      }
    }
    return false;
  }

  /// The tail of all but the first `k` found, extended.
  private double beyond(int n, int k) {
    int m = 0;
    for (int i = 1; i < n - 1; i++) {
      if (!isBeside(i, k)) {
        sortedNs[m++] = Math.abs(offNs[i]);
      }
    }
    double tail = Select.at(sortedNs, 0, m, m * 9 / 10);
    double rare = Select.at(sortedNs, 0, m, m * 97 / 100);
    double gaussian = LatticeGain.GAUSSIAN_FALL * tail / LatticeFit.TENTH_SIGMAS;
    double fall = (m * (rare - tail) + EXPECTATION * gaussian) / (m + EXPECTATION);
    return tail + LatticeGain.TAIL_STRETCH * fall;
  }

  int row(int k) {
    return rows[k];
  }

  /// How far after the middle of its neighbours a stamp lies.
  double excessNs(int k) {
    return offNs[rows[k]];
  }
}
