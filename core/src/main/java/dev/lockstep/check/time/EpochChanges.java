package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.EpochClass;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM006: the beginning that stamps count from changes within a stream, for some messages or for
/// good.
public final class EpochChanges extends StampRule {
  /// A rule with its default limits.
  public EpochChanges() {
    super(
        CheckCard.of(
            "TIM006",
            EpochChanges.class,
            Severity.ERROR,
            "From one message on, stamps count from another beginning (1970, 1980, power-on)."));
  }

  @Override
  void judge(Step step, StreamInfo stream, CheckSink sink) {
    if (!step.changesEpoch()) {
      return;
    }
    boolean back = step.kind() == Step.Kind.RETURNED;
    sink.report(
        back ? Severity.INFO : Severity.ERROR,
        back
            ? "stamps count from their first beginning again"
            : "stamps count from another beginning",
        step.location(stream),
        new Evidence.Change(
            step.messages() == 1 ? "stamp" : "stamps of " + step.messages() + " messages",
            step.beforeNs() + " ns",
            step.stampNs() + " ns",
            EpochClass.of(step.beforeNs()).sentence()
                + "; then "
                + EpochClass.of(step.stampNs()).sentence()),
        back
            ? null
            : new Cause("clock-fallback", "the clock was set, lost its source or fell back"));
    step.tellAbsence(stream, sink);
  }
}
