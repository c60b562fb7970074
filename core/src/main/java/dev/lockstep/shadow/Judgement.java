package dev.lockstep.shadow;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One way to pair the rows of both sets, and everything that follows from it.
final class Judgement {
  final Pairing pairing;
  final Pairs pairs;
  final SolidFit solid;
  final FlatFit flat;
  final Identity identity;
  final Leftovers leftovers;
  final List<Values.Difference> categories;
  final List<Values.Difference> fields;

  /// Rows of the export of which it is told that a field differs, by field, as they are asked for.
  private final Map<String, BitSet> toldOf = new HashMap<>();

  /// What explains the boxes or times as a whole, or null.
  @Nullable Explanation whole;

  /// What explains the ids as a whole, or null.
  @Nullable Explanation renamed;

  /// What was settled of the places of 2D boxes before, or null.
  @Nullable Explanation origin;

  /// Rows of the original whose absence `whole` explains.
  final boolean[] covered;

  Judgement(
      Side a,
      Side b,
      Pairing pairing,
      long equal,
      Tolerance tolerance,
      Boxes boxes,
      boolean[] covered) {
    this(a, b, pairing, equal, tolerance, boxes, covered, new boolean[b.size()]);
  }

  /// @param repeated rows of the export whose presence `whole` explains
  Judgement(
      Side a,
      Side b,
      Pairing pairing,
      long equal,
      Tolerance tolerance,
      Boxes boxes,
      boolean[] covered,
      boolean[] repeated) {
    this.pairing = pairing;
    this.covered = covered;
    pairs = Pairs.of(pairing, equal);
    solid = SolidFit.of(a, b, pairs, tolerance);
    flat = FlatFit.of(a, b, pairs, tolerance);
    identity = Identity.of(a, b, pairs);
    leftovers = Leftovers.of(a, b, pairing, boxes, covered, repeated);
    Map<String, Long> settled = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      if (a.settled()[row]) {
        settled.merge(a.category(row), 1L, Long::sum);
      }
    }
    categories = Values.categories(a, b, pairs, settled);
    fields = Values.fields(a, b, pairs);
  }

  /// Pairs whose boxes differ and nothing explains it.
  BitSet changedPairs() {
    BitSet changed = new BitSet();
    changed.or(solid.moved);
    changed.or(solid.resized);
    changed.or(solid.rotated);
    changed.or(flat.moved);
    changed.or(flat.resized);
    return changed;
  }

  /// Pairs of which something is told: differences, explained or not.
  BitSet told() {
    BitSet told = changedPairs();
    if (!solid.explanations.isEmpty() || flat.explanation != null) {
      told.set(0, pairs.size());
    }
    return told;
  }

  /// Whether it is told that a field of a row of the export differs.
  boolean tells(String field, int export) {
    BitSet rows =
        toldOf.computeIfAbsent(
            field,
            _ -> {
              BitSet told = new BitSet();
              fields.stream()
                  .filter(d -> d.what().equals(field))
                  .forEach(d -> d.rows().forEach(told::set));
              return told;
            });
    return rows.get(export);
  }

  /// Their rows in the export.
  BitSet changedExports() {
    BitSet rows = new BitSet();
    changedPairs().stream().forEach(k -> rows.set(pairs.export()[k]));
    return rows;
  }

  /// What nothing explains, in rows, and what is explained, as one row each.
  long cost() {
    long rows = placementCost();
    for (Values.Difference difference : both()) {
      rows += difference.explanation() == null ? difference.rows().size() : 1;
    }
    return rows;
  }

  /// Of the cost, what the boxes and tracks of the pairs make: rows that are paired wrongly differ
  /// in these, while what a label says besides may differ whatever it is paired with.
  long placementCost() {
    long rows =
        (long) changedPairs().cardinality() + leftovers.missing().size() + leftovers.added().size();
    rows += identity.exchanged().values().stream().mapToLong(List::size).sum();
    rows += solid.explanations.size() + (flat.explanation == null ? 0 : 1);
    rows += identity.explanations().size() + leftovers.explanations().size();
    return rows + (whole == null ? 0 : 1) + (renamed == null ? 0 : 1) + (origin == null ? 0 : 1);
  }

  private List<Values.Difference> both() {
    List<Values.Difference> all = new ArrayList<>(categories);
    all.addAll(fields);
    return all;
  }

  /// Takes boxes that stand still as explained.
  void explainChanges(Explanation explanation) {
    whole = explanation;
    solid.moved.clear();
    solid.resized.clear();
    solid.rotated.clear();
    flat.moved.clear();
    flat.resized.clear();
  }
}
