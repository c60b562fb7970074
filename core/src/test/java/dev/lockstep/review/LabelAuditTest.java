package dev.lockstep.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelAuditTest {
  private static LabelSet labels(int count) {
    LabelSet labels = new LabelSet("drive", LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int i = 0; i < count; i++) {
      labels.add(i, i, "t", "car", "labels", i);
    }
    labels.seal();
    return labels;
  }

  @Test
  void drawsEveryLabelWithTheSameChance() {
    int[] drawn = new int[40];
    for (int seed = 0; seed < 4000; seed++) {
      LabelAudit audit = new LabelAudit(10, seed);
      audit.add("drive", labels(40), List.of());
      audit.sample().forEach(each -> drawn[(int) each.label().position()]++);
    }
    // Each is expected 1000 times, with a standard deviation of 27.
    assertThat(IntStream.of(drawn)).allMatch(count -> count > 860 && count < 1140);
  }

  @Test
  void drawsAllWhereThereAreNoMore() {
    LabelAudit audit = new LabelAudit(10, 1);
    audit.add("a", labels(3), List.of());
    audit.add("b", labels(4), List.of());
    assertThat(audit.sample()).hasSize(7);
    assertThat(audit.population()).isEqualTo(7);
    assertThat(audit.touched()).isZero();
  }
}
