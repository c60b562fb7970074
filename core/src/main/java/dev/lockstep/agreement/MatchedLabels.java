package dev.lockstep.agreement;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Labels of several annotators joined to items: one object in one frame as each of them saw it.
///
/// In each frame the raters come in order; the boxes of the next are assigned to the items so far,
/// one to one, so that the sum of the mean overlaps with an item's boxes is greatest, and no pair
/// overlaps less than the threshold. What is left begins items of its own. Who covers a frame
/// without a box of an item answers [#ABSENT].
final class MatchedLabels {
  /// The answer of those who drew no box.
  static final String ABSENT = "(absent)";

  /// Boxes of one annotator in one frame; an assignment takes time by the third power of it.
  private static final int MAX_BOXES = 2000;

  private final List<Rater> raters;
  private final double threshold;
  private final List<String> categories = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final BoxOverlap overlap = new BoxOverlap();
  private final double[] overlapSums;
  private final long[] overlapCounts;
  private final Ratings ratings;
  private final List<int[]> items = new ArrayList<>();
  private final List<Long> itemFrames = new ArrayList<>();
  private int frames;

  /// @throws IllegalArgumentException if a frame holds too many boxes
  MatchedLabels(List<Rater> raters, double threshold) {
    this.raters = raters;
    this.threshold = threshold;
    overlapSums = new double[raters.size()];
    overlapCounts = new long[raters.size()];
    TreeSet<String> names = new TreeSet<>();
    TreeSet<Long> keys = new TreeSet<>();
    for (Rater rater : raters) {
      for (int[] rows : rater.frames().values()) {
        for (int row : rows) {
          names.add(category(rater, row));
        }
      }
      keys.addAll(rater.frames().keySet());
    }
    names.add(ABSENT);
    for (String name : names) {
      numbers.put(name, categories.size());
      categories.add(name);
    }
    ratings = new Ratings(raters.size(), categories.size());
    for (long frame : keys) {
      if (raters.stream().filter(rater -> rater.covers(frame)).count() >= 2) {
        match(frame);
        frames++;
      }
    }
  }

  private static String category(Rater rater, int row) {
    return rater.labels().categoryName(rater.labels().categories()[row]);
  }

  private void match(long frame) {
    List<int[]> here = new ArrayList<>();
    for (int r = 0; r < raters.size(); r++) {
      int[] rows = raters.get(r).rows(frame);
      if (rows.length > MAX_BOXES) {
        throw new IllegalArgumentException(
            raters.get(r).name()
                + ": "
                + rows.length
                + " boxes in frame "
                + frame
                + " (expected at most "
                + MAX_BOXES
                + ")");
      }
      double[][] values = new double[rows.length][here.size()];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < here.size(); j++) {
          values[i][j] = mean(here.get(j), r, rows[i], false);
        }
      }
      int[] itemOf = Assignment.of(values, threshold);
      for (int i = 0; i < rows.length; i++) {
        int[] item;
        if (itemOf[i] < 0) {
          item = new int[raters.size()];
          Arrays.fill(item, -1);
          here.add(item);
        } else {
          item = here.get(itemOf[i]);
        }
        item[r] = rows[i];
      }
    }
    for (int[] item : here) {
      int[] answers = new int[raters.size()];
      for (int r = 0; r < answers.length; r++) {
        Rater rater = raters.get(r);
        answers[r] =
            item[r] >= 0
                ? numberOf(category(rater, item[r]))
                : rater.covers(frame) ? numberOf(ABSENT) : Ratings.MISSING;
        if (item[r] >= 0) {
          double sum = mean(item, r, item[r], true);
          if (!Double.isNaN(sum)) {
            overlapSums[r] += sum;
            overlapCounts[r]++;
          }
        }
      }
      ratings.add(frames, answers);
      items.add(item);
      itemFrames.add(frame);
    }
  }

  /// Mean overlap of a box with an item's boxes by others; NaN where there is none and `others`.
  private double mean(int[] item, int rater, int row, boolean others) {
    double sum = 0;
    int count = 0;
    LabelSet labels = raters.get(rater).labels();
    for (int r = 0; r < item.length; r++) {
      if (item[r] >= 0 && r != rater) {
        sum += overlap.of(labels, row, raters.get(r).labels(), item[r]);
        count++;
      }
    }
    return count == 0 ? (others ? Double.NaN : 0) : sum / count;
  }

  private int numberOf(String category) {
    return numbers.getOrDefault(category, -1);
  }

  /// Answers: items in order of frames, raters as given, a group a frame.
  Ratings ratings() {
    return ratings;
  }

  /// What the answers mean.
  List<String> categories() {
    return categories;
  }

  /// Number of [#ABSENT] among the categories.
  int absent() {
    return numberOf(ABSENT);
  }

  /// Key of the frame of an item.
  long frameOf(int item) {
    return itemFrames.get(item);
  }

  /// Number of the track of a rater's box on an item, below 0 where there is no box or no track.
  int trackOf(int item, int rater) {
    int row = items.get(item)[rater];
    return row < 0 ? -1 : raters.get(rater).labels().tracks()[row];
  }

  /// Frames that at least two raters cover.
  int frames() {
    return frames;
  }

  /// Mean overlap of a rater's boxes with those of others on the same items; NaN without any.
  double overlap(int rater) {
    return overlapCounts[rater] == 0 ? Double.NaN : overlapSums[rater] / overlapCounts[rater];
  }

  /// Items on which a rater's box stands beside one by another.
  long overlapping(int rater) {
    return overlapCounts[rater];
  }
}
