package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.RecordingResult.LabelSummary;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.shadow.ExportComparison.Part;
import dev.lockstep.shadow.ExportComparison.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/// Reads the labels of an original and of an export, each twice where that can be done in two ways,
/// and compares them.
public final class ShadowRun {
  /// Findings of one rule on one label set that are kept; judged: as for other rules.
  private static final int KEPT = 20;

  private static final String ORIGINAL = "original";
  private static final String EXPORT = "export";

  private final List<ExportCheck> checks;
  private final boolean allSets;

  /// A run of `checks` for exports that may hold some of the original's label sets only.
  public ShadowRun(List<ExportCheck> checks) {
    this(checks, false);
  }

  /// A run of `checks`.
  ///
  /// @param allSets whether an export has to hold every label set of the original; else a set that
  ///   it lacks is told and no error, unless it holds none of them
  public ShadowRun(List<ExportCheck> checks, boolean allSets) {
    this.checks = List.copyOf(checks);
    this.allSets = allSets;
  }

  /// Compares `export` with `original`.
  ///
  /// @param name what the export is called in the result
  /// @throws IOException if a file cannot be read
  public RecordingResult run(LabelSource original, LabelSource export, String name)
      throws IOException {
    List<Subject> subjects = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    Subject reads = new Subject("", new ArrayList<>(), new HashMap<>(), List.of());
    List<String> notes = new ArrayList<>();
    LabelSource.Read before = read(original, ORIGINAL, reads, broken);
    LabelSource.Read after = read(export, EXPORT, reads, broken);
    subjects.add(reads);
    List<LabelSet> left = new ArrayList<>(after.sets());
    List<LabelSet> originals = new ArrayList<>(before.sets());
    IdentityHashMap<LabelSet, Result> compared = new IdentityHashMap<>();
    IdentityHashMap<LabelSet, LabelSet> others = new IdentityHashMap<>();
    List<Match> matches = matches(original, before.sets(), export, after.sets());
    for (Match match : matches) {
      LabelSet set = match.original();
      LabelSet other = match.export();
      if (!remove(originals, set)) {
        continue;
      }
      if (!remove(left, other)) {
        originals.add(set);
        continue;
      }
      if (Halves.whole(set)) {
        other = withOtherHalf(other, left);
      } else if (Halves.whole(other)) {
        set = withOtherHalf(set, originals);
      }
      others.put(match.original(), other);
      compared.put(
          match.original(),
          ExportComparison.compare(
              new Part(set, original.capabilities(), original.format()),
              new Part(other, export.capabilities(), export.format())));
    }
    Severity lacking = allSets || compared.isEmpty() ? Severity.ERROR : Severity.INFO;
    for (LabelSet set : before.sets()) {
      Result result = compared.get(set);
      LabelSet other = others.get(set);
      if (result != null && other != null) {
        notes.add(result.summary());
        subjects.add(
            new Subject(
                other.name(),
                after.defects().isEmpty() ? result.differences() : unexplained(result),
                result.examined(),
                result.figures()));
      } else if (originals.stream().anyMatch(each -> each == set)) {
        subjects.add(unpaired(set, Kind.MISSING, lacking));
      }
    }
    left.removeIf(set -> set.size() == 0);
    left.forEach(set -> subjects.add(unpaired(set, Kind.ADDED, Severity.INFO)));
    onceOnly(original, ORIGINAL, notes);
    onceOnly(export, EXPORT, notes);
    return result(original, export, name, after, subjects, broken, notes);
  }

  /// What differs between labels of which some could not be read: that the export ends early then
  /// is no work of its exporter.
  private static List<ExportDifference> unexplained(Result result) {
    return result.differences().stream()
        .map(each -> {
          Cause cause = each.cause();
          return cause == null || !cause.id().equals(Leftovers.EXPORT_CUT)
              ? each
              : new ExportDifference(
                  each.kind(),
                  each.severity(),
                  each.title(),
                  each.location(),
                  each.evidence(),
                  null);
        })
        .toList();
  }

  /// The set with its other half, which is taken out of `others`.
  private static LabelSet withOtherHalf(LabelSet set, List<LabelSet> others) {
    LabelSet half = Halves.other(set, others);
    if (half == null) {
      return set;
    }
    others.remove(half);
    return Halves.joined(set, half);
  }

