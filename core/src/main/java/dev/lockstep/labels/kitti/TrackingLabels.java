package dev.lockstep.labels.kitti;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads KITTI tracking labels: a text file a sequence, a line an object in a frame.
///
/// ```text
///  1 frame   2 id   3 type   4 truncated   5 occluded   6 alpha
///  7 left    8 top  9 right 10 bottom                              px, 0-based
/// 11 height 12 width 13 length                                     m
/// 14 x      15 y    16 z    17 rotation_y                          m, rad  [18 score]
/// ```
///
/// (KITTI tracking devkit, `readme.txt`.) Frames without a line are legal. Centre and size are in
/// the rectified camera frame (x right, y down, z forward), y at the bottom of the box; boxes are
/// given with x forward, y left, z up and their centre in the middle, as [LabelSet.Frame#SENSOR].
/// `DontCare` lines mark regions of the image and no objects: they keep their 2D box, and get
/// neither a 3D box nor a track. Results of 2D trackers, whose 3D columns hold the format's
/// "unknown", get no 3D box either.
public final class TrackingLabels {
  /// Columns of a label, and of a tracker's result, which has a score behind.
  public static final int COLUMNS = 17;

  /// Category of regions whose objects nobody labelled.
  public static final String DONT_CARE = "DontCare";

  private static final Pattern SPACE = Pattern.compile("[ \t]+");
  private static final int SCORE_COLUMNS = COLUMNS + 1;

  /// Stands for an angle that nobody gave; with negative sizes, the label is 2D only (KITTI object
  /// devkit, `readme.txt`).
  private static final double NO_ROTATION = -10;

  /// Four of these stand for a 2D box that nobody gave.
  private static final double NO_EDGE = -1;

  private static final String[] NAMES = {
    "frame",
    "id",
    "type",
    "truncated",
    "occluded",
    "alpha",
    "left",
    "top",
    "right",
    "bottom",
    "height",
    "width",
    "length",
    "x",
    "y",
    "z",
    "rotation_y",
    "score"
  };

  /// The sensor whose frame, turned, boxes are in: the first camera, rectified.
  private static final String CAMERA = "image_00";

  /// Largest frame number. Judged: four months at 10 Hz; above, the line is damaged.
  private static final long MAX_FRAME = 100_000_000;

  private final String file;
  private final FrameStamps stamps;
  private final Consumer<Defect> defects;
  private final LabelSet labels;
  private final double[] values = new double[SCORE_COLUMNS];
  private long lines;

  private @Nullable Evidence running;
  private long runFirst;
  private long runLast;
  private long runOffset;
  private long runEnd;

  private TrackingLabels(String name, String file, FrameStamps stamps, Consumer<Defect> defects) {
    this.file = file;
    this.stamps = stamps;
    this.defects = defects;
    this.labels = new LabelSet(name, LabelSet.Frame.SENSOR, stamps.source());
    labels.details().setFrameName(CAMERA);
    labels.details().setOwnAxes(LabelDetails.OwnAxes.CAMERA);
  }

  /// What a file held.
  ///
  /// @param labels its labels, sealed
  /// @param lines number of its lines
  public record Result(LabelSet labels, long lines) {}

  /// Reads a label file.
  ///
  /// @param text the file's bytes
  /// @param name name of the label set
  /// @param file name of the file relative to the recording
  /// @param stamps stamps of the sequence's frames
  /// @param defects told of malformed lines; neighbours with the same fault are one
  public static Result read(
      MemorySegment text, String name, String file, FrameStamps stamps, Consumer<Defect> defects) {
    TrackingLabels reader = new TrackingLabels(name, file, stamps, defects);
    reader.read(text);
    return new Result(reader.labels, reader.lines);
  }

