package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Differences that are told track by track: boxes that one side lacks, and whatever no error of an
/// exporter explains.
final class TrackDifferences {
  /// Tracks that get a difference each; above, they share one.
  private static final int TRACKS = 5;

  /// Tracks named in a shared difference.
  static final int NAMED = 3;

  /// Stands for how far boxes are off, which depends on which.
  private static final String OFF = "off";

  private final Side a;
  private final Side b;
  private final Judgement best;
  private final Consumer<ExportDifference> out;

  TrackDifferences(Side a, Side b, Judgement best, Consumer<ExportDifference> out) {
    this.a = a;
    this.b = b;
    this.best = best;
    this.out = out;
  }

  /// Tells all of them.
  void tell() {
    boxes();
    rows();
    tracks();
    values(Kind.RECATEGORISED, best.categories);
    values(Kind.ATTRIBUTE, best.fields);
  }

  /// Boxes that one row of a pair has and the other has not.
  private void boxes() {
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

  /// Rows that one side lacks, and boxes that lie elsewhere.
  private void rows() {
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
    plain(Kind.MOVED, b, exports(moved), "boxes", "at their places", OFF);
    plain(Kind.RESIZED, b, exports(resized), "boxes", "of their sizes", OFF);
    plain(Kind.ROTATED, b, exports(rotated), "boxes", "as turned", OFF);
  }

  /// Tracks that go on under another id.
  private void tracks() {
    List<String> moves = new ArrayList<>(best.identity.exchanged().keySet());
    moves.sort(
        Order.byInt((String move) -> best.identity.exchanged().getOrDefault(move, List.of()).size())
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
  }

  private void values(Kind kind, List<Values.Difference> differences) {
    for (Values.Difference difference : differences) {
      if (difference.explanation() == null) {
        plain(kind, b, difference.rows(), difference.what(), "as labelled", difference.change());
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
    BitSet those = new BitSet();
    for (int row : rows) {
      those.set(row);
    }
    double[] largest = new double[4];
    for (int k = 0; k < best.pairs.size(); k++) {
      if (those.get(best.pairs.export()[k])) {
        largest[0] = Math.max(largest[0], best.solid.shiftMeters[k]);
        largest[1] = Math.max(largest[1], best.solid.sizeMeters[k]);
        largest[2] = Math.max(largest[2], best.solid.turnRadians[k]);
        largest[3] = Math.max(largest[3], best.flat.pixels[k]);
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

  private List<Integer> exports(BitSet pairs) {
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
        Order.byInt((String name) -> -tracks.getOrDefault(name, List.of()).size())
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
    out.accept(
        new ExportDifference(
            kind,
            severity,
            Outcomes.title(kind),
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
}
