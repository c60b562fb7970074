package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;

/// LAB027: the points that labels of standing objects claim are those of another instant.
public final class PointCountsShifted extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB027",
          PointCountsShifted.class,
          Severity.ERROR,
          "Labels of standing objects claim the points that another instant's sweep has in them.",
          new CheckCard.Parameter(
              "min-gain", "sigma^2", CountShifts.MIN_GAIN, "above all clean sets; see the page"),
          new CheckCard.Parameter("max-remaining", "", CountShifts.MAX_REMAINING, "judged"),
          new CheckCard.Parameter("min-boxes", "", CountShifts.MIN_BOXES, "judged"),
          new CheckCard.Parameter("min-tracks", "", CountShifts.MIN_TRACKS, "judged"),
          new CheckCard.Parameter("max-shift", "instants", CountShifts.MAX_SHIFT, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Context context = evidence.context();
    boolean claimed = false;
    for (int row = 0; row < labels.size() && !claimed; row++) {
      claimed = labels.points()[row] > 0;
    }
    if (!claimed) {
      return Conclusion.undecided("no label says how many points it holds");
    }
    Tracks tracks = evidence.tracks();
    if (tracks.flat()) {
      return Conclusion.undecided("boxes are 2D");
    }
    if (!tracks.grounded()) {
      return Conclusion.undecided(
          "the frame of the boxes moves with the vehicle, and no poses are known");
    }
    BoxPoints points = context.points(labels);
    String reason = points.reason();
    if (reason != null) {
      return Conclusion.undecided(reason);
    }
    CountShifts shifts = CountShifts.of(labels, context);
    if (shifts.judged() == 0) {
      return Conclusion.undecided(
          "too few boxes of standing objects whose points change in number from instant to"
              + " instant");
    }
    // Labels that are shifted from one instant on, or that lag, are told by their tracks.
    boolean told =
        evidence.order().shifted()
            || LagWindows.of(labels, context).windows().stream().anyMatch(LagWindows.Window::lags);
    for (CountShifts.Stretch stretch : shifts.stretches()) {
      if (!told) {
        report(tracks, points, stretch, sink);
      }
    }
    return Conclusion.examined(shifts.judged(), "");
  }

  private static void report(
      Tracks tracks, BoxPoints points, CountShifts.Stretch stretch, CheckSink sink) {
    LabelFrames frames = tracks.frames();
    int by = Math.abs(stretch.by());
    String instants = by == 1 ? "1 instant" : by + " instants";
    boolean late = stretch.by() > 0;
    sink.report(
        Severity.ERROR,
        "labels claim the points of another instant",
        tracks
            .labels()
            .location(frames.start(stretch.firstFrame()), frames.start(stretch.lastFrame() + 1) - 1)
            .withTrack(null),
        new Evidence.Change(
            "misfit of the points claimed by "
                + stretch.boxes()
                + " boxes of "
                + stretch.tracks()
                + " standing objects and those of "
                + points.stream(),
            rounded(stretch.cost()),
            rounded(stretch.repaired()),
            "with the labels " + instants + (late ? " earlier" : " later") + ", squared sigmas"),
        new Cause(
            "labels-shifted",
            "labels bear the stamps of "
                + instants
                + (late
                    ? " too late: give each that before"
                    : " too early: give each that after")));
  }

  private static String rounded(double cost) {
    return Long.toString(Math.round(cost));
  }
}
