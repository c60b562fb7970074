package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Rows that only one of the two sets has: what explains them, and which are left.
///
/// @param explanations what explains some, with their rows
/// @param missing rows of the original that nothing explains
/// @param added rows of the export that nothing explains
record Leftovers(List<Explained> explanations, List<Integer> missing, List<Integer> added) {
  /// Cause of labels that are missing from some place on.
  static final String EXPORT_CUT = "export-cut";

  /// Times at which an object must show the same box to be called constant; judged.
  private static final int CONSTANT_TIMES = 5;

  /// Share of the export's instants at which it must: things that stand still come and go.
  private static final double CONSTANT_SHARE = 0.9;

  /// @param rows of the original for what is missing, of the export for what is added
  record Explained(Explanation explanation, List<Integer> rows) {}

  /// @param covered rows of the original whose absence is explained already
  /// @param repeated rows of the export whose presence is
  static Leftovers of(
      Side a, Side b, Pairing pairing, Boxes boxes, boolean[] covered, boolean[] repeated) {
    List<Explained> explanations = new ArrayList<>();
    List<Integer> missing = new ArrayList<>();
    List<Integer> unholdable = new ArrayList<>();
    for (int row = 0; row < a.size(); row++) {
      if (pairing.ofOriginal[row] < 0 && !a.settled()[row] && !covered[row]) {
        boolean fits =
            a.labels().has2d(row) && b.can().carries(LabelField.BOX_2D)
                || a.labels().has3d(row) && b.can().carries(LabelField.BOX_3D);
        (fits ? missing : unholdable).add(row);
      }
    }
    if (!unholdable.isEmpty()) {
      explanations.add(
          new Explained(
              new Explanation(
                  Kind.MISSING,
                  Severity.INFO,
                  "labels",
                  unholdable.size() + " without a box that the format can hold",
                  "left out",
                  unholdable.size(),
                  new Cause("not-holdable", b.format() + " cannot hold them")),
              unholdable));
    }
    missing = categories(a, pairing, missing, true, explanations);
    Explanation some = someFrames(a, pairing, missing);
    if (some != null) {
      explanations.add(new Explained(some, missing));
      missing = List.of();
    }
    missing = tail(a, pairing, missing, explanations);
    missing = categories(a, pairing, missing, false, explanations);
    missing = lastRows(a, pairing, missing, explanations);
    List<Integer> added = new ArrayList<>();
    for (int row = 0; row < b.size(); row++) {
      if (pairing.ofExport[row] < 0 && !b.settled()[row] && !repeated[row]) {
        added.add(row);
      }
    }
    return new Leftovers(explanations, missing, added(b, added, boxes, explanations));
  }

  private static boolean kept(Side a, Pairing pairing, int row) {
    return pairing.ofOriginal[row] >= 0 || a.settled()[row];
  }

  /// Takes everything behind the last instant that the export has.
  private static List<Integer> tail(
      Side a, Pairing pairing, List<Integer> missing, List<Explained> explanations) {
    long lastTime = Long.MIN_VALUE;
    for (int row = 0; row < a.size(); row++) {
      lastTime = kept(a, pairing, row) ? Math.max(lastTime, a.time()[row]) : lastTime;
    }
    if (lastTime == Long.MIN_VALUE) {
      return missing;
    }
    List<Integer> behind = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    Set<Long> times = new TreeSet<>();
    for (int row : missing) {
      boolean later = a.time()[row] > lastTime;
      (later ? behind : rest).add(row);
      if (later) {
        times.add(a.time()[row]);
      }
    }
    if (behind.size() < Explanation.FEWEST_ROWS || times.size() < 2) {
      return missing;
    }
    long lastFrame = a.labels().details().firstFrame() + lastTime;
    // A cut at a number of rows goes through an instant.
    long last = lastTime;
    if (rest.stream().allMatch(row -> a.time()[row] == last)) {
      behind.addAll(rest);
      rest = List.of();
    }
    explanations.add(new Explained(cut(lastFrame + " is the last frame", behind), behind));
    return rest;
  }

