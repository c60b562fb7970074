package dev.lockstep.synth.fault;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Labels to be built and damaged in memory, one object a box: a [LabelSet] that can be edited.
public final class LabelTable {
  /// Frame of the 3D boxes.
  public final LabelSet.Frame frameOfReference;

  /// What the stamps rest on.
  public final StampSource stampSource;

  /// The boxes, in any order.
  public final List<Box> boxes;

  /// Boxes that instants have lost, but are still among `boxes`.
  private final Set<Box> dropped = Collections.newSetFromMap(new IdentityHashMap<>());

  /// An empty table.
  public LabelTable(LabelSet.Frame frameOfReference, StampSource stampSource) {
    this(frameOfReference, stampSource, 16);
  }

  private LabelTable(LabelSet.Frame frameOfReference, StampSource stampSource, int capacity) {
    boxes = new ArrayList<>(capacity);
    this.frameOfReference = frameOfReference;
    this.stampSource = stampSource;
  }

  /// One box, 3D, 2D or both: NaN where it has no such place. Meters, radians and pixels as in a
  /// [LabelSet].
  public static final class Box implements Cloneable, LabelBox {
    public long stampNs;
    public long frame;
    public @Nullable String track;
    public String category = "";
    public double x = Double.NaN;
    public double y;
    public double z;
    public double length;
    public double width;
    public double height;
    public double qw;
    public double qx;
    public double qy;
    public double qz;
    public double left = Double.NaN;
    public double top;
    public double right;
    public double bottom;
    public int points = -1;
    public double truncated = Double.NaN;
    public double occluded = Double.NaN;
    public @Nullable String annotator;
    public long editedNs = Times.NONE;
    public @Nullable String tool;
    public int flags;

    /// Sets when and what.
    public Box at(long stampNs, long frame, @Nullable String track, String category) {
      this.stampNs = stampNs;
      this.frame = frame;
      this.track = track;
      this.category = category;
      return this;
    }

    /// Sets a 3D box that looks along x.
    public Box solid(double x, double y, double z, double length, double width, double height) {
      this.x = x;
      this.y = y;
      this.z = z;
      this.length = length;
      this.width = width;
      this.height = height;
      return yaw(0);
    }

    /// Sets a 2D box.
    public Box flat(double left, double top, double right, double bottom) {
      this.left = left;
      this.top = top;
      this.right = right;
      this.bottom = bottom;
      return this;
    }

    /// Sets the heading, upright.
    public Box yaw(double yaw) {
      qw = Math.cos(yaw / 2);
      qx = 0;
      qy = 0;
      qz = Math.sin(yaw / 2);
      return this;
    }

    /// Turns the box about its own up axis.
    public void turn(double angle) {
      double c = Math.cos(angle / 2);
      double s = Math.sin(angle / 2);
      double w = qw * c - qz * s;
      double a = qx * c + qy * s;
      double b = qy * c - qx * s;
      double d = qz * c + qw * s;
      qw = w;
      qx = a;
      qy = b;
      qz = d;
    }

