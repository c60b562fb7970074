package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM004: a few stamps lie far from all around them.
public final class StampsStray extends StampRule {
  /// A rule with its default limits.
  public StampsStray() {
    super(
        CheckCard.of(
            "TIM004",
            StampsStray.class,
            Severity.ERROR,
            "A few stamps lie far from those before and behind them.",
            new CheckCard.Parameter(
                "far",
                "s",
                StampWatch.FAR_NS / 1e9,
                "judged: longer than any jitter, shorter than any clock fault with a name"),
            new CheckCard.Parameter(
                "far-steps",
                "steps",
                StampWatch.FAR_STEPS,
                "judged: slow streams may step further than the limit in seconds"),
            new CheckCard.Parameter(
                "stray-messages",
                "messages",
                StampWatch.HELD,
                "judged: a longer run is a change of clock")));
  }

  @Override
  void judge(Step step, StreamInfo stream, CheckSink sink) {
    if (step.kind() != Step.Kind.STRAYED || step.unitSlip() != 0 || step.changesEpoch()) {
      return;
    }
    boolean measured = stream.stampSource().measuredAtSensor();
    sink.report(
        measured ? Severity.ERROR : Severity.WARNING,
        (measured ? "a stamp" : "a log time") + " lies far from its neighbours",
        step.location(stream),
        new Evidence.Violation(
            step.messages() == 1
                ? measured ? "stamp" : "log time"
                : (measured ? "stamps" : "log times") + " of " + step.messages() + " messages",
            step.stampNs() + " ns, " + Numbers.duration(step.offNs()) + " off",
            "near " + step.beforeNs() + " ns"),
        step.stampNs() == 0
            ? new Cause("never-set", "the stamp was never set: it is 0")
            : Moves.named(step.offNs()));
    step.tellAbsence(stream, sink);
  }
}
