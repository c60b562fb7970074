package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.Jitter;
import dev.lockstep.clock.Lattice;
import dev.lockstep.clock.LatticeTracker;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;

/// TIM011: stamps wander so far from their slots that two sensors of this rate cannot be paired.
///
/// Rate and jitter are measured on every periodic stream, whatever is judged by them.
public final class JitterHigh extends LatticeRule {
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "max-share-of-period",
          "%",
          25,
          "derived: two streams that each wander by a quarter of the period can be half a period"
              + " apart, where the nearest message is no longer the right one");

  /// Fewest messages of which one in a hundred can be told.
  private static final int LEAST = 200;

  /// A rule with its default limits.
  public JitterHigh() {
    super(
        CheckCard.of(
            "TIM011",
            JitterHigh.class,
            Severity.WARNING,
            "One stamp in a hundred lies further than a quarter of the period from its slot.",
            SHARE));
  }

  @Override
  String subject() {
    return "jitter";
  }

  @Override
  void conclude(LatticeTracker tracker, StreamInfo stream, CheckSink sink) {
    Lattice lattice = tracker.lattice();
    Jitter jitter = tracker.jitter();
    if (lattice == null || jitter.count() == 0) {
      return;
    }
    double p99Ns = jitter.magnitudeNs(0.99);
    sink.measure("rate", lattice.rateHz(), "Hz");
    sink.measure("jitter-p50", jitter.magnitudeNs(0.5), "ns");
    sink.measure("jitter-p99", p99Ns, "ns");
    sink.measure("jitter-max", Math.max(jitter.maxNs(), -jitter.minNs()), "ns");
    sink.measure("jitter-skewness", jitter.skewness(), "");
    double share = 100 * p99Ns / lattice.periodNs();
    if (jitter.count() >= LEAST && share > SHARE.value()) {
      sink.report(
          stream.stampSource().measuredAtSensor() ? Severity.WARNING : Severity.INFO,
          "stamps wander far from their period",
          Location.stream(stream.name()),
          new Evidence.OutOfRange(
              "distance from the slot, 99th percentile",
              share,
              null,
              SHARE.value(),
              "% of the period"));
    }
  }
}
