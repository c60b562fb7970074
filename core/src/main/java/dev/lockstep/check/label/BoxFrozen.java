package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB018: a track's box is copied from the instant before while its object moves on.
public final class BoxFrozen extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB018",
          BoxFrozen.class,
          Severity.ERROR,
          "A box repeats the one before to the last bit although its object moves.",
          new CheckCard.Parameter("min-off", "m", FrozenRuns.MIN_METERS, "judged"),
          new CheckCard.Parameter("sigmas", "", FrozenRuns.SIGMAS, "judged"),
          new CheckCard.Parameter("max-misfit", "", FrozenRuns.MAX_MISFIT, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat()
        ? "boxes are 2D: a copied box and a camera that stops for an instant look the same"
        : null;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    List<FrozenRuns.Run> runs = new FrozenRuns(tracks, evidence.motion()).find();
    if (!runs.isEmpty()) {
      runs = evidence.order().frozen();
    }
    for (FrozenRuns.Run run : runs) {
      int boxes = run.last() - run.first() + 1;
      sink.report(
          Severity.ERROR,
          "box stands still while its object moves",
          labels.location(tracks.row(run.first()), tracks.row(run.last())),
          Evidence.OutOfRange.rounded(
              what(run.stepped(), boxes), run.off(), null, run.bound(), 3, "m"),
          new Cause("box-copied", "the box was copied from the instant before"));
    }
    return Conclusion.examined(tracks.size(), "no box has a track id");
  }

  private static String what(boolean stepped, int boxes) {
    if (stepped) {
      return "step behind " + (boxes == 1 ? "it" : boxes + " boxes");
    }
    return boxes == 1 ? "distance from its way" : "largest distance of " + boxes + " boxes";
  }
}
