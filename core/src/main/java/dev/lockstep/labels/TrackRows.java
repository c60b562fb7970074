package dev.lockstep.labels;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Rows of a set as formats want them that name the category once a track: in runs of one track and
/// one category, ascending in frames. A row without a track is a run of its own; a frame that a
/// track has twice begins another run.
public final class TrackRows {
  private TrackRows() {}

  /// The runs of the rows that `wanted` names, by track in order of first appearance.
  ///
  /// @param frames frame number of each row
  public static List<int[]> of(LabelSet labels, long[] frames, IntPredicate wanted) {
    Integer[] rows =
        IntStream.range(0, labels.size()).filter(wanted).boxed().toArray(Integer[]::new);
    int[] tracks = labels.tracks();
    int[] categories = labels.categories();
    Arrays.sort(
        rows,
        (a, b) -> {
          int order = Integer.compare(tracks[a], tracks[b]);
          return order != 0 ? order : Long.compare(frames[a], frames[b]);
        });
    List<int[]> runs = new ArrayList<>();
    for (int from = 0; from < rows.length; ) {
      int to = from + 1;
      while (to < rows.length
          && tracks[rows[to]] == tracks[rows[from]]
          && tracks[rows[from]] != LabelSet.NO_TRACK
          && categories[rows[to]] == categories[rows[from]]
          && frames[rows[to]] > frames[rows[to - 1]]) {
        to++;
      }
      runs.add(IntStream.range(from, to).map(i -> rows[i]).toArray());
      from = to;
    }
    return runs;
  }
}