    /// An equal box.
    public Box copy() {
      try {
        return (Box) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String track() {
      return track == null ? "" : track;
    }

    @Override
    public void setTrack(String track) {
      this.track = track;
    }

    @Override
    public String category() {
      return category;
    }

    @Override
    public void setCategory(String category) {
      this.category = category;
    }

    @Override
    public double get(Field field) {
      return switch (field) {
        case X -> x;
        case Y -> Double.isNaN(x) ? Double.NaN : y;
        case Z -> Double.isNaN(x) ? Double.NaN : z;
        case LENGTH -> Double.isNaN(x) ? Double.NaN : length;
        case WIDTH -> Double.isNaN(x) ? Double.NaN : width;
        case HEIGHT -> Double.isNaN(x) ? Double.NaN : height;
        case YAW ->
            Double.isNaN(x)
                ? Double.NaN
                : Math.atan2(2 * (qw * qz + qx * qy), 1 - 2 * (qy * qy + qz * qz));
        case LEFT -> left;
        case TOP -> Double.isNaN(left) ? Double.NaN : top;
        case RIGHT -> Double.isNaN(left) ? Double.NaN : right;
        case BOTTOM -> Double.isNaN(left) ? Double.NaN : bottom;
      };
    }

    @Override
    public void set(Field field, double value) {
      switch (field) {
        case X -> x = value;
        case Y -> y = value;
        case Z -> z = value;
        case LENGTH -> length = value;
        case WIDTH -> width = value;
        case HEIGHT -> height = value;
        case YAW -> turn(value - get(Field.YAW));
        case LEFT -> left = value;
        case TOP -> top = value;
        case RIGHT -> right = value;
        case BOTTOM -> bottom = value;
      }
    }
  }

  /// The boxes of `labels`, in order of their rows.
  public static LabelTable of(LabelSet labels) {
    LabelTable table = new LabelTable(labels.frameOfReference(), labels.stampSource());
    for (int row = 0; row < labels.size(); row++) {
      int track = labels.tracks()[row];
      Box box =
          table
              .add(new Box())
              .at(
                  labels.stampsNs()[row],
                  labels.frames()[row],
                  track < 0 ? null : labels.trackName(track),
                  labels.categoryName(labels.categories()[row]));
      if (labels.has3d(row)) {
        double[] b = labels.boxes3d();
        int at = row * LabelSet.BOX_3D;
        box.solid(b[at], b[at + 1], b[at + 2], b[at + 3], b[at + 4], b[at + 5]);
        box.qw = b[at + 6];
        box.qx = b[at + 7];
        box.qy = b[at + 8];
        box.qz = b[at + 9];
      }
      if (labels.has2d(row)) {
        float[] b = labels.boxes2d();
        int at = row * LabelSet.BOX_2D;
        box.flat(b[at], b[at + 1], b[at + 2], b[at + 3]);
      }
      box.points = labels.points()[row];
      box.truncated = labels.truncated()[row];
      box.occluded = labels.occluded()[row];
      box.annotator = labels.annotator(row);
      box.editedNs = labels.editedNs()[row];
      box.flags = labels.details().flags(row);
      box.tool = labels.details().tool(row);
    }
    return table;
  }

  /// Appends a box and gives it back.
  public Box add(Box box) {
    boxes.add(box);
    return box;
  }

  /// An equal table with boxes of its own.
  public LabelTable copy() {
    return where(b -> true);
  }

  /// A table of copies of the boxes that are kept.
  public LabelTable where(Predicate<Box> kept) {
    LabelTable copy = new LabelTable(frameOfReference, stampSource, boxes.size());
    for (Box box : boxes) {
      if (kept.test(box)) {
        copy.add(box.copy());
      }
    }
    return copy;
  }

  /// Boxes of each track, in order of time; negative ids are none.
  public List<List<Box>> tracks() {
    Map<String, List<Box>> tracks = new LinkedHashMap<>();
    for (Box box : boxes) {
      if (box.track != null && !box.track.startsWith("-")) {
        tracks.computeIfAbsent(box.track, k -> new ArrayList<>()).add(box);
      }
    }
    for (List<Box> track : tracks.values()) {
      track.sort(Order.byLong(b -> b.stampNs));
    }
    return new ArrayList<>(tracks.values());
  }

  /// The sealed label set `labels`; the position of a row is its number here, from 1.
  public LabelSet build() {
    LabelSet set = new LabelSet("labels", frameOfReference, stampSource);
    int line = 0;
    for (Box b : boxes) {
      int row = set.add(b.stampNs, b.frame, b.track, b.category, "labels.txt", ++line);
      if (!Double.isNaN(b.x)) {
        set.setBox3d(row, b.x, b.y, b.z, b.length, b.width, b.height, b.qw, b.qx, b.qy, b.qz);
      }
      if (!Double.isNaN(b.left)) {
        set.setBox2d(row, b.left, b.top, b.right, b.bottom);
      }
      if (b.points >= 0) {
        set.setPoints(row, b.points);
      }
      set.setVisibility(row, b.truncated, b.occluded);
      String author = b.annotator;
      if (author != null) {
        set.setAuthor(row, author, b.editedNs);
      }
      if (b.flags != 0) {
        set.details().addFlags(row, b.flags);
      }
      String tool = b.tool;
      if (tool != null) {
        set.details().setTool(row, tool);
      }
    }
    set.seal();
    return set;
  }

  /// The instants of the table, ascending, each with its boxes; edits go to the table.
  ///
  /// What is taken out of an instant stays among `boxes` until [#dropBoxes].
  List<LabelFrame> frames() {
    Map<Long, Instant> frames = new TreeMap<>();
    Instant last = null;
    for (Box box : boxes) {
      // Most boxes follow one of their instant.
      if (last == null || last.stampNs != box.stampNs) {
        last = frames.computeIfAbsent(box.stampNs, stampNs -> new Instant(stampNs, box.frame));
      }
      last.own.add(box);
    }
    return List.copyOf(frames.values());
  }

  /// Takes out the boxes that instants have lost, all at once.
  void dropBoxes() {
    if (!dropped.isEmpty()) {
      boxes.removeIf(dropped::contains);
      dropped.clear();
    }
  }

  private final class Instant implements LabelFrame {
    private final long stampNs;
    private final long frame;
    private final List<Box> own = new ArrayList<>();

    Instant(long stampNs, long frame) {
      this.stampNs = stampNs;
      this.frame = frame;
    }

    @Override
    public List<LabelBox> boxes() {
      List<LabelBox> tracked = new ArrayList<>(own.size());
      for (Box box : own) {
        if (box.track != null) {
          tracked.add(box);
        }
      }
      return Collections.unmodifiableList(tracked);
    }

    @Override
    public void remove(LabelBox box) {
      // Boxes have no equality but their own.
      own.remove(box);
      boxes.remove(box);
    }

    @Override
    public LabelBox duplicate(LabelBox box) {
      Box copy = ((Box) box).copy().at(stampNs, frame, box.track(), box.category());
      own.add(copy);
      boxes.add(copy);
      return copy;
    }

    @Override
    public void setBoxes(List<LabelBox> others) {
      List<LabelBox> copies = others.stream().<LabelBox>map(b -> ((Box) b).copy()).toList();
      own.stream().filter(b -> b.track != null).forEach(dropped::add);
      own.removeIf(b -> b.track != null);
      copies.forEach(this::duplicate);
    }

    @Override
    public long frame() {
      return frame;
    }

    @Override
    public byte[] toBytes() {
      throw new IllegalStateException("labels in memory have no bytes");
    }
  }
}
