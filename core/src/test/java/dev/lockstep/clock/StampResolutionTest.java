package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.clock.StampResolution.FloatTrace;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class StampResolutionTest {

  /// Year 1980 and year 2023.
  private static final long[] EPOCHS_NS = {315_966_265_259_836_113L, SimulatedClock.EPOCH_NS};

  private static StampResolution of(long epochNs, long seed, int n, LongUnaryOperator change) {
    Random random = new Random(seed);
    StampResolution resolution = new StampResolution();
    for (int i = 0; i < n; i++) {
      long stamp = epochNs + i * 100_000_000L + random.nextInt(1_000_000);
      resolution.add(change.applyAsLong(stamp));
    }
    return resolution;
  }

  @Test
  void findsNanosecondsThatPassedThroughADouble() {
    for (long epoch : EPOCHS_NS) {
      StampResolution resolution = of(epoch, 1, 100, stamp -> (long) (double) stamp);
      assertThat(resolution.floatTrace()).isEqualTo(FloatTrace.NANOSECONDS);
      assertThat(resolution.shareInNanoseconds()).isEqualTo(1);
    }
    assertThat(of(EPOCHS_NS[1], 1, 4, stamp -> (long) (double) stamp).floatTrace())
        .isEqualTo(FloatTrace.NANOSECONDS);
    assertThat(of(EPOCHS_NS[1], 1, 3, stamp -> (long) (double) stamp).floatTrace())
        .isEqualTo(FloatTrace.UNDECIDABLE);
  }

  @Test
  void findsSecondsThatPassedThroughADoubleRoundedOrCut() {
    for (long epoch : EPOCHS_NS) {
      LongUnaryOperator rounded = stamp -> throughSeconds(stamp, true);
      LongUnaryOperator cut = stamp -> throughSeconds(stamp, false);
      assertThat(of(epoch, 2, 100, rounded).floatTrace()).isEqualTo(FloatTrace.SECONDS);
      assertThat(of(epoch, 2, 100, cut).floatTrace()).isEqualTo(FloatTrace.SECONDS);
    }
  }

  private static long throughSeconds(long stampNs, boolean round) {
    long wholeSeconds = stampNs / 1_000_000_000L;
    double seconds = wholeSeconds + stampNs % 1_000_000_000L / 1e9;
    long whole = (long) seconds;
    double nanos = (seconds - whole) * 1e9;
    return whole * 1_000_000_000L + (round ? Math.round(nanos) : (long) nanos);
  }

  @Test
  void seesNoTraceInNanosecondStampsWhateverTheSeed() {
    for (long seed = 0; seed < 2000; seed++) {
      for (long epoch : EPOCHS_NS) {
        assertThat(of(epoch, seed, 12, stamp -> stamp).floatTrace())
            .as("seed %d", seed)
            .isIn(FloatTrace.NONE, FloatTrace.UNDECIDABLE);
      }
    }
    assertThat(of(EPOCHS_NS[1], 1, 100, stamp -> stamp).floatTrace()).isEqualTo(FloatTrace.NONE);
  }

  @Test
  void oneStampThatNoDoubleHoldsRefutesATrace() {
    StampResolution resolution = of(EPOCHS_NS[1], 1, 100, stamp -> (long) (double) stamp);
    resolution.add(EPOCHS_NS[1] + 20_000_000_001L);
    assertThat(resolution.floatTrace()).isEqualTo(FloatTrace.NONE);
    assertThat(resolution.shareInNanoseconds()).isBetween(0.98, 0.999);
  }

  @Test
  void cannotDecideOnStampsThatADoubleHoldsAnyway() {
    assertThat(of(0, 1, 100, stamp -> stamp).floatTrace()).isEqualTo(FloatTrace.UNDECIDABLE);
    LongUnaryOperator seconds = stamp -> stamp / 1_000_000_000L * 1_000_000_000L;
    assertThat(of(EPOCHS_NS[1], 1, 100, seconds).floatTrace()).isEqualTo(FloatTrace.UNDECIDABLE);
    assertThat(new StampResolution().floatTrace()).isEqualTo(FloatTrace.UNDECIDABLE);
  }

  @Test
  void doesNotTakeMicrosecondOrMillisecondClocksForATrace() {
    for (long grid : new long[] {1_000, 1_000_000}) {
      for (long seed = 0; seed < 200; seed++) {
        StampResolution resolution = of(EPOCHS_NS[1], seed, 60, stamp -> stamp / grid * grid);
        assertThat(resolution.floatTrace()).as("seed %d", seed).isEqualTo(FloatTrace.NONE);
      }
    }
  }

  @Test
  void measuresTheGridOfACoarseClock() {
    StampResolution fine = of(EPOCHS_NS[1], 3, 200, stamp -> stamp);
    assertThat(fine.gridNs()).isEqualTo(1);
    assertThat(fine.gridChance()).isEqualTo(1);
    assertThat(fine.isCoarse(5e6, 0.05)).isFalse();
    LongUnaryOperator tenMilliseconds = stamp -> (stamp + 4_900_000) / 10_000_000 * 10_000_000;
    Random random = new Random(9);
    StampResolution coarse =
        of(EPOCHS_NS[1], 3, 200, s -> tenMilliseconds.applyAsLong(s + random.nextInt(20_000_000)));
    assertThat(coarse.gridNs()).isEqualTo(10_000_000);
    assertThat(coarse.zeroDigits()).isEqualTo(7);
    assertThat(coarse.zeroBits()).isEqualTo(7);
    assertThat(coarse.isCoarse(100e6, 0.05)).isTrue();
    assertThat(coarse.isCoarse(1000e6, 0.05)).isFalse();
  }

  @Test
  void doesNotCallEqualStepsACoarseClock() {
    StampResolution exact = new StampResolution();
    for (int i = 0; i < 100; i++) {
      exact.add(SimulatedClock.EPOCH_NS + i * 100_000_000L);
    }
    assertThat(exact.gridNs()).isEqualTo(100_000_000);
    assertThat(exact.isCoarse(100e6, 0.05)).isFalse();
  }

  @Test
  void countsRepeatedStampsAndSurvivesTheLargest() {
    StampResolution resolution = new StampResolution();
    for (long stamp : new long[] {5, 5, 5, Long.MIN_VALUE, Long.MAX_VALUE, 0, Long.MIN_VALUE}) {
      resolution.add(stamp);
    }
    assertThat(resolution.repeats()).isEqualTo(2);
    assertThat(resolution.count()).isEqualTo(7);
    assertThat(resolution.floatTrace()).isIn(FloatTrace.NONE, FloatTrace.UNDECIDABLE);
  }
}
