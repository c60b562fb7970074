package dev.lockstep.clock;

/// Finds the value that would stand at a place of a sorted array, without sorting it.
public final class Select {
  /// Values of a range that a simple sort finishes sooner; judged.
  private static final int FEW = 12;

  private Select() {}

  /// The value that stands at `place` once `[from, to)` is sorted. Moves the values of the range:
  /// afterwards none before `place` is larger and none behind it smaller.
  ///
  /// @param values no NaN in the range
  /// @throws IndexOutOfBoundsException where the place is not in the range
  public static double at(double[] values, int from, int to, int place) {
    java.util.Objects.checkIndex(place - from, to - from);
    int lo = from;
    int hi = to - 1;
    while (hi - lo >= FEW) {
      double pivot = middle(values[lo], values[lo + (hi - lo) / 2], values[hi]);
      int i = lo;
      int j = hi;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double other = values[i];
          values[i++] = values[j];
          values[j--] = other;
        }
      }
      if (place <= j) {
        hi = j;
      } else if (place >= i) {
        lo = i;
      } else {
        return pivot;
      }
    }
    for (int i = lo + 1; i <= hi; i++) {
      double value = values[i];
      int k = i;
      while (k > lo && values[k - 1] > value) {
        values[k] = values[k - 1];
        k--;
      }
      values[k] = value;
    }
    return values[place];
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
