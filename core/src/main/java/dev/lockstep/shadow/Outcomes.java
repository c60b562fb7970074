package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelCapabilities.Anchor3d;
import dev.lockstep.labels.LabelLosses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.ExportComparison.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Turns what a comparison found into differences, figures and a summary.
final class Outcomes {
  private static final Map<Kind, String> TITLES = titles();

  private final Side a;
  private final Side b;
  private final String basis;
  private final Tolerance tolerance;
  private final BlockDigests digests;
  private final List<ExportDifference> differences = new ArrayList<>();

  Outcomes(Side a, Side b, String basis, Tolerance tolerance, BlockDigests digests) {
    this.a = a;
    this.b = b;
    this.basis = basis;
    this.tolerance = tolerance;
    this.digests = digests;
  }

  private static Map<Kind, String> titles() {
    Map<Kind, String> titles = new EnumMap<>(Kind.class);
    titles.put(Kind.MISSING, "labels missing");
    titles.put(Kind.ADDED, "labels added");
    titles.put(Kind.MOVED, "boxes moved");
    titles.put(Kind.RESIZED, "boxes resized");
    titles.put(Kind.ROTATED, "boxes rotated");
    titles.put(Kind.REIDENTIFIED, "tracks changed");
    titles.put(Kind.RECATEGORISED, "categories changed");
    titles.put(Kind.RETIMED, "times changed");
    titles.put(Kind.ATTRIBUTE, "attributes changed");
    titles.put(Kind.PRECISION, "digits cut");
    titles.put(Kind.READ, "reads disagree");
    return titles;
  }

  static String title(Kind kind) {
    return String.valueOf(TITLES.get(kind));
  }

  Result of(Judgement best, Judgement byId) {
    Explanation whole = best.whole;
    if (whole != null) {
      explain(whole, best.pairs.size() + best.pairs.equal());
    }
    Explanation origin = best.origin;
    if (origin != null) {
      explain(origin, b.size());
    }
    Explanation renamed = best.renamed;
    if (renamed != null) {
      explain(renamed, b.size());
    }
    best.leftovers.explanations().forEach(this::explainLeftover);
    long solids = best.solid.compared + best.pairs.equal();
    best.solid.explanations.forEach(found -> explain(found, solids));
    Explanation flat = best.flat.explanation;
    if (flat != null) {
      explain(flat, best.flat.compared + best.pairs.equal());
    }
    best.identity.explanations().forEach(found -> explain(found, best.pairs.size()));
    given(best);
    List<Values.Difference> values = new ArrayList<>(best.categories);
    values.addAll(best.fields);
    List<Explanation> lost = new ArrayList<>();
    for (Values.Difference difference : values) {
      Explanation explanation = difference.explanation();
      if (explanation != null && explanation.cause().id().equals(Values.LOST)) {
        lost.add(explanation);
      } else if (explanation != null) {
        explain(explanation, best.pairs.size() + best.pairs.equal());
      }
    }
    if (!lost.isEmpty()) {
      explain(Values.lost(lost), best.pairs.size() + best.pairs.equal());
    }
    precision(best);
    declared(best);
    new TrackDifferences(a, b, best, this::add).tell();
    boolean wrongTimes = whole != null && whole.kind() == Kind.RETIMED;
    if (!wrongTimes) {
      new StampDifferences(a, b, basis).of(best.pairs, this::add);
    }
    Tally tally = new Tally(a, b, basis, tolerance, digests);
    return new Result(
        differences, examined(best), tally.figures(byId, best), tally.summary(byId, best));
  }

  private void add(ExportDifference difference) {
    differences.add(difference);
  }

  private void explain(Explanation found, long of) {
    String support = found.rows() > 0 ? found.rows() + " of " + of + " labels" : "";
    add(
        new ExportDifference(
            found.kind(),
            found.severity(),
            title(found.kind()),
            b.size() == 0 ? Location.stream(b.labels().name()) : whole(b),
            new Evidence.Change(found.what(), found.before(), found.after(), support),
            found.cause()));
  }

  private static Location whole(Side side) {
    return side.place(IntStream.range(0, side.size()).toArray());
  }

  private void explainLeftover(Leftovers.Explained explained) {
    Explanation found = explained.explanation();
    Side side = found.kind() == Kind.MISSING ? a : b;
    int[] rows = explained.rows().stream().mapToInt(row -> row).toArray();
    add(
        new ExportDifference(
            found.kind(),
            found.severity(),
            title(found.kind()),
            side.place(rows),
            new Evidence.Change(
                found.what(), found.before(), found.after(), found.rows() + " labels"),
            found.cause()));
  }

