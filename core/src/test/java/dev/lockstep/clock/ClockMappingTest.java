package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Estimates against simulated pairs of clocks whose truth is known.
class ClockMappingTest {
  private static final double BLOCK_NS = 10e9;
  private static final int TRIALS = 60;

  /// Least delay of a message.
  private static final double FLOOR_NS = 1.2e6;

  /// What happens to a pair of clocks.
  private static final class Pair {
    double ppm;
    double thermalPpm;
    long tickNs = 1;
    double stepNs;
    boolean earlySample;
    int seconds = 1200;

    private final Random random;
    private double truthNs;

    Pair(long seed) {
      random = new Random(seed);
      ppm = random.nextDouble() * 120 - 60;
    }

    /// Pairs at 10 Hz: an exponential delay above a floor, 3 % of it up to 80 ms late, and 30 s of
    /// congestion.
    ClockMapping run() {
      ClockMapping mapping = new ClockMapping(BLOCK_NS);
      long start = SimulatedClock.EPOCH_NS;
      int congested = random.nextInt(Math.max(1, seconds - 40));
      int early = random.nextInt(10 * seconds);
      for (int i = 0; i < 10 * seconds; i++) {
        double ideal = i * 100e6;
        double turn = 2 * Math.PI * ideal / 600e9;
        double rate =
            ideal * ppm * 1e-6 + thermalPpm * 1e-6 * 600e9 / (2 * Math.PI) * Math.sin(turn);
        double step = ideal > seconds * 5e8 ? stepNs : 0;
        truthNs = rate + step;
        double delay = FLOOR_NS - Math.log(1 - random.nextDouble()) * 5e5;
        delay += random.nextDouble() < 0.03 ? random.nextDouble() * 80e6 : 0;
        boolean jam = i / 10 >= congested && i / 10 < congested + 30;
        delay += jam ? 20e6 * random.nextDouble() : 0;
        delay -= earlySample && i == early ? 50e6 : 0;
        long device = start + Math.round(ideal);
        mapping.add(device / tickNs * tickNs, start + Math.round(ideal + truthNs + delay));
      }
      return mapping;
    }

    /// Error of the offset at the end, ns, apart from the least delay.
    double errorNs(ClockMapping mapping) {
      return mapping.line().offsetNs() - truthNs - FLOOR_NS;
    }
  }

  private interface Setup {
    void apply(Pair pair);
  }

  /// Offset errors at the end, ascending magnitudes, ns.
  private static double[] errors(Setup setup) {
    double[] errors = new double[TRIALS];
    for (int seed = 0; seed < TRIALS; seed++) {
      Pair pair = new Pair(seed);
      setup.apply(pair);
      errors[seed] = Math.abs(pair.errorNs(pair.run()));
    }
    Arrays.sort(errors);
    return errors;
  }

  @Test
  void followsADriftThroughDelaysAndCongestion() {
    double[] errors = errors(pair -> {});
    assertThat(errors[TRIALS / 2]).isLessThan(0.1e6);
    assertThat(errors[TRIALS - 1]).isLessThan(0.3e6);
    for (long seed = 0; seed < 20; seed++) {
      Pair pair = new Pair(seed);
      assertThat(pair.run().line().ppm())
          .as("seed %d", seed)
          .isBetween(pair.ppm - 0.3, pair.ppm + 0.3);
    }
  }

  @Test
  void isNotPulledDownByOneEarlySample() {
    assertThat(errors(pair -> pair.earlySample = true)[TRIALS - 1]).isLessThan(0.3e6);
  }

  @Test
  void toleratesACoarseDeviceClock() {
    assertThat(errors(pair -> pair.tickNs = 1_000_000)[TRIALS - 1]).isLessThan(1.1e6);
  }

  @Test
  void showsAStepAsBlocksOffTheLine() {
    Pair pair = new Pair(5);
    pair.ppm = 0;
    pair.stepNs = 20e6;
    ClockMapping.Line line = pair.run().line();
    assertThat(line.spreadNs()).isGreaterThan(0.15 * Math.abs(line.driftNs()));
  }

  @Test
  void showsAThermalCycleAsBlocksOffTheLine() {
    Pair pair = new Pair(5);
    pair.ppm = 0;
    pair.thermalPpm = 10;
    ClockMapping.Line line = pair.run().line();
    assertThat(line.spreadNs()).isGreaterThan(0.15 * Math.abs(line.driftNs()));
  }

  @Test
  void staysBelowItsBoundAndItsBoundBelowEveryPair() {
    for (long seed = 0; seed < 20; seed++) {
      Pair pair = new Pair(seed);
      ClockMapping mapping = pair.run();
      double truth = pair.truthNs + FLOOR_NS;
      assertThat(mapping.line().boundNs() - truth).as("seed %d", seed).isBetween(-1e3, 0.2e6);
    }
  }

  @Test
  void givesTheSameLineHoweverOftenBlocksWereJoined() {
    for (long seed = 0; seed < 10; seed++) {
      Pair pair = new Pair(seed);
      ClockMapping whole = new ClockMapping(BLOCK_NS);
      replay(pair, whole);
      ClockMapping joined = new ClockMapping(BLOCK_NS / 16);
      replay(pair, joined);
      double ppm = whole.line().ppm();
      assertThat(joined.line().ppm()).as("seed %d", seed).isBetween(ppm - 0.1, ppm + 0.1);
      assertThat(joined.line().offsetNs() - whole.line().offsetNs())
          .as("seed %d", seed)
          .isBetween(-0.05e6, 0.05e6);
      assertThat(joined.line().blocks()).isLessThanOrEqualTo(ClockMapping.MAX_BLOCKS);
    }
  }

  private static void replay(Pair pair, ClockMapping into) {
    Random random = new Random(99);
    for (int i = 0; i < 10 * pair.seconds; i++) {
      double ideal = i * 100e6;
      double delay = FLOOR_NS - Math.log(1 - random.nextDouble()) * 5e5;
      into.add(
          SimulatedClock.EPOCH_NS + Math.round(ideal),
          SimulatedClock.EPOCH_NS + Math.round(ideal * (1 + pair.ppm * 1e-6) + delay));
    }
  }

  @Test
  void leavesOutTimesThatDoNotRise() {
    ClockMapping mapping = new ClockMapping(BLOCK_NS);
    mapping.add(100, 200);
    mapping.add(100, 300);
    mapping.add(50, 300);
    mapping.add(Long.MIN_VALUE, 0);
    assertThat(mapping.count()).isEqualTo(1);
    assertThat(mapping.line().blocks()).isLessThan(ClockMapping.MIN_BLOCKS);
  }
}
