package dev.lockstep.clock;

import java.util.Arrays;

/// Finds the one place in a window of stamps behind which the phase stays changed, in hindsight and
/// far below what a single stamp can tell.
///
/// The means of some stamps on either side of each place are compared. What such a difference is in
/// the stream itself, be jitter independent, wandering or cut on packets, shows at all the other
/// places, so that no model of jitter is needed: a step is a difference that stands alone and that
/// the others make impossible. Strays are kept out by a median of three, runs of late stamps by
/// medians of either side and by asking that the phase stays.
final class WindowSteps {
  /// Stamps on either side that are compared: many where jitter is independent, one where the phase
  /// wanders or is cut on packets.
  private static final int[] SIDES = {1, 3, 6, 12, 24, 48};

  /// Sides that must fit into the window; judged.
  private static final int FEWEST_SIDES = 6;

  /// Fewest stamps on either side over which the phase must stay; judged, as for [ChangePoint].
  private static final int STAYS = 6;

  /// Independent differences from which on their own tail tells what is impossible.
  private static final int TELLING = 48;

  /// Least difference in deviations of the others, of which infinitely many are known. Over the
  /// 1,000 places of a window and all sides, one in ten million Gaussian ones reaches it; each
  /// known one fewer costs as much as Student's distribution says, to a few percent.
  private static final double SIGMAS = 6;

  private static final double STUDENT = 50;

  /// Differences that weigh as much as the expectation of a Gaussian tail, as for [StrayStamps].
  private static final double EXPECTATION = 32;

  /// How far the largest must stand above the next; as for [StrayStamps].
  private static final double APART = 1.75;

  /// How far the difference of means must stand above the next, for medians of the same stamps to
  /// decide.
  private static final double SUPPORTED = 2.5;

  /// How far a step must stand above its limit where the slope around it is not that of all; both
  /// set on 64,000 simulated short series whose clocks walk, are late in clusters or are cut on
  /// packets: of these 2,349 have a step where 2,317 had one without medians and slopes.
  private static final double CLEAR = 1.5;

  /// Windows of fewer stamps are searched whatever their largest difference.
  private static final int FEW = 512;

  /// Largest difference in root mean squares of all that is looked at closer: half of the windows
  /// without a step stay below.
  private static final double LOOK_CLOSER = 4;

  /// Part of the spread within which the median of all lies from their mean, where that is asked.
  private static final double NEAR = 4;

  /// Rows that are gone through at a time. What is called often is compiled long before what loops
  /// long.
  private static final int PIECE = 64;

  /// Share of the step that medians, and twice as many stamps, must confirm.
  private static final double CONFIRMED = 0.6;

  private final double[] offsetsNs = new double[StampWindow.CAPACITY];
  private final double[] sums = new double[StampWindow.CAPACITY + 1];
  private final double[] scratch;
  private final double[] sorted = new double[SIDES[SIDES.length - 1]];
  private int size;
  private int row;
  private double slopeNs;

  /// Whether medians of both sides are compared, not means: where windows are small, few late
  /// stamps in a row spoil many of them.
  private boolean medians;

  /// Where the largest difference of means stands alone, 0 where it does not.
  private int alone;

  /// Mean and spread of the differences that were glanced at.
  private double meanNs;

  private double spreadNs;

  /// Number of them that lie clearly below and above their mean.
  private int countBelow;

  private int countAbove;

  /// The least and the largest difference of each piece that was glanced at.
  private final double[] leastOfNs = new double[StampWindow.CAPACITY / PIECE];

  private final double[] mostOfNs = new double[StampWindow.CAPACITY / PIECE];

  /// Searches with the help of an array of the window's capacity, whose content is lost.
  WindowSteps(double[] scratch) {
    this.scratch = scratch;
  }

