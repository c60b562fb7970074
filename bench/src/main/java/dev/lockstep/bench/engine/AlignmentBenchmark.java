package dev.lockstep.bench.engine;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// All rules about several streams over one hour of 12 streams at 30 Hz, whose stamps are read: 1.3
/// million stamps, 10 MB.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class AlignmentBenchmark {
  private static final int STREAMS = 12;
  private static final int MESSAGES = 3600 * 30;
  private static final double PERIOD_NS = 1e9 / 30;

  private final List<Alignment.Stream> streams = new ArrayList<>();

  /// Makes the stamps: a LiDAR and eleven cameras, each at its own phase, with 0.2 ms of jitter.
  @Setup
  public void make() {
    Random random = new Random(1);
    for (int s = 0; s < STREAMS; s++) {
      long[] stamps = new long[MESSAGES];
      for (int i = 0; i < MESSAGES; i++) {
        double offset = i * PERIOD_NS + s * 1e6 + random.nextGaussian() * 2e5;
        stamps[i] = 1_700_000_000_000_000_000L + Math.round(offset);
      }
      Modality modality = s == 0 ? Modality.LIDAR : Modality.CAMERA;
      StreamInfo info = StreamInfo.of(s, "/s" + s, modality, StampSource.HEADER, "", "");
      streams.add(new Alignment.Stream(info, stamps, MESSAGES, List.of(), List.of()));
    }
  }

  /// Ours.
  @Benchmark
  public int rules() {
    Alignment alignment = new Alignment(streams, List.of(), null, new SharedAnalyses());
    Counter counter = new Counter();
    for (var check : Checks.ALL) {
      if (check instanceof AlignmentCheck rule) {
        rule.examine(
            alignment,
            (subject, examination) -> counter.ended += examination.apply(counter) == null ? 0 : 1);
      }
    }
    return counter.findings + counter.ended;
  }

  /// Counts findings and ends.
  private static final class Counter implements CheckSink {
    private int findings;
    private int ended;

    @Override
    public void report(
        Severity severity,
        String title,
        Location location,
        Evidence evidence,
        @Nullable Cause cause) {
      findings++;
    }

    @Override
    public void measure(String quantity, double value, String unit) {}
  }
}