  private static void onceOnly(LabelSource source, String side, List<String> notes) {
    if (source.recording() != null) {
      notes.add(
          "the "
              + side
              + " was read once: there is no second way to read labels of "
              + source.format()
              + " recordings");
    }
  }

  /// One label set, or the reads themselves.
  private record Subject(
      String name,
      List<ExportDifference> differences,
      Map<Kind, Long> examined,
      List<ExportComparison.Figure> figures) {}

  private static Subject unpaired(LabelSet set, Kind kind, Severity severity) {
    String side = kind == Kind.MISSING ? ORIGINAL : EXPORT;
    return new Subject(
        set.name(),
        List.of(
            new ExportDifference(
                kind,
                set.size() == 0 ? Severity.INFO : severity,
                Outcomes.title(kind),
                Location.stream(set.name()),
                new Evidence.Change(
                    "label set",
                    kind == Kind.MISSING ? "in the original" : "not in the original",
                    kind == Kind.MISSING ? "not in the export" : "in the export",
                    set.size() + " labels, only in the " + side),
                null)),
        Map.of(),
        List.of());
  }

  /// Reads labels, a second time in another way where there is one, and reports what disagrees.
  private static LabelSource.Read read(
      LabelSource source, String side, Subject reads, List<String> broken) throws IOException {
    LabelSource.Read first = source.first();
    LabelSource.Read second = source.second();
    // Of the export this is what was asked; faults of the original are told by a check of it.
    Severity severity = side.equals(EXPORT) ? Severity.WARNING : Severity.INFO;
    for (Defect defect : first.defects()) {
      reads.differences.add(
          new ExportDifference(
              Kind.READ,
              severity,
              "the " + side + " cannot be read whole",
              defect.location(),
              defect.evidence(),
              null));
      broken.add(
          side
              + ": "
              + defect.kind().title()
              + ": "
              + defect.evidence().what()
              + " "
              + defect.evidence().observed()
              + place(defect.location()));
    }
    if (second == null) {
      return first;
    }
    reads.differences.addAll(disagreements(source, side, first.sets(), second.sets()));
    long boxes = first.sets().stream().mapToLong(LabelSet::size).sum();
    reads.examined.merge(Kind.READ, boxes, Long::sum);
    return second;
  }

  /// Where a defect lies, as far as it is known.
  private static String place(Location at) {
    ByteRange bytes = at.bytes();
    Span rows = at.messages();
    return bytes != null
        ? " at byte " + bytes.offsetBytes() + "+" + bytes.lengthBytes()
        : rows != null ? " at line or row " + rows.first() : "";
  }

  /// What two reads of one source say differently.
  static List<ExportDifference> disagreements(
      LabelSource source, String side, List<LabelSet> first, List<LabelSet> second) {
    List<ExportDifference> found = new ArrayList<>();
    if (first.size() != second.size()) {
      found.add(
          disagreement(
              side, "label sets", Integer.toString(first.size()), Integer.toString(second.size())));
    }
    for (int k = 0; k < Math.min(first.size(), second.size()); k++) {
      if (SameFormat.identical(first.get(k), second.get(k))) {
        continue;
      }
      Result result =
          ExportComparison.compare(
              new Part(first.get(k), source.capabilities(), source.format()),
              new Part(second.get(k), source.capabilities(), source.format()));
      for (ExportDifference difference : result.differences()) {
        if (!isDeclared(difference)) {
          found.add(
              new ExportDifference(
                  Kind.READ,
                  Severity.ERROR,
                  Outcomes.title(Kind.READ),
                  difference.location(),
                  difference.evidence(),
                  null));
        }
      }
    }
    return found;
  }

  /// Whether a difference follows from the formats alone.
  private static boolean isDeclared(ExportDifference difference) {
    return difference.severity() == Severity.INFO;
  }

  private static ExportDifference disagreement(
      String side, String what, String first, String second) {
    return new ExportDifference(
        Kind.READ,
        Severity.ERROR,
        Outcomes.title(Kind.READ),
        Location.RECORDING,
        new Evidence.Change(what + " of the " + side, first, second, "first and second read"),
        null);
  }

