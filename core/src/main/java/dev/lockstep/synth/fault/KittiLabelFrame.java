package dev.lockstep.synth.fault;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One frame of a KITTI tracking label file: its lines, 17 or 18 columns each.
///
/// ```text
/// 0 frame  1 id  2 type  3 truncated  4 occluded  5 alpha  6-9 left top right bottom
/// 10 h  11 w  12 l  13-15 x y z (bottom centre, camera: right, down, forward)  16 ry  [17 score]
/// ```
final class KittiLabelFrame implements LabelFrame {
  /// Encoding of a stream whose messages are the frames of such a file.
  static final String ENCODING = "kitti-label-lines";

  private static final int ID = 1;
  private static final int TYPE = 2;
  private static final int COLUMNS = 17;

  /// Decimals of the devkit's own files.
  private static final int DECIMALS = 6;

  private final List<LabelBox> boxes = new ArrayList<>();

  KittiLabelFrame(byte[] payload) {
    for (String line : new String(payload, StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isBlank()) {
        boxes.add(new Line(line.strip().split(" +", -1)));
      }
    }
  }

  @Override
  public List<LabelBox> boxes() {
    return boxes.stream()
        .filter(box -> ((Line) box).columns.length >= COLUMNS && !box.category().equals("DontCare"))
        .toList();
  }

  @Override
  public void remove(LabelBox box) {
    boxes.remove(box);
  }

  @Override
  public LabelBox duplicate(LabelBox box) {
    Line copy = new Line(((Line) box).columns.clone());
    boxes.add(copy);
    return copy;
  }

  @Override
  public void setBoxes(List<LabelBox> others) {
    if (boxes.isEmpty()) {
      // A frame without a line does not say which it is.
      return;
    }
    String frame = Long.toString(frame());
    List<LabelBox> copies = new ArrayList<>();
    for (LabelBox other : others) {
      Line copy = new Line(((Line) other).columns.clone());
      copy.columns[0] = frame;
      copies.add(copy);
    }
    boxes.removeAll(boxes());
    boxes.addAll(copies);
  }

  @Override
  public long frame() {
    return boxes.isEmpty() ? -1 : Long.parseLong(((Line) boxes.getFirst()).columns[0]);
  }

  @Override
  public byte[] toBytes() {
    StringBuilder out = new StringBuilder();
    for (LabelBox box : boxes) {
      out.append(String.join(" ", ((Line) box).columns)).append('\n');
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static final class Line implements LabelBox {
    final String[] columns;

    Line(String[] columns) {
      this.columns = columns;
    }

    @Override
    public String track() {
      return columns[ID];
    }

    @Override
    public void setTrack(String track) {
      columns[ID] = track;
    }

    @Override
    public String category() {
      return columns[TYPE];
    }

    @Override
    public void setCategory(String category) {
      columns[TYPE] = category;
    }

    @Override
    public double get(Field field) {
      double value = Double.parseDouble(columns[column(field)]);
      // The camera's y looks down.
      return field == Field.Z ? -value : value;
    }

    @Override
    public void set(Field field, double value) {
      columns[column(field)] =
          BigDecimal.valueOf(field == Field.Z ? -value : value)
              .setScale(DECIMALS, RoundingMode.HALF_EVEN)
              .toPlainString();
    }

    private static int column(Field field) {
      return switch (field) {
        case LEFT -> 6;
        case TOP -> 7;
        case RIGHT -> 8;
        case BOTTOM -> 9;
        case HEIGHT -> 10;
        case WIDTH -> 11;
        case LENGTH -> 12;
        case X -> 13;
        case Y -> 15;
        case Z -> 14;
        case YAW -> 16;
      };
    }

    @Override
    public String toString() {
      return Arrays.toString(columns);
    }
  }
}
