package dev.lockstep.check.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoleSeriesTest {
  private final HoleSeries series = new HoleSeries();
  private final List<HoleSeries.Found> found = new ArrayList<>();

  private static LatticeWatch.Hole hole(long after, long count) {
    return new LatticeWatch.Hole(
        after + 1, count, after, after * 100, after * 100 + 200, 0, 100, 0);
  }

  private void take(long count, long... after) {
    for (long message : after) {
      series.take(hole(message, count), found);
    }
  }

  /// Each find: first and last message, and how many holes.
  private List<String> text() {
    return found.stream()
        .map(f -> f.first().afterMessage() + ".." + f.last().afterMessage() + " x" + f.holes())
        .toList();
  }

  @Test
  void joinsHolesThatRepeat() {
    take(1, 10, 12, 14, 16, 18, 20, 22, 24);
    assertThat(found).as("it may go on").isEmpty();
    series.passed(40, found);
    assertThat(text()).containsExactly("10..24 x8");
    assertThat(found.getFirst().distance()).isEqualTo(2);
  }

  @Test
  void leavesFewHolesApart() {
    take(1, 10, 12, 14, 16, 18, 20, 22);
    series.end(found);
    assertThat(text())
        .containsExactly(
            "10..10 x1",
            "12..12 x1",
            "14..14 x1",
            "16..16 x1",
            "18..18 x1",
            "20..20 x1",
            "22..22 x1");
  }

  @Test
  void findsASeriesBehindAHoleOfItsOwn() {
    take(1, 10, 11, 14, 17, 20, 23, 26, 29, 32);
    series.end(found);
    assertThat(text()).containsExactly("10..10 x1", "11..32 x8");
  }

  @Test
  void endsASeriesWhereTheHolesChange() {
    take(1, 10, 11, 12, 13, 14, 15, 16, 17);
    take(3, 18, 40);
    assertThat(text()).containsExactly("10..17 x8", "18..18 x1");
    series.passed(44, found);
    assertThat(text()).hasSize(2);
    series.passed(50, found);
    assertThat(text()).containsExactly("10..17 x8", "18..18 x1", "40..40 x1");
  }

  @Test
  void holdsNoHoleForLong() {
    take(1, 10);
    series.passed(19, found);
    assertThat(found).isEmpty();
    series.passed(20, found);
    assertThat(text()).containsExactly("10..10 x1");
  }
}
