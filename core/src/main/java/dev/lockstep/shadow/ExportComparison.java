package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Compares an export of labels with what it was made from.
///
/// Both sets are in canonical form, so what formats have by their definition (axes, anchor, unit,
/// first frame) makes no difference. Blocks of ten frames whose digests agree are done with; rows
/// of the others are paired, by track where the ids mean the same objects, by their boxes where
/// not. Where pairs disagree, known errors of exporters are tried on all of them; one is named only
/// if it makes nearly all agree, else the differences are reported as they are.
public final class ExportComparison {
  /// Share of the unexplained rows that another way of pairing must explain to be taken; judged.
  private static final double MUCH = 0.9;

  /// Share of the export's tracks that the original must know for ids to mean the same; judged.
  private static final double SAME_NAMES = 0.5;

  /// Unexplained rows from which on ids are doubted: as many as a convention is derived from.
  private static final long FEW = Explanation.FEWEST_ROWS;

  /// Share of the unexplained that may remain where other names are taken for the ids; judged.
  private static final double CLEARLY = 0.7;

  /// Share of the rows that single frames have, where boxes stand still in these; judged.
  private static final double SINGLE_FRAMES = 0.2;

  private ExportComparison() {}

  /// One of the two sets.
  ///
  /// @param labels the labels, sealed
  /// @param can what their format can say
  /// @param format name of the format
  public record Part(LabelSet labels, LabelCapabilities can, String format) {}

  /// A measured value.
  ///
  /// @param kind the kind of difference that it belongs to
  /// @param quantity kebab case
  /// @param value the value
  /// @param unit unit of the value, empty for counts
  public record Figure(Kind kind, String quantity, double value, String unit) {}

  /// What a comparison gave.
  ///
  /// @param differences what differs, each cause once
  /// @param examined how many things were compared, by kind of difference
  /// @param figures measured values
  /// @param summary the comparison in one sentence
  public record Result(
      List<ExportDifference> differences,
      Map<Kind, Long> examined,
      List<Figure> figures,
      String summary) {
    /// The same with more differences.
    Result with(List<ExportDifference> more) {
      List<ExportDifference> all = new ArrayList<>(differences);
      all.addAll(more);
      return new Result(all, examined, figures, summary);
    }

    /// Copies lists and map.
    public Result {
      differences = List.copyOf(differences);
      examined = Map.copyOf(examined);
      figures = List.copyOf(figures);
    }
  }

  /// Compares `export` with `original`.
  public static Result compare(Part original, Part export) {
    Sides sides =
        Sides.of(
            original.labels(),
            original.can(),
            original.format(),
            export.labels(),
            export.can(),
            export.format());
    Side a = sides.original();
    Side b = sides.export();
    BlockDigests digests = BlockDigests.of(a, b);
    Tolerance tolerance = Tolerance.of(a, b);
    Judged judged = judged(a, b, digests.equalRows(), tolerance);
    PixelOrigin origin =
        judged.best.cost() > 1 ? PixelOrigin.of(a.unsettled(), b, tolerance) : null;
    if (origin != null) {
      Judged other = judged(a.unsettled(), origin.settled(b), 0, tolerance);
      other.best.origin = origin.explanation(b);
      judged = other.best.cost() < judged.best.cost() ? other : judged;
    }
    Judgement best = judged.best;
    Judgement byId =
        best.origin == null
            ? byId(a, b, digests.equalRows(), tolerance)
            : byId(a.unsettled(), judged.export.renamed(Map.of()), 0, tolerance);
    Outcomes outcomes = new Outcomes(a, judged.export, sides.basis(), tolerance, digests);
    Result result = outcomes.of(best, byId);
    boolean cut = tolerance.pixelDecimals() >= 0 || tolerance.meterDecimals() >= 0;
    boolean plain = best.whole == null && best.renamed == null && best.origin == null;
    return SameFormat.is(a, b) && plain && !cut
        ? result.with(SameFormat.differences(a, b, best, !sides.basis().equals("stamp")))
        : result;
  }

  /// What is made of two sets.
  ///
  /// @param export the export with the names that its tracks are taken for
  private record Judged(Judgement best, Side export) {}

