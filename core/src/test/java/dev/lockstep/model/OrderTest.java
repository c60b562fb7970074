package dev.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderTest {
  private record Row(String name, int number, long stampNs, double gain) {}

  @Test
  void ordersAsComparatorsDo() {
    List<Row> rows = rows(2026);
    assertThat(sorted(rows, Order.byInt(Row::number).thenComparingDouble(Row::gain)))
        .isEqualTo(
            sorted(rows, Comparator.comparingInt(Row::number).thenComparingDouble(Row::gain)));
    assertThat(sorted(rows, Order.by(Row::name).thenComparingLong(Row::stampNs)))
        .isEqualTo(sorted(rows, Comparator.comparing(Row::name).thenComparingLong(Row::stampNs)));
    assertThat(sorted(rows, Order.byDouble(Row::gain).reversed().thenComparing(Row::name)))
        .isEqualTo(
            sorted(
                rows, Comparator.comparingDouble(Row::gain).reversed().thenComparing(Row::name)));
    assertThat(sorted(rows, Order.byLong(Row::stampNs).thenComparingInt(Row::number).reversed()))
        .isEqualTo(
            sorted(
                rows,
                Comparator.comparingLong(Row::stampNs).thenComparingInt(Row::number).reversed()));
  }

  private static List<Row> sorted(List<Row> rows, Comparator<Row> order) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(order);
    return sorted;
  }

  private static List<Row> rows(long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    double[] gains = {0, -0.0, 1, Double.NaN, Double.NEGATIVE_INFINITY};
    for (int i = 0; i < 200; i++) {
      rows.add(
          new Row(
              "row " + random.nextInt(5),
              random.nextInt(3) - 1,
              random.nextInt(4) * Long.MIN_VALUE + random.nextInt(3),
              gains[random.nextInt(gains.length)]));
    }
    return rows;
  }
}
