package dev.lockstep.labels;

import dev.lockstep.labels.LabelCapabilities.Visibility;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Reads label files for tests, and compares label sets as far as a format can say things.
public final class LabelFiles {
  private LabelFiles() {}

  /// Reads a file.
  public static LabelFormat.Reading read(LabelFormat format, Path file, Consumer<Defect> defects)
      throws IOException {
    List<LabelFormat.Reading> readings = new ArrayList<>();
    try (MappedFile mapped = MappedFile.open(file)) {
      readings.add(format.read(LabelInput.of(file, mapped.segment()), defects));
    }
    return readings.getFirst();
  }

  /// Reads a file of one label set without a defect.
  public static LabelSet readClean(LabelFormat format, Path file) throws IOException {
    List<Defect> defects = new ArrayList<>();
    LabelFormat.Reading reading = read(format, file, defects::add);
    if (!defects.isEmpty() || reading.sets().size() != 1) {
      throw new AssertionError(defects + ", " + reading.sets().size() + " sets");
    }
    return reading.sets().getFirst();
  }

  /// How `read` differs from `written` where a format of these capabilities should keep it, a line
  /// a difference. Rows are found by instant and track.
  public static List<String> differences(
      LabelSet written, LabelSet read, LabelCapabilities can, boolean stamps) {
    Map<String, Integer> rows = keyed(read, stamps);
    List<String> found = new ArrayList<>();
    int kept = 0;
    for (Map.Entry<String, Integer> entry : keyed(written, stamps).entrySet()) {
      int a = entry.getValue();
      if (!(can.carries(LabelField.BOX_2D) && written.has2d(a))
          && !(can.carries(LabelField.BOX_3D) && written.has3d(a))) {
        continue;
      }
      kept++;
      Integer b = rows.get(entry.getKey());
      if (b == null) {
        found.add(entry.getKey() + ": missing");
      } else {
        compare(entry.getKey(), written, a, read, b, can, found);
      }
    }
    if (kept != read.size()) {
      found.add(read.size() + " rows, of " + kept);
    }
    return found;
  }

  private static Map<String, Integer> keyed(LabelSet labels, boolean stamps) {
    Map<String, Integer> rows = new HashMap<>();
    for (int row = 0; row < labels.size(); row++) {
      long at =
          stamps ? labels.stampsNs()[row] : labels.frames()[row] - labels.details().firstFrame();
      String key = at + "/" + track(labels, row);
      int n = 0;
      while (rows.containsKey(key + "/" + n)) {
        n++;
      }
      rows.put(key + "/" + n, row);
    }
    return rows;
  }

  private static String track(LabelSet labels, int row) {
    return labels.tracks()[row] < 0 ? "-" : labels.trackName(labels.tracks()[row]);
  }

