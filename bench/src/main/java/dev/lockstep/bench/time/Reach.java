package dev.lockstep.bench.time;

import dev.lockstep.clock.LatticeFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What could be told at best of a shift in one series without a false finding among ten million
/// stamps, which is what our rules are set to.
///
/// After Neyman and Pearson, the best test at a given rate of false findings compares the
/// likelihood ratio with a limit. For a shift that ratio rises with how far a stamp, or the mean of
/// the stamps behind a place, lies from where the other stamps expect it; what they expect depends
/// on how jitter is correlated, so several expectations are tried and the one that tells most
/// counts. The limit of each is what one clean stamp in ten million exceeds: the largest value of
/// the series itself, or where the series is too short to show that, its tail beyond one value in
/// ten continued at the mean excess (the peaks over a threshold of an exponential tail). The oracle
/// knows the clean series, its lattice and where to look; a rule that meets a series for the first
/// time knows none of this. The tail is estimated, so the figure is a bound to within that.
final class Reach {
  /// How much of the mean distance of the neighbours a stamp is expected to share: nothing where
  /// jitter is independent, all of it where the phase walks.
  private static final double[] SHARED = {0, 0.25, 0.5, 0.75, 1};

  /// Neighbours on either side that tell where a stamp is expected.
  private static final int[] NEIGHBOURS = {1, 2, 4};

  /// Stamps on either side of a step whose means are compared.
  private static final int[] SIDES = {1, 2, 4, 6, 12, 24, 48, 96};

  /// Clean stamps among which none may pass a limit.
  private static final double STAMPS = 10_000_000;

  private static final double TAIL = 0.1;

  /// Share of places at which a shift must be told for its size to be one that can be told; the
  /// goal of the campaign.
  private static final double NEARLY_ALL = 0.999;

  /// One expectation: how far each stamp or place lies off it in the clean series.
  private record Statistic(double[] offNs, double limitNs) {
    /// Whether a shift at that place passes the limit.
    boolean tells(int at, double ns) {
      return !Double.isNaN(offNs[at]) && Math.abs(offNs[at] + ns) > limitNs;
    }

    /// Share of all places at which it does.
    double share(double ns) {
      int told = 0;
      int all = 0;
      for (int i = 0; i < offNs.length; i++) {
        if (!Double.isNaN(offNs[i])) {
          all++;
          told += tells(i, ns) ? 1 : 0;
        }
      }
      return all == 0 ? 0 : (double) told / all;
    }
  }

  private final List<Statistic> single = new ArrayList<>();
  private final List<Statistic> steps = new ArrayList<>();
  private final Map<Double, Statistic> bestSingle = new HashMap<>();
  private final Map<Double, Statistic> bestStep = new HashMap<>();

  /// Measures a clean series that has a lattice.
  Reach(Series clean) {
    double[] off = offsets(clean);
    for (int n : NEIGHBOURS) {
      for (double shared : SHARED) {
        single.add(single(off, n, shared));
      }
    }
    for (int side : SIDES) {
      if (off.length > 4 * side) {
        steps.add(step(off, side));
      }
    }
  }

  /// Whether one displaced stamp could be told by the statistic that tells most of that size.
  boolean tellsStamp(int at, double ns) {
    return bestSingle.computeIfAbsent(ns, size -> best(single, size)).tells(at, ns);
  }

  /// Whether a step could be told, `at` being the first stamp behind it.
  boolean tellsStep(int at, double ns) {
    return bestStep.computeIfAbsent(ns, size -> best(steps, size)).tells(at, ns);
  }

  /// Least size of one displaced stamp that is told at nearly every place, ns.
  double leastStampNs() {
    return least(single);
  }

  /// Least size of a step that is told at nearly every place, ns.
  double leastStepNs() {
    return least(steps);
  }

  /// The least size, to a hundredth, that some statistic tells at [#NEARLY_ALL] places, whichever
  /// way the shift goes.
  private static double least(List<Statistic> all) {
    double least = Double.POSITIVE_INFINITY;
    for (Statistic each : all) {
      double low = 0;
      double high = each.limitNs + Arrays.stream(each.offNs).map(Math::abs).reduce(0, Reach::more);
      while (high - low > 0.01 * high && low < least) {
        double middle = (low + high) / 2;
        boolean told = Math.min(each.share(middle), each.share(-middle)) >= NEARLY_ALL;
        high = told ? middle : high;
        low = told ? low : middle;
      }
      least = low < least ? Math.min(least, high) : least;
    }
    return least;
  }

  private static double more(double a, double b) {
    return b > a ? b : a;
  }

  private static Statistic best(List<Statistic> all, double ns) {
    Statistic best = all.getFirst();
    double most = -1;
    for (Statistic each : all) {
      double share = Math.min(each.share(ns), each.share(-ns));
      if (share > most) {
        most = share;
        best = each;
      }
    }
    return best;
  }

  /// How far each stamp lies off its slot.
  private static double[] offsets(Series clean) {
    LatticeFit.Locked fit = clean.locked();
    if (fit == null) {
      throw new IllegalArgumentException(clean.name() + ": no lattice");
    }
    double[] off = new double[clean.size()];
    for (int i = 0; i < off.length; i++) {
      off[i] = fit.lattice().residualNs(clean.stampsNs()[i]);
    }
    return off;
  }

  /// What one clean value in so many exceeds.
  private static double limit(double[] left, double independent) {
    double[] sizes = Arrays.stream(left).filter(v -> !Double.isNaN(v)).map(Math::abs).toArray();
    Arrays.sort(sizes);
    int from = (int) ((1 - TAIL) * sizes.length);
    double excess = 0;
    for (int i = from; i < sizes.length; i++) {
      excess += (sizes[i] - sizes[from]) / (sizes.length - from);
    }
    double told = sizes[from] + excess * Math.log(TAIL * independent);
    return Math.max(sizes[sizes.length - 1], told);
  }

  private static Statistic single(double[] off, int neighbours, double shared) {
    double[] left = new double[off.length];
    for (int i = 0; i < off.length; i++) {
      left[i] = Double.NaN;
      if (i >= neighbours && i + neighbours < off.length) {
        double mean = 0;
        for (int k = 1; k <= neighbours; k++) {
          mean += (off[i - k] + off[i + k]) / (2 * neighbours);
        }
        left[i] = off[i] - shared * mean;
      }
    }
    return new Statistic(left, limit(left, STAMPS));
  }

  private static Statistic step(double[] off, int side) {
    double[] left = new double[off.length];
    for (int i = 0; i < off.length; i++) {
      left[i] = Double.NaN;
      if (i >= side && i + side <= off.length) {
        double sum = 0;
        for (int k = 0; k < side; k++) {
          sum += (off[i + k] - off[i - 1 - k]) / side;
        }
        left[i] = sum;
      }
    }
    return new Statistic(left, limit(left, STAMPS / side));
  }
}