  /// Two sets that hold the same labels, as far as can be seen at once.
  private record Match(LabelSet original, LabelSet export, long score) {}

  /// Takes a set out of a list; whether it was there.
  private static boolean remove(List<LabelSet> sets, LabelSet set) {
    return sets.removeIf(each -> each == set);
  }

  /// The pairs of sets that may hold the same labels, those of one name and then those with most in
  /// common first; where there is but one on both sides, these.
  private static List<Match> matches(
      LabelSource original, List<LabelSet> sets, LabelSource export, List<LabelSet> others) {
    if (sets.size() == 1 && others.size() == 1) {
      return List.of(new Match(sets.getFirst(), others.getFirst(), 1));
    }
    List<Match> matches = new ArrayList<>();
    for (LabelSet set : sets) {
      for (LabelSet other : others) {
        boolean named = other.name().equals(set.name());
        long score = named ? Long.MAX_VALUE : score(set, original, other, export);
        if (score > 0) {
          matches.add(new Match(set, other, score));
        }
      }
    }
    matches.sort(Order.byLong(Match::score).reversed());
    return matches;
  }

  private static long score(
      LabelSet set, LabelSource original, LabelSet other, LabelSource export) {
    Sides sides =
        Sides.of(
            set,
            original.capabilities(),
            original.format(),
            other,
            export.capabilities(),
            export.format());
    Side a = sides.original();
    Side b = sides.export();
    Boxes boxes = new Boxes(a, b, Tolerance.of(a, b));
    Pairing pairing = Pairing.byTrack(a, b, boxes, LongUnaryOperator.identity());
    pairing.byBoxes(a, b, boxes, LongUnaryOperator.identity(), false, (before, after) -> true);
    long score = 0;
    for (int row = 0; row < a.size(); row++) {
      int found = pairing.ofOriginal[row];
      score += found < 0 ? 0 : boxes.comparable(row, found) && boxes.same(row, found) ? 2 : 1;
    }
    return score;
  }

  private RecordingResult result(
      LabelSource original,
      LabelSource export,
      String name,
      LabelSource.Read after,
      List<Subject> subjects,
      List<String> broken,
      List<String> notes) {
    List<CheckResult> results = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    for (ExportCheck check : checks) {
      for (int n = 0; n < subjects.size(); n++) {
        Subject subject = subjects.get(n);
        boolean ofReads = n == 0;
        if (ofReads != (check.kind() == Kind.READ)) {
          continue;
        }
        results.add(result(check, subject, ofReads ? broken : List.of()));
        for (ExportComparison.Figure figure : subject.figures()) {
          if (figure.kind() == check.kind()) {
            measurements.add(
                new Measurement(
                    check.card().id(),
                    subject.name(),
                    figure.quantity(),
                    figure.value(),
                    figure.unit()));
          }
        }
      }
    }
    Coverage coverage = after.coverage();
    return new RecordingResult(
        name,
        export.format() + " export of " + original.format(),
        List.of(),
        after.sets().stream()
            .map(l -> new LabelSummary(l.name(), l.size(), l.trackCount(), l.categoryCount()))
            .toList(),
        List.of(),
        results,
        measurements,
        coverage,
        notes);
  }

  private static CheckResult result(ExportCheck check, Subject subject, List<String> broken) {
    List<Finding> findings = new ArrayList<>();
    long total = 0;
    for (ExportDifference difference : subject.differences()) {
      if (difference.kind() == check.kind()) {
        total++;
        if (findings.size() < KEPT) {
          findings.add(
              new Finding(
                  check.card(),
                  difference.title(),
                  difference.severity(),
                  difference.location(),
                  difference.evidence(),
                  difference.cause()));
        }
      }
    }
    long examined = subject.examined().getOrDefault(check.kind(), 0L);
    Outcome outcome =
        !broken.isEmpty()
            ? new Outcome.Broken(
                broken.size() + " defects while reading; the first: " + broken.getFirst())
            : total > 0
                ? new Outcome.Found(total)
                : examined > 0
                    ? new Outcome.Passed(examined)
                    : new Outcome.Skipped(
                        check.kind() == Kind.READ
                            ? "there is no second way to read this format"
                            : "nothing to compare");
    return new CheckResult(check.card(), subject.name(), outcome, findings, total);
  }
}
