package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelCapabilities.Anchor3d;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelLosses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.ExportComparison.Result;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Turns what a comparison found into differences, figures and a summary.
final class Outcomes {
  /// Tracks that get a difference each; above, they share one.
  private static final int TRACKS = 5;

  /// Tracks named in a shared difference.
  private static final int NAMED = 3;

  /// Stands for how far boxes are off, which depends on which.
  private static final String OFF = "off";

  private static final Map<Kind, String> TITLES = titles();

  private final Side a;
  private final Side b;
  private final String basis;
  private final Tolerance tolerance;
  private final BlockDigests digests;
  private @Nullable Judgement best;
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
    boxes(best);
    rows(best);
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
    String shown = String.join(", ", list.subList(0, Math.min(NAMED, list.size())));
    return list.size() > NAMED ? shown + ", ... (" + list.size() + ")" : shown;
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

  /// Boxes that one row of a pair has and the other has not.
  private void boxes(Judgement best) {
    for (boolean solid : new boolean[] {false, true}) {
      List<Integer> lost = new ArrayList<>();
      List<Integer> gained = new ArrayList<>();
      LabelField field = solid ? LabelField.BOX_3D : LabelField.BOX_2D;
      for (int k = 0; k < best.pairs.size(); k++) {
        boolean before = a.has(best.pairs.original()[k], field);
        boolean after = b.has(best.pairs.export()[k], field);
        if (before && !after && b.can().carries(field)) {
          lost.add(best.pairs.export()[k]);
        } else if (!before && after) {
          gained.add(best.pairs.export()[k]);
        }
      }
      if (!lost.isEmpty()) {
        boolean none = b.size() >= Explanation.FEWEST_ROWS;
        for (int row = 0; row < b.size() && none; row++) {
          none = !b.has(row, field);
        }
        plain(
            Kind.ATTRIBUTE,
            b,
            lost,
            field.label(),
            "labelled",
            "absent",
            "",
            Severity.ERROR,
            none
                ? new Cause(
                    Values.LOST,
                    "the export does not hold any " + field.label() + ", which its format can")
                : null);
      }
      if (!gained.isEmpty()) {
        boolean placeholder = solid && gained.stream().allMatch(this::placeholder);
        plain(
            Kind.ATTRIBUTE,
            b,
            gained,
            field.label(),
            "absent",
            placeholder ? "the format's word for unknown" : "in the export",
            "",
            placeholder ? Severity.INFO : Severity.ERROR,
            placeholder
                ? new Cause("placeholder-box", "the export writes \"unknown\" out as a box")
                : null);
      }
    }
  }

  /// Whether a 3D box has a size that no box has.
  private boolean placeholder(int row) {
    int at = row * LabelSet.BOX_3D;
    return b.solid()[at + 3] < 0 && b.solid()[at + 4] < 0 && b.solid()[at + 5] < 0;
  }

  /// Differences that nothing explains.
  private void rows(Judgement best) {
    plain(Kind.MISSING, a, best.leftovers.missing(), "labels", "labelled", "not in the export");
    plain(Kind.ADDED, b, best.leftovers.added(), "labels", "not in the original", "labelled");
    BitSet moved = new BitSet();
    moved.or(best.solid.moved);
    moved.or(best.flat.moved);
    BitSet resized = new BitSet();
    resized.or(best.solid.resized);
    resized.or(best.flat.resized);
    resized.andNot(moved);
    BitSet rotated = (BitSet) best.solid.rotated.clone();
    rotated.andNot(moved);
    rotated.andNot(resized);
    this.best = best;
    plain(Kind.MOVED, b, exports(best, moved), "boxes", "at their places", OFF);
    plain(Kind.RESIZED, b, exports(best, resized), "boxes", "of their sizes", OFF);
    plain(Kind.ROTATED, b, exports(best, rotated), "boxes", "as turned", OFF);
    List<String> moves = new ArrayList<>(best.identity.exchanged().keySet());
    moves.sort(
        Comparator.comparingInt(
                (String move) -> best.identity.exchanged().getOrDefault(move, List.of()).size())
            .reversed());
    for (int k = 0; k < Math.min(TRACKS, moves.size()); k++) {
      String[] ends = moves.get(k).split(" -> ", 2);
      List<Integer> rows = best.identity.exchanged().getOrDefault(moves.get(k), List.of());
      String back = ends[1] + " -> " + ends[0];
      List<Integer> others = best.identity.exchanged().getOrDefault(back, List.of());
      if (moves.indexOf(back) > k && sameFrames(rows, others)) {
        moves.remove(back);
        List<Integer> both = new ArrayList<>(rows);
        both.addAll(others);
        String pair = ends[0] + " and " + ends[1];
        String exchanged = ends[1] + " and " + ends[0];
        group(Kind.REIDENTIFIED, b, both, "tracks", pair, exchanged, "", Severity.ERROR, null);
        continue;
      }
      group(Kind.REIDENTIFIED, b, rows, "track", ends[0], ends[1], "", Severity.ERROR, null);
    }
    if (moves.size() > TRACKS) {
      List<Integer> others = new ArrayList<>();
      moves
          .subList(TRACKS, moves.size())
          .forEach(move -> others.addAll(best.identity.exchanged().getOrDefault(move, List.of())));
      group(
          Kind.REIDENTIFIED,
          b,
          others,
          "tracks",
          "of the original",
          (moves.size() - TRACKS) + " other changes",
          "",
          Severity.ERROR,
          null);
    }
    for (Values.Difference difference : best.categories) {
      if (difference.explanation() == null) {
        plain(
            Kind.RECATEGORISED,
            b,
            difference.rows(),
            difference.what(),
            "as labelled",
            difference.change());
      }
    }
    for (Values.Difference difference : best.fields) {
      if (difference.explanation() == null) {
        plain(
            Kind.ATTRIBUTE,
            b,
            difference.rows(),
            difference.what(),
            "as labelled",
            difference.change());
      }
    }
  }