  /// Rows without a track in the original that the export gives one: of their own, or that of
  /// another object.
  private void given(Judgement best) {
    Set<String> known = new HashSet<>();
    for (int row = 0; row < a.size(); row++) {
      known.add(a.ownTrack(row));
    }
    Map<Boolean, List<Integer>> rows =
        best.identity.given().stream()
            .collect(Collectors.partitioningBy(row -> known.contains(b.ownTrack(row))));
    given(
        best,
        rows.getOrDefault(false, List.of()),
        Severity.INFO,
        new Cause(
            "ids-given", "the export puts labels without a track together under ids of its own"));
    given(best, rows.getOrDefault(true, List.of()), Severity.WARNING, null);
  }

  private void given(Judgement best, List<Integer> rows, Severity severity, @Nullable Cause cause) {
    if (rows.isEmpty()) {
      return;
    }
    TreeSet<String> ids = new TreeSet<>();
    TreeSet<String> categories = new TreeSet<>();
    rows.forEach(row -> {
      ids.add(b.ownTrack(row));
      categories.add(a.category(best.pairing.ofExport[row]));
    });
    add(
        new ExportDifference(
            Kind.REIDENTIFIED,
            severity,
            title(Kind.REIDENTIFIED),
            b.place(rows.stream().mapToInt(row -> row).toArray()),
            new Evidence.Change(
                "tracks of " + first(categories), "none", first(ids), rows.size() + " labels"),
            cause));
  }

  private static String first(Set<String> names) {
    List<String> list = List.copyOf(names);
    String shown =
        String.join(", ", list.subList(0, Math.min(TrackDifferences.NAMED, list.size())));
    return list.size() > TrackDifferences.NAMED ? shown + ", ... (" + list.size() + ")" : shown;
  }

  /// Numbers that agree only as far as the export's digits go.
  private void precision(Judgement best) {
    int pixels = tolerance.pixelDecimals();
    if (pixels >= 0 && best.flat.compared > 0 && best.flat.explanation == null) {
      boolean fine = pixels >= Math.min(1, b.can().pixelDecimals());
      cut("2D edges", pixels, "px", fine, best.flat.compared);
    }
    int meters = tolerance.meterDecimals();
    if (meters >= 0 && best.solid.compared > 0) {
      boolean fine = meters >= Math.min(2, b.can().meterDecimals());
      cut("3D boxes", meters, "m", fine, best.solid.compared);
    }
  }

  private void cut(String what, int decimals, String unit, boolean fine, long boxes) {
    boolean whole = decimals == 0;
    add(
        new ExportDifference(
            Kind.PRECISION,
            fine ? Severity.INFO : Severity.WARNING,
            title(Kind.PRECISION),
            whole(b),
            new Evidence.Change(
                what,
                "more digits",
                whole ? "whole " + unit : decimals + " decimals of " + unit,
                boxes + " boxes agree as far as these go"),
            new Cause(
                whole ? "integer-rounding" : "precision-cut",
                whole
                    ? "the export rounds or cuts to whole numbers"
                    : "the export rounds or cuts to " + decimals + " decimals")));
  }

  /// What the formats have by their definition, and what one of them cannot hold.
  private void declared(Judgement best) {
    Anchor3d from = a.can().anchor3d();
    Anchor3d to = b.can().anchor3d();
    boolean placed = from != Anchor3d.NONE && to != Anchor3d.NONE && from != to;
    if (placed && best.solid.compared > 0 && best.solid.moved.isEmpty()) {
      add(
          new ExportDifference(
              Kind.MOVED,
              Severity.INFO,
              title(Kind.MOVED),
              whole(b),
              new Evidence.Change(
                  "place of the box",
                  from.toString().toLowerCase(Locale.ROOT),
                  to.toString().toLowerCase(Locale.ROOT),
                  best.solid.compared + " boxes agree with it"),
              new Cause(
                  "declared-anchor",
                  a.format()
                      + " gives the "
                      + from.toString().toLowerCase(Locale.ROOT)
                      + " of a box and "
                      + b.format()
                      + " its "
                      + to.toString().toLowerCase(Locale.ROOT)
                      + ": no difference")));
    }
    LabelLosses losses = LabelLosses.of(a.labels(), b.can());
    if (!losses.fields().isEmpty() && a.size() > 0) {
      add(
          new ExportDifference(
              Kind.ATTRIBUTE,
              Severity.INFO,
              title(Kind.ATTRIBUTE),
              whole(a),
              new Evidence.Change(
                  "fields", "labelled", "absent", new LabelLosses(0, losses.fields()).text()),
              new Cause("not-carried", b.format() + " cannot hold them")));
    }
  }

  private Map<Kind, Long> examined(Judgement best) {
    Map<Kind, Long> counts = ExportComparison.counts();
    long pairs = best.pairs.size() + best.pairs.equal();
    counts.replaceAll((kind, none) -> pairs);
    counts.put(Kind.MISSING, (long) a.size());
    counts.put(Kind.ADDED, (long) b.size());
    counts.put(Kind.ROTATED, best.solid.compared + best.pairs.equal());
    return Collections.unmodifiableMap(counts);
  }
}
