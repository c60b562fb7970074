package dev.lockstep.bench.labels;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Rules that follow tracks, over the labels of a synthetic drive with the noise of hands: each
/// rule alone with all that it has to find out first, and all one after the other, which share
/// that. `rows` is label rows a second.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class LabelRulesBenchmark {
  /// Five minutes of 10 Hz.
  private static final int FRAMES = 3000;

  private static final double NOISE_METERS = 0.02;

  /// Rules by their ids, in one word.
  @Param({
    "LAB001+LAB002+LAB003+LAB004+LAB005+LAB006+LAB007+LAB008+LAB009+LAB017+LAB018+LAB019+LAB020"
        + "+LAB025+LAB026+LAB030",
    "LAB001",
    "LAB002",
    "LAB003",
    "LAB004",
    "LAB005",
    "LAB006",
    "LAB007",
    "LAB008",
    "LAB009",
    "LAB017",
    "LAB018",
    "LAB019",
    "LAB020"
  })
  public String rules = "";

  private final Rules runner = new Rules();
  private List<LabelCheck> chosen = List.of();
  private LabelSet labels = new LabelSet("", LabelSet.Frame.WORLD, StampSource.COLUMN);

  /// Rows of all invocations.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counted {
    public long rows;
  }

  /// Makes the labels.
  @Setup
  public void make() {
    labels = Sequence.synthetic(1, FRAMES).varied(1, NOISE_METERS, 1).labels().build();
    List<String> ids = List.of(rules.split("[+]"));
    chosen = Rules.ALL.stream().filter(rule -> ids.contains(rule.card().id())).toList();
    if (chosen.size() != ids.size()) {
      throw new IllegalStateException("no such rule among " + rules);
    }
  }

  /// Ours.
  @Benchmark
  public int rules(Counted counted) {
    counted.rows += labels.size();
    return runner.run(chosen, labels, null).findings().size();
  }

  /// The floor: each number of each box once, track by track.
  @Benchmark
  public double onePass(Counted counted) {
    counted.rows += labels.size();
    return LabelSpeed.onePass(labels);
  }
}
