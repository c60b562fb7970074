package dev.lockstep.synth.labels;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Labels of a drive as rows that a faulty exporter can change: objects that move and turn, with
/// boxes in the image, keyframes every five frames, and attributes.
public final class ExportScene {
  /// Frames of a drive.
  public static final int FRAMES = 60;

  static final int TRACKS = 8;
  static final int WIDTH = 1242;
  static final int HEIGHT = 375;
  private static final String[] CATEGORIES = {"Car", "Van", "Cyclist", "Pedestrian"};

  /// Its labels.
  public final List<Row> rows = new ArrayList<>();

  private final Random random;
  private final LabelSet.Frame frame;
  private boolean attributes = true;

  /// One label; a box that it lacks has no numbers, a track that it lacks no letters.
  public static final class Row {
    private static final double[] NONE = {};

    public long frame;
    public String track = "";
    public String category = "";
    public double[] flat = NONE;
    public double[] place = NONE;
    public double[] size = NONE;
    public double[] turn = NONE;
    public int flags;
    public double occluded;
    public double truncated = Double.NaN;
    public Map<String, String> attributes = new TreeMap<>();

    /// Heading, radians.
    public double yaw() {
      return 2 * Math.atan2(turn[3], turn[0]);
    }

    /// Sets the heading, radians.
    public void setYaw(double yaw) {
      turn = new double[] {Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2)};
    }

    /// The same.
    public Row copy() {
      Row copy = new Row();
      copy.frame = frame;
      copy.track = track;
      copy.category = category;
      copy.flat = flat.clone();
      copy.place = place.clone();
      copy.size = size.clone();
      copy.turn = turn.clone();
      copy.flags = flags;
      copy.occluded = occluded;
      copy.truncated = truncated;
      copy.attributes = new TreeMap<>(attributes);
      return copy;
    }
  }

  private ExportScene(LabelSet.Frame frame, long seed) {
    this.frame = frame;
    this.random = new Random(seed);
  }

  /// A drive whose boxes are given in that frame.
  public static ExportScene of(LabelSet.Frame frame, long seed) {
    ExportScene scene = new ExportScene(frame, seed);
    for (int t = 0; t < TRACKS; t++) {
      scene.track(t);
    }
    scene.rows.sort(Order.byLong((Row r) -> r.frame).thenComparing(r -> r.track));
    return scene;
  }

  private void track(int number) {
    double x = 8 + 40 * random.nextDouble();
    double y = -15 + 30 * random.nextDouble();
    double speed = 0.2 + random.nextDouble();
    double heading = -3 + 6 * random.nextDouble();
    double rate = 0.02 + 0.03 * random.nextDouble();
    double[] size = {
      3.5 + random.nextDouble(), 1.5 + random.nextDouble() / 2, 1.4 + random.nextDouble() / 3
    };
    double u = 40 + 1000 * random.nextDouble();
    double v = 120 + 100 * random.nextDouble();
    double w = 40 + 80 * random.nextDouble();
    double h = 30 + 60 * random.nextDouble();
    double du = -3 + 6 * random.nextDouble();
    // The last track begins late; the first comes in over the left border of the image.
    int first = number == TRACKS - 1 ? 7 : 0;
    if (number == 0) {
      u = -30;
      du = 1.3;
    }
    for (int f = first; f < FRAMES; f++) {
      Row row = new Row();
      row.frame = f;
      row.track = Integer.toString(3 * number + 1);
      row.category = CATEGORIES[number % CATEGORIES.length];
      double angle = heading + rate * f;
      row.place =
          new double[] {
            x += speed * Math.cos(angle),
            y += speed * Math.sin(angle),
            -0.5 + 0.01 * f + 0.1 * number
          };
      row.size = size.clone();
      row.setYaw(Math.IEEEremainder(angle, 2 * Math.PI));
      double left = u + du * f + 0.05 * f * number;
      double top = v + 0.11 * f * (number % 3 - 1) + 0.3 * Math.sin(f);
      row.flat = new double[] {left, top, left + w + 0.21 * f, top + h + 0.13 * f};
      row.flags = f % 5 == 0 ? LabelDetails.KEYFRAME : LabelDetails.INTERPOLATED;
      row.occluded = f / 20 % 3 / 2.0;
      row.attributes.put("lane", Integer.toString(1 + (number + f / 15) % 4));
      row.attributes.put("moving", f % 30 < 20 ? "yes" : "no");
      rows.add(row);
    }
  }

  /// The rows of labels that somebody made.
  public static ExportScene from(LabelSet labels) {
    ExportScene scene = new ExportScene(labels.frameOfReference(), 1);
    for (int r = 0; r < labels.size(); r++) {
      Row row = new Row();
      row.frame = labels.frames()[r];
      row.track =
          labels.tracks()[r] == LabelSet.NO_TRACK ? "" : labels.trackName(labels.tracks()[r]);
      row.category = labels.categoryName(labels.categories()[r]);
      if (labels.has2d(r)) {
        row.flat = new double[LabelSet.BOX_2D];
        for (int i = 0; i < LabelSet.BOX_2D; i++) {
          row.flat[i] = labels.boxes2d()[r * LabelSet.BOX_2D + i];
        }
      }
      if (labels.has3d(r)) {
        int at = r * LabelSet.BOX_3D;
        row.place = Arrays.copyOfRange(labels.boxes3d(), at, at + 3);
        row.size = Arrays.copyOfRange(labels.boxes3d(), at + 3, at + 6);
        row.turn = Arrays.copyOfRange(labels.boxes3d(), at + 6, at + 10);
      }
      row.occluded = labels.occluded()[r];
      row.truncated = labels.truncated()[r];
      scene.rows.add(row);
    }
    scene.attributes = false;
    return scene;
  }

  /// The same.
  public ExportScene copy() {
    ExportScene copy = new ExportScene(frame, 7);
    copy.attributes = attributes;
    rows.forEach(row -> copy.rows.add(row.copy()));
    return copy;
  }

  /// A label.
  public Row at(String track, long time) {
    return rows.stream()
        .filter(r -> r.frame == time && track.equals(r.track))
        .findFirst()
        .orElseThrow();
  }

  /// The labels as a set.
  public LabelSet build() {
    LabelSet labels = new LabelSet("drive", frame, StampSource.FRAME_NUMBER);
    labels.details().setImageSize(WIDTH, HEIGHT);
    labels.details().setFrameRate(10);
    for (Row row : rows) {
      int n =
          labels.add(
              row.frame * 100_000_000L,
              row.frame,
              row.track.isEmpty() ? null : row.track,
              row.category,
              "drive.txt",
              labels.size());
      if (row.flat.length > 0) {
        labels.setBox2d(n, row.flat[0], row.flat[1], row.flat[2], row.flat[3]);
      }
      if (row.place.length > 0 && frame != LabelSet.Frame.IMAGE) {
        labels.setBox3d(
            n,
            row.place[0],
            row.place[1],
            row.place[2],
            row.size[0],
            row.size[1],
            row.size[2],
            row.turn[0],
            row.turn[1],
            row.turn[2],
            row.turn[3]);
      }
      labels.setVisibility(n, row.truncated, row.occluded);
      labels.details().addFlags(n, row.flags);
      if (attributes) {
        List<Attribute> list = new ArrayList<>();
        row.attributes.forEach((name, value) -> list.add(new Attribute(name, value)));
        labels.details().setAttributes(n, list);
      }
    }
    labels.seal();
    return labels;
  }
}
