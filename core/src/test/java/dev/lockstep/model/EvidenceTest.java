package dev.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static String text(Evidence evidence) {
    return evidence.observed() + " (" + evidence.expected() + ")";
  }

  @Test
  void roundsAValueAsFarAsItStillReadsAsBeyondItsLimit() {
    assertThat(text(Evidence.OutOfRange.rounded("turn", 43.72, null, 30, 1, "deg")))
        .isEqualTo("43.7 (at most 30)");
    assertThat(text(Evidence.OutOfRange.rounded("turn", 30.004, null, 30.0, 1, "deg")))
        .isEqualTo("30.004 (at most 30)");
    assertThat(text(Evidence.OutOfRange.rounded("turn", 30.000_000_4, null, 30.0, 1, "deg")))
        .isEqualTo("30.0000004 (at most 30)");
    assertThat(text(Evidence.OutOfRange.rounded("way", 1.234_56, null, 1.234_41, 3, "m")))
        .isEqualTo("1.235 (at most 1.234)");
    assertThat(text(Evidence.OutOfRange.rounded("share", 0.0049, 0.005, null, 2, "")))
        .isEqualTo("0 (at least 0.005)");
  }

  @Test
  void showsTheDigitsInWhichAValueDiffersFromItsLimit() {
    assertThat(text(new Evidence.OutOfRange("x", 1_000_000.25, null, 1_000_000.125, "")))
        .isEqualTo("1000000.3 (at most 1000000.1)");
    assertThat(text(new Evidence.OutOfRange("x", 0.1 + 0.2, null, 0.3, "")))
        .isEqualTo("0.30000000000000004 (at most 0.3)");
    assertThat(text(new Evidence.OutOfRange("x", 0.3, null, 0.3, "")))
        .isEqualTo("0.3 (at most 0.3)");
  }
}
