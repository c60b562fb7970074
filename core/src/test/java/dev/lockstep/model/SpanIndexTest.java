package dev.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanIndexTest {
  @Test
  void findsWhatAWalkOverAllSpansFinds() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      int count = random.nextInt(40);
      long[] from = new long[count];
      long[] to = new long[count];
      for (int i = 0; i < count; i++) {
        from[i] = random.nextLong(50) - 1;
        to[i] = random.nextInt(8) == 0 ? Long.MAX_VALUE : from[i] + 1 + random.nextLong(12);
      }
      SpanIndex index = new SpanIndex(from, to);
      for (int ask = 0; ask < 50; ask++) {
        long first = random.nextLong(60) - 2;
        long last = first + random.nextInt(5);
        int parity = random.nextInt(3);
        int found = index.latest(first, last, i -> parity == 2 || i % 2 == parity);
        long expected = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
          boolean overlaps = from[i] < last && to[i] > first && (parity == 2 || i % 2 == parity);
          expected = overlaps ? Math.max(expected, from[i]) : expected;
        }
        if (expected == Long.MIN_VALUE) {
          assertThat(found).isEqualTo(-1);
        } else {
          assertThat(from[found]).isEqualTo(expected);
          assertThat(from[found] < last && to[found] > first).isTrue();
          assertThat(parity == 2 || found % 2 == parity).isTrue();
        }
      }
    }
  }

  @Test
  void knowsSpansWithoutAnEnd() {
    SpanIndex index = new SpanIndex(new long[] {Long.MIN_VALUE}, new long[] {Long.MAX_VALUE});

    assertThat(index.latest(0, 0, i -> true)).isZero();
    assertThat(new SpanIndex(new long[0], new long[0]).latest(0, 0, i -> true)).isEqualTo(-1);
  }
}
