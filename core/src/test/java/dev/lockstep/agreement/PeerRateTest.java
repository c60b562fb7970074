package dev.lockstep.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PeerRateTest {
  @Test
  void allCountsAreEquallyLikelyWhereAllSharesAre() {
    PeerRate any = PeerRate.of(0.5, 2);
    assertThat(any.atLeast(8, 9)).isEqualTo(0.2, within(1e-12));
    assertThat(any.atLeast(0, 9)).isEqualTo(1, within(1e-12));
  }

  @Test
  void comesNearTheBinomialWhereMuchWasSeen() {
    // 10 or more of 80 at one in a hundred.
    PeerRate rate = PeerRate.of(0.01, 1).with(100_000, 10_000_000);
    assertThat(rate.rate()).isEqualTo(0.01, within(1e-6));
    assertThat(rate.atLeast(3, 80)).isEqualTo(0.0466, within(5e-4));
  }

  @Test
  void isSlowToCallAnythingUnlikelyWhereLittleWasSeen() {
    assertThat(PeerRate.of(0.02, 50).atLeast(3, 10))
        .isGreaterThan(PeerRate.of(0.02, 50).with(2, 100).atLeast(3, 10));
  }
}
