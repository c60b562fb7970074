package dev.lockstep.clock;

import java.util.Arrays;

/// The newest stamps that lay on the lattice, with their slots: at most [#CAPACITY], then measured
/// and emptied. Windows are aligned on accepted messages, never on batches.
final class StampWindow {

  static final int CAPACITY = 1024;

  private static final int MIN_MEASURED = 8;

  /// Candidate grids of coarse stamps, coarsest first: a millisecond, and finer decimal digits.
  private static final long[] GRIDS_NS = {1_000_000, 100_000, 10_000};

  /// Lags of the second differences: those of [Jitter], then the one that with lag 1 tells a
  /// walking phase from independent jitter.
  private static final int[] LAGS = {1, 10, 100, 8};

  private static final int WALK = 3;

  private static final int MIN_WALK_TERMS = 32;

  private static final double MIN_WALK = 1.0 / 1024;

  /// Ratio beyond which a phase counts as all walk: five sixths of each residual are followed.
  private static final double MAX_WALK = 4;

  private final long[] stampsNs = new long[CAPACITY];
  private final int[] slots = new int[CAPACITY];
  private final int[] messages = new int[CAPACITY];
  private final double[] residualNs = new double[CAPACITY];
  private final Jitter jitter = new Jitter();
  private final SlotLine line = new SlotLine();
  private final StrayStamps strays = new StrayStamps(residualNs);
  private final WindowSteps steps = new WindowSteps(residualNs);
  private long[] laterStampsNs = {};
  private int[] laterSlots = {};
  private int[] laterMessages = {};
  private int size;
  private final double[] squares = new double[LAGS.length];
  private final long[] terms = new long[LAGS.length];
  private long firstSlot;
  private long firstMessage;

  Jitter jitter() {
    return jitter;
  }

  SlotLine line() {
    return line;
  }

  int size() {
    return size;
  }

  long firstMessage() {
    return firstMessage;
  }

  /// Adds a stamp; true where the window is now full or its slots no longer fit and it must be
  /// measured.
  boolean add(long stampNs, long slot, long message) {
    int n = size;
    if (n == 0) {
      firstSlot = slot;
      firstMessage = message;
    }
    stampsNs[n] = stampNs;
    slots[n] = (int) (slot - firstSlot);
    messages[n] = (int) (message - firstMessage);
    size = n + 1;
    return n + 1 == CAPACITY;
  }

  /// Takes the newest `n` stamps out again, as far as they are in.
  void removeNewest(int n) {
    size = Math.max(0, size - n);
  }

  /// Whether a slot is too far from the first one to share its window.
  boolean tooFar(long slot) {
    return size > 0 && slot - firstSlot > Integer.MAX_VALUE;
  }

  /// Measures and empties the window, whose [#walkRatio] was just asked for; returns its period, or
  /// 0 where it holds too few stamps.
  double close() {
    int n = size;
    size = 0;
    if (n < MIN_MEASURED) {
      return 0;
    }
    jitter.addWander(squares, terms);
    // Loops over locals: the first compiler loads fields and their lengths again in each turn.
    long[] stamps = stampsNs;
    int[] places = slots;
    long anchorNs = stamps[0];
    double meanSlot = 0;
    double meanTime = 0;
    for (int i = 0; i < n; i++) {
      meanSlot += places[i];
      meanTime += stamps[i] - anchorNs;
    }
    meanSlot /= n;
    meanTime /= n;
    double squares = 0;
    double products = 0;
    for (int i = 0; i < n; i++) {
      double k = places[i] - meanSlot;
      squares += k * k;
      products += k * ((stamps[i] - anchorNs) - meanTime);
    }
    double periodNs = products / squares;
    double[] residuals = residualNs;
    for (int i = 0; i < n; i++) {
      residuals[i] = (stamps[i] - anchorNs) - meanTime - (places[i] - meanSlot) * periodNs;
    }
    jitter.addWindow(residuals, n);
    line.add(n, firstSlot + meanSlot, anchorNs, meanTime, squares, products);
    return periodNs;
  }

