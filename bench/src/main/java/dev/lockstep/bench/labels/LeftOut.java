package dev.lockstep.bench.labels;

import dev.lockstep.bench.labels.LabelScore.Condition;
import dev.lockstep.check.Finding;
import dev.lockstep.check.label.LabelLimits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Sets the measured limits anew, each time without one data set, and tries them on that one.
///
/// A limit is the least share of its default, of those that are tried, at which clean labels of the
/// other data sets' calibration half give no finding of its kind at any rate and with little noise,
/// and a fifth. Limits that follow from physics or were judged stay.
final class LeftOut {
  /// Shares of the defaults that are tried, in order.
  private static final double[] SHARES = {0.25, 0.35, 0.5, 0.7, 1, 1.4, 2};

  /// What is added to the least that is silent.
  private static final double MARGIN = 1.2;

  /// Rates and noise at which limits are set.
  private static final List<Condition> CONDITIONS =
      List.of(LabelScore.NATIVE, new Condition(2, 0), new Condition(5, 0), new Condition(1, 0.1));

  /// Classes whose rules rest on these limits.
  static final Set<String> CLASSES = Set.of("F03", "F05", "F06", "F07", "F09", "F10");

  /// A limit, and the findings that rest on it.
  private enum Limit {
    EXCHANGE,
    SHIFT,
    IDENTITY,
    PLACE,
    JITTER;

    boolean rests(Finding finding) {
      boolean shifted = finding.title().contains("shifted");
      return switch (this) {
        case EXCHANGE -> finding.check().id().equals("LAB017") && !shifted;
        case SHIFT -> finding.check().id().equals("LAB017") && shifted;
        case IDENTITY -> finding.check().id().equals("LAB003");
        case PLACE -> finding.check().id().equals("LAB009");
        case JITTER -> finding.check().id().equals("LAB020");
      };
    }
  }

  /// What came of it.
  ///
  /// @param dataset the labels left out, and tried
  /// @param limits limits from the others
  /// @param labels number of clean labels
  /// @param findings findings in them of rules that rest on these limits
  /// @param cells recall by class, all sequences
  record Row(
      String dataset, LabelLimits limits, long labels, List<Finding> findings, List<Cell> cells) {}

  private final List<Sequence> all;
  private final int wanted;
  private final long seed;

  LeftOut(List<Sequence> all, int wanted, long seed) {
    this.all = all;
    this.wanted = wanted;
    this.seed = seed;
  }

  /// One row a data set; none where there is only one.
  List<Row> rows(List<FaultClass> kinds) {
    List<String> datasets = all.stream().map(Sequence::dataset).distinct().toList();
    if (datasets.size() < 2) {
      return List.of();
    }
    List<FaultClass> measured = kinds.stream().filter(k -> CLASSES.contains(k.id())).toList();
    Map<String, Map<Limit, Double>> least = new LinkedHashMap<>();
    datasets.parallelStream()
        .map(dataset -> Map.entry(dataset, least(dataset)))
        .toList()
        .forEach(entry -> least.put(entry.getKey(), entry.getValue()));
    List<Row> rows = new ArrayList<>();
    for (String dataset : datasets) {
      LabelLimits limits = without(dataset, least);
      List<Sequence> left = all.stream().filter(s -> s.dataset().equals(dataset)).toList();
      Scoring scoring = new Scoring(left, wanted, seed, limits);
      List<Finding> findings = new ArrayList<>();
      long labels = 0;
      for (Scoring.Clean clean : scoring.clean(List.of(LabelScore.NATIVE))) {
        labels += clean.labels();
        clean.findings().stream().filter(LeftOut::measured).forEach(findings::add);
      }
      rows.add(
          new Row(
              dataset,
              limits,
              labels,
              findings,
              scoring.byDataset(measured).getOrDefault(dataset, List.of())));
    }
    return rows;
  }

  private static boolean measured(Finding finding) {
    for (Limit limit : Limit.values()) {
      if (limit.rests(finding)) {
        return true;
      }
    }
    return false;
  }

  /// Least silent share of each limit on the calibration half of a data set.
  private Map<Limit, Double> least(String dataset) {
    List<Sequence> own =
        all.stream().filter(s -> s.dataset().equals(dataset) && !s.forTest()).toList();
    Map<Limit, Double> least = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      least.put(limit, SHARES[0]);
    }
    // From the widest down, each limit stays where it first speaks.
    for (int i = SHARES.length - 1; i >= 0; i--) {
      Scoring scoring = new Scoring(own, 0, seed, LabelLimits.ofAll(SHARES[i]));
      List<Finding> findings = new ArrayList<>();
      scoring.clean(CONDITIONS).forEach(clean -> findings.addAll(clean.findings()));
      boolean allSpoke = true;
      for (Limit limit : Limit.values()) {
        boolean spoke = least.getOrDefault(limit, 0.0) > SHARES[i];
        if (!spoke && findings.stream().anyMatch(limit::rests)) {
          least.put(limit, SHARES[Math.min(i + 1, SHARES.length - 1)]);
          spoke = true;
        }
        allSpoke &= spoke;
      }
      if (allSpoke) {
        break;
      }
    }
    return least;
  }

  private static LabelLimits without(String dataset, Map<String, Map<Limit, Double>> least) {
    Map<Limit, Double> most = new EnumMap<>(Limit.class);
    least.forEach((of, shares) -> {
      if (!of.equals(dataset)) {
        shares.forEach((limit, share) -> most.merge(limit, MARGIN * share, Math::max));
      }
    });
    return new LabelLimits(
        most.getOrDefault(Limit.EXCHANGE, 1.0),
        most.getOrDefault(Limit.SHIFT, 1.0),
        most.getOrDefault(Limit.IDENTITY, 1.0),
        most.getOrDefault(Limit.PLACE, 1.0),
        most.getOrDefault(Limit.JITTER, 1.0));
  }
}
