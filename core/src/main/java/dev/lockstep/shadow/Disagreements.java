package dev.lockstep.shadow;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What two reads of a recording say differently, counted, the first of each kind kept.
final class Disagreements {
  /// Findings of one rule that are kept; as for other rules.
  private static final int KEPT = 20;

  private final Map<Kind, List<Finding>> found = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> totals = new EnumMap<>(Kind.class);
  private final long[] examined = new long[Kind.values().length];
  private final Map<Kind, ShadowCheck> checks = new EnumMap<>(Kind.class);
  private final Consumer<Finding> listener;

  Disagreements(List<ShadowCheck> checks, Consumer<Finding> listener) {
    checks.forEach(check -> this.checks.put(check.kind(), check));
    this.listener = listener;
  }

  /// Adds to what was compared.
  void examined(Kind kind, long count) {
    examined[kind.ordinal()] += count;
  }

  /// Reports a disagreement.
  ///
  /// @param what what the values are
  void report(Kind kind, Location at, String what, String first, String second, String support) {
    ShadowCheck check = checks.get(kind);
    if (check == null) {
      return;
    }
    totals.merge(kind, 1L, Long::sum);
    List<Finding> kept = found.computeIfAbsent(kind, _ -> new ArrayList<>());
    if (kept.size() < KEPT) {
      Finding finding =
          new Finding(
              check.card(),
              "two reads disagree",
              Severity.ERROR,
              at,
              new Evidence.Change(what, first, second, support),
              null);
      kept.add(finding);
      listener.accept(finding);
    }
  }

  /// How the rules ended.
  ///
  /// @param broken why the second read failed, or null
  /// @param nothing why a kind was not looked at, where it was not
  List<CheckResult> results(@Nullable String broken, Map<Kind, String> nothing) {
    List<CheckResult> results = new ArrayList<>();
    for (ShadowCheck check : checks.values()) {
      Kind kind = check.kind();
      long total = totals.getOrDefault(kind, 0L);
      long count = examined[kind.ordinal()];
      Outcome outcome =
          broken != null
              ? new Outcome.Broken(broken)
              : total > 0
                  ? new Outcome.Found(total)
                  : count > 0
                      ? new Outcome.Passed(count)
                      : new Outcome.Skipped(nothing.getOrDefault(kind, "nothing to compare"));
      results.add(
          new CheckResult(check.card(), "", outcome, found.getOrDefault(kind, List.of()), total));
    }
    return results;
  }
}
