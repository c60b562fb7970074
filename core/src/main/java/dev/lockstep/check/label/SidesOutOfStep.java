package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;

/// LAB021: the 2D boxes of labels show other instants than their 3D boxes.
public final class SidesOutOfStep extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB021",
          SidesOutOfStep.class,
          Severity.ERROR,
          "2D boxes fit the 3D boxes of another instant better than those of their own.",
          new CheckCard.Parameter("max-lag", "", SideLags.MAX_LAG, "instants; judged"),
          new CheckCard.Parameter(
              "min-gain", "", SideLags.MIN_GAIN, "overlap; above clean labels, see the page"),
          new CheckCard.Parameter("window", "s", SideLags.WINDOW_SECONDS, "judged"),
          new CheckCard.Parameter("min-boxes", "", SideLags.MIN_BOXES, "of a window; judged"),
          new CheckCard.Parameter("min-windows", "", SideLags.MIN_WINDOWS, "on end; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Context context = evidence.context();
    String reason = SideFit.of(labels, context).reason();
    if (reason != null) {
      return Conclusion.undecided(reason);
    }
    SideLags lags = SideLags.of(labels, context);
    LabelFrames frames = LabelFrames.of(labels);
    for (SideLags.Run run : lags.runs()) {
      int by = Math.abs(run.lag());
      sink.report(
          Severity.ERROR,
          run.lag() > 0 ? "2D boxes lag behind the 3D boxes" : "2D boxes run ahead of the 3D boxes",
          labels
              .location(frames.start(run.firstFrame()), frames.start(run.lastFrame() + 1) - 1)
              .withTrack(null),
          new Evidence.Change(
              "overlap of " + run.boxes() + " boxes",
              Numbers.text(Math.rint(1000 * run.own()) / 1000),
              Numbers.text(Math.rint(1000 * run.other()) / 1000),
              "with the 3D boxes "
                  + by
                  + (by == 1 ? " instant " : " instants ")
                  + (run.lag() > 0 ? "before" : "after")),
          new Cause(
              "off-by-" + by,
              "2D boxes were drawn on images "
                  + by
                  + (by == 1 ? " place" : " places")
                  + (run.lag() > 0 ? " too early" : " too late")));
    }
    return Conclusion.examined(
        lags.decided(), "in no stretch are there enough boxes of tracks that go on around them");
  }
}
