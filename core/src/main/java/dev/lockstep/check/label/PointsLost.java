package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.Arrays;

/// LAB031: for a moment a sweep lacks the points of an object that the sweeps before and after
/// hold, and no ray towards it ends before it or behind.
public final class PointsLost extends TrackRule {
  /// Boxes on each side by which a track says what to expect, and the fewest.
  private static final int SIDE = 3;

  private static final int MIN_SIDE = 2;

  /// Longest run of boxes without points: a longer one is the end of what the LiDAR sees (judged).
  private static final int MAX_RUN = 3;

  /// Points that are expected at least: of that many, a tenth or less has a chance below 1e-8 by
  /// Poisson, also if half of them is expected in truth.
  private static final double MIN_EXPECTED = 60;

  /// What may be left of them, inside, around, before and behind the object together (judged).
  private static final double MAX_LEFT = 0.1;

  /// The boxes next to those in question may differ by this factor: what comes into view or leaves
  /// it at once tells no number (judged: what passes by at 30 m/s changes by 2.5 in 0.4 s).
  private static final double MAX_CHANGE = 4;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB031",
          PointsLost.class,
          Severity.WARNING,
          "A sweep lacks the points of an object that the sweeps before and after hold.",
          new CheckCard.Parameter(
              "min-expected", "points", MIN_EXPECTED, "Poisson, p below 1e-8; see the page"),
          new CheckCard.Parameter("max-left", "", MAX_LEFT, "share of them; judged"),
          new CheckCard.Parameter("max-run", "boxes", MAX_RUN, "judged"));

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
    long examined = 0;
    for (int track = 0; track < tracks.count(); track++) {
      for (int i = tracks.start(track); i < tracks.end(track); i++) {
        double least = expected(tracks, points, track, i - 1, -1);
        if (!(least >= MIN_EXPECTED)) {
          continue;
        }
        int usual = stopped(tracks, points, track, i - 1, -1);
        int end = i;
        while (end < tracks.end(track)
            && end - i <= MAX_RUN
            && lost(tracks, points, end, usual, least)) {
          end++;
        }
        double after = expected(tracks, points, track, end, 1);
        if (!(after >= MIN_EXPECTED) || !alike(tracks, points, i - 1, end)) {
          continue;
        }
        examined++;
        if (end == i || end - i > MAX_RUN || isElsewhere(evidence, i, end)) {
          continue;
        }
        int left = 0;
        for (int k = i; k < end; k++) {
          left = Math.max(left, points.near(tracks.row(k)));
        }
        sink.report(
            Severity.WARNING,
            "points of an object are lost",
            labels.location(tracks.row(i), tracks.row(end - 1)),
            new Evidence.OutOfRange(
                "points in and around "
                    + (end - i == 1 ? "the box" : "each of " + (end - i) + " boxes"),
                left,
                Math.rint(MAX_LEFT * Math.min(least, after)),
                null,
                ""));
        i = end;
      }
    }
    return Conclusion.examined(
        examined,
        "no object has " + (long) MIN_EXPECTED + " points in sweeps before and after a box");
  }

  /// Whether another rule tells that the boxes are not where the object is: beyond the horizon,
  /// rays end nowhere, too.
  private static boolean isElsewhere(SharedEvidence evidence, int first, int end) {
    Tracks tracks = evidence.tracks();
    int track = tracks.track(first);
    for (int i = first; i < end; i++) {
      if (evidence.misplacedAt(tracks.frame(i), i)
          || evidence.switchedAt(tracks.row(i))
          || evidence.jittersAt(i)
          || evidence.motion().off(i, tracks.start(track), tracks.end(track))
              > BoxEmpty.OFF_WAY_METERS) {
        return true;
      }
    }
    return false;
  }

  /// Points in the middle of the boxes from `from` on, `step` by `step`; NaN where too few are
  /// known.
  private static double expected(Tracks tracks, BoxPoints points, int track, int from, int step) {
    double[] inside = new double[SIDE];
    int n = 0;
    for (int i = from; n < SIDE && i >= tracks.start(track) && i < tracks.end(track); i += step) {
      if (!points.seen(tracks.row(i))) {
        break;
      }
      inside[n++] = points.inside(tracks.row(i));
    }
    return n < MIN_SIDE ? Double.NaN : LagWindows.median(Arrays.copyOf(inside, n));
  }

  /// Fewest rays towards any of the same boxes that end before it: what always stands there.
  private static int stopped(Tracks tracks, BoxPoints points, int track, int from, int step) {
    int least = Integer.MAX_VALUE;
    int n = 0;
    for (int i = from; n < SIDE && i >= tracks.start(track) && i < tracks.end(track); i += step) {
      if (!points.seen(tracks.row(i))) {
        break;
      }
      least = Math.min(least, points.stopped(tracks.row(i)));
      n++;
    }
    return least;
  }

  private static boolean alike(Tracks tracks, BoxPoints points, int before, int after) {
    double a = points.inside(tracks.row(before));
    double b = points.inside(tracks.row(after));
    return a <= MAX_CHANGE * b && b <= MAX_CHANGE * a;
  }

  /// Whether hardly any ray towards a box ends anywhere, but for the usual ones before it.
  private static boolean lost(
      Tracks tracks, BoxPoints points, int index, int usual, double expected) {
    int row = tracks.row(index);
    int stopped = points.stopped(row);
    return points.seen(row)
        && stopped >= 0
        && points.near(row) + points.through(row) + Math.max(0, stopped - usual)
            <= MAX_LEFT * expected;
  }
}