  /// Whether a line looks like a label of this format: the right number of columns, numbers where
  /// numbers belong.
  public static boolean looksLikeLabel(String line) {
    String[] fields = SPACE.split(line.strip(), -1);
    if (fields.length != COLUMNS && fields.length != SCORE_COLUMNS) {
      return false;
    }
    for (int i = 0; i < fields.length; i++) {
      if ((i == 2) == isNumber(fields[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String field) {
    try {
      Double.parseDouble(field);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void read(MemorySegment text) {
    TextLines at = new TextLines(text);
    while (at.next()) {
      lines++;
      if (at.blank()) {
        continue;
      }
      Evidence fault = add(at);
      if (fault == null) {
        endRun();
      } else {
        run(fault, at);
      }
    }
    endRun();
    labels.seal();
  }

  private void run(Evidence fault, TextLines at) {
    if (running != null && !running.what().equals(fault.what())) {
      endRun();
    }
    if (running == null) {
      running = fault;
      runFirst = at.number();
      runOffset = at.offsetBytes();
    }
    runLast = at.number();
    runEnd = at.offsetBytes() + at.lengthBytes();
  }

  private void endRun() {
    if (running != null) {
      Location where =
          Location.stream(labels.name())
              .withFile(file)
              .withBytes(runOffset, runEnd - runOffset)
              .withMessages(runFirst, runLast);
      defects.accept(Defect.of(DefectKind.LABEL_MALFORMED, where, running));
      running = null;
    }
  }

  /// Adds the label of a line, or says what is wrong with it.
  private @Nullable Evidence add(TextLines line) {
    String[] fields = SPACE.split(line.text().strip(), -1);
    if (fields.length != COLUMNS && fields.length != SCORE_COLUMNS) {
      return new Evidence.Violation(
          "columns", Integer.toString(fields.length), COLUMNS + ", or " + SCORE_COLUMNS);
    }
    for (int i = 0; i < fields.length; i++) {
      if (i == 2) {
        continue;
      }
      try {
        values[i] = Double.parseDouble(fields[i]);
      } catch (NumberFormatException e) {
        return new Evidence.Violation("column " + NAMES[i], shortened(fields[i]), "a number");
      }
    }
    if (!isWhole(values[0], 0, MAX_FRAME)) {
      return new Evidence.Violation("column frame", fields[0], "a whole number, not negative");
    }
    if (!isWhole(values[1], -1, Integer.MAX_VALUE)) {
      return new Evidence.Violation("column id", fields[1], "a whole number, -1 or above");
    }
    for (int i = 6; i <= 9; i++) {
      if (!Double.isFinite(values[i])) {
        return new Evidence.Violation("column " + NAMES[i], fields[i], "a finite number");
      }
    }
    int row = addBox(fields[2], line.number());
    labels.details().setSource(row, line.offsetBytes(), line.lengthBytes());
    if (fields.length == SCORE_COLUMNS) {
      labels.details().setScore(row, values[SCORE_COLUMNS - 1]);
    }
    return null;
  }

  private int addBox(String category, long number) {
    long frame = (long) values[0];
    long id = (long) values[1];
    boolean object = !category.equals(DONT_CARE);
    int row =
        labels.add(
            stamps.stampNs(frame),
            frame,
            object && id >= 0 ? Long.toString(id) : null,
            category,
            file,
            number);
    boolean edges = false;
    for (int i = 6; i <= 9; i++) {
      edges |= values[i] != NO_EDGE;
    }
    if (edges) {
      labels.setBox2d(row, values[6], values[7], values[8], values[9]);
    }
    if (!object) {
      return row;
    }
    labels.setVisibility(row, level(values[3]), level(values[4]));
    if (values[16] == NO_ROTATION && values[10] < 0 && values[11] < 0 && values[12] < 0) {
      return row;
    }
    double height = values[10];
    labels.setBox3d(
        row,
        values[15],
        -values[13],
        height / 2 - values[14],
        values[12],
        values[11],
        height,
        yaw(values[16]));
    return row;
  }

  /// Yaw about the up axis of a box turned by `rotationY` about the camera's downward axis: 0 looks
  /// along the camera's x, which is to the right.
  static double yaw(double rotationY) {
    return Math.IEEEremainder(-Math.PI / 2 - rotationY, 2 * Math.PI);
  }

  /// Levels 0, 1, 2 as shares of 1; shares stay as they are; anything else (3 and -1 are "unknown")
  /// is NaN.
  private static double level(double value) {
    if (value == 1 || value == 2) {
      return value / 2;
    }
    return value >= 0 && value < 1 ? value : Double.NaN;
  }

  private static boolean isWhole(double value, long min, long max) {
    return value >= min && value <= max && value == Math.rint(value);
  }

  private static String shortened(String field) {
    return field.length() <= 24 ? field : field.substring(0, 24) + "...";
  }
}
