package dev.lockstep.bench.labels;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.label.LabelLimits;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// All label rules over one label set, and how long each takes. Threads may share it.
final class Rules {
  /// Every rule about label sets.
  static final List<LabelCheck> ALL =
      Checks.ALL.stream().filter(LabelCheck.class::isInstance).map(LabelCheck.class::cast).toList();

  /// Processor time: other programs do not count.
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Map<String, Long> nanos = new ConcurrentHashMap<>();
  private final LongAdder rows = new LongAdder();
  private final LabelLimits limits;

  /// The rules with their limits as they are.
  Rules() {
    this(LabelLimits.DEFAULT);
  }

  /// The rules with other measured limits.
  Rules(LabelLimits limits) {
    this.limits = limits;
  }

  /// What the rules said of a label set.
  ///
  /// @param findings all findings
  /// @param undecided rules that could not decide
  record Verdict(List<Finding> findings, Set<String> undecided) {}

  /// Runs all rules.
  Verdict run(LabelSet labels, @Nullable PoseSeries poses) {
    return run(ALL, labels, poses);
  }

  /// Runs some rules.
  Verdict run(List<LabelCheck> some, LabelSet labels, @Nullable PoseSeries poses) {
    FindingList sink = new FindingList(ALL.getFirst().card());
    Set<String> undecided = new HashSet<>();
    SharedAnalyses shared = new SharedAnalyses();
    shared.get(LabelLimits.class, () -> limits);
    LabelCheck.Context context = new Known(poses, shared);
    for (LabelCheck rule : some) {
      sink.take(rule.card());
      long begun = CLOCK.getCurrentThreadCpuTime();
      Conclusion conclusion = rule.examine(labels, context, sink);
      nanos.merge(rule.card().id(), CLOCK.getCurrentThreadCpuTime() - begun, Long::sum);
      if (conclusion instanceof Conclusion.Undecided) {
        undecided.add(rule.card().id());
      }
    }
    rows.add(labels.size());
    return new Verdict(sink.findings(), undecided);
  }

  /// Rows a second of one rule over all runs so far.
  double rowsPerSecond(String rule) {
    return rows.sum() * 1e9 / Math.max(1, nanos.getOrDefault(rule, 0L));
  }

  /// Rows a second of all rules, one after the other.
  double rowsPerSecond() {
    return rows.sum() * 1e9 / Math.max(1, nanos.values().stream().mapToLong(Long::longValue).sum());
  }

  /// What a check of one label set knows; the rules share what they find out on the way.
  private record Known(@Nullable PoseSeries poses, SharedAnalyses analyses)
      implements LabelCheck.Context {
    @Override
    public SharedAnalyses shared(LabelSet labels) {
      return analyses;
    }

    @Override
    public List<Sweeps> sweeps() {
      return List.of();
    }

    @Override
    public @Nullable String reported(String labelSet, long stampNs) {
      return null;
    }
  }
}
