package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;

/// SYN009: stamps are those of a schedule, not of a measurement.
public final class StampsScheduled implements AlignmentCheck {
  private static final CheckCard.Parameter JITTER =
      new CheckCard.Parameter(
          "max-jitter",
          "us",
          1,
          "judged: interrupts and exposures scatter by more; Argoverse 2 cameras by 0.1 us");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter("min-messages", "messages", 100, "judged");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN009",
          StampsScheduled.class,
          Severity.INFO,
          "Stamps are so even that they come from a schedule: they cannot show a late message.",
          JITTER,
          MINIMUM);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public String nothingToExamine() {
    return "no sensor stream with stamps";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Timed> streams = SyncStreams.of(alignment).all();
    if (!streams.isEmpty()) {
      results.of(streams.getFirst().name(), sink -> judge(streams, sink));
    }
  }

  private static Conclusion judge(List<Timed> streams, CheckSink sink) {
    List<String> scheduled = new ArrayList<>();
    double worst = 0;
    long examined = 0;
    for (Timed timed : streams) {
      LatticeFit.Locked fit = timed.locked();
      if (fit == null || fit.stamps() < MINIMUM.value()) {
        continue;
      }
      examined += fit.stamps();
      if (fit.rareNs() < JITTER.value() * 1_000) {
        scheduled.add(timed.name());
        worst = Math.max(worst, fit.rareNs());
      }
    }
    if (!scheduled.isEmpty()) {
      sink.report(
          Severity.INFO,
          "stamps are those of a schedule",
          Location.stream(scheduled.getFirst()),
          new Evidence.Violation(
              "jitter of " + String.join(", ", scheduled),
              "at most " + Numbers.duration(Math.round(worst)),
              "above "
                  + Numbers.duration(Math.round(JITTER.value() * 1_000))
                  + "; nothing can be late by its stamp"));
    }
    return Conclusion.examined(
        examined, "no stream of " + Numbers.text(MINIMUM.value()) + " messages with a period");
  }
}
