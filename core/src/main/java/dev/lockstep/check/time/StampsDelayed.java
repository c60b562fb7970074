package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.LatticeTracker;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// TIM009: stamps lie off the stream's lattice, and the next ones are on it again.
public final class StampsDelayed extends LatticeRule {
  private static final CheckCard.Parameter WARNING =
      new CheckCard.Parameter(
          "warning-distance",
          "ms",
          2,
          "judged: at 20 m/s two sensors are then 4 cm apart, the size of the errors of labels");

  /// A rule with its default limits.
  public StampsDelayed() {
    super(
        CheckCard.of(
            "TIM009",
            StampsDelayed.class,
            Severity.WARNING,
            "Single stamps lie off the stream's period although no message is missing.",
            WARNING));
  }

  @Override
  @Nullable String inapplicable(StreamInfo stream) {
    return stream.stampSource() == StampSource.LOG_TIME
        ? "log times tell when messages came, not when they were due"
        : null;
  }

  @Override
  public boolean yieldsToLabels() {
    return true;
  }

  @Override
  String subject() {
    return "late stamps";
  }

  @Override
  void judge(LatticeWatch.Event event, LatticeTracker tracker, StreamInfo stream, CheckSink sink) {
    if (event instanceof LatticeWatch.Displaced off) {
      report(off, stream, sink);
    } else if (event instanceof LatticeWatch.Extra extra) {
      sink.report(
          Severity.WARNING,
          "a message comes where its slot is taken",
          Location.stream(stream.name())
              .withMessages(extra.message(), extra.message())
              .withStamps(extra.stampNs(), extra.stampNs()),
          new Evidence.Violation("messages", "one too many", "one a period"));
    }
  }

  private static void report(LatticeWatch.Displaced off, StreamInfo stream, CheckSink sink) {
    Location at =
        Location.stream(stream.name())
            .withMessages(off.firstMessage(), off.firstMessage() + off.count() - 1);
    if (off.stampNs() != Times.NONE) {
      at = at.withStamps(off.stampNs(), off.stampNs());
    }
    boolean one = off.count() == 1;
    boolean late = off.excessNs() > 0;
    boolean large = Math.abs(off.excessNs()) >= WARNING.value() * Times.MILLISECOND;
    sink.report(
        large ? Severity.WARNING : Severity.INFO,
        one
            ? "a stamp is " + (late ? "late" : "early") + " and the next is on time"
            : "stamps leave their slots and then are on time again",
        at,
        new Evidence.OutOfRange(
            one ? "distance from its slot" : "largest distance from its slot",
            off.excessNs() / 1e6,
            null,
            null,
            "ms"),
        one && late && stream.modality() == Modality.LIDAR
            ? new Cause(
                "missing-first-packets",
                "the first packets of the sweep were lost, so it is stamped with a later one")
            : null);
    if (large && stream.modality() != Modality.LABELS) {
      sink.lacks(stream.name(), off.firstMessage() - 1, off.firstMessage() + off.count(), 0);
    }
  }
}
