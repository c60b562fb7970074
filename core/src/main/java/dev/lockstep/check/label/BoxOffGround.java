package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// LAB015: boxes stick in the ground or float over it.
public final class BoxOffGround extends TrackRule {
  static final double LIMIT_METERS = 0.4;
  static final double SET_LIMIT_METERS = 0.25;
  private static final int MIN_BOXES = 3;

  /// Boxes on end of a track that is reported alone: noise of 0.2 m in place makes three stand
  /// beside what is no ground once in 200,000.
  private static final int MIN_RUN = 5;

  private static final int MIN_TRACKS = 5;

  /// Points of a box that is not hidden: what is seen around a hidden one may be a roof before it.
  /// A box far over the ground may have none, but then no ray towards it ends before it.
  private static final int MIN_INSIDE = 5;

  /// A track stands out that far over the spread of the others.
  private static final double SPREADS = 4;

  /// Part of the boxes of a track that have to be off like it.
  private static final double AGREEING = 0.75;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB015",
          BoxOffGround.class,
          Severity.WARNING,
          "Boxes stick in the ground that the LiDAR sees around them, or float over it.",
          new CheckCard.Parameter("limit", "m", LIMIT_METERS, "one track; judged"),
          new CheckCard.Parameter(
              "set-limit", "m", SET_LIMIT_METERS, "all tracks in the middle; judged"),
          new CheckCard.Parameter(
              "spreads", "", SPREADS, "of the other tracks, that one has to exceed; judged"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "of a track; judged"),
          new CheckCard.Parameter(
              "min-run", "", MIN_RUN, "boxes on end of one track; measured with noise"),
          new CheckCard.Parameter("min-tracks", "", MIN_TRACKS, "of a set; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Context context = evidence.context();
    BoxPoints points = context.points(labels);
    String reason = points.reason();
    if (reason != null) {
      return Conclusion.undecided(reason);
    }
    Tracks tracks = evidence.tracks();
    Heights heights = new Heights(tracks, points);
    if (heights.tracks < MIN_TRACKS) {
      return Conclusion.undecided(
          heights.tracks
              + (heights.tracks == 1 ? " track stands" : " tracks stand")
              + " on ground that the LiDAR sees, too few to tell what is usual");
    }
    sink.measure("height-over-ground", Math.rint(-heights.middle * 1000) / 1000, "m");
    boolean all = Math.abs(heights.middle) > Math.max(SET_LIMIT_METERS, 2 * heights.spread);
    if (all) {
      sink.report(
          Severity.WARNING,
          heights.middle > 0 ? "boxes stick in the ground" : "boxes float over the ground",
          labels.location(0, labels.size() - 1).withTrack(null),
          Evidence.OutOfRange.rounded(
              "height over the ground, middle of " + heights.tracks + " tracks",
              -heights.middle,
              -SET_LIMIT_METERS,
              SET_LIMIT_METERS,
              2,
              "m"),
          new Cause("constant-offset", "height of the LiDAR's mounting, or of the poses"));
    }
    double limit = Math.max(LIMIT_METERS, SPREADS * heights.spread);
    for (int track = 0; track < tracks.count(); track++) {
      report(tracks, heights, track, limit, sink);
    }
    return Conclusion.examined(heights.boxes, "no box");
  }

  /// Reports the longest run of a track's boxes that are off by the limit in one direction.
  private static void report(
      Tracks tracks, Heights heights, int track, double limit, CheckSink sink) {
    int first = -1;
    int last = -1;
    int off = 0;
    int known = 0;
    int sign = 0;
    for (int i = tracks.start(track); i < tracks.end(track); i++) {
      double height = heights.over[i] + heights.middle;
      if (Double.isNaN(height)) {
        continue;
      }
      boolean beyond = Math.abs(height) > limit;
      if (beyond && (sign == 0 || Math.signum(height) == sign)) {
        sign = (int) Math.signum(height);
        first = first < 0 ? i : first;
        last = i;
        off++;
        known++;
      } else if (off >= MIN_RUN) {
        break;
      } else {
        first = -1;
        off = 0;
        known = 0;
        sign = 0;
      }
    }
    if (off < MIN_RUN || off < AGREEING * known) {
      return;
    }
    double[] values = new double[last - first + 1];
    int n = 0;
    for (int i = first; i <= last; i++) {
      if (!Double.isNaN(heights.over[i])) {
        values[n++] = heights.over[i] + heights.middle;
      }
    }
    double middle = LagWindows.median(Arrays.copyOf(values, n));
    sink.report(
        Severity.WARNING,
        middle < 0 ? "box sticks in the ground" : "box floats over the ground",
        tracks.labels().location(tracks.row(first), tracks.row(last)),
        Evidence.OutOfRange.rounded(
            "height over the ground, against other boxes, middle of " + off + " boxes",
            middle,
            -limit,
            limit,
            2,
            "m"),
        cause(middle, tracks, first));
  }

  private static boolean inSight(BoxPoints points, int row) {
    return points.inside(row) >= MIN_INSIDE || points.stopped(row) == 0;
  }

  private static @Nullable Cause cause(double middle, Tracks tracks, int index) {
    double height = tracks.dimension(index, 2);
    return Math.abs(Math.abs(middle) - height / 2) < 0.15 * height
        ? new Cause("half-height", "bottom and centre of the box are mixed up")
        : null;
  }

  /// Heights of boxes over the ground around them.
  private static final class Heights {
    final double[] over;
    final int tracks;
    final int boxes;

    /// Of the tracks: what ground is over their bottoms in the middle, and how that spreads.
    final double middle;

    final double spread;

    Heights(Tracks of, BoxPoints points) {
      over = new double[of.size()];
      double[] medians = new double[of.count()];
      int counted = 0;
      int known = 0;
      for (int track = 0; track < of.count(); track++) {
        double[] own = new double[of.end(track) - of.start(track)];
        int n = 0;
        for (int i = of.start(track); i < of.end(track); i++) {
          int row = of.row(i);
          boolean stands =
              switch (of.kind(i)) {
                case CAR, TRUCK, BUS, ARTICULATED, TRAIN, MOTORCYCLE, CYCLIST, PEDESTRIAN -> true;
                case ANIMAL, STATIC, UNKNOWN, NONE -> false;
              };
          over[i] =
              stands && points.seen(row) && inSight(points, row) ? -points.ground(row) : Double.NaN;
          if (!Double.isNaN(over[i])) {
            own[n++] = -over[i];
          }
        }
        known += n;
        if (n >= MIN_BOXES) {
          medians[counted++] = LagWindows.median(Arrays.copyOf(own, n));
        }
      }
      boxes = known;
      tracks = counted;
      medians = Arrays.copyOf(medians, counted);
      middle = counted == 0 ? 0 : LagWindows.median(medians);
      double[] off = Arrays.stream(medians).map(m -> Math.abs(m - middle)).toArray();
      spread = counted == 0 ? 0 : 1.4826 * LagWindows.median(off);
    }
  }
}
