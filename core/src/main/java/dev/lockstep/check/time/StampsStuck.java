package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM003: a sensor's clock stands still while messages go on.
public final class StampsStuck extends StampRule {
  /// Messages with one stamp that make a stuck clock rather than a message sent twice.
  static final int RUN = 3;

  /// A rule with its default limits.
  public StampsStuck() {
    super(
        CheckCard.of(
            "TIM003",
            StampsStuck.class,
            Severity.ERROR,
            "Three or more messages in a row have the same stamp: the clock stands still.",
            new CheckCard.Parameter(
                "run",
                "messages",
                RUN,
                "judged: two equal stamps happen when a buffer is sent twice, three do not")));
  }

  @Override
  void judge(Step step, StreamInfo stream, CheckSink sink) {
    if (step.kind() != Step.Kind.REPEATED || step.messages() < RUN) {
      return;
    }
    boolean measured = stream.stampSource().measuredAtSensor();
    if (!measured && !step.sameContent()) {
      // Recorders with a coarse clock give neighbours one log time.
      return;
    }
    boolean never = step.whole() && step.stampNs() == 0;
    Severity worst = severity(stream);
    sink.report(
        never && worst == Severity.WARNING
            ? Severity.INFO
            : never || !measured ? Severity.WARNING : worst,
        never
            ? "no message has a stamp: all are 0"
            : measured ? "the stamp stands still" : "a message is stored several times",
        step.location(stream),
        new Evidence.Repeat(
            measured ? "stamp" : "log time", step.messages(), step.stampNs() + " ns"));
    step.tellAbsence(stream, sink);
  }
}
