package dev.lockstep.bench.clock;

import dev.lockstep.clock.LatticeEvents;
import dev.lockstep.clock.LatticeTracker;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The time per stamp of a 30 Hz stream with 1 ms jitter, from learning to the end.
///
/// Floor and naive way in one: `longSteps` counts the steps above 1.5 periods, which takes a period
/// that is known beforehand and neither places a hole nor measures jitter.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class LatticeTrackerBenchmark {
  private static final int SLOTS = 1 << 18;
  private static final double PERIOD_NS = 1e9 / 30;

  private static final LatticeEvents NONE = new LatticeEvents() {};

  /// Share of the messages that are lost.
  @Param({"0", "0.01", "0.2"})
  public double loss;

  private long[] stampsNs;

  /// Makes the stamps; lost messages are replaced by later ones, so that the number stays.
  @Setup
  public void make() {
    Random random = new Random(1);
    stampsNs = new long[SLOTS];
    long slot = 0;
    for (int i = 0; i < SLOTS; slot++) {
      if (random.nextDouble() >= loss) {
        double offset = slot * PERIOD_NS + random.nextGaussian() * 1e6;
        stampsNs[i++] = 1_700_000_000_000_000_000L + Math.round(offset);
      }
    }
  }

  /// Naive: a fixed gap rule.
  @Benchmark
  @OperationsPerInvocation(SLOTS)
  public int longSteps() {
    int count = 0;
    for (int i = 1; i < SLOTS; i++) {
      if (stampsNs[i] - stampsNs[i - 1] > 1.5 * PERIOD_NS) {
        count++;
      }
    }
    return count;
  }

  /// Ours.
  @Benchmark
  @OperationsPerInvocation(SLOTS)
  public long track() {
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stampsNs, 0, SLOTS, NONE);
    tracker.finish(NONE);
    return tracker.missing();
  }
}
