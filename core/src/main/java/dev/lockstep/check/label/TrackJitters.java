package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// LAB020: a track's boxes move to and fro for a while, although the rest of the track is steady.
public final class TrackJitters extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB020",
          TrackJitters.class,
          Severity.WARNING,
          "A track's boxes move to and fro where the rest of the track is steady.",
          new CheckCard.Parameter(
              "min-ratio", "", JitterRuns.MIN_RATIO, "against the track's own history; judged"),
          new CheckCard.Parameter(
              "min-jitter", "m", JitterRuns.MIN_METERS, "above all clean labels; see the page"),
          new CheckCard.Parameter(
              "min-jitter-alone",
              "m",
              JitterRuns.MIN_METERS_UNKNOWN,
              "where too little of the track is left; above all clean labels"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat()
        ? "boxes are 2D: in pixels, jitter cannot be told from that of the camera"
        : evidence.tracks().blind();
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    for (JitterRuns.Run run : evidence.jitter()) {
      if (evidence.misplacedWithin(run.first(), run.last())
          || evidence.switchedWithin(run.first(), run.last())) {
        continue;
      }
      sink.report(
          Severity.WARNING,
          "boxes move to and fro",
          labels.location(tracks.row(run.first()), tracks.row(run.last())),
          Evidence.OutOfRange.rounded(
              "jitter of "
                  + (run.last() - run.first() + 1)
                  + " boxes, "
                  + Numbers.text(Math.rint(run.history() * 1000) / 1000)
                  + (run.ownHistory() ? " m in the rest of the track" : " m in other tracks"),
              run.deviation(),
              null,
              run.bound(),
              3,
              "m"),
          new Cause("hand-placed", "each box was placed anew, without a look at its neighbours"));
    }
    return Conclusion.examined(tracks.size(), "no box has a track id");
  }
}
