package dev.lockstep.check.annotator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Whether numbers in order of work come from two hands in turns: a hidden Markov model of two
/// states with a mean each, against one hand, one that changes once or slowly, and two that do not
/// work in stretches (objects of two kinds).
///
/// @param gain how much likelier turns are than the likeliest of those, natural logarithm
/// @param state hand of each object, 0 or 1
/// @param means means of each number by hand
/// @param turns how often the hand changes
record TwoHands(double gain, int[] state, double[][] means, int turns) {
  /// That the next object is by the same hand.
  private static final double STAYS = 0.9;

  private static final int ROUNDS = 25;
  private static final double CLIP = 3.5;
  private static final int LEAST = 16;

  /// Of `numbers[object][measure]`, NaN where one is not known.
  static TwoHands of(double[][] numbers) {
    int n = numbers.length;
    int measures = n == 0 ? 0 : numbers[0].length;
    TwoHands best = new TwoHands(0, new int[n], new double[2][measures], 0);
    if (n < LEAST) {
      return best;
    }
    double[][] clipped = clipped(numbers, measures);
    double plain = plain(clipped, measures);
    for (int by = 0; by < measures; by++) {
      TwoHands found = fit(clipped, measures, by, plain);
      if (found != null && found.gain > best.gain) {
        best = found;
      }
    }
    return best;
  }

  private static double[][] clipped(double[][] numbers, int measures) {
    double[][] clipped = new double[numbers.length][measures];
    for (int m = 0; m < measures; m++) {
      double[] known = known(numbers, m);
      double middle = Pieces.median(known.clone(), known.length);
      double[] off = Arrays.stream(known).map(x -> Math.abs(x - middle)).toArray();
      double wide = CLIP * 1.4826 * Pieces.median(off, off.length);
      for (int i = 0; i < numbers.length; i++) {
        double x = numbers[i][m];
        clipped[i][m] = Double.isNaN(x) ? x : Math.clamp(x, middle - wide, middle + wide);
      }
    }
    return clipped;
  }

  private static double[] known(double[][] numbers, int measure) {
    return Arrays.stream(numbers)
        .mapToDouble(row -> row[measure])
        .filter(x -> !Double.isNaN(x))
        .toArray();
  }

  /// Likelihood of the best of one hand, one step and one slope, measure by measure.
  private static double plain(double[][] numbers, int measures) {
    double sum = 0;
    for (int m = 0; m < measures; m++) {
      double[] known = known(numbers, m);
      if (known.length < LEAST) {
        continue;
      }
      Shifts step = Shifts.change(known, 1e-6);
      double squares = 0;
      for (int i = 0; i < known.length; i++) {
        double off = known[i] - (i < step.from() ? step.before() : step.after());
        squares += off * off;
      }
      double line = Arrays.stream(Shifts.lineRest(known)).map(x -> x * x).sum();
      sum += likelihood(Math.min(squares, line), known.length);
    }
    return sum;
  }

  private static double likelihood(double squares, int n) {
    return -0.5 * n * (1 + Math.log(2 * Math.PI * Math.max(1e-12, squares / n)));
  }

  private static @Nullable TwoHands fit(double[][] numbers, int measures, int by, double plain) {
    int n = numbers.length;
    double[] known = known(numbers, by);
    if (known.length < LEAST) {
      return null;
    }
    double middle = Pieces.median(known.clone(), known.length);
    double[] second = new double[n];
    for (int i = 0; i < n; i++) {
      second[i] = Double.isNaN(numbers[i][by]) ? 0.5 : numbers[i][by] > middle ? 0.9 : 0.1;
    }
    double[][] means = new double[2][measures];
    double[] spreads = new double[measures];
    double turning = 0;
    for (int round = 0; round < ROUNDS; round++) {
      estimate(numbers, second, means, spreads);
      turning = smooth(numbers, means, spreads, second, STAYS);
    }
    double mixed = smooth(numbers, means, spreads, new double[n], 0.5);
    int[] state = new int[n];
    int turns = 0;
    for (int i = 0; i < n; i++) {
      state[i] = second[i] > 0.5 ? 1 : 0;
      turns += i > 0 && state[i] != state[i - 1] ? 1 : 0;
    }
    return new TwoHands(turning - Math.max(mixed, plain), state, means, turns);
  }

  private static void estimate(
      double[][] numbers, double[] second, double[][] means, double[] spreads) {
    for (int m = 0; m < spreads.length; m++) {
      double[] sums = new double[2];
      double[] weights = new double[2];
      for (int i = 0; i < numbers.length; i++) {
        double x = numbers[i][m];
        if (!Double.isNaN(x)) {
          sums[0] += (1 - second[i]) * x;
          weights[0] += 1 - second[i];
          sums[1] += second[i] * x;
          weights[1] += second[i];
        }
      }
      double squares = 0;
      means[0][m] = sums[0] / Math.max(1e-9, weights[0]);
      means[1][m] = sums[1] / Math.max(1e-9, weights[1]);
      for (int i = 0; i < numbers.length; i++) {
        double x = numbers[i][m];
        if (!Double.isNaN(x)) {
          squares +=
              (1 - second[i]) * (x - means[0][m]) * (x - means[0][m])
                  + second[i] * (x - means[1][m]) * (x - means[1][m]);
        }
      }
      spreads[m] = Math.sqrt(Math.max(1e-12, squares / Math.max(1e-9, weights[0] + weights[1])));
    }
  }

  /// Puts the probability of the second hand into `second` and gives the logarithm of the
  /// likelihood (forwards and backwards).
  private static double smooth(
      double[][] numbers, double[][] means, double[] spreads, double[] second, double stays) {
    int n = numbers.length;
    double[][] forward = new double[n][2];
    double[] scale = new double[n];
    double log = 0;
    double[][] emitted = new double[n][2];
    for (int i = 0; i < n; i++) {
      double[] logs = new double[2];
      for (int m = 0; m < spreads.length; m++) {
        if (!Double.isNaN(numbers[i][m])) {
          for (int s = 0; s < 2; s++) {
            double z = (numbers[i][m] - means[s][m]) / spreads[m];
            logs[s] -= 0.5 * z * z + Math.log(spreads[m]) + 0.5 * Math.log(2 * Math.PI);
          }
        }
      }
      double most = Math.max(logs[0], logs[1]);
      log += most;
      for (int s = 0; s < 2; s++) {
        emitted[i][s] = Math.exp(logs[s] - most);
        double from =
            i == 0 ? 0.5 : forward[i - 1][s] * stays + forward[i - 1][1 - s] * (1 - stays);
        forward[i][s] = from * emitted[i][s];
      }
      scale[i] = forward[i][0] + forward[i][1];
      log += Math.log(scale[i]);
      forward[i][0] /= scale[i];
      forward[i][1] /= scale[i];
    }
    double[] back = {1, 1};
    for (int i = n - 1; i >= 0; i--) {
      double zero = forward[i][0] * back[0];
      double one = forward[i][1] * back[1];
      second[i] = one / (zero + one);
      double[] next = new double[2];
      for (int s = 0; s < 2; s++) {
        next[s] =
            (stays * emitted[i][s] * back[s] + (1 - stays) * emitted[i][1 - s] * back[1 - s])
                / scale[i];
      }
      back = next;
    }
    return log;
  }
}