  /// Takes categories of which the export has nothing.
  ///
  /// @param early whether only those that are left out at most instants that the export has: the
  ///   others may be left out with their instants
  private static List<Integer> categories(
      Side a, Pairing pairing, List<Integer> missing, boolean early, List<Explained> explanations) {
    Set<String> present = new HashSet<>();
    Set<Long> times = new HashSet<>();
    for (int row = 0; row < a.size(); row++) {
      if (kept(a, pairing, row)) {
        present.add(a.category(row));
        times.add(a.time()[row]);
      }
    }
    if (early) {
      Map<String, Set<Long>> among = new HashMap<>();
      for (int row = 0; row < a.size(); row++) {
        if (times.contains(a.time()[row])) {
          among.computeIfAbsent(a.category(row), k -> new HashSet<>()).add(a.time()[row]);
        }
      }
      for (int row : missing) {
        String category = a.category(row);
        if (among.getOrDefault(category, Set.of()).size() < Explanation.FEWEST_ROWS) {
          present.add(category);
        }
      }
    }
    Map<String, List<Integer>> absent = new TreeMap<>();
    List<Integer> rest = new ArrayList<>();
    for (int row : missing) {
      if (present.isEmpty() || present.contains(a.category(row))) {
        rest.add(row);
      } else {
        absent.computeIfAbsent(a.category(row), k -> new ArrayList<>()).add(row);
      }
    }
    absent.forEach((category, rows) -> {
      if (rows.size() < Explanation.FEWEST_ROWS) {
        rest.addAll(rows);
        return;
      }
      explanations.add(
          new Explained(
              new Explanation(
                  Kind.MISSING,
                  Severity.WARNING,
                  "category " + category,
                  "labelled",
                  "left out",
                  rows.size(),
                  new Cause("category-left-out", "the export has no label of this category")),
              rows));
    });
    rest.sort(null);
    return rest;
  }

  /// Whether the export has only keyframes, or only every n-th frame.
  private static @Nullable Explanation someFrames(Side a, Pairing pairing, List<Integer> missing) {
    if (missing.size() < Explanation.FEWEST_ROWS) {
      return null;
    }
    Set<Long> times = new TreeSet<>();
    boolean interpolated = true;
    for (int row : missing) {
      times.add(a.time()[row]);
      interpolated &= a.labels().details().has(row, LabelDetails.INTERPOLATED);
    }
    Set<Long> keptTimes = new TreeSet<>();
    boolean interpolatedKept = false;
    for (int row = 0; row < a.size(); row++) {
      if (kept(a, pairing, row)) {
        keptTimes.add(a.time()[row]);
        interpolatedKept |= a.labels().details().has(row, LabelDetails.INTERPOLATED);
      }
    }
    if (keptTimes.isEmpty()) {
      return null;
    }
    if (interpolated && !interpolatedKept) {
      return keyframes("the export holds keyframes only", missing);
    }
    long step = step(keptTimes);
    long origin = keptTimes.iterator().next();
    if (step > 1 && times.stream().noneMatch(t -> Math.floorMod(t - origin, step) == 0)) {
      return keyframes("the export holds every " + step + ". frame only", missing);
    }
    return null;
  }

  /// Takes what stands behind the last row of the file that the export has.
  private static List<Integer> lastRows(
      Side a, Pairing pairing, List<Integer> missing, List<Explained> explanations) {
    long lastPosition = Long.MIN_VALUE;
    long kept = 0;
    for (int row = 0; row < a.size(); row++) {
      if (kept(a, pairing, row)) {
        kept++;
        lastPosition = Math.max(lastPosition, a.labels().positions()[row]);
      }
    }
    long last = lastPosition;
    // One track at the end of a file is a track that is missing.
    boolean cut =
        kept > 0
            && missing.size() >= Explanation.FEWEST_ROWS
            && missing.stream().allMatch(row -> a.labels().positions()[row] > last)
            && missing.stream().map(a::track).distinct().count() > 1;
    if (!cut) {
      return missing;
    }
    explanations.add(new Explained(cut("label " + kept + " is the last", missing), missing));
    return List.of();
  }

