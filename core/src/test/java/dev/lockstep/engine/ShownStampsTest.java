package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Times;
import org.junit.jupiter.api.Test;

class ShownStampsTest {
  private static ShownStamps of(long... stampsNs) {
    ShownStamps shown = new ShownStamps();
    for (long stampNs : stampsNs) {
      shown.add(stampNs);
    }
    return shown;
  }

  @Test
  void findsTheLastFrameInFrontOfThoseThatAreShownEarlier() {
    ShownStamps shown = of(0, 160, 80, 40, 120, 320, 240, 200, 280);

    assertThat(shown.firstNs()).isZero();
    assertThat(shown.lastNs()).isEqualTo(320);
  }

  @Test
  void findsTheFirstFrameBehindAKeyframeThatIsShownLater() {
    assertThat(of(80, 0, 40, 200, 120, 160).firstNs()).isZero();
  }

  @Test
  void oneStrayStampInTheMiddleChangesNeitherEnd() {
    long[] stamps = new long[100];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = 1000 + 40L * i;
    }
    stamps[40] = 0;
    stamps[50] = 1_000_000;

    assertThat(of(stamps).firstNs()).isEqualTo(1000);
    assertThat(of(stamps).lastNs()).isEqualTo(1000 + 40 * 99);
  }

  @Test
  void noFrameHasNoEnds() {
    assertThat(of().firstNs()).isEqualTo(Times.NONE);
    assertThat(of().lastNs()).isEqualTo(Times.NONE);
  }
}