  /// Finds the step in `n` rows; returns its row, or 0 where there is none.
  ///
  /// @param leastNs step that matters
  int find(long[] stampsNs, int[] slots, int n, double periodNs, double leastNs) {
    row = 0;
    size = n;
    if (n < FEWEST_SIDES * STAYS) {
      return 0;
    }
    for (int from = 0; from < n; from += PIECE) {
      addOffsets(stampsNs, slots, from, Math.min(n, from + PIECE), periodNs);
    }
    double best = 1;
    for (int side : SIDES) {
      if (n >= FEWEST_SIDES * side) {
        medians = false;
        alone = 0;
        best = compare(side, leastNs, best);
        // Of noise that is mostly late or not, medians are mostly nothing: means must agree.
        if (n < FEW && side >= STAYS && alone > 0) {
          medians = true;
          best = compare(side, leastNs, best);
        }
      }
    }
    return row;
  }

  private void addOffsets(long[] stampsNs, int[] slots, int from, int to, double periodNs) {
    // Locals, because the first compiler loads fields again in each turn.
    double[] offsets = offsetsNs;
    double[] ends = sums;
    int last = size - 1;
    double before = offset(stampsNs, slots, Math.max(0, from - 1), periodNs);
    double at = offset(stampsNs, slots, from, periodNs);
    double sum = ends[from];
    for (int i = from; i < to; i++) {
      double next = i < last ? offset(stampsNs, slots, i + 1, periodNs) : at;
      double middle = i == 0 ? at : middle(before, at, next);
      offsets[i] = middle;
      sum += middle;
      ends[i + 1] = sum;
      before = at;
      at = next;
    }
  }

  private static double offset(long[] stampsNs, int[] slots, int i, double periodNs) {
    return (double) (stampsNs[i] - stampsNs[0]) - (slots[i] - slots[0]) * periodNs;
  }

  /// Not by Math.min and Math.max: those are calls until the last compiler has dealt with them.
  private static double middle(double a, double b, double c) {
    double low = a < b ? a : b;
    double high = a < b ? b : a;
    double rest = high < c ? high : c;
    return low > rest ? low : rest;
  }

  private double difference(int at, int side) {
    if (medians) {
      return median(at, at + side) - median(at - side, at);
    }
    return (sums[at + side] - 2 * sums[at] + sums[at - side]) / side;
  }

  /// Compares so many stamps on either side of every place; returns how far the best step so far
  /// stands above its limit.
  private double compare(int side, double leastNs, double best) {
    int places = size - 2 * side + 1;
    if (size >= FEW
        && (!isWorthALook(side, places, leastNs)
            || 4 * side < PIECE && hasFarRival(side, places))) {
      return best;
    }
    // A slope adds the same to all.
    for (int i = 0; i < places; i++) {
      scratch[i] = difference(side + i, side);
    }
    if (size >= FEW && hasRival(side, places)) {
      return best;
    }
    double usual = Select.at(scratch, 0, places, places / 2);
    int peak = 0;
    double step = 0;
    for (int i = 0; i < places; i++) {
      double d = difference(side + i, side) - usual;
      if (Math.abs(d) > Math.abs(step)) {
        peak = i;
        step = d;
      }
    }
    if (Math.abs(step) < leastNs) {
      return best;
    }
    int others = 0;
    double next = 0;
    for (int i = 0; i < places; i++) {
      if (Math.abs(i - peak) >= 2 * side) {
        double d = Math.abs(difference(side + i, side) - usual);
        scratch[others++] = d;
        if (d > next) {
          next = d;
        }
      }
    }
    if (others < 2 * side || APART * next > Math.abs(step)) {
      return best;
    }
    if (medians && Math.abs(side + peak - alone) > side) {
      return best;
    }
    double limit = limit(others, (double) others / side);
    double ratio = limit > 0 ? Math.abs(step) / limit : Double.MAX_VALUE;
    alone = Math.abs(step) >= SUPPORTED * next ? side + peak : 0;
    int wide = Math.max(STAYS, side);
    int place = place(side + peak, side);
    boolean inside = place >= 2 * wide && size - place >= 2 * wide;
    if (ratio > best
        && inside
        && (staysAt(place, wide, usual * wide / side, step)
            || ratio > CLEAR && staysOnSlopes(place, wide, step))) {
      row = place;
      slopeNs = usual / side;
      return ratio;
    }
    return best;
  }