  private static Judged judged(Side a, Side b, long equal, Tolerance tolerance) {
    Boxes boxes = new Boxes(a, b, tolerance);
    Judgement best = best(a, b, equal, tolerance, boxes);
    Side shown = b;
    Map<String, String> names =
        best.placementCost() > FEW ? Renaming.of(a.unsettled(), b.unsettled(), boxes) : null;
    if (names != null) {
      // Blocks whose rows have ids of other objects are none that are settled.
      Side renamed = b.renamed(names);
      Judgement other =
          best(a.unsettled(), renamed, 0, tolerance, new Boxes(a, renamed, tolerance));
      other.renamed = renumbered(b, names);
      // Other faults of ids may be left: what is explained by names of its own is explained best.
      if (other.placementCost() < CLEARLY * best.placementCost() && other.cost() < best.cost()) {
        best = other;
        shown = renamed;
      }
    }
    return new Judged(best, shown);
  }

  /// The way of pairing that leaves least unexplained.
  private static Judgement best(Side a, Side b, long equal, Tolerance tolerance, Boxes boxes) {
    Judgement best = plain(a, b, equal, tolerance, boxes);
    if (best.cost() > 0) {
      Judgement held = held(a, b, equal, tolerance, boxes);
      // Blocks without motion agree at any time, so none counts as settled here.
      Judgement retimed = retimed(a.unsettled(), b.unsettled(), tolerance, boxes);
      // Frames that are repeated repeat each of their boxes, but not the other way.
      boolean frames =
          held != null
              && retimed != null
              && retimed.cost() < held.cost() + (few(retimed.whole, b) ? 1 : 0);
      best = better(best, frames ? retimed : held);
      best = better(best, frames ? held : retimed);
      best = better(best, byBoxes(a, b, equal, tolerance, boxes, false));
      best = better(best, byBoxes(a, b, equal, tolerance, boxes, true));
    }
    return best;
  }

  private static boolean few(@Nullable Explanation times, Side b) {
    return times != null && times.rows() <= SINGLE_FRAMES * b.size();
  }

  private static Explanation renumbered(Side b, Map<String, String> names) {
    List<String> moves = new ArrayList<>();
    long rows = 0;
    names.forEach((own, original) -> {
      if (!own.equals(original)) {
        moves.add(original + " -> " + own);
      }
    });
    for (int row = 0; row < b.size(); row++) {
      String own = b.ownTrack(row);
      rows += names.getOrDefault(own, own).equals(own) ? 0 : 1;
    }
    moves.sort(null);
    return Identity.renumbered(moves, rows);
  }

  private static Judgement better(Judgement best, @Nullable Judgement other) {
    return other != null
            && other.placementCost() < (1 - MUCH) * best.placementCost() + 2
            && other.cost() < best.cost()
        ? other
        : best;
  }

  /// Rows paired by track and time where ids mean the same, else by boxes.
  private static Judgement plain(Side a, Side b, long equal, Tolerance tolerance, Boxes boxes) {
    LongUnaryOperator same = LongUnaryOperator.identity();
    boolean named = Pairing.namesShared(a, b) >= SAME_NAMES;
    Pairing pairing = Pairing.byTrack(a, b, boxes, same);
    if (!named) {
      pairing.byBoxes(a, b, boxes, same, true, (original, export) -> true);
    }
    rest(a, b, boxes, same, pairing);
    Judgement judged = new Judgement(a, b, pairing, equal, tolerance, boxes, new boolean[a.size()]);
    float[] edges = judged.flat.explained();
    if (edges == null) {
      return judged;
    }
    // Rows without a track were paired by boxes that are not where they should be.
    Boxes explained = new Boxes(a, b, tolerance, edges);
    Pairing again = pairing.copy();
    for (int row = 0; row < a.size(); row++) {
      int export = again.ofOriginal[row];
      boolean loose = !a.tracked(row) || export >= 0 && !b.tracked(export);
      if (export >= 0 && loose && !explained.same(row, export)) {
        again.part(row);
      }
    }
    again.byBoxes(
        a, b, explained, same, false, (original, e) -> !a.tracked(original) || !b.tracked(e));
    return new Judgement(a, b, again, equal, tolerance, boxes, new boolean[a.size()]);
  }

