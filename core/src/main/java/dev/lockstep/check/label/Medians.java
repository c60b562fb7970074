package dev.lockstep.check.label;

/// The middle of unordered numbers, without ordering them all.
final class Medians {
  private Medians() {}

  /// The number that would stand at `n / 2` if the first `n` of `values` were sorted as by
  /// [java.util.Arrays#sort(double[])]; puts them in another order.
  static double upper(double[] values, int n) {
    int wanted = n / 2;
    int low = 0;
    int high = withoutNaN(values, n) - 1;
    if (wanted > high) {
      return Double.NaN;
    }
    while (low < high) {
      double pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
      int i = low - 1;
      int j = high + 1;
      while (true) {
        do {
          i++;
        } while (values[i] < pivot);
        do {
          j--;
        } while (values[j] > pivot);
        if (i >= j) {
          break;
        }
        swap(values, i, j);
      }
      if (wanted <= j) {
        high = j;
      } else {
        low = j + 1;
      }
    }
    return values[wanted];
  }

  /// Puts what is no number last; gives how many others there are.
  private static int withoutNaN(double[] values, int n) {
    int kept = n;
    for (int i = 0; i < kept; ) {
      if (Double.isNaN(values[i])) {
        swap(values, i, --kept);
      } else {
        i++;
      }
    }
    return kept;
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
