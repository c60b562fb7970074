package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// The categories along one track as runs of equal ones, with short enclosed runs (flips) taken
/// out.
final class CategoryRuns {
  /// A run enclosed by another category is a flip if it has at most this many boxes ...
  static final int FLIP_BOXES = 5;

  /// ... or at most this share of its track (research D1).
  static final double FLIP_SHARE = 0.2;

  /// Where the categories may truly change, only what lasts shorter than this is a flip: nobody
  /// mounts and dismounts within a second (judged).
  static final double STATE_CHANGE_SECONDS = 1;

  /// Dimensions that differ by less are one outline (judged).
  private static final double SAME_SIDE = 0.02;

  /// People on foot are shorter, and what is ridden lies between these (judged).
  private static final double MAX_WALKER_METERS = 1;

  private static final double MIN_RIDDEN_METERS = 1.4;
  private static final double MAX_RIDDEN_METERS = 2.6;

  private final List<Run> flips = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final int boxes;

  private CategoryRuns(int boxes) {
    this.boxes = boxes;
  }

  /// Boxes of one category in a row.
  ///
  /// @param category number of the category
  /// @param around for flips, the category on both sides; else the same as `category`
  /// @param firstRow first row
  /// @param lastRow last row
  /// @param boxes number of boxes of that category, without those of flips in between
  record Run(int category, int around, int firstRow, int lastRow, int boxes) {}

  /// The runs of a track. Regions to be ignored, and all boxes but the first of an instant, are
  /// left out.
  static CategoryRuns of(LabelSet labels, int track, ObjectKind[] kinds) {
    int[] rows = labels.trackRows();
    int[] categories = labels.categories();
    long[] stamps = labels.stampsNs();
    int start = labels.trackStart(track);
    int end = labels.trackStart(track + 1);
    int from = start;
    while (from < end && categories[rows[from]] == categories[rows[start]]) {
      from++;
    }
    CategoryRuns found = new CategoryRuns(end - start);
    if (from == end) {
      return found;
    }
    int previous = -1;
    int first = -1;
    int count = 0;
    for (int i = start; i < end; i++) {
      int row = rows[i];
      boolean repeated =
          previous >= 0 && stamps[row] == stamps[previous] && stamps[row] != Times.NONE;
      if (kinds[categories[row]] == ObjectKind.NONE || repeated) {
        continue;
      }
      if (previous >= 0 && categories[row] != categories[previous]) {
        found.push(
            labels, new Run(categories[previous], categories[previous], first, previous, count));
        count = 0;
      }
      if (count++ == 0) {
        first = row;
      }
      previous = row;
    }
    if (count > 0) {
      found.push(
          labels, new Run(categories[previous], categories[previous], first, previous, count));
    }
    return found;
  }

  private void push(LabelSet labels, Run next) {
    int n = runs.size();
    if (n >= 2) {
      Run inner = runs.get(n - 1);
      Run outer = runs.get(n - 2);
      if (outer.category == next.category && isFlip(labels, inner, outer.boxes + next.boxes)) {
        flips.add(
            new Run(inner.category, next.category, inner.firstRow, inner.lastRow, inner.boxes));
        runs.removeLast();
        runs.removeLast();
        runs.add(
            new Run(
                next.category,
                next.category,
                outer.firstRow,
                next.lastRow,
                outer.boxes + next.boxes));
        return;
      }
    }
    runs.add(next);
  }

  private boolean isFlip(LabelSet labels, Run inner, int around) {
    if (inner.boxes >= around || inner.boxes > Math.max(FLIP_BOXES, FLIP_SHARE * boxes)) {
      return false;
    }
    long[] stamps = labels.stampsNs();
    double seconds = Times.difference(stamps[inner.lastRow], stamps[inner.firstRow]) / 1e9;
    Run outer = runs.get(runs.size() - 2);
    String category = labels.categoryName(inner.category);
    return seconds < STATE_CHANGE_SECONDS
        || StateChanges.reason(category, labels.categoryName(outer.category)) == null
        || belied(labels, ObjectKind.of(category), outer, inner);
  }

  /// Whether the outline tells that the object did not change: it stays as it was, and is not that
  /// of what it is called for a while.
  private static boolean belied(LabelSet labels, ObjectKind called, Run outer, Run inner) {
    int before = outer.lastRow;
    int row = inner.firstRow;
    if (!labels.has3d(before) || !labels.has3d(row) || !labels.has3d(inner.lastRow)) {
      return false;
    }
    double length = side(labels, row, 0);
    for (int d = 0; d < 3; d++) {
      double most = SAME_SIDE * side(labels, before, d);
      if (Math.abs(side(labels, row, d) - side(labels, before, d)) > most
          || Math.abs(side(labels, inner.lastRow, d) - side(labels, before, d)) > most) {
        return false;
      }
    }
    return switch (called) {
      case PEDESTRIAN -> length > MIN_RIDDEN_METERS && length < MAX_RIDDEN_METERS;
      case CYCLIST, MOTORCYCLE -> length < MAX_WALKER_METERS;
      default -> false;
    };
  }

  private static double side(LabelSet labels, int row, int dimension) {
    return labels.boxes3d()[row * LabelSet.BOX_3D + 3 + dimension];
  }

  /// Enclosed short runs, in order.
  List<Run> flips() {
    return flips;
  }

  /// What is left without the flips; at most one run where the track keeps its category. Empty for
  /// tracks of one category throughout.
  List<Run> runs() {
    return runs;
  }

  /// Number of boxes of the track.
  int boxes() {
    return boxes;
  }
}