  private boolean sameFrames(List<Integer> rows, List<Integer> others) {
    return span(rows).equals(span(others));
  }

  private List<Long> span(List<Integer> rows) {
    long[] times = rows.stream().mapToLong(row -> b.time()[row]).sorted().toArray();
    return times.length == 0 ? List.of() : List.of(times[0], times[times.length - 1]);
  }

  /// How far the boxes of these rows of the export are off.
  private String off(int[] rows) {
    Judgement of = Objects.requireNonNull(best);
    BitSet those = new BitSet();
    for (int row : rows) {
      those.set(row);
    }
    double[] largest = new double[4];
    for (int k = 0; k < of.pairs.size(); k++) {
      if (those.get(of.pairs.export()[k])) {
        largest[0] = Math.max(largest[0], of.solid.shiftMeters[k]);
        largest[1] = Math.max(largest[1], of.solid.sizeMeters[k]);
        largest[2] = Math.max(largest[2], of.solid.turnRadians[k]);
        largest[3] = Math.max(largest[3], of.flat.pixels[k]);
      }
    }
    String[] units = {" m", " m in size", " rad", " px"};
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < units.length; i++) {
      if (largest[i] > 0) {
        parts.add(number(largest[i]) + units[i]);
      }
    }
    return "up to " + String.join(" and ", parts) + " off";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  private static List<Integer> exports(Judgement best, BitSet pairs) {
    return pairs.stream().mapToObj(k -> best.pairs.export()[k]).toList();
  }

  private void plain(
      Kind kind, Side side, List<Integer> rows, String what, String before, String after) {
    plain(kind, side, rows, what, before, after, "", Severity.ERROR, null);
  }

  /// One difference a track, or one for all where there are many.
  private void plain(
      Kind kind,
      Side side,
      List<Integer> rows,
      String what,
      String before,
      String after,
      String support,
      Severity severity,
      @Nullable Cause cause) {
    if (rows.isEmpty()) {
      return;
    }
    Map<String, List<Integer>> tracks = new LinkedHashMap<>();
    rows.forEach(
        row -> tracks.computeIfAbsent(side.ownTrack(row), k -> new ArrayList<>()).add(row));
    if (tracks.size() <= TRACKS) {
      tracks
          .values()
          .forEach(of -> group(kind, side, of, what, before, after, support, severity, cause));
      return;
    }
    List<String> names = new ArrayList<>(tracks.keySet());
    names.sort(
        Comparator.comparingInt((String name) -> -tracks.getOrDefault(name, List.of()).size())
            .thenComparing(name -> name));
    List<String> most = new ArrayList<>();
    for (String name : names.subList(0, NAMED)) {
      most.add(
          (name.isEmpty() ? "none" : name) + " " + tracks.getOrDefault(name, List.of()).size());
    }
    group(
        kind,
        side,
        rows,
        what,
        before,
        after,
        "in " + tracks.size() + " tracks, most in " + String.join(", ", most),
        severity,
        cause);
  }

  private void group(
      Kind kind,
      Side side,
      List<Integer> rows,
      String what,
      String before,
      String after,
      String support,
      Severity severity,
      @Nullable Cause cause) {
    int[] sorted = rows.stream().mapToInt(row -> row).sorted().toArray();
    boolean oneTrack =
        rows.stream().map(side::ownTrack).distinct().count() == 1 && side.tracked(sorted[0]);
    Location at =
        sorted.length == 1
            ? side.place(sorted[0])
            : side.place(sorted).withTrack(oneTrack ? side.ownTrack(sorted[0]) : null);
    String labels = sorted.length + (sorted.length == 1 ? " label" : " labels");
    if (oneTrack && kind == Kind.MISSING && sorted.length == boxesOf(side, sorted[0])) {
      labels += ", the whole track";
    }
    add(
        new ExportDifference(
            kind,
            severity,
            title(kind),
            at,
            new Evidence.Change(
                what,
                before,
                after.equals(OFF) ? off(sorted) : after,
                support.isEmpty() ? labels : labels + " " + support),
            cause));
  }

  private static int boxesOf(Side side, int row) {
    int track = side.labels().tracks()[row];
    return side.labels().trackStart(track + 1) - side.labels().trackStart(track);
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
