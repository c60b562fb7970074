package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampUnitTest {

  @Test
  void tellsTheUnitOfAUnixTime() {
    for (StampUnit unit : StampUnit.values()) {
      assertThat(StampUnit.ofEpoch(1_700_000_000_123_456_789L / unit.nanos())).isEqualTo(unit);
    }
    assertThat(StampUnit.ofEpoch(12_345)).isNull();
    assertThat(StampUnit.ofEpoch(-1_700_000_000L)).isNull();
    assertThat(StampUnit.ofEpoch(Long.MAX_VALUE)).isNull();
  }

  @Test
  void tellsTheUnitOfAStep() {
    assertThat(StampUnit.ofStep(100, 100e6)).isEqualTo(StampUnit.MILLISECONDS);
    assertThat(StampUnit.ofStep(0.1, 100e6)).isEqualTo(StampUnit.SECONDS);
    assertThat(StampUnit.ofStep(103_000, 100e6)).isEqualTo(StampUnit.MICROSECONDS);
    assertThat(StampUnit.ofStep(66e6, 100e6)).isEqualTo(StampUnit.NANOSECONDS);
    assertThat(StampUnit.ofStep(20e6, 100e6)).isNull();
    assertThat(StampUnit.ofStep(0, 100e6)).isNull();
  }

  @Test
  void recognisesASlipOfUnits() {
    assertThat(StampUnit.slip(100e9, 100e6)).isEqualTo(3);
    assertThat(StampUnit.slip(103, 100e6)).isEqualTo(-6);
    assertThat(StampUnit.slip(150e6, 100e6)).isZero();
    assertThat(StampUnit.slip(1e9, 100e6)).isZero();
    assertThat(StampUnit.slip(0, 100e6)).isZero();
    assertThat(StampUnit.slip(1e30, 100e6)).isZero();
  }
}
