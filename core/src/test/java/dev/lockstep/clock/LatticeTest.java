package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatticeTest {

  private static final Lattice TEN_HERTZ = new Lattice(1_700_000_000_000_000_000L, 100e6);

  @Test
  void givesTheNearestSlotOnEitherSideOfTheAnchor() {
    assertThat(TEN_HERTZ.slotOf(1_700_000_000_349_999_999L)).isEqualTo(3);
    assertThat(TEN_HERTZ.slotOf(1_700_000_000_350_000_000L)).isEqualTo(4);
    assertThat(TEN_HERTZ.slotOf(1_699_999_999_749_999_999L)).isEqualTo(-3);
  }

  @Test
  void keepsNanosecondsFarFromTheEpoch() {
    long stamp = TEN_HERTZ.stampOf(10_000_000);
    assertThat(stamp).isEqualTo(1_701_000_000_000_000_000L);
    assertThat(TEN_HERTZ.residualNs(stamp + 7)).isEqualTo(7.0);
    assertThat(TEN_HERTZ.residualNs(stamp - 7)).isEqualTo(-7.0);
  }

  @Test
  void comparesItsRateWithADeclaredOne() {
    Lattice slow = new Lattice(0, 100_005_000);
    assertThat(slow.rateHz()).isCloseTo(9.9995, within(1e-6));
    assertThat(slow.ppmAgainst(10)).isCloseTo(-50, within(0.01));
  }

  @Test
  void refusesAPeriodThatIsNoDistance() {
    assertThatThrownBy(() -> new Lattice(0, 0))
        .hasMessage("period: 0.0 ns (expected finite and above 0)");
    assertThatThrownBy(() -> new Lattice(0, Double.NaN))
        .hasMessage("period: NaN ns (expected finite and above 0)");
  }
}