  /// Rows paired by track and time alone, as others count them.
  private static Judgement byId(Side a, Side b, long equal, Tolerance tolerance) {
    Boxes boxes = new Boxes(a, b, tolerance);
    LongUnaryOperator same = LongUnaryOperator.identity();
    Pairing pairing = Pairing.byTrack(a, b, boxes, same);
    pairing.byBoxes(a, b, boxes, same, true, (original, export) -> !a.tracked(original));
    return new Judgement(a, b, pairing, equal, tolerance, boxes, new boolean[a.size()]);
  }

  /// Pairs rows without a track by place, and the same box under another id.
  private static void rest(Side a, Side b, Boxes boxes, LongUnaryOperator timeOf, Pairing pairing) {
    exchange(a, b, boxes, timeOf, pairing);
    pairing.byBoxes(
        a,
        b,
        boxes,
        timeOf,
        true,
        (original, export) -> !a.tracked(original) || !b.tracked(export));
    pairing.byBoxes(a, b, boxes, timeOf, false, (original, export) -> true);
  }

  /// Where ids are exchanged, the boxes tell: pairs that differ are parted if another row of the
  /// instant has the same box.
  private static void exchange(
      Side a, Side b, Boxes boxes, LongUnaryOperator timeOf, Pairing pairing) {
    Pairing free = pairing.copy();
    for (int row = 0; row < a.size(); row++) {
      int export = free.ofOriginal[row];
      if (export >= 0 && !boxes.same(row, export)) {
        free.part(row);
      }
    }
    free.byBoxes(a, b, boxes, timeOf, false, (original, export) -> true);
    for (int row = 0; row < a.size(); row++) {
      int export = free.ofOriginal[row];
      if (export >= 0 && pairing.ofOriginal[row] != export) {
        if (pairing.ofOriginal[row] >= 0) {
          pairing.part(row);
        }
        if (pairing.ofExport[export] >= 0) {
          pairing.part(pairing.ofExport[export]);
        }
        pairing.pair(row, export);
      }
    }
  }

  private static @Nullable Judgement held(
      Side a, Side b, long equal, Tolerance tolerance, Boxes boxes) {
    LongUnaryOperator same = LongUnaryOperator.identity();
    Pairing pairing = Pairing.byTrack(a, b, boxes, same);
    pairing.byBoxes(
        a, b, boxes, same, true, (original, export) -> !a.tracked(original) || !b.tracked(export));
    Judgement judged = new Judgement(a, b, pairing, equal, tolerance, boxes, new boolean[a.size()]);
    Explanation held = Holds.of(b, boxes, judged.changedExports());
    if (held == null) {
      return null;
    }
    judged.explainChanges(held);
    return judged;
  }

  private static @Nullable Judgement retimed(Side a, Side b, Tolerance tolerance, Boxes boxes) {
    TimeMap map = TimeMap.of(a, b, boxes);
    if (map == null) {
      return null;
    }
    long[] rows = map.rows();
    Side timed = rows == null ? b : b.timed(rows);
    LongUnaryOperator of = rows == null ? map.of() : LongUnaryOperator.identity();
    Pairing pairing = Pairing.byTrack(a, timed, boxes, of);
    boolean[] repeated = map.repeated(a, b, pairing, boxes);
    pairing.byBoxes(
        a,
        timed,
        boxes,
        of,
        true,
        (original, export) -> !repeated[export] && (!a.tracked(original) || !b.tracked(export)));
    boolean[] covered = TimeMap.uncovered(a, b, timed, of);
    Judgement judged = new Judgement(a, timed, pairing, 0, tolerance, boxes, covered, repeated);
    long moved = 0;
    for (int row = 0; row < b.size(); row++) {
      moved += of.applyAsLong(timed.time()[row]) != b.time()[row] ? 1 : 0;
    }
    judged.whole = map.explanation().ofRows(moved);
    return judged;
  }

  private static Judgement byBoxes(
      Side a, Side b, long equal, Tolerance tolerance, Boxes boxes, boolean near) {
    LongUnaryOperator same = LongUnaryOperator.identity();
    Pairing pairing = Pairing.none(a, b);
    pairing.byBoxes(a, b, boxes, same, near, (original, export) -> true);
    return new Judgement(a, b, pairing, equal, tolerance, boxes, new boolean[a.size()]);
  }

  /// An empty count for every kind of difference that a comparison of two sets looks for.
  static Map<Kind, Long> counts() {
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind != Kind.READ) {
        counts.put(kind, 0L);
      }
    }
    return counts;
  }
}