  /// Looks for a step of the phase in hindsight; where there is one, reports it and keeps only the
  /// stamps before it. The others come back with [#restore].
  ///
  /// @param leastNs step that matters
  boolean splitAtStep(double periodNs, double leastNs, LatticeEvents out) {
    int at = steps.find(stampsNs, slots, size, periodNs, leastNs);
    if (at == 0) {
      return false;
    }
    out.phaseStep(firstMessage + messages[at], stampsNs[at], Math.round(steps.stepNs()));
    laterStampsNs = Arrays.copyOfRange(stampsNs, at, size);
    laterSlots = Arrays.copyOfRange(slots, at, size);
    laterMessages = Arrays.copyOfRange(messages, at, size);
    size = at;
    return true;
  }

  /// Holds the stamps behind the step of [#splitAtStep], once those before it are closed.
  void restore() {
    long slot = firstSlot;
    long message = firstMessage;
    for (int i = 0; i < laterStampsNs.length; i++) {
      boolean _ = add(laterStampsNs[i], slot + laterSlots[i], message + laterMessages[i]);
    }
    laterStampsNs = new long[0];
  }

  /// Reports the stamps of the present content that lie off their neighbours in hindsight.
  ///
  /// @param leastNs excess that matters
  /// @param roundingNs what rounding may make of none
  void reportStrays(double leastNs, double roundingNs, LatticeEvents out) {
    int found = strays.find(stampsNs, slots, size, leastNs, roundingNs);
    for (int i = 0; i < size && found > 0; i++) {
      for (int k = 0; k < found; k++) {
        if (strays.row(k) == i) {
          out.doublet(firstMessage + messages[i], stampsNs[i], Math.round(strays.excessNs(k)));
        }
      }
    }
  }

  /// Sums the squared second differences of the present stamps at each lag, over stretches without
  /// an empty slot.
  private void differences() {
    long[] stamps = stampsNs;
    int[] places = slots;
    for (int lag = 0; lag < LAGS.length; lag++) {
      int m = LAGS[lag];
      int n = size - 2 * m;
      double even = 0;
      double odd = 0;
      int used = 0;
      for (int i = 0; i < n; i++) {
        int span = places[i + 2 * m] - places[i];
        double u = (stamps[i + 2 * m] - stamps[i + m]) - (stamps[i + m] - stamps[i]);
        double square = span == 2 * m ? u * u : 0;
        used += span == 2 * m ? 1 : 0;
        // Two sums, so that one addition need not wait for the other.
        if ((i & 1) == 0) {
          even += square;
        } else {
          odd += square;
        }
      }
      squares[lag] = even + odd;
      terms[lag] = used;
    }
  }

  /// Ratio of phase walk per message to independent jitter, squared, from second differences at
  /// lags 1 and 8 over the present content: independent jitter of variance s gives 6 s at either, a
  /// random walk of variance q per message gives 2 q times the lag. 0 where the two do not differ
  /// by four standard errors, or where the latter stay below a thousandth of the period, which the
  /// slowest filter follows.
  double walkRatio(double periodNs) {
    differences();
    long n = terms[WALK];
    if (n < MIN_WALK_TERMS) {
      return 0;
    }
    double near = squares[0] / terms[0];
    double far = squares[WALK] / n;
    // Neighbouring second differences share stamps, which doubles the variance of a mean square.
    double least = periodNs * MIN_WALK;
    if (far < least * least || !(far > near * (1 + 4 * Math.sqrt(4.0 / n)))) {
      return 0;
    }
    double walk = (far - near) / (2 * (LAGS[WALK] - 1));
    double noise = (near - 2 * walk) / 6;
    return noise * MAX_WALK < walk ? MAX_WALK : walk / noise;
  }

  /// The coarsest decimal grid of 10 us to 1 ms, no coarser than a quarter of the period, on which
  /// all present stamps lie, or 0.
  long gridNs(double periodNs) {
    return gridNs(stampsNs, size, periodNs);
  }

  /// The grid of [#gridNs] of the first `n` stamps of an array.
  static long gridNs(long[] stampsNs, int n, double periodNs) {
    for (long grid : GRIDS_NS) {
      if (grid <= periodNs / 4 && onGrid(stampsNs, n, grid)) {
        return grid;
      }
    }
    return 0;
  }

  private static boolean onGrid(long[] stampsNs, int n, long gridNs) {
    for (int i = 1; i < n; i++) {
      if ((stampsNs[i] - stampsNs[0]) % gridNs != 0) {
        return false;
      }
    }
    return true;
  }
}
