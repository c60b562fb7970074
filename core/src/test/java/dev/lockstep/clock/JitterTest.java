package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class JitterTest {

  private static final double MS = 1e6;

  private static Jitter of(SimulatedClock clock, int n) {
    long[] stamps = clock.stamps(n);
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, n, new LatticeEvents() {});
    tracker.finish(new LatticeEvents() {});
    return tracker.jitter();
  }

  @Test
  void showsLatenessAsSkew() {
    Jitter late = of(new SimulatedClock(1, 100 * MS).latenessNs(MS), 20_000);
    // An exponential has skewness 2.
    assertThat(late.skewness()).isCloseTo(2, within(0.3));
    assertThat(late.minNs()).isGreaterThan(-1.5 * MS);
    assertThat(late.maxNs()).isGreaterThan(5 * MS);
  }

  @Test
  void tellsAWanderingClockFromJitterByTheLag() {
    Jitter walk = of(new SimulatedClock(1, 100 * MS).walkNs(0.1 * MS), 20_000);
    // A walk of q per message: root of 2 m q squared over 6.
    assertThat(walk.wanderNs(1)).isCloseTo(0.1 * MS * Math.sqrt(2 / 6.0), within(0.005 * MS));
    assertThat(walk.wanderNs(10)).isCloseTo(0.1 * MS * Math.sqrt(20 / 6.0), within(0.03 * MS));
    assertThat(walk.wanderNs(100)).isCloseTo(0.1 * MS * Math.sqrt(200 / 6.0), within(0.25 * MS));
    assertThat(walk.lagOneCorrelation()).isGreaterThan(0.9);
  }

  @Test
  void saysNothingWhereNothingWasMeasured() {
    Jitter none = of(new SimulatedClock(1, 100 * MS), 5);
    assertThat(none.count()).isZero();
    assertThat(none.sigmaNs()).isZero();
    assertThat(none.skewness()).isZero();
    assertThat(none.lagOneCorrelation()).isZero();
    assertThat(none.wanderNs(100)).isNaN();
    assertThatThrownBy(() -> none.wanderNs(7)).hasMessage("lag: 7 (expected 1, 10 or 100)");
  }

  @Test
  void givesSignedQuantiles() {
    Jitter wide = of(new SimulatedClock(2, 100 * MS).jitterNs(2 * MS), 20_000);
    assertThat(wide.quantileNs(0.5)).isCloseTo(0, within(0.1 * MS));
    assertThat(wide.quantileNs(0.9)).isCloseTo(1.2816 * 2 * MS, within(0.1 * MS));
    assertThat(wide.quantileNs(0.1)).isCloseTo(-1.2816 * 2 * MS, within(0.1 * MS));
    assertThat(wide.magnitudeNs(0.99)).isCloseTo(2.5758 * 2 * MS, within(0.15 * MS));
  }
}
