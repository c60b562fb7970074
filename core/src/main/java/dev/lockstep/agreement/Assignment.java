package dev.lockstep.agreement;

import java.util.Arrays;

/// One-to-one assignment of the greatest total value, by the Hungarian method.
final class Assignment {
  private Assignment() {}

  /// For each row its column, or -1. Pairs below `least` are never made.
  ///
  /// @param values rows of equal length, not negative
  static int[] of(double[][] values, double least) {
    int rows = values.length;
    int columns = rows == 0 ? 0 : values[0].length;
    int n = Math.max(rows, columns);
    double[] u = new double[n + 1];
    double[] v = new double[n + 1];
    int[] rowOf = new int[n + 1];
    int[] way = new int[n + 1];
    for (int i = 1; i <= n; i++) {
      rowOf[0] = i;
      int at = 0;
      double[] least0 = new double[n + 1];
      Arrays.fill(least0, Double.POSITIVE_INFINITY);
      boolean[] used = new boolean[n + 1];
      do {
        used[at] = true;
        int row = rowOf[at];
        double delta = Double.POSITIVE_INFINITY;
        int next = 0;
        for (int j = 1; j <= n; j++) {
          if (!used[j]) {
            double cost = -value(values, rows, columns, row - 1, j - 1, least) - u[row] - v[j];
            if (cost < least0[j]) {
              least0[j] = cost;
              way[j] = at;
            }
            if (least0[j] < delta) {
              delta = least0[j];
              next = j;
            }
          }
        }
        for (int j = 0; j <= n; j++) {
          if (used[j]) {
            u[rowOf[j]] += delta;
            v[j] -= delta;
          } else {
            least0[j] -= delta;
          }
        }
        at = next;
      } while (rowOf[at] != 0);
      while (at != 0) {
        rowOf[at] = rowOf[way[at]];
        at = way[at];
      }
    }
    int[] result = new int[rows];
    Arrays.fill(result, -1);
    for (int j = 1; j <= columns; j++) {
      int row = rowOf[j] - 1;
      if (row < rows && values[row][j - 1] >= least) {
        result[row] = j - 1;
      }
    }
    return result;
  }

  private static double value(
      double[][] values, int rows, int columns, int row, int column, double least) {
    if (row >= rows || column >= columns || values[row][column] < least) {
      return 0;
    }
    return values[row][column];
  }
}