  private static void compare(
      String key,
      LabelSet written,
      int a,
      LabelSet read,
      int b,
      LabelCapabilities can,
      List<String> found) {
    equal(
        key + " category",
        written.categoryName(written.categories()[a]),
        read.categoryName(read.categories()[b]),
        found);
    if (can.carries(LabelField.BOX_2D)) {
      // Single precision holds seven digits; an edge made of corner and size has two errors.
      double tolerance = 2 * LabelCapabilities.tolerance(can.pixelDecimals()) + 2e-4;
      for (int i = 0; i < LabelSet.BOX_2D; i++) {
        near(
            key + " edge " + i,
            written.boxes2d()[a * LabelSet.BOX_2D + i],
            read.boxes2d()[b * LabelSet.BOX_2D + i],
            can.pixelDecimals() == LabelCapabilities.FULL ? 0 : tolerance,
            found);
      }
    }
    if (can.carries(LabelField.BOX_3D)) {
      compareSolid(key, written, a, read, b, can, found);
    }
    LabelDetails x = written.details();
    LabelDetails y = read.details();
    if (can.carries(LabelField.SCORE)) {
      near(key + " score", x.score(a), y.score(b), 1e-6, found);
    }
    if (can.carries(LabelField.OCCLUDED)) {
      near(
          key + " occlusion",
          visibility(can.visibility(), written.occluded()[a]),
          visibility(can.visibility(), read.occluded()[b]),
          1e-5,
          found);
    }
    if (can.carries(LabelField.TRUNCATED)) {
      near(
          key + " truncation",
          visibility(can.visibility(), written.truncated()[a]),
          visibility(can.visibility(), read.truncated()[b]),
          1e-5,
          found);
    }
    if (can.carries(LabelField.KEYFRAME)) {
      equal(
          key + " interpolated",
          x.has(a, LabelDetails.INTERPOLATED),
          y.has(b, LabelDetails.INTERPOLATED),
          found);
    }
    if (can.carries(LabelField.IGNORED)) {
      equal(
          key + " ignored", x.has(a, LabelDetails.IGNORED), y.has(b, LabelDetails.IGNORED), found);
    }
    if (can.carries(LabelField.ATTRIBUTES)) {
      equal(key + " attributes", x.attributes(a), y.attributes(b), found);
    }
    if (can.carries(LabelField.POINTS)) {
      equal(key + " points", written.points()[a], read.points()[b], found);
    }
    if (can.carries(LabelField.ANNOTATOR)) {
      equal(key + " annotator", written.annotator(a), read.annotator(b), found);
      equal(key + " edited", written.editedNs()[a], read.editedNs()[b], found);
      equal(key + " tool", x.tool(a), y.tool(b), found);
      equal(key + " revision", x.revision(a), y.revision(b), found);
      equal(key + " label id", x.labelId(a), y.labelId(b), found);
      equal(key + " message", x.message(a), y.message(b), found);
    }
  }

  private static void compareSolid(
      String key,
      LabelSet written,
      int a,
      LabelSet read,
      int b,
      LabelCapabilities can,
      List<String> found) {
    if (written.has3d(a) != read.has3d(b)) {
      found.add(key + ": 3D box " + written.has3d(a) + " -> " + read.has3d(b));
      return;
    }
    if (!written.has3d(a)) {
      return;
    }
    int from = a * LabelSet.BOX_3D;
    int to = b * LabelSet.BOX_3D;
    boolean full = can.meterDecimals() == LabelCapabilities.FULL;
    double tolerance = full ? 0 : 2 * LabelCapabilities.tolerance(can.meterDecimals()) + 1e-9;
    for (int i = 0; i < 6; i++) {
      near(
          key + " box " + i, written.boxes3d()[from + i], read.boxes3d()[to + i], tolerance, found);
    }
    // A quaternion and its negative are one orientation; the way between them is half the turn.
    double same = 0;
    double opposite = 0;
    for (int i = 6; i < LabelSet.BOX_3D; i++) {
      double p = written.boxes3d()[from + i];
      double q = read.boxes3d()[to + i];
      same += (p - q) * (p - q);
      opposite += (p + q) * (p + q);
    }
    double turn = 2 * Math.sqrt(Math.min(same, opposite));
    near(key + " orientation", turn, 0, full ? 0 : 1e-5, found);
  }

  private static double visibility(Visibility how, float share) {
    if (Float.isNaN(share)) {
      return how == Visibility.FLAG ? 0 : Double.NaN;
    }
    return switch (how) {
      case NONE -> Double.NaN;
      case FLAG -> share > 0 ? 1 : 0;
      case LEVELS -> Math.round(2.0 * share);
      case SHARE -> share;
    };
  }

  private static void near(String what, double a, double b, double tolerance, List<String> found) {
    boolean same = Double.isNaN(a) ? Double.isNaN(b) : Math.abs(a - b) <= tolerance;
    if (!same) {
      found.add(what + ": " + a + " -> " + b);
    }
  }

  private static void equal(String what, Object a, Object b, List<String> found) {
    if (a == null ? b != null : !a.equals(b)) {
      found.add(what + ": " + a + " -> " + b);
    }
  }
}