  private static long step(Set<Long> times) {
    long step = 0;
    long before = Long.MIN_VALUE;
    for (long time : times) {
      if (before != Long.MIN_VALUE) {
        long difference = time - before;
        long other = step;
        while (other != 0) {
          long rest = difference % other;
          difference = other;
          other = rest;
        }
        step = difference;
      }
      before = time;
    }
    return step;
  }

  private static Explanation cut(String end, List<Integer> missing) {
    return Explanation.error(
            Kind.MISSING,
            "labels",
            "to the end",
            "cut: " + end,
            EXPORT_CUT,
            "the export ends early: " + end)
        .ofRows(missing.size());
  }

  private static Explanation keyframes(String sentence, List<Integer> missing) {
    return Explanation.error(
            Kind.MISSING, "labels", "of every frame", "of some", "keyframes-only", sentence)
        .ofRows(missing.size());
  }

  private record Place(long time, String track) {}

  /// Takes what explains additional rows, and returns the rest.
  private static List<Integer> added(
      Side b, List<Integer> added, Boxes boxes, List<Explained> explanations) {
    List<Integer> copies = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    Set<Integer> own = new HashSet<>(added);
    Map<Place, List<Integer>> rows = new HashMap<>();
    if (!added.isEmpty()) {
      for (int row = 0; row < b.size(); row++) {
        rows.computeIfAbsent(new Place(b.time()[row], b.track(row)), k -> new ArrayList<>(1))
            .add(row);
      }
    }
    for (int row : added) {
      boolean copy = false;
      for (int other : rows.getOrDefault(new Place(b.time()[row], b.track(row)), List.of())) {
        copy |=
            other != row
                && b.boxed(row)
                && (!own.contains(other) || other < row)
                && b.category(row).equals(b.category(other))
                && boxes.sameInExport(row, other);
      }
      (copy ? copies : rest).add(row);
    }
    if (!copies.isEmpty()) {
      explanations.add(
          new Explained(
              Explanation.error(
                      Kind.ADDED,
                      "labels",
                      "once",
                      copies.size() + " of them again",
                      "rows-duplicated",
                      "the export holds rows twice")
                  .ofRows(copies.size()),
              copies));
    }
    return constants(b, rest, boxes, explanations);
  }

  private static List<Integer> constants(
      Side b, List<Integer> added, Boxes boxes, List<Explained> explanations) {
    Map<String, List<Integer>> objects = new TreeMap<>();
    for (int row : added) {
      objects
          .computeIfAbsent(
              b.tracked(row) ? "track " + b.track(row) : "category " + b.category(row),
              k -> new ArrayList<>())
          .add(row);
    }
    List<Integer> rest = new ArrayList<>();
    long instants = Arrays.stream(b.time()).distinct().count();
    objects.forEach((object, rows) -> {
      boolean constant = rows.size() >= CONSTANT_TIMES && rows.size() >= CONSTANT_SHARE * instants;
      for (int row : rows) {
        constant &= boxes.sameInExport(rows.getFirst(), row);
      }
      boolean boxed = b.boxed(rows.getFirst());
      if (!constant && (boxed || rows.stream().anyMatch(b::boxed))) {
        rest.addAll(rows);
        return;
      }
      explanations.add(
          new Explained(
              new Explanation(
                  Kind.ADDED,
                  boxed ? Severity.ERROR : Severity.INFO,
                  object,
                  "not in the original",
                  boxed ? "the same box at " + rows.size() + " instants" : "without a box",
                  rows.size(),
                  new Cause(
                      "constant-object",
                      boxed
                          ? "the exporter adds an object that never changes"
                          : "the exporter adds an object without a box, of category "
                              + b.category(rows.getFirst()))),
              rows));
    });
    rest.sort(null);
    return rest;
  }
}
