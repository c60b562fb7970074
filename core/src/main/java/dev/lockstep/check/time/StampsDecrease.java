package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM001: neighbouring messages are not in the order of their stamps.
public final class StampsDecrease extends StampRule {
  /// A rule with its default limits.
  public StampsDecrease() {
    super(
        CheckCard.of(
            "TIM001",
            StampsDecrease.class,
            Severity.ERROR,
            "A message's stamp lies before that of the message before it."));
  }

  @Override
  public boolean yieldsToLabels() {
    return true;
  }

  @Override
  void judge(Step step, StreamInfo stream, CheckSink sink) {
    boolean measured = stream.stampSource().measuredAtSensor();
    // A recorder's clock that moves by less than a queue may delay is a matter of order.
    boolean disorder =
        step.kind() == Step.Kind.DECREASED
            || step.kind() == Step.Kind.MOVED && !measured && !step.isFar();
    if (disorder) {
      sink.report(
          severity(stream),
          measured ? "stamps run backwards" : "messages are not in order of log time",
          step.location(stream),
          new Evidence.Disorder(measured ? "stamp" : "log time", step.beforeNs(), step.stampNs()));
      step.tellAbsence(stream, sink);
    }
  }
}
