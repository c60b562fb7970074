package dev.lockstep.labels.kitti;

import dev.lockstep.labels.Decimals;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.Rotations;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// KITTI tracking labels as a label format; [TrackingLabels] says what a line holds.
///
/// Written are one line a row and frame after frame, with the bottom of the box in the camera's
/// frame. Track ids are whole numbers: others are numbered from above the largest one that is a
/// number. Shares of truncation and occlusion become the levels 0, 1 and 2; absent numbers what the
/// format uses for "unknown". The rows of one frame stay in order.
public final class KittiTracking implements LabelFormat {
  private static final int DECIMALS = 6;

  private static final String UNKNOWN_BOX = "-1 -1 -1 -1000 -1000 -1000 -10";
  private static final String UNKNOWN_EDGES = "-1 -1 -1 -1";

  private static final int PROBED_LINES = 8;

  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_2D,
              LabelField.BOX_3D,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.SCORE,
              LabelField.TRUNCATED,
              LabelField.OCCLUDED),
          EnumSet.of(LabelSet.Frame.SENSOR, LabelSet.Frame.IMAGE),
          DECIMALS,
          DECIMALS,
          DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_0,
          LabelCapabilities.Anchor2d.EDGES,
          LabelCapabilities.Anchor3d.BOTTOM,
          LabelCapabilities.Axes.CAMERA,
          LabelCapabilities.Rotation.YAW_DOWN,
          LabelCapabilities.Visibility.LEVELS);

  @Override
  public String name() {
    return "kitti-tracking";
  }

  @Override
  public String summary() {
    return "KITTI tracking label files";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  /// The format of KITTI recordings reads them with calibration and sensors.
  @Override
  public boolean standsAlone() {
    return false;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    TextLines lines = new TextLines(MemorySegment.ofArray(head));
    int labels = 0;
    int others = 0;
    while (fileName.endsWith(".txt") && labels + others < PROBED_LINES && lines.next()) {
      if (lines.blank() || (!lines.terminated() && head.length >= HEAD_BYTES)) {
        continue;
      }
      if (TrackingLabels.looksLikeLabel(lines.text())) {
        labels++;
      } else {
        others++;
      }
    }
    return labels > others ? "columns of KITTI tracking labels" : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    FrameStamps stamps = input.frames(FrameStamps.NOMINAL_HERTZ);
    TrackingLabels.Result result =
        TrackingLabels.read(input.bytes(), input.setName(), input.file(), stamps, defects);
    return new Reading(List.of(result.labels()), result.lines(), List.of());
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    CAPABILITIES.requireFrame(labels, name());
    long[] frames = options.framesOf(labels, 0);
    Integer[] rows = new Integer[labels.size()];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(rows, Order.byLong(row -> frames[row]));
    long[] ids = LabelWriteOptions.wholeIds(labels);
    Path file = folder.resolve(options.name() + ".txt");
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int row : rows) {
        if (labels.has2d(row) || labels.has3d(row)) {
          out.write(line(labels, row, frames[row], ids));
        }
      }
    }
    return List.of(file);
  }

  private static String line(LabelSet labels, int row, long frame, long[] ids) {
    int track = labels.tracks()[row];
    StringBuilder out = new StringBuilder();
    out.append(frame).append(' ').append(track < 0 ? -1 : ids[track]).append(' ');
    // A space would make two columns of a name.
    out.append(labels.categoryName(labels.categories()[row]).replaceAll("\\s+", "_"));
    out.append(' ').append(level(labels.truncated()[row]));
    out.append(' ').append(level(labels.occluded()[row]));
    double[] box = camera(labels, row);
    double alpha = box.length == 0 ? -10 : Rotations.wrapped(box[6] - Math.atan2(box[3], box[5]));
    out.append(' ').append(number(alpha));
    if (labels.has2d(row)) {
      for (int i = 0; i < LabelSet.BOX_2D; i++) {
        out.append(' ').append(number(labels.boxes2d()[row * LabelSet.BOX_2D + i]));
      }
    } else {
      out.append(' ').append(UNKNOWN_EDGES);
    }
    if (box.length == 0) {
      out.append(' ').append(UNKNOWN_BOX);
    }
    for (double value : box) {
      out.append(' ').append(number(value));
    }
    float score = labels.details().score(row);
    if (!Float.isNaN(score)) {
      out.append(' ').append(number(score));
    }
    return out.append('\n').toString();
  }

  /// Height, width, length, x, y, z and rotation as the format has them; empty without a 3D box.
  private static double[] camera(LabelSet labels, int row) {
    if (!labels.has3d(row)) {
      return new double[0];
    }
    double[] b = labels.boxes3d();
    int at = row * LabelSet.BOX_3D;
    double yaw = Rotations.yaw(new double[] {b[at + 6], b[at + 7], b[at + 8], b[at + 9]});
    double height = b[at + 5];
    return new double[] {
      height,
      b[at + 4],
      b[at + 3],
      -b[at + 1],
      height / 2 - b[at + 2],
      b[at],
      Rotations.wrapped(-Math.PI / 2 - yaw)
    };
  }

  private static String number(double value) {
    return Decimals.fixed(value, DECIMALS);
  }

  private static String level(float share) {
    return Float.isNaN(share) ? "-1" : Long.toString(Math.round(2.0 * Math.clamp(share, 0f, 1f)));
  }
}
