package dev.lockstep.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PowerLossTest {
  @Test
  void nothingAcknowledgedIsLostWhateverHappensToTheDisk() {
    assertThat(PowerLoss.play(1, 20))
        .hasSize(PowerLoss.Fault.values().length)
        .allSatisfy(
            (fault, result) -> assertThat(result.acknowledgedBytes()).isGreaterThan(100_000));
  }
}
