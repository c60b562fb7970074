package dev.lockstep.check.label;

import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import org.jspecify.annotations.Nullable;

/// A rule about tracks. Rules of this sort differ in what they judge by the shared evidence; labels
/// without tracks they leave alone in the same words.
abstract class TrackRule implements LabelCheck {
  @Override
  public final Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    if (labels.size() == 0) {
      return Conclusion.undecided("no labels");
    }
    if (labels.trackCount() == 0) {
      return Conclusion.undecided("labels carry no track ids");
    }
    SharedEvidence evidence = SharedEvidence.of(labels, context);
    String obstacle = obstacle(evidence);
    return obstacle != null ? Conclusion.undecided(obstacle) : judge(evidence, sink);
  }

  /// Why this rule cannot judge these tracks at all, or null if it can.
  @Nullable String obstacle(SharedEvidence evidence) {
    return null;
  }

  /// Judges labels with tracks that nothing hinders to judge.
  abstract Conclusion judge(SharedEvidence evidence, CheckSink sink);
}
