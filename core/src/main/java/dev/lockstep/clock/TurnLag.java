package dev.lockstep.clock;

import dev.lockstep.model.Order;
import dev.lockstep.model.TurnTrack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// By how much the motion that one sensor shows lies beside the motion that another shows, by their
/// turns alone: whatever way either is mounted, whatever its scale and bias.
///
/// The mean rate of turn between two messages of the coarser sensor is explained by those of the
/// other over the same time plus a lag, by a line in up to three rates. The lag is searched on a
/// grid, then by steps of Gauss and Newton; its error is that of an estimate whose residuals hang
/// together for two seconds.
///
/// @param lagSeconds what the target shows at its stamps happened that much later by the stamps of
///   the reference; negative: the target shows what is past
/// @param errorSeconds standard deviation of the lag
/// @param agreement share of the target's turns that the reference explains, 0 to 1
/// @param rate root mean square of the rate of turn of the target, rad/s
/// @param intervals times between two messages that were compared
/// @param undecided why the lag says nothing, or null
public record TurnLag(
    double lagSeconds,
    double errorSeconds,
    double agreement,
    double rate,
    int intervals,
    @Nullable String undecided) {

  /// Largest lag that is searched, s. Judged: clocks that differ by more are found by their stamps.
  public static final double MOST_SECONDS = 2;

  /// Least share of the turns that must be explained; measured: EuRoC gyroscopes explain 99 % of
  /// its ground truth, those of a telephone in a car 90 % of its poses.
  private static final double LEAST_AGREEMENT = 0.5;

  /// Least root mean square of the rate of turn, rad/s (0.6 degrees a second). Judged: less is the
  /// noise and the drift of sensors.
  private static final double LEAST_RATE = 0.01;

  /// How much worse the second best lag must explain the turns.
  private static final double LEAST_AHEAD = 1.5;

  /// And by how much of all turns, where the best leaves nearly nothing.
  private static final double LEAST_WORSE = 0.02;

  /// Intervals shorter than this, ns, are joined: turns of vehicles last longer.
  private static final long INTERVAL_NS = 45_000_000L;

  private static final int LEAST_INTERVALS = 60;

  /// Intervals that are compared at most: of longer recordings the stretches with most turns.
  private static final int MOST_INTERVALS = 4096;

  /// Over this time biases are taken for constant, s.
  private static final double BLOCK_SECONDS = 10;

  /// Over this time residuals hang together, s.
  private static final double CELL_SECONDS = 2;

  private static final int LEAST_CELLS = 6;
  private static final int AXES = TurnTrack.AXES;

  /// Compares two tracks; the coarser one is the target.
  public static TurnLag of(TurnTrack reference, TurnTrack target) {
    return new Search(reference, target).run();
  }

  private static TurnLag undecided(String why) {
    return new TurnLag(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, why);
  }

  /// Times between two messages of the target.
  private record Interval(long fromNs, long toNs, int first, int last) {
    double seconds() {
      return (toNs - fromNs) * 1e-9;
    }
  }

  /// One comparison.
  private static final class Search {
    private final TurnTrack reference;
    private final TurnTrack target;
    private final int outputs;
    private List<Interval> intervals = new ArrayList<>();
    private int[] blocks = {};
    private int[] cells = {};
    private double[] wanted = {};
    private double[] squares = {};

    Search(TurnTrack reference, TurnTrack target) {
      this.reference = reference;
      this.target = target;
      outputs = target.planar() ? 1 : AXES;
    }

    TurnLag run() {
      cut();
      if (intervals.isEmpty()) {
        return undecided("the sensors have no stretch in common");
      }
      double most = Math.min(MOST_SECONDS, lengthSeconds() / 8);
      keepCovered(Math.round(most * 1e9));
      if (intervals.size() < LEAST_INTERVALS) {
        return undecided(
            "only "
                + intervals.size()
                + " intervals in common (expected at least "
                + LEAST_INTERVALS
                + ")");
      }
      keepLively();
      divide();
      measureTarget();
      double rate = Math.sqrt(Arrays.stream(squares).sum() / intervals.size());
      if (!(rate >= LEAST_RATE)) {
        return undecided(
            "no motion: turns of "
                + hundredths(Math.toDegrees(rate))
                + " degrees a second (expected at least "
                + hundredths(Math.toDegrees(LEAST_RATE))
                + ")");
      }
      return search(most, rate);
    }

    private double lengthSeconds() {
      return (intervals.getLast().toNs() - intervals.getFirst().fromNs()) * 1e-9;
    }

    private void cut() {
      long[] times = target.timesNs();
      int first = 0;
      for (int i = 1; i < target.size(); i++) {
        if (target.begins(i)) {
          first = i;
        } else if (times[i] - times[first] >= INTERVAL_NS) {
          intervals.add(new Interval(times[first], times[i], first, i));
          first = i;
        }
      }
    }

    /// Leaves out what the reference does not cover at every lag.
    private void keepCovered(long mostNs) {
      long[] times = reference.timesNs();
      int size = reference.size();
      int[] begun = new int[size];
      for (int i = 1; i < size; i++) {
        begun[i] = begun[i - 1] + (reference.begins(i) ? 1 : 0);
      }
      List<Interval> covered = new ArrayList<>();
      int low = 0;
      int high = 0;
      for (Interval interval : intervals) {
        while (low + 1 < size && times[low + 1] <= interval.fromNs() - mostNs) {
          low++;
        }
        high = Math.max(high, low);
        while (high < size && times[high] < interval.toNs() + mostNs) {
          high++;
        }
        boolean inside = high < size && times[low] <= interval.fromNs() - mostNs;
        if (inside && begun[high] == begun[low]) {
          covered.add(interval);
        }
      }
      intervals = covered;
    }

    /// Of many intervals keeps the stretches in which the target turns most.
    private void keepLively() {
      if (intervals.size() <= MOST_INTERVALS) {
        return;
      }
      divide();
      measureTarget();
      int count = blocks[blocks.length - 1] + 1;
      double[] energies = new double[count];
      int[] sizes = new int[count];
      for (int i = 0; i < blocks.length; i++) {
        energies[blocks[i]] += squares[i];
        sizes[blocks[i]]++;
      }
      List<Integer> order = new ArrayList<>();
      for (int block = 0; block < count; block++) {
        order.add(block);
      }
      order.sort(Order.byDouble(block -> -energies[block] / sizes[block]));
      boolean[] kept = new boolean[count];
      int room = MOST_INTERVALS;
      for (int block : order) {
        kept[block] = sizes[block] <= room;
        room -= kept[block] ? sizes[block] : 0;
      }
      List<Interval> lively = new ArrayList<>();
      for (int i = 0; i < blocks.length; i++) {
        if (kept[blocks[i]]) {
          lively.add(intervals.get(i));
        }
      }
      intervals = lively;
    }

    private void divide() {
      blocks = parts(BLOCK_SECONDS);
      cells = parts(CELL_SECONDS);
    }

    /// Numbers parts of equal length; behind a pause another begins.
    private int[] parts(double seconds) {
      int[] parts = new int[intervals.size()];
      int part = 0;
      long sinceNs = intervals.getFirst().fromNs();
      for (int i = 0; i < parts.length; i++) {
        Interval interval = intervals.get(i);
        boolean apart = i > 0 && interval.fromNs() > intervals.get(i - 1).toNs();
        if (apart || (interval.toNs() - sinceNs) * 1e-9 > seconds) {
          part += i > 0 ? 1 : 0;
          sinceNs = interval.fromNs();
        }
        parts[i] = part;
      }
      return parts;
    }

    private void measureTarget() {
      int n = intervals.size();
      wanted = new double[n * outputs];
      squares = new double[n];
      float[] angles = target.angles();
      for (int i = 0; i < n; i++) {
        Interval interval = intervals.get(i);
        for (int k = 0; k < outputs; k++) {
          int axis = outputs == 1 ? AXES - 1 : k;
          wanted[i * outputs + k] =
              ((double) angles[interval.last() * AXES + axis]
                      - angles[interval.first() * AXES + axis])
                  / interval.seconds();
        }
      }
      centre(wanted, outputs);
      for (int i = 0; i < n * outputs; i++) {
        squares[i / outputs] += wanted[i] * wanted[i];
      }
    }

    /// Takes from each column its mean over each block.
    private void centre(double[] values, int columns) {
      int n = blocks.length;
      for (int from = 0; from < n; ) {
        int to = from;
        while (to < n && blocks[to] == blocks[from]) {
          to++;
        }
        for (int k = 0; k < columns; k++) {
          double mean = 0;
          for (int i = from; i < to; i++) {
            mean += values[i * columns + k];
          }
          mean /= to - from;
          for (int i = from; i < to; i++) {
            values[i * columns + k] -= mean;
          }
        }
        from = to;
      }
    }

    /// Rates of the reference over the intervals, a lag later.
    private double[] rates(double lagSeconds) {
      double[] rates = new double[intervals.size() * AXES];
      long lagNs = Math.round(lagSeconds * 1e9);
      double[] from = new double[AXES];
      double[] to = new double[AXES];
      int at = 0;
      for (int i = 0; i < intervals.size(); i++) {
        Interval interval = intervals.get(i);
        at = angles(at, interval.fromNs() + lagNs, from);
        angles(at, interval.toNs() + lagNs, to);
        for (int axis = 0; axis < AXES; axis++) {
          rates[i * AXES + axis] = (to[axis] - from[axis]) / interval.seconds();
        }
      }
      centre(rates, AXES);
      return rates;
    }

    /// Angles of the reference at an instant, and the index from which they were found.
    private int angles(int hint, long timeNs, double[] out) {
      long[] times = reference.timesNs();
      int last = reference.size() - 1;
      int i = hint;
      while (i + 1 < last && times[i + 1] <= timeNs) {
        i++;
      }
      float[] angles = reference.angles();
      double part = (double) (timeNs - times[i]) / (times[i + 1] - times[i]);
      for (int axis = 0; axis < AXES; axis++) {
        double a = angles[i * AXES + axis];
        out[axis] = a + (angles[(i + 1) * AXES + axis] - a) * part;
      }
      return i;
    }

    private TurnLag search(double most, double rate) {
      double total = Arrays.stream(squares).sum();
      double step = Math.clamp(medianSeconds() / 2, 0.01, 0.05);
      int half = (int) Math.floor(most / step);
      double[] left = new double[2 * half + 1];
      int best = 0;
      for (int i = 0; i < left.length; i++) {
        left[i] = new Line((i - half) * step).left;
        best = left[i] < left[best] ? i : best;
      }
      double agreement = 1 - left[best] / total;
      if (!(agreement >= LEAST_AGREEMENT)) {
        return undecided(
            "the sensors do not show the same motion: one explains "
                + Math.round(100 * Math.max(0, agreement))
                + " % of the other's turns (expected at least "
                + Math.round(100 * LEAST_AGREEMENT)
                + " %)");
      }
      if (best == 0 || best == left.length - 1) {
        return undecided("the lag lies beyond " + hundredths(most) + " s");
      }
      for (int i = 1; i + 1 < left.length; i++) {
        boolean dip = left[i] <= left[i - 1] && left[i] <= left[i + 1] && Math.abs(i - best) > 1;
        if (dip && left[i] < LEAST_AHEAD * left[best] + LEAST_WORSE * total) {
          return undecided("the motion repeats itself: several lags fit");
        }
      }
      return refined((best - half) * step, step, total, rate);
    }

    private double medianSeconds() {
      double[] lengths = intervals.stream().mapToDouble(Interval::seconds).toArray();
      return Select.at(lengths, 0, lengths.length, lengths.length / 2);
    }

    private TurnLag refined(double from, double step, double total, double rate) {
      double lag = from;
      double error = Double.NaN;
      double left = total;
      for (int round = 0; round < 4; round++) {
        Line line = new Line(lag);
        left = line.left;
        Slope slope = new Slope(line, lag, step / 2);
        error = slope.error;
        if (!(Math.abs(slope.move) > 1e-5)) {
          break;
        }
        lag = Math.clamp(lag + Math.clamp(slope.move, -step, step), from - step, from + step);
      }
      int count = cells[cells.length - 1] + 1;
      if (count < LEAST_CELLS || !(error > 0)) {
        return undecided("too short to tell how exact the lag is");
      }
      return new TurnLag(lag, error, 1 - left / total, rate, intervals.size(), null);
    }

    /// The target's rates as a line in those of the reference at one lag.
    private final class Line {
      final double[] rates;
      final double[][] normal = new double[AXES][AXES];
      final double[][] factors = new double[outputs][];
      final double left;

      Line(double lagSeconds) {
        rates = rates(lagSeconds);
        int n = intervals.size();
        double[][] mixed = new double[outputs][AXES];
        double rest = 0;
        for (int i = 0; i < n; i++) {
          for (int a = 0; a < AXES; a++) {
            double x = rates[i * AXES + a];
            for (int b = a; b < AXES; b++) {
              normal[a][b] += x * rates[i * AXES + b];
            }
            for (int k = 0; k < outputs; k++) {
              mixed[k][a] += x * wanted[i * outputs + k];
            }
          }
          rest += squares[i];
        }
        double trace = normal[0][0] + normal[1][1] + normal[2][2];
        for (int a = 0; a < AXES; a++) {
          // Axes about which nothing turns stay out of it.
          normal[a][a] += 1e-6 * trace + Double.MIN_NORMAL;
          for (int b = 0; b < a; b++) {
            normal[a][b] = normal[b][a];
          }
        }
        for (int k = 0; k < outputs; k++) {
          factors[k] = solved(normal, mixed[k]);
          for (int a = 0; a < AXES; a++) {
            rest -= factors[k][a] * mixed[k][a];
          }
        }
        left = Math.max(0, rest);
      }

      double residual(int i, int k) {
        double value = wanted[i * outputs + k];
        for (int a = 0; a < AXES; a++) {
          value -= factors[k][a] * rates[i * AXES + a];
        }
        return value;
      }
    }

    /// How the residuals change with the lag: the step to the best lag, and its error.
    private final class Slope {
      final double move;
      final double error;

      Slope(Line line, double lag, double step) {
        double[] before = rates(lag - step);
        double[] after = rates(lag + step);
        int n = intervals.size();
        double bend = 0;
        double pull = 0;
        double[] pulls = new double[cells[n - 1] + 1];
        double[] change = new double[n];
        for (int k = 0; k < outputs; k++) {
          double[] mixed = new double[AXES];
          for (int i = 0; i < n; i++) {
            change[i] = 0;
            for (int a = 0; a < AXES; a++) {
              int at = i * AXES + a;
              change[i] += line.factors[k][a] * (after[at] - before[at]) / (2 * step);
            }
            for (int a = 0; a < AXES; a++) {
              mixed[a] += change[i] * line.rates[i * AXES + a];
            }
          }
          // What another factor would do as well says nothing of the lag.
          double[] same = solved(line.normal, mixed);
          for (int i = 0; i < n; i++) {
            double own = change[i];
            for (int a = 0; a < AXES; a++) {
              own -= same[a] * line.rates[i * AXES + a];
            }
            double weighed = own * line.residual(i, k);
            bend += own * own;
            pull += weighed;
            pulls[cells[i]] += weighed;
          }
        }
        move = pull / bend;
        double spread = 0;
        for (double cell : pulls) {
          double centred = cell - pull / pulls.length;
          spread += centred * centred;
        }
        error = Math.sqrt(spread * pulls.length / (pulls.length - 1.0)) / bend;
      }
    }

    /// Solves three equations with a symmetric matrix.
    private static double[] solved(double[][] m, double[] right) {
      double a = m[1][1] * m[2][2] - m[1][2] * m[2][1];
      double b = m[1][2] * m[2][0] - m[1][0] * m[2][2];
      double c = m[1][0] * m[2][1] - m[1][1] * m[2][0];
      double whole = m[0][0] * a + m[0][1] * b + m[0][2] * c;
      double[] x = new double[AXES];
      double[][] inverse = {
        {a, m[0][2] * m[2][1] - m[0][1] * m[2][2], m[0][1] * m[1][2] - m[0][2] * m[1][1]},
        {b, m[0][0] * m[2][2] - m[0][2] * m[2][0], m[0][2] * m[1][0] - m[0][0] * m[1][2]},
        {c, m[0][1] * m[2][0] - m[0][0] * m[2][1], m[0][0] * m[1][1] - m[0][1] * m[1][0]}
      };
      for (int i = 0; i < AXES; i++) {
        for (int j = 0; j < AXES; j++) {
          x[i] += inverse[i][j] * right[j] / whole;
        }
      }
      return x;
    }

    private static String hundredths(double value) {
      return Double.toString(Math.rint(value * 100) / 100);
    }
  }
}
