package dev.lockstep.agreement;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Where the tracks of one who labelled, or of a tracker, change from one true object to the next
/// id: the identity switches of CLEAR MOT (Bernardin and Stiefelhagen 2008). In each frame a pair
/// of the frame before stays as long as its boxes overlap enough; the rest is assigned one to one
/// so that the sum of overlaps is greatest.
final class IdentityChanges {
  /// An object that goes on under another id.
  ///
  /// @param frame number or stamp of the frame in which the other id is first seen on it
  /// @param object its track in the gold set
  /// @param before the id that it had last
  /// @param after the id that it has now
  /// @param overlap of its box there with the true one, 0 to 1
  record Change(long frame, String object, String before, String after, double overlap) {}

  private final Rater gold;
  private final Rater rater;
  private final double threshold;
  private final BoxOverlap overlap = new BoxOverlap();

  /// The id that each object had last, by tracks.
  private final Map<Integer, Integer> last = new HashMap<>();

  private final List<Change> changes = new ArrayList<>();

  private IdentityChanges(Rater gold, Rater rater, double threshold) {
    this.gold = gold;
    this.rater = rater;
    this.threshold = threshold;
  }

  /// All of them, in order of frames.
  static List<Change> of(Rater gold, Rater rater, double threshold) {
    IdentityChanges search = new IdentityChanges(gold, rater, threshold);
    Set<Long> frames = new TreeSet<>(gold.frames().keySet());
    frames.retainAll(rater.frames().keySet());
    frames.forEach(search::frame);
    return search.changes;
  }

  private void frame(long frame) {
    int[] truths = tracked(gold.labels(), gold.rows(frame));
    int[] rows = tracked(rater.labels(), rater.rows(frame));
    Set<Integer> taken = new HashSet<>();
    List<Integer> open = new ArrayList<>();
    for (int truth : truths) {
      Integer had = last.get(track(gold, truth));
      int kept = -1;
      for (int row : rows) {
        if (had != null && track(rater, row) == had && overlap(truth, row) >= threshold) {
          kept = row;
        }
      }
      if (kept < 0 || !taken.add(kept)) {
        open.add(truth);
      }
    }
    int[] free = Arrays.stream(rows).filter(row -> !taken.contains(row)).toArray();
    double[][] values = new double[open.size()][free.length];
    for (int i = 0; i < open.size(); i++) {
      for (int j = 0; j < free.length; j++) {
        values[i][j] = overlap(open.get(i), free[j]);
      }
    }
    int[] columns = Assignment.of(values, threshold);
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] >= 0) {
        double overlaps = values[i][columns[i]];
        pair(frame, track(gold, open.get(i)), track(rater, free[columns[i]]), overlaps);
      }
    }
  }

  private void pair(long frame, int object, int id, double overlaps) {
    Integer before = last.put(object, id);
    if (before != null && before != id) {
      changes.add(
          new Change(
              frame,
              gold.labels().trackName(object),
              rater.labels().trackName(before),
              rater.labels().trackName(id),
              overlaps));
    }
  }

  private double overlap(int truth, int row) {
    return overlap.of(gold.labels(), truth, rater.labels(), row);
  }

  private static int track(Rater rater, int row) {
    return rater.labels().tracks()[row];
  }

  private static int[] tracked(LabelSet labels, int[] rows) {
    return Arrays.stream(rows).filter(row -> labels.tracks()[row] >= 0).toArray();
  }
}
