package dev.lockstep.agreement;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The labels of one annotator, by frame.
///
/// A frame is *covered* if the annotator was to label it: a frame with a label of theirs, or, where
/// a label set is the work of one annotator, any frame between its first and last.
public final class Rater {
  /// What separates two instants that name the same frame.
  public enum Key {
    /// Stamps, ns.
    STAMP,
    /// Frame numbers.
    FRAME
  }

  private final String name;
  private final LabelSet labels;
  private final boolean whole;
  private final NavigableMap<Long, int[]> frames;

  private Rater(String name, LabelSet labels, boolean whole, NavigableMap<Long, int[]> frames) {
    this.name = name;
    this.labels = labels;
    this.whole = whole;
    this.frames = frames;
  }

  /// The annotators of label sets, in order of names.
  ///
  /// A set whose rows name nobody is the work of one annotator, called like the set. A name that
  /// stands in several sets is told apart by the set.
  ///
  /// @param sets sets by what they are called, for example a file
  public static List<Rater> of(Map<String, LabelSet> sets, Key key) {
    Map<String, Integer> uses = new HashMap<>();
    for (Map.Entry<String, LabelSet> set : sets.entrySet()) {
      names(set.getKey(), set.getValue()).forEach(name -> uses.merge(name, 1, Integer::sum));
    }
    List<Rater> raters = new ArrayList<>();
    for (Map.Entry<String, LabelSet> set : sets.entrySet()) {
      Set<String> names = names(set.getKey(), set.getValue());
      for (String name : names) {
        String shown = uses.getOrDefault(name, 1) > 1 ? name + " (" + set.getKey() + ")" : name;
        raters.add(
            new Rater(
                shown,
                set.getValue(),
                names.size() == 1,
                frames(set.getValue(), set.getKey(), name, key)));
      }
    }
    raters.sort((a, b) -> a.name.compareTo(b.name));
    return raters;
  }

  /// All labels of a set as the work of one, whoever its rows name.
  public static Rater ofAll(String name, LabelSet labels, Key key) {
    return new Rater(name, labels, true, frames(labels, name, null, key));
  }

  private static Set<String> names(String set, LabelSet labels) {
    Set<String> names = new TreeSet<>();
    for (int row = 0; row < labels.size(); row++) {
      names.add(nameOf(labels, row, set));
    }
    return names;
  }

  private static String nameOf(LabelSet labels, int row, String otherwise) {
    String name = labels.annotator(row);
    return name == null || name.isEmpty() ? otherwise : name;
  }

  private static NavigableMap<Long, int[]> frames(
      LabelSet labels, String set, @Nullable String name, Key key) {
    NavigableMap<Long, int[]> frames = new TreeMap<>();
    long[] keys = key == Key.STAMP ? labels.stampsNs() : labels.frames();
    for (int row = 0; row < labels.size(); row++) {
      boolean own = name == null || nameOf(labels, row, set).equals(name);
      if (own && (labels.has3d(row) || labels.has2d(row))) {
        int[] rows = frames.getOrDefault(keys[row], new int[0]);
        rows = Arrays.copyOf(rows, rows.length + 1);
        rows[rows.length - 1] = row;
        frames.put(keys[row], rows);
      }
    }
    return frames;
  }

  /// Name of the annotator, unique among those of one study.
  public String name() {
    return name;
  }

  /// The set that holds the rows.
  LabelSet labels() {
    return labels;
  }

  /// Frames with labels, ascending.
  NavigableMap<Long, int[]> frames() {
    return frames;
  }

  /// Rows in a frame, none where there is no label.
  int[] rows(long frame) {
    return frames.getOrDefault(frame, new int[0]);
  }

  /// Whether the annotator was to label the frame.
  boolean covers(long frame) {
    return frames.containsKey(frame)
        || (whole && !frames.isEmpty() && frame >= frames.firstKey() && frame <= frames.lastKey());
  }

  /// Number of labels.
  long size() {
    return frames.values().stream().mapToLong(rows -> rows.length).sum();
  }
}
