package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM002: two messages have one stamp.
public final class StampsRepeat extends StampRule {
  /// A rule with its default limits.
  public StampsRepeat() {
    super(
        CheckCard.of(
            "TIM002",
            StampsRepeat.class,
            Severity.WARNING,
            "Two messages in a row have the same stamp, or one message is stored twice."));
  }

  @Override
  public boolean yieldsToLabels() {
    return true;
  }

  @Override
  void judge(Step step, StreamInfo stream, CheckSink sink) {
    if (step.kind() != Step.Kind.REPEATED || step.messages() >= StampsStuck.RUN) {
      return;
    }
    boolean measured = stream.stampSource().measuredAtSensor();
    if (!step.sameContent() && !measured) {
      // Recorders with a coarse clock give neighbours one log time; that alone says nothing.
      return;
    }
    sink.report(
        Severity.WARNING,
        step.sameContent() ? "a message is stored twice" : "two messages have one stamp",
        step.location(stream),
        new Evidence.Repeat(
            measured ? "stamp" : "log time", step.messages(), step.stampNs() + " ns"));
    step.tellAbsence(stream, sink);
  }
}
