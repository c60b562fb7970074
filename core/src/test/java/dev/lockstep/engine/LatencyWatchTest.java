package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamSummary.LogStep;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class LatencyWatchTest {
  private static final long START = 1_772_442_000_000_000_000L;
  private static final long MS = 1_000_000L;
  private static final int MESSAGES = 100;

  /// Watches messages every 100 ms that are recorded `latency` later, in batches of `perBatch`.
  private static LatencyWatch watch(IntToLongFunction latency, int perBatch) {
    LatencyWatch watch = new LatencyWatch();
    for (int from = 0; from < MESSAGES; from += perBatch) {
      int size = Math.min(perBatch, MESSAGES - from);
      long[] stamps = new long[size];
      long[] logs = new long[size];
      for (int r = 0; r < size; r++) {
        stamps[r] = START + 100 * MS * (from + r);
        logs[r] = stamps[r] + latency.applyAsLong(from + r);
      }
      watch.take(from, stamps, logs, size);
    }
    return watch;
  }

  private static long usual(int message) {
    return 5 * MS + message % 7 * MS;
  }

  @Test
  void findsAJumpThatLastsHoweverMessagesAreCut() {
    for (long step : new long[] {2_000 * MS, 37_000 * MS, -700 * MS, -3_600_000 * MS}) {
      LogStep[] found =
          Arrays.stream(new int[] {1, 7, MESSAGES})
              .mapToObj(size -> watch(m -> usual(m) + (m < 60 ? 0 : step), size).step())
              .toArray(LogStep[]::new);

      assertThat(found[0]).isNotNull().isEqualTo(found[1]).isEqualTo(found[2]);
      assertThat(found[0].message()).isEqualTo(60);
      assertThat(found[0].stampNs()).isEqualTo(START + 6_000 * MS);
      assertThat(Math.abs(found[0].stepNs() - step)).isLessThan(10 * MS);
    }
  }

  @Test
  void takesAQueueForNoJump() {
    // The recorder stands still for five seconds and then takes all that waited.
    for (int drained : new int[] {100, 40}) {
      assertThat(
              watch(m -> usual(m) + Math.max(0, m < 40 ? 0 : 5_000 - drained * (m - 40)) * MS, 7)
                  .step())
          .as("by %d ms a message", drained)
          .isNull();
    }
  }

  @Test
  void takesAFewLateMessagesForNoJump() {
    assertThat(watch(m -> usual(m) + (m >= 40 && m < 48 ? 5_000 * MS : 0), 7).step()).isNull();
  }

  @Test
  void takesDriftForNoJump() {
    assertThat(watch(m -> usual(m) + m * 40 * MS, 7).step()).isNull();
  }

  @Test
  void takesAClockThatStandsStillBesideAnotherForNoJump() {
    assertThat(watch(m -> START + usual(m) + (m < 60 ? 0 : 5_000 * MS), 7).step()).isNull();
  }
}
