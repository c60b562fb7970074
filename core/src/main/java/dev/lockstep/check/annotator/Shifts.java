package dev.lockstep.check.annotator;

import java.util.Arrays;

/// Whether numbers in a row differ from zero all along, or from some place on, and how sure that
/// is.
///
/// The spread comes from steps between neighbours, so that a shift does not hide itself; numbers
/// that hang together (objects of one scene) count for as much less as their residuals say.
///
/// @param from index of the first number that is different, 0 where all are
/// @param before mean of those before it; 0 where there are none
/// @param after mean from there on
/// @param z how many standard errors they differ
record Shifts(int from, double before, double after, double z) {
  /// Numbers on each side of a change; judged.
  static final int SIDE = 8;

  /// No single number counts for more than this many spreads from the middle.
  private static final double CLIP = 3.5;

  private static final int LAGS = 4;

  /// How far all numbers lie from zero.
  static Shifts whole(double[] numbers, double floor) {
    double spread = spread(numbers, floor);
    double[] clipped = clip(numbers, spread);
    double mean = mean(clipped, 0, clipped.length);
    double[] rest = new double[clipped.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = clipped[i] - mean;
    }
    double error = error(rest, spread) * Math.sqrt(1.0 / rest.length);
    return new Shifts(0, 0, mean(numbers, 0, numbers.length), mean / error);
  }

  /// The place at which the mean changes most surely.
  static Shifts change(double[] numbers, double floor) {
    int n = numbers.length;
    if (n < 2 * SIDE) {
      return new Shifts(0, 0, 0, 0);
    }
    double spread = spread(numbers, floor);
    double[] clipped = clip(numbers, spread);
    double total = mean(clipped, 0, n) * n;
    double left = 0;
    int best = SIDE;
    double most = 0;
    for (int at = 1; at <= n - SIDE; at++) {
      left += clipped[at - 1];
      if (at >= SIDE) {
        double step = (total - left) / (n - at) - left / at;
        double size = Math.abs(step) / Math.sqrt(1.0 / at + 1.0 / (n - at));
        if (size > most) {
          most = size;
          best = at;
        }
      }
    }
    return split(numbers, clipped, spread, best);
  }

  /// How the mean changes at a place that is given; all along where it is 0.
  static Shifts at(double[] numbers, int from, double floor) {
    if (from == 0) {
      return whole(numbers, floor);
    }
    double spread = spread(numbers, floor);
    return split(numbers, clip(numbers, spread), spread, from);
  }

  private static Shifts split(double[] numbers, double[] clipped, double spread, int best) {
    int n = numbers.length;
    double before = mean(clipped, 0, best);
    double after = mean(clipped, best, n);
    double[] rest = new double[n];
    for (int i = 0; i < n; i++) {
      rest[i] = clipped[i] - (i < best ? before : after);
    }
    // What grows slowly leaves more beside a step than beside a line.
    double[] line = lineRest(clipped);
    rest = squares(line) < squares(rest) ? line : rest;
    double error = error(rest, spread) * Math.sqrt(1.0 / best + 1.0 / (n - best));
    return new Shifts(
        best, mean(numbers, 0, best), mean(numbers, best, n), (after - before) / error);
  }

  /// Number by number: the spread of `rest`, at least that of the steps, and more where neighbours
  /// resemble each other.
  private static double error(double[] rest, double spread) {
    double squares = squares(rest);
    return Math.sqrt(Math.max(spread * spread, squares / rest.length) * inflation(rest, squares));
  }

  private static double squares(double[] numbers) {
    return Arrays.stream(numbers).map(x -> x * x).sum();
  }

  /// What numbers are off the straight line that fits them best.
  static double[] lineRest(double[] numbers) {
    double middle = (numbers.length - 1) / 2.0;
    double mean = mean(numbers, 0, numbers.length);
    double slope = 0;
    double squares = 0;
    for (int i = 0; i < numbers.length; i++) {
      slope += (i - middle) * (numbers[i] - mean);
      squares += (i - middle) * (i - middle);
    }
    double[] rest = new double[numbers.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = numbers[i] - mean - slope / squares * (i - middle);
    }
    return rest;
  }

  /// Whether a straight line fits numbers better than this step.
  boolean gradual(double[] numbers) {
    double[] rest = new double[numbers.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = numbers[i] - (i < from ? before : after);
    }
    return squares(lineRest(numbers)) < squares(rest);
  }

  /// How many times the variance of a mean of these numbers is that of as many which do not hang
  /// together.
  static double inflation(double[] numbers) {
    double mean = mean(numbers, 0, numbers.length);
    double[] rest = Arrays.stream(numbers).map(x -> x - mean).toArray();
    return inflation(rest, squares(rest));
  }

  private static double inflation(double[] rest, double squares) {
    double inflation = 1;
    for (int lag = 1; lag <= LAGS && squares > 0; lag++) {
      double product = 0;
      for (int i = lag; i < rest.length; i++) {
        product += rest[i] * rest[i - lag];
      }
      inflation += 2 * Math.max(0, product / squares);
    }
    return inflation;
  }

  /// Spread of the numbers by the steps between neighbours, at least `floor`.
  static double spread(double[] numbers, double floor) {
    if (numbers.length < 2) {
      return floor;
    }
    double[] steps = new double[numbers.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Math.abs(numbers[i + 1] - numbers[i]);
    }
    return Math.max(floor, 1.4826 * Pieces.median(steps, steps.length) / Math.sqrt(2));
  }

  private static double[] clip(double[] numbers, double spread) {
    double middle = Pieces.median(numbers.clone(), numbers.length);
    double[] off = Arrays.stream(numbers).map(x -> Math.abs(x - middle)).toArray();
    // Where half of them are shifted, the shift stays whole.
    double wide = CLIP * Math.max(spread, 1.4826 * Pieces.median(off, off.length));
    return Arrays.stream(numbers).map(x -> Math.clamp(x, middle - wide, middle + wide)).toArray();
  }

  private static double mean(double[] numbers, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += numbers[i];
    }
    return sum / (to - from);
  }
}
