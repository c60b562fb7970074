package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.geometry.ImageOverlap;
import dev.lockstep.geometry.PoseLookup;
import dev.lockstep.geometry.Rigid;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// LAB029: a box lies where no sensor sees: outside of the image, or too far from the vehicle.
public final class BoxOutOfReach implements LabelCheck {
  private static final double MIN_VISIBLE = 0.01;
  private static final double MAX_RANGE_METERS = 500;

  /// Poses further apart than this do not tell where the vehicle is (judged: 50 m at 50 m/s).
  private static final long MAX_POSE_GAP_NS = Times.SECOND;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB029",
          BoxOutOfReach.class,
          Severity.ERROR,
          "A box lies outside of its image, or further from the vehicle than sensors see.",
          new CheckCard.Parameter(
              "min-visible", "", MIN_VISIBLE, "share of a 2D box within the image; judged"),
          new CheckCard.Parameter(
              "max-range", "m", MAX_RANGE_METERS, "twice the reach of labelled LiDARs; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    if (labels.size() == 0) {
      return Conclusion.undecided("no labels");
    }
    Search search = new Search(labels, context);
    ObjectKind[] kinds = SharedEvidence.of(labels, context).kinds();
    Run[] open = new Run[labels.trackCount()];
    for (int row = 0; row < labels.size(); row++) {
      if (kinds[labels.categories()[row]] == ObjectKind.NONE) {
        continue;
      }
      Run run = search.judge(row);
      int track = labels.tracks()[row];
      if (track < 0) {
        report(labels, run, sink);
        continue;
      }
      // Boxes of a track that follow each other out there are one fault.
      Run before = open[track];
      if (before != null && run != null && before.image == run.image) {
        before.add(run);
      } else {
        report(labels, before, sink);
        open[track] = run;
      }
    }
    for (Run run : open) {
      report(labels, run, sink);
    }
    return Conclusion.examined(
        search.examined, "the size of images and the place of the vehicle are not known");
  }

  /// Boxes of one track out of reach.
  private static final class Run {
    private final boolean image;
    private final int firstRow;
    private int lastRow;
    private int boxes = 1;
    private double worst;

    Run(boolean image, int row, double worst) {
      this.image = image;
      this.firstRow = row;
      this.lastRow = row;
      this.worst = worst;
    }

    void add(Run more) {
      lastRow = more.lastRow;
      boxes++;
      worst = image ? Math.min(worst, more.worst) : Math.max(worst, more.worst);
    }
  }

  private static void report(LabelSet labels, @Nullable Run run, CheckSink sink) {
    if (run == null) {
      return;
    }
    String of = run.boxes == 1 ? "" : " of " + run.boxes + " boxes";
    int width = labels.details().imageWidth();
    int height = labels.details().imageHeight();
    sink.report(
        Severity.ERROR,
        run.image ? "box lies outside of the image" : "box lies out of reach",
        labels.location(run.firstRow, run.lastRow),
        run.image
            ? new Evidence.OutOfRange(
                "share" + of + " within " + width + " x " + height + " px",
                Math.rint(run.worst * 1e4) / 1e4,
                MIN_VISIBLE,
                null,
                "")
            : new Evidence.OutOfRange(
                "distance" + of + " from the vehicle",
                Math.rint(run.worst),
                null,
                MAX_RANGE_METERS,
                "m"));
  }

  private static final class Search {
    private final LabelSet labels;
    private final double width;
    private final double height;
    private final @Nullable PoseLookup poses;
    private final double[] pose = new double[Rigid.STRIDE];
    private final boolean atOrigin;
    private long examined;

    Search(LabelSet labels, Context context) {
      this.labels = labels;
      width = labels.details().imageWidth();
      height = labels.details().imageHeight();
      atOrigin = labels.frameOfReference() != LabelSet.Frame.WORLD;
      PoseSeries series = context.poses();
      poses = series == null || atOrigin ? null : new PoseLookup(series, MAX_POSE_GAP_NS);
    }

    /// What is wrong with a row, or null.
    @Nullable Run judge(int row) {
      if (labels.has2d(row) && width > 0 && height > 0) {
        float[] b = labels.boxes2d();
        int at = row * LabelSet.BOX_2D;
        double area = ((double) b[at + 2] - b[at]) * ((double) b[at + 3] - b[at + 1]);
        if (area > 0) {
          examined++;
          double within =
              ImageOverlap.intersection(
                  0, 0, width, height, b[at], b[at + 1], b[at + 2], b[at + 3]);
          if (within < MIN_VISIBLE * area) {
            return new Run(true, row, within / area);
          }
        }
      }
      if (labels.has3d(row)) {
        double range = range(row);
        if (!Double.isNaN(range)) {
          examined++;
          if (range > MAX_RANGE_METERS) {
            return new Run(false, row, range);
          }
        }
      }
      return null;
    }

    /// Distance of a 3D box from the vehicle on the ground, meters; NaN where that is not known.
    private double range(int row) {
      int at = row * LabelSet.BOX_3D;
      double x = labels.boxes3d()[at];
      double y = labels.boxes3d()[at + 1];
      if (!atOrigin) {
        PoseLookup known = poses;
        long stampNs = labels.stampsNs()[row];
        if (known == null || stampNs == Times.NONE || !known.at(stampNs, pose, 0)) {
          return Double.NaN;
        }
        x -= pose[4];
        y -= pose[5];
      }
      return Math.sqrt(x * x + y * y);
    }
  }
}
