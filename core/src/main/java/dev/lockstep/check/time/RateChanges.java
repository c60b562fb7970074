package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.LatticeTracker;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM010: a stream goes on at another rate.
public final class RateChanges extends LatticeRule {
  /// A rule with its default limits.
  public RateChanges() {
    super(
        CheckCard.of(
            "TIM010",
            RateChanges.class,
            Severity.WARNING,
            "A periodic stream goes on at another rate."));
  }

  @Override
  String subject() {
    return "a change of rate";
  }

  @Override
  void judge(LatticeWatch.Event event, LatticeTracker tracker, StreamInfo stream, CheckSink sink) {
    if (event instanceof LatticeWatch.RateChange change) {
      sink.report(
          stream.stampSource().measuredAtSensor() ? Severity.WARNING : Severity.INFO,
          "the rate changes",
          Location.stream(stream.name()).withMessages(change.message(), change.message()),
          new Evidence.Change(
              "rate", hertz(change.fromPeriodNs()), hertz(change.toPeriodNs()), ""));
    }
  }

  private static String hertz(double periodNs) {
    return Numbers.text(1e9 / periodNs) + " Hz";
  }
}
