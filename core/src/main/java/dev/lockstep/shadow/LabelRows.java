package dev.lockstep.shadow;

import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import dev.lockstep.shadow.SecondLabels.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Holds the label rows that the first read made of the messages of one stream against those that a
/// second read derives of the same messages: how many, and field by field.
final class LabelRows {
  /// Frames of reference that the first read keeps apart at most; boxes of more are left out.
  private static final int MOST_SETS = 16;

  /// What the norm of a quaternion costs in digits.
  private static final double UNIT = 1e-12;

  private static final List<String> SOLID =
      List.of("x", "y", "z", "length", "width", "height", "qw", "qx", "qy", "qz");
  private static final List<String> FLAT = List.of("left", "top", "right", "bottom");

  /// One set and its rows by the message that they were made of, in order.
  private record Set(LabelSet labels, Map<Long, List<Integer>> rows) {}

  /// By frame of reference, the stream's own under the empty name.
  private final Map<String, Set> sets = new LinkedHashMap<>();

  private LabelRows() {}

  /// The rows of every stream whose messages hold labels, by its name.
  static Map<String, LabelRows> of(List<LabelSet> all, Iterable<String> streams) {
    Map<String, LabelRows> found = new HashMap<>();
    for (String stream : streams) {
      LabelRows rows = new LabelRows();
      for (LabelSet set : all) {
        boolean own = set.name().equals(stream);
        if (set.stampSource() != StampSource.COLUMN
            && (own || set.name().startsWith(stream + " in "))) {
          Map<Long, List<Integer>> byMessage = new HashMap<>();
          for (int row = 0; row < set.size(); row++) {
            byMessage.computeIfAbsent(set.positions()[row], _ -> new ArrayList<>()).add(row);
          }
          rows.sets.put(own ? "" : set.details().frameName(), new Set(set, byMessage));
        }
      }
      found.put(stream, rows);
    }
    return found;
  }

  /// Compares the rows of one message.
  ///
  /// @param index which message of its stream
  /// @param stampNs its stamp as the first read has it
  /// @param again the labels that a second read derives
  void compare(long index, long stampNs, Location at, List<Label> again, Disagreements out) {
    if (sets.size() >= MOST_SETS) {
      return;
    }
    out.examined(Kind.LABELS, 1);
    Set main = sets.get("");
    String mainFrame = main == null ? "" : main.labels().details().frameName();
    Map<String, List<Label>> byFrame = new LinkedHashMap<>();
    sets.keySet().forEach(frame -> byFrame.put(frame, new ArrayList<>()));
    for (Label label : again) {
      String frame = label.frameId();
      byFrame
          .computeIfAbsent(
              frame == null || frame.equals(mainFrame) ? "" : frame, _ -> new ArrayList<>())
          .add(label);
    }
    long told =
        sets.values().stream()
            .mapToLong(set -> set.rows().getOrDefault(index, List.of()).size())
            .sum();
    if (told != again.size()) {
      report(out, at, "labels of the message", Long.toString(told), Integer.toString(again.size()));
      return;
    }
    byFrame.forEach((frame, labels) -> {
      Set set = sets.get(frame);
      List<Integer> rows = set == null ? List.of() : set.rows().getOrDefault(index, List.of());
      if (set == null || rows.size() != labels.size()) {
        String name = frame.isEmpty() ? mainFrame : frame;
        report(
            out,
            at,
            "labels of the message in frame '" + name + "'",
            Integer.toString(rows.size()),
            Integer.toString(labels.size()));
        return;
      }
      labels.sort(Order.byLong(label -> stamp(label, stampNs)));
      for (int i = 0; i < labels.size(); i++) {
        compare(set.labels(), rows.get(i), labels.get(i), at, out);
      }
    });
  }

  private static long stamp(Label label, long messageNs) {
    return label.stampNs() == Times.NONE ? messageNs : label.stampNs();
  }

  private static void compare(
      LabelSet set, int row, Label again, Location message, Disagreements out) {
    int track = set.tracks()[row];
    String trackName = track == LabelSet.NO_TRACK ? null : set.trackName(track);
    Location at = message.withTrack(trackName);
    if (!Objects.equals(trackName, again.track())) {
      report(out, at, "track of a label", or(trackName), or(again.track()));
    }
    String category = set.categoryName(set.categories()[row]);
    if (again.category() != null && !category.equals(again.category())) {
      report(out, at, "category of a label", or(category), or(again.category()));
    }
    if (again.stampNs() != Times.NONE && again.stampNs() != set.stampsNs()[row]) {
      report(
          out,
          at,
          "stamp of a label, ns",
          Long.toString(set.stampsNs()[row]),
          Long.toString(again.stampNs()));
    }
    if (again.annotator() != null && !again.annotator().equals(set.annotator(row))) {
      report(out, at, "annotator of a label", or(set.annotator(row)), again.annotator());
    }
    double[] solid = again.solid();
    for (int i = 0; solid != null && i < solid.length; i++) {
      double before = set.boxes3d()[row * LabelSet.BOX_3D + i];
      double slack = i < 6 ? 0 : UNIT;
      if (!(Math.abs(before - solid[i]) <= slack)) {
        report(out, at, SOLID.get(i) + " of a label", number(before), number(solid[i]));
      }
    }
    double[] flat = again.flat();
    for (int i = 0; flat != null && i < flat.length; i++) {
      float before = set.boxes2d()[row * LabelSet.BOX_2D + i];
      float after = (float) flat[i];
      if (!(Math.abs(before - after) <= Math.ulp(after))) {
        report(out, at, FLAT.get(i) + " of a label", shorter(before), shorter(after));
      }
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "none" : Double.toString(value);
  }

  private static String shorter(float value) {
    return Float.isNaN(value) ? "none" : Float.toString(value);
  }

  private static String or(@Nullable String text) {
    return text == null || text.isEmpty() ? "none" : text;
  }

  private static void report(
      Disagreements out, Location at, String what, String before, String after) {
    out.report(Kind.LABELS, at, what, before, after, "first and second read");
  }
}