  /// Whether some difference stands out, by a glance at every sixth of a side.
  private boolean isWorthALook(int side, int places, double leastStepNs) {
    int stride = Math.max(1, side / 6);
    meanNs = 0;
    spreadNs = 0;
    int looked = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    int pieces = pieces(places);
    for (int piece = 0; piece < pieces; piece++) {
      // Goes on where the piece before left off.
      int from = (piece * PIECE + stride - 1) / stride * stride;
      int to = Math.min(places, (piece + 1) * PIECE);
      glance(piece, side, from, to, stride);
      looked += (to - from + stride - 1) / stride;
      least = Math.min(least, leastOfNs[piece]);
      most = Math.max(most, mostOfNs[piece]);
    }
    meanNs /= looked;
    spreadNs = Math.sqrt(Math.max(0, spreadNs / looked - meanNs * meanNs));
    double furthest = Math.max(most - meanNs, meanNs - least);
    return furthest >= leastStepNs / 2 && furthest >= LOOK_CLOSER * spreadNs;
  }

  /// Number of pieces that some places make.
  private static int pieces(int places) {
    return (places + PIECE - 1) / PIECE;
  }

  /// Adds up the differences of a piece and their squares, and keeps its least and largest.
  private void glance(int piece, int side, int from, int to, int stride) {
    double[] s = sums;
    double sum = 0;
    double squares = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int at = side + from; at < side + to; at += stride) {
      double middle = s[at];
      double d = s[at + side] - middle - (middle - s[at - side]);
      sum += d;
      squares += d * d;
      if (d < least) {
        least = d;
      }
      if (d > most) {
        most = d;
      }
    }
    // Divided once: the first compiler divides as often as it is told.
    double share = 1.0 / side;
    meanNs += sum * share;
    spreadNs += squares * share * share;
    leastOfNs[piece] = least * share;
    mostOfNs[piece] = most * share;
  }

  /// Whether a piece that is no neighbour of the one with the largest difference holds a rival of
  /// it: [#hasRival] for sides of which every place was glanced at, by what is known of them.
  private boolean hasFarRival(int side, int places) {
    int pieces = pieces(places);
    int peak = 0;
    for (int piece = 1; piece < pieces; piece++) {
      peak = furthestOf(piece) > furthestOf(peak) ? piece : peak;
    }
    double rival = 0;
    for (int piece = 0; piece < pieces; piece++) {
      rival = Math.abs(piece - peak) > 1 ? Math.max(rival, furthestOf(piece)) : rival;
    }
    double near = spreadNs / NEAR;
    if (APART * (rival - near) <= furthestOf(peak) + near) {
      return false;
    }
    countBelow = 0;
    countAbove = 0;
    for (int from = side; from < side + places; from += PIECE) {
      countSides(from, Math.min(side + places, from + PIECE), side, near);
    }
    return 2 * countBelow < places && 2 * countAbove < places;
  }

  private double furthestOf(int piece) {
    return Math.max(mostOfNs[piece] - meanNs, meanNs - leastOfNs[piece]);
  }

  /// Counts differences that lie more than `near` below and above their mean.
  private void countSides(int from, int to, int side, double near) {
    double[] s = sums;
    double low = (meanNs - near) * side;
    double high = (meanNs + near) * side;
    int less = 0;
    int more = 0;
    for (int at = from; at < to; at++) {
      double middle = s[at];
      double d = s[at + side] - middle - (middle - s[at - side]);
      // The sides are random: signs instead of branches that would be mispredicted.
      less += (int) (Double.doubleToRawLongBits(d - low) >>> 63);
      more += (int) (Double.doubleToRawLongBits(high - d) >>> 63);
    }
    countBelow += less;
    countAbove += more;
  }

  /// Whether the largest difference does not stand alone, whichever value near the mean is the
  /// median of all, which takes longer to find. The differences stand in `scratch`.
  private boolean hasRival(int side, int places) {
    double[] all = scratch;
    double mean = meanNs;
    double near = spreadNs / NEAR;
    int below = 0;
    int above = 0;
    int peak = 0;
    double most = -1;
    for (int i = 0; i < places; i++) {
      double off = all[i] - mean;
      below += off < -near ? 1 : 0;
      above += off > near ? 1 : 0;
      double far = off < 0 ? -off : off;
      if (far > most) {
        most = far;
        peak = i;
      }
    }
    if (2 * below >= places || 2 * above >= places) {
      return false;
    }
    // Twice as far away as others must be: around another median, the peak may be a neighbour.
    double rival = Math.max(furthest(0, peak - 4 * side + 1), furthest(peak + 4 * side, places));
    return APART * (rival - near) > most + near;
  }

  private double furthest(int from, int to) {
    double most = 0;
    for (int i = from; i < to; i++) {
      double off = scratch[i] - meanNs;
      double far = off < 0 ? -off : off;
      if (far > most) {
        most = far;
      }
    }
    return most;
  }

  /// What no difference without a step reaches, told by the others.
  ///
  /// @param independent how many of them are independent of each other
  private double limit(int others, double independent) {
    double half = Select.at(scratch, 0, others, others / 2);
    double tenth = Select.at(scratch, 0, others, others * 9 / 10);
    if (independent < TELLING) {
      double sigma = Math.max(LatticeFit.MAD_TO_SIGMA * half, tenth / LatticeFit.TENTH_SIGMAS);
      return (SIGMAS + STUDENT / independent) * sigma;
    }
    double rare = Select.at(scratch, 0, others, others * 97 / 100);
    double gaussian = LatticeGain.GAUSSIAN_FALL * tenth / LatticeFit.TENTH_SIGMAS;
    double fall =
        (independent * (rare - tenth) + EXPECTATION * gaussian) / (independent + EXPECTATION);
    return tenth + LatticeGain.TAIL_STRETCH * fall;
  }

  /// The place near `about` at which two levels leave the least squares.
  private int place(int about, int side) {
    int from = Math.max(0, about - 2 * side);
    int to = Math.min(size, about + 2 * side);
    int best = about;
    double most = -1;
    for (int c = Math.max(from + 1, about - side); c < Math.min(to, about + side + 1); c++) {
      double after = (sums[to] - sums[c]) / (to - c);
      double before = (sums[c] - sums[from]) / (c - from);
      double gain = (after - before) * (after - before) * (to - c) * (c - from);
      if (gain > most) {
        most = gain;
        best = c;
      }
    }
    return best;
  }

  /// Whether a step stays, less what the slope of either side adds: where the period wanders, the
  /// slope of all is not that of the stamps around it.
  private boolean staysOnSlopes(int place, int side, double step) {
    return staysAt(place, side, rise(place - 2 * side, side), step)
        && staysAt(place, side, rise(place, side), step);
  }

  /// How much the mean of some stamps lies above that of those before them.
  private double rise(int from, int side) {
    return (sums[from + 2 * side] - 2 * sums[from + side] + sums[from]) / side;
  }

  /// Whether medians, and the stamps further away, show the step as well.
  private boolean staysAt(int place, int side, double usual, double step) {
    double near = median(place, Math.min(size, place + side)) - usual;
    near -= median(Math.max(0, place - side), place);
    double far = far(place, side, usual);
    return near * step > CONFIRMED * step * step && far * step > CONFIRMED * step * step;
  }

  /// The difference of what lies a side away on either side, where there is as much, less what the
  /// slope adds.
  private double far(int place, int side, double usual) {
    int to = Math.min(size, place + 2 * side);
    int from = Math.max(0, place - 2 * side);
    int behind = (place + to) / 2;
    int ahead = (place + from) / 2;
    double after = (sums[to] - sums[behind]) / (to - behind);
    double before = (sums[ahead] - sums[from]) / (ahead - from);
    return after - before - usual * ((behind + to) / 2 - (from + ahead) / 2) / side;
  }

  private double median(int from, int to) {
    System.arraycopy(offsetsNs, from, sorted, 0, to - from);
    Arrays.sort(sorted, 0, to - from);
    return (sorted[(to - from - 1) / 2] + sorted[(to - from) / 2]) / 2;
  }

  /// The size of the step that was found last, told by as many stamps as are compared at most: the
  /// largest of all differences is larger than the step by luck.
  double stepNs() {
    int side = Math.min(SIDES[SIDES.length - 1], Math.min(row, size - row));
    return median(row, row + side) - median(row - side, row) - side * slopeNs;
  }
}
