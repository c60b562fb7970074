package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.geometry.BoxProjection;
import dev.lockstep.geometry.ImageOverlap;
import dev.lockstep.geometry.Rigid;
import dev.lockstep.geometry.SensorFrames;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The 3D boxes of a label set as rectangles in the image that its 2D boxes lie in.
///
/// Which camera that is, labels do not say: it is the one in which most rectangles fit.
final class SideFit {
  /// Rows by which the camera is chosen.
  private static final int SAMPLE = 2000;

  /// Without such an overlap in the middle, no camera is the right one.
  private static final double MIN_FIT = 0.25;

  /// Cameras that fit equally well are one; the first counts.
  private static final double SAME_FIT = 0.002;

  /// A camera that fits worse by more once all rectangles are moved as one is not the right one
  /// (judged).
  private static final double AS_WELL = 0.04;

  /// That is asked only where some camera then fits as well as this: boxes of other instants fit
  /// nowhere (judged; clean boxes fit to 0.9).
  private static final double FITS_MOVED = 0.85;

  private static final int EDGES = 4;

  private final LabelSet labels;
  private final float[] projected;
  private @Nullable String reason;
  private String camera = "";
  private double width = Double.POSITIVE_INFINITY;
  private double height = Double.POSITIVE_INFINITY;

  private SideFit(LabelSet labels) {
    this.labels = labels;
    projected = new float[labels.size() * EDGES];
    Arrays.fill(projected, Float.NaN);
  }

  /// The rectangles of a label set, found once.
  static SideFit of(LabelSet labels, LabelCheck.Context context) {
    return context
        .shared(labels)
        .get(
            SideFit.class,
            () -> {
              SideFit fit = new SideFit(labels);
              fit.find(context);
              return fit;
            });
  }

  /// Why there are none, or null.
  @Nullable String reason() {
    return reason;
  }

  /// The camera.
  String camera() {
    return camera;
  }

  /// Whether a row has a rectangle and a 2D box.
  boolean has(int row) {
    return !Float.isNaN(projected[row * EDGES]) && labels.has2d(row);
  }

  /// Edge of the rectangle of a row: 0 left, 1 top, 2 right, 3 bottom.
  double projected(int row, int edge) {
    return projected[row * EDGES + edge];
  }

  /// Edge of the 2D box of a row.
  double drawn(int row, int edge) {
    return labels.boxes2d()[row * LabelSet.BOX_2D + edge];
  }

  /// Overlap of the 2D box of `row` and the rectangle of `other`, intersection over union.
  double overlap(int row, int other) {
    return ImageOverlap.iou(
        drawn(row, 0),
        drawn(row, 1),
        drawn(row, 2),
        drawn(row, 3),
        projected(other, 0),
        projected(other, 1),
        projected(other, 2),
        projected(other, 3));
  }

  /// Whether nothing hides the object and the image border is far from box and rectangle: only then
  /// should both be the same.
  boolean whole(int row, double marginPixels) {
    float cut = labels.truncated()[row];
    float hidden = labels.occluded()[row];
    if (!has(row) || cut > 0 || hidden > 0) {
      return false;
    }
    for (int edge = 0; edge < EDGES; edge++) {
      double border = edge % 2 == 0 ? width : height;
      double a = drawn(row, edge);
      double b = projected(row, edge);
      if (Math.min(a, b) < marginPixels || Math.max(a, b) > border - marginPixels) {
        return false;
      }
    }
    return true;
  }

  private void find(LabelCheck.Context context) {
    int both = 0;
    double right = 0;
    double bottom = 0;
    for (int row = 0; row < labels.size(); row++) {
      if (labels.has2d(row)) {
        both += labels.has3d(row) ? 1 : 0;
        right = Math.max(right, drawn(row, 2));
        bottom = Math.max(bottom, drawn(row, 3));
      }
    }
    if (both == 0) {
      reason = "no label has a 2D and a 3D box";
      return;
    }
    SensorFrames frames = new SensorFrames(context.calibrations(), context.poses());
    List<Fit> fits = new ArrayList<>();
    String obstacle = null;
    for (Calibration candidate : context.calibrations()) {
      if (candidate.intrinsics() == null) {
        continue;
      }
      String blocked = frames.obstacle(labels, candidate.sensor());
      if (blocked != null) {
        obstacle = blocked;
        continue;
      }
      project(frames, candidate, Math.max(1, labels.size() / SAMPLE));
      fits.add(fit(candidate));
    }
    Calibration chosen = best(fits);
    if (fits.size() > 1 && fits.stream().allMatch(fit -> fit.overlap < FITS_MOVED)) {
      chosen = bestLagging(frames, fits, chosen);
    }
    if (chosen == null || chosen.intrinsics() == null) {
      reason =
          obstacle != null
              ? obstacle
              : context.calibrations().stream().anyMatch(c -> c.intrinsics() != null)
                  ? "3D boxes fit 2D boxes in the image of no camera"
                  : "how cameras project is not known";
      return;
    }
    camera = chosen.sensor();
    Intrinsics size = chosen.intrinsics();
    // Where the size of images is not known, the furthest edge of a box is taken for their border.
    width = size.width() > 0 ? size.width() : right + 1;
    height = size.height() > 0 ? size.height() : bottom + 1;
    project(frames, chosen, 1);
  }

