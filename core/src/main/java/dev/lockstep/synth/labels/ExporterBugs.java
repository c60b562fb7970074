package dev.lockstep.synth.labels;

import dev.lockstep.labels.Rotations;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.Order;
import dev.lockstep.synth.labels.ExportScene.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Errors that exporters were seen to make, each put into a scene.
public enum ExporterBugs {
  KEYFRAME_REPEATED(
      "SHA003",
      "keyframe-repeated",
      "openlabel",
      Frame.SENSOR,
      s -> hold(s, r -> r.frame - r.frame % 5)),
  FRAMES_FROZEN(
      "SHA003",
      "frames-frozen",
      "openlabel",
      Frame.SENSOR,
      s -> hold(s, r -> r.frame < 20 ? 0 : r.frame)),
  ANGLE_RESET(
      "SHA005", "angle-reset", "openlabel", Frame.EGO, s -> s.rows.forEach(r -> r.setYaw(0))),
  ANGLE_RESET_CAMERA(
      "SHA005",
      "angle-reset",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.setYaw(-Math.PI / 2))),
  TRACK_IDS_LOST(
      "SHA006",
      "track-ids-lost",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.track = "")),
  TRACK_IDS_LOST_JSON(
      "SHA006",
      "track-ids-lost",
      "openlabel",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.track = "")),
  ATTRIBUTE_SHIFTED(
      "SHA009",
      "attribute-shifted",
      "openlabel",
      Frame.SENSOR,
      s ->
          s.rows.forEach(r ->
              r.attributes.put(
                  "lane",
                  Integer.toString(Integer.parseInt(r.attributes.getOrDefault("lane", "1")) - 1)))),
  ATTRIBUTE_LOST(
      "SHA009",
      "attribute-lost",
      "openlabel",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.attributes.remove("moving"))),
  ALL_KEYFRAMES(
      "SHA009",
      "all-keyframes",
      "openlabel",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.flags = LabelDetails.KEYFRAME)),
  FRAME_RATE_CHANGED(
      "SHA008",
      "frame-rate-changed",
      "openlabel",
      Frame.SENSOR,
      s -> renumber(s, f -> f * 25 / 30)),
  FRAME_RATE_CHANGED_LINES(
      "SHA008",
      "frame-rate-changed",
      "kitti-tracking",
      Frame.SENSOR,
      s -> renumber(s, f -> f * 25 / 30)),
  FRAME_STEP_IGNORED(
      "SHA008",
      "frame-step-ignored",
      "openlabel",
      Frame.SENSOR,
      s -> {
        s.rows.removeIf(r -> r.frame % 5 != 0);
        s.rows.forEach(r -> r.frame /= 5);
      }),
  FRAME_SKIPPED(
      "SHA008",
      "frame-skipped",
      "kitti-tracking",
      Frame.SENSOR,
      s -> {
        s.rows.removeIf(r -> r.frame == 46);
        s.rows.forEach(r -> r.frame -= r.frame > 46 ? 1 : 0);
      }),
  FRAME_BASE(
      "SHA008", "frame-base", "kitti-tracking", Frame.SENSOR, s -> s.rows.forEach(r -> r.frame++)),
  FRAME_OFFSET(
      "SHA008", "frame-offset", "openlabel", Frame.SENSOR, s -> s.rows.forEach(r -> r.frame += 12)),
  FRAMES_SWAPPED("SHA008", "frames-swapped", "openlabel", Frame.SENSOR, ExporterBugs::swap),
  INTEGER_ROUNDING(
      "SHA010",
      "integer-rounding",
      "kitti-tracking",
      Frame.IMAGE,
      s -> s.rows.forEach(r -> each(r.flat, v -> Math.rint(v)))),
  INTEGER_CUT(
      "SHA010",
      "integer-rounding",
      "cvat",
      Frame.IMAGE,
      s -> s.rows.forEach(r -> each(r.flat, v -> Math.floor(v)))),
  BOTTOM_FOR_CENTRE(
      "SHA003",
      "bottom-for-centre",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> r.place[2] -= r.size[2] / 2)),
  CENTRE_FOR_BOTTOM(
      "SHA003",
      "centre-for-bottom",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.place[2] += r.size[2] / 2)),
  QUATERNION_ORDER(
      "SHA005",
      "quaternion-order",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> r.turn = new double[] {r.turn[3], r.turn[0], r.turn[1], r.turn[2]})),
  FRAME_OF_SENSOR(
      "SHA003",
      "frame-of-reference",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> transform(r, 0.31, 1.2, -0.4, 1.7))),
  FRAME_OF_WORLD(
      "SHA003",
      "frame-of-reference",
      "openlabel",
      Frame.EGO,
      s ->
          s.rows.forEach(
              r -> transform(r, 0.02 * r.frame, 300 + 1.1 * r.frame, 80 + 0.2 * r.frame, 0.4))),
  DEGREES(
      "SHA005",
      "degrees",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> r.setYaw(Math.toDegrees(r.yaw())))),
  RADIANS(
      "SHA005",
      "degrees",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> r.setYaw(Math.toRadians(r.yaw())))),
  DEGREES_CAMERA(
      "SHA005",
      "degrees",
      "kitti-tracking",
      Frame.SENSOR,
      s ->
          s.rows.forEach(r ->
              r.setYaw(-Math.PI / 2 - Math.toDegrees(Rotations.wrapped(-Math.PI / 2 - r.yaw()))))),
  HALF_TURN(
      "SHA005",
      "heading-convention",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.setYaw(r.yaw() + Math.PI))),
  SIZES_SWAPPED(
      "SHA004",
      "sizes-swapped",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.size = new double[] {r.size[1], r.size[0], r.size[2]})),
  Y_FLIPPED(
      "SHA003",
      "y-flipped",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> r.place[1] = -r.place[1])),
  Y_FLIPPED_WITH_YAW(
      "SHA003",
      "y-flipped",
      "openlabel",
      Frame.EGO,
      s ->
          s.rows.forEach(r -> {
            r.place[1] = -r.place[1];
            r.setYaw(-r.yaw());
          })),
  AXES_SWAPPED(
      "SHA003",
      "axes-swapped",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> r.place = new double[] {r.place[1], r.place[0], r.place[2]})),
  HALF_SIZE(
      "SHA004",
      "half-size",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> each(r.size, v -> v / 2))),
  MILLIMETERS(
      "SHA003",
      "unit",
      "openlabel",
      Frame.EGO,
      s ->
          s.rows.forEach(r -> {
            each(r.place, v -> v * 1000);
            each(r.size, v -> v * 1000);
          })),
  EXPORT_CUT_FRAMES(
      "SHA001", "export-cut", "openlabel", Frame.SENSOR, s -> s.rows.removeIf(r -> r.frame >= 50)),
  EXPORT_CUT_ROWS(
      "SHA001",
      "export-cut",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.subList(300, s.rows.size()).clear()),
  KEYFRAMES_ONLY(
      "SHA001",
      "keyframes-only",
      "openlabel",
      Frame.SENSOR,
      s -> s.rows.removeIf(r -> r.frame % 5 != 0)),
  CATEGORY_LEFT_OUT(
      "SHA001",
      "category-left-out",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.removeIf(r -> r.category.equals("Van"))),
  CATEGORIES_MERGED(
      "SHA007",
      "categories-merged",
      "kitti-tracking",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.category = r.category.equals("Van") ? "Car" : r.category)),
  CATEGORIES_RENAMED(
      "SHA007",
      "categories-renamed",
      "openlabel",
      Frame.SENSOR,
      s ->
          s.rows.forEach(
              r -> r.category = r.category.equals("Van") ? "transporter" : "x" + r.category)),
  IDS_MERGED(
      "SHA006",
      "ids-merged",
      "kitti-tracking",
      Frame.SENSOR,
      s ->
          s.rows.forEach(
              r -> r.track = r.track.equals("4") || r.track.equals("10") ? "7" : r.track)),
  IDS_RENUMBERED(
      "SHA006",
      "ids-renumbered",
      "openlabel",
      Frame.SENSOR,
      s -> s.rows.forEach(r -> r.track = Integer.toString(Integer.parseInt(r.track) + 3))),
  CONSTANT_OBJECT("SHA002", "constant-object", "openlabel", Frame.SENSOR, ExporterBugs::constant),
  ROWS_DUPLICATED(
      "SHA002",
      "rows-duplicated",
      "kitti-tracking",
      Frame.SENSOR,
      s -> {
        List<Row> twice = new ArrayList<>();
        for (Row r : s.rows) {
          twice.add(r);
          if (r.frame == 12 || r.frame == 30) {
            twice.add(r.copy());
          }
        }
        s.rows.clear();
        s.rows.addAll(twice);
      }),
  PIXEL_PERCENT(
      "SHA003",
      "pixel-percent",
      "kitti-tracking",
      Frame.IMAGE,
      s ->
          s.rows.forEach(
              r -> scale(r.flat, 100.0 / ExportScene.WIDTH, 100.0 / ExportScene.HEIGHT))),
  IMAGE_SCALED(
      "SHA003",
      "image-scaled",
      "cvat",
      Frame.IMAGE,
      s -> s.rows.forEach(r -> scale(r.flat, 0.5, 0.5))),
  CORNER_FOR_CENTRE(
      "SHA003",
      "corner-for-centre",
      "openlabel",
      Frame.IMAGE,
      s ->
          s.rows.forEach(
              r -> shift(r.flat, (r.flat[0] - r.flat[2]) / 2, (r.flat[1] - r.flat[3]) / 2))),
  SIZE_FOR_EDGES(
      "SHA004",
      "size-for-edges",
      "kitti-tracking",
      Frame.IMAGE,
      s ->
          s.rows.forEach(r ->
              r.flat =
                  new double[] {
                    r.flat[0], r.flat[1], r.flat[2] - r.flat[0], r.flat[3] - r.flat[1]
                  })),
  FLAT_Y_FLIPPED(
      "SHA003",
      "y-flipped",
      "cvat",
      Frame.IMAGE,
      s ->
          s.rows.forEach(
              r -> r.flat = new double[] {r.flat[0], 375 - r.flat[3], r.flat[2], 375 - r.flat[1]})),
  SIZES_SCALED(
      "SHA004",
      "sizes-scaled",
      "openlabel",
      Frame.EGO,
      s -> s.rows.forEach(r -> each(r.size, v -> v * 1.05))),
  ROTATION_AXIS(
      "SHA005",
      "rotation-axis",
      "openlabel",
      Frame.EGO,
      s ->
          s.rows.forEach(
              r -> r.turn = new double[] {Math.cos(r.yaw() / 2), Math.sin(r.yaw() / 2), 0, 0})),
  AXES_OF_CAMERA(
      "SHA003",
      "axes-swapped",
      "openlabel",
      Frame.EGO,
      s ->
          s.rows.forEach(r -> {
            r.place = new double[] {-r.place[1], -r.place[2], r.place[0]};
            r.size = new double[] {r.size[0], r.size[2], r.size[1]};
            r.turn = Rotations.toCamera(r.turn);
          })),
  FRAMES_REPEATED(
      "SHA008",
      "frames-repeated",
      "openlabel",
      Frame.SENSOR,
      s -> {
        s.rows.removeIf(r -> r.frame == 21 || r.frame == 22 || r.frame == 41);
        List<Row> again = new ArrayList<>();
        for (Row r : s.rows) {
          for (long frame : r.frame == 20 ? new long[] {21, 22} : new long[] {41}) {
            if (r.frame == 20 || r.frame == 40) {
              Row copy = r.copy();
              copy.frame = frame;
              again.add(copy);
            }
          }
        }
        s.rows.addAll(again);
        s.rows.sort(Order.byLong(r -> r.frame));
      }),
  LAST_PIXEL(
      "SHA004",
      "last-pixel",
      "cvat",
      Frame.IMAGE,
      s ->
          s.rows.forEach(
              r -> r.flat = new double[] {r.flat[0], r.flat[1], r.flat[2] - 1, r.flat[3] - 1})),
  EDGES_FOR_CENTRE(
      "SHA004",
      "edges-for-size",
      "openlabel",
      Frame.IMAGE,
      s ->
          s.rows.forEach(r -> {
            double[] e = r.flat;
            r.flat =
                new double[] {e[0] - e[2] / 2, e[1] - e[3] / 2, e[0] + e[2] / 2, e[1] + e[3] / 2};
          })),
  CLIPPED_TO_IMAGE(
      "SHA004",
      "clipped-to-image",
      "cvat",
      Frame.IMAGE,
      s -> s.rows.forEach(r -> each(r.flat, v -> Math.max(0, v))));

  /// Id of the rule that names it.
  public final String rule;

  /// Id of the cause.
  public final String cause;

  /// Name of a format whose exporters make it.
  public final String format;

  /// Frame of the boxes.
  public final Frame frame;

  // Functions without a state of their own.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Consumer<ExportScene> change;

  ExporterBugs(
      String rule, String cause, String format, Frame frame, Consumer<ExportScene> change) {
    this.rule = rule;
    this.cause = cause;
    this.format = format;
    this.frame = frame;
    this.change = change;
  }

  /// What is exported of a scene.
  public ExportScene exported(ExportScene original) {
    ExportScene copy = original.copy();
    // Regions without a track or 3D box have times and nothing else that can go wrong here.
    boolean ofTimes = rule.equals("SHA008") || rule.equals("SHA001") || this == ROWS_DUPLICATED;
    List<Row> regions = new ArrayList<>();
    if (!ofTimes && frame != Frame.IMAGE) {
      copy.rows.stream()
          .filter(r -> r.track.isEmpty() || r.place.length == 0)
          .forEach(regions::add);
      copy.rows.removeAll(regions);
    }
    change.accept(copy);
    copy.rows.addAll(regions);
    copy.rows.sort(Order.byLong(r -> r.frame));
    return copy;
  }

  private interface Change {
    double of(double value);
  }

  private interface Time {
    long of(long frame);
  }

  private interface Source {
    long of(Row row);
  }

  private static void each(double[] values, Change change) {
    for (int i = 0; i < values.length; i++) {
      values[i] = change.of(values[i]);
    }
  }

  private static void scale(double[] e, double sx, double sy) {
    e[0] *= sx;
    e[1] *= sy;
    e[2] *= sx;
    e[3] *= sy;
  }

  private static void shift(double[] e, double dx, double dy) {
    e[0] += dx;
    e[1] += dy;
    e[2] += dx;
    e[3] += dy;
  }

  /// Boxes of an earlier frame, or of the first of the track.
  private static void hold(ExportScene scene, Source source) {
    ExportScene before = scene.copy();
    for (Row row : scene.rows) {
      // Tracks may begin late or pause: then the last box before counts, or the first of all.
      List<Row> track = before.rows.stream().filter(r -> r.track.equals(row.track)).toList();
      Row held = track.getFirst();
      for (Row r : track) {
        held = r.frame <= source.of(row) ? r : held;
      }
      row.flat = held.flat.clone();
      row.place = held.place.clone();
      row.turn = held.turn.clone();
    }
  }

  /// New numbers; of frames that fall together, the first stays.
  private static void renumber(ExportScene scene, Time time) {
    TreeSet<Long> taken = new TreeSet<>();
    long last = -1;
    List<Row> kept = new ArrayList<>();
    for (Row row : scene.rows) {
      long number = time.of(row.frame);
      if (row.frame != last) {
        last = row.frame;
        if (!taken.add(number)) {
          continue;
        }
        for (Row other : scene.rows) {
          if (other.frame == row.frame) {
            Row moved = other.copy();
            moved.frame = number;
            kept.add(moved);
          }
        }
      }
    }
    scene.rows.clear();
    scene.rows.addAll(kept);
  }

  /// Frames that are swapped in pairs.
  public static final List<Long> SWAPPED = List.of(11L, 12L, 33L, 34L);

  private static void swap(ExportScene scene) {
    for (Row row : scene.rows) {
      int at = SWAPPED.indexOf(row.frame);
      if (at >= 0) {
        row.frame = SWAPPED.get(at ^ 1);
      }
    }
  }

  private static void constant(ExportScene scene) {
    Row first = scene.rows.getFirst().copy();
    long last = scene.rows.stream().mapToLong(r -> r.frame).max().orElseThrow();
    for (long f = 0; f <= last; f++) {
      Row row = first.copy();
      row.frame = f;
      row.track = "999";
      row.category = "Ego";
      scene.rows.add(row);
    }
  }

  private static void transform(Row row, double yaw, double dx, double dy, double dz) {
    double x = row.place[0];
    double y = row.place[1];
    row.place =
        new double[] {
          Math.cos(yaw) * x - Math.sin(yaw) * y + dx,
          Math.sin(yaw) * x + Math.cos(yaw) * y + dy,
          row.place[2] + dz
        };
    row.setYaw(row.yaw() + yaw);
  }
}
