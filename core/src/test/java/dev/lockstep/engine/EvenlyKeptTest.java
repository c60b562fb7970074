package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvenlyKeptTest {
  private static List<Long> kept(int messages, int every) {
    EvenlyKept<Long> kept = new EvenlyKept<>();
    for (long i = 0; i < messages; i += every) {
      kept.accept(i, i);
    }
    return kept.kept();
  }

  @Test
  void keepsSomeOfEveryStream() {
    for (int messages : new int[] {0, 1, 511, 512, 513, 1024, 1025, 5000, 100_000}) {
      assertThat(kept(messages, 1).size())
          .isBetween(Math.min(messages, 256), EvenlyKept.KEPT)
          .isLessThanOrEqualTo(messages);
    }
  }

  @Test
  void keepsThemEvenlyOverTheWholeStream() {
    List<Long> kept = kept(100_000, 1);
    long step = kept.get(1);
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i)).isEqualTo(i * step);
    }
    assertThat(kept.getLast()).isGreaterThan(99_000);
  }

  @Test
  void staysBoundedWhereOnlySomeMessagesCount() {
    assertThat(kept(1 << 21, 1024).size()).isBetween(256, EvenlyKept.KEPT);
  }
}