  /// The camera in which 2D boxes fit the rectangles of other instants of their tracks, where none
  /// fits as it is: of boxes that lag, a camera that stands elsewhere may fit better than the right
  /// one. `otherwise` if none then fits as well as clean boxes do.
  private @Nullable Calibration bestLagging(
      SensorFrames frames, List<Fit> fits, @Nullable Calibration otherwise) {
    Calibration chosen = otherwise;
    double best = fits.stream().mapToDouble(Fit::moved).max().orElse(0);
    best = Math.max(best, FITS_MOVED);
    for (Fit fit : fits) {
      project(frames, fit.camera, 1);
      for (int lag = 1; lag <= SideLags.MAX_LAG; lag++) {
        double lagging = Math.max(laggingOverlap(lag), laggingOverlap(-lag));
        if (lagging > best + SAME_FIT) {
          best = lagging;
          chosen = fit.camera;
        }
      }
    }
    return chosen;
  }

  /// Middle of the overlaps of 2D boxes with the rectangles of the boxes so many places before them
  /// in their tracks.
  private double laggingOverlap(int lag) {
    double[] overlaps = new double[labels.size()];
    int n = 0;
    int[] rows = labels.trackRows();
    for (int track = 0; track < labels.trackCount(); track++) {
      for (int i = labels.trackStart(track); i < labels.trackStart(track + 1); i++) {
        int of = i - lag;
        if (of >= labels.trackStart(track)
            && of < labels.trackStart(track + 1)
            && has(rows[i])
            && has(rows[of])) {
          overlaps[n++] = overlap(rows[i], rows[of]);
        }
      }
    }
    return n == 0 ? 0 : LagWindows.median(Arrays.copyOf(overlaps, n));
  }

  /// How well a camera fits.
  ///
  /// @param overlap middle of the overlaps of rows that have rectangles
  /// @param moved the same once all rectangles are moved by what they are off in the middle
  private record Fit(Calibration camera, double overlap, double moved) {}

  private Fit fit(Calibration camera) {
    int[] rows = IntStream.range(0, labels.size()).filter(this::has).toArray();
    double[] overlaps = new double[rows.length];
    for (int k = 0; k < rows.length; k++) {
      overlaps[k] = overlap(rows[k], rows[k]);
    }
    return rows.length == 0
        ? new Fit(camera, 0, 0)
        : new Fit(camera, LagWindows.median(overlaps), LagWindows.median(moved(rows)));
  }

  /// Mean overlap of the 2D boxes of some rows with their rectangles once all of these are moved by
  /// what they are off in the middle.
  double movedOverlap(int[] rows) {
    return Arrays.stream(moved(rows)).average().orElse(0);
  }

  private double[] moved(int[] rows) {
    double right = middle(rows, 0);
    double down = middle(rows, 1);
    double[] overlaps = new double[rows.length];
    for (int k = 0; k < rows.length; k++) {
      int row = rows[k];
      overlaps[k] =
          ImageOverlap.iou(
              drawn(row, 0),
              drawn(row, 1),
              drawn(row, 2),
              drawn(row, 3),
              projected(row, 0) + right,
              projected(row, 1) + down,
              projected(row, 2) + right,
              projected(row, 3) + down);
    }
    return overlaps;
  }

  /// What 2D boxes lie beside their rectangles in the middle, from an edge and the one across.
  private double middle(int[] rows, int edge) {
    return LagWindows.median(Arrays.stream(rows).mapToDouble(row -> off(row, edge)).toArray());
  }

  /// How far the 2D box of a row lies to the right of its rectangle (edge 0), or below it (1).
  double off(int row, int edge) {
    return (drawn(row, edge)
            + drawn(row, edge + 2)
            - projected(row, edge)
            - projected(row, edge + 2))
        / 2;
  }

  /// The camera: one that stands elsewhere fits no better once all rectangles are moved as one, but
  /// may where the boxes are off in truth. Of those that then fit as well, the one that fits as it
  /// is.
  private static @Nullable Calibration best(List<Fit> fits) {
    double most = fits.stream().mapToDouble(Fit::moved).max().orElse(0);
    double best = MIN_FIT;
    Calibration chosen = null;
    for (Fit fit : fits) {
      boolean asWell = most < FITS_MOVED || fit.moved > most - AS_WELL;
      if (asWell && fit.overlap > best + SAME_FIT) {
        best = fit.overlap;
        chosen = fit.camera;
      }
    }
    if (chosen == null && most >= FITS_MOVED) {
      // Small boxes that are off by their width fit nowhere until they are moved.
      return fits.stream()
          .filter(fit -> fit.moved == most)
          .map(Fit::camera)
          .findFirst()
          .orElse(null);
    }
    return chosen;
  }

  private void project(SensorFrames frames, Calibration to, int step) {
    Arrays.fill(projected, Float.NaN);
    SensorFrames.Way way = frames.way(labels, to.sensor());
    Intrinsics intrinsics = to.intrinsics();
    if (way == null || intrinsics == null) {
      return;
    }
    BoxProjection projection = new BoxProjection();
    double[] t = new double[Rigid.STRIDE];
    double[] box = new double[Rigid.STRIDE];
    double[] placed = new double[Rigid.STRIDE];
    double[] out = new double[EDGES];
    double[] boxes = labels.boxes3d();
    for (int row = 0; row < labels.size(); row += step) {
      if (!labels.has3d(row) || !labels.has2d(row) || !way.at(labels.stampsNs()[row], t)) {
        continue;
      }
      int at = row * LabelSet.BOX_3D;
      System.arraycopy(boxes, at + 6, box, 0, 4);
      System.arraycopy(boxes, at, box, 4, 3);
      Rigid.compose(t, 0, box, 0, placed, 0);
      if (projection.edges(
          placed, 0, boxes[at + 3], boxes[at + 4], boxes[at + 5], intrinsics, out)) {
        for (int edge = 0; edge < EDGES; edge++) {
          projected[row * EDGES + edge] = (float) out[edge];
        }
      }
    }
  }
}
