package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// TIM007: a clock jumps and stays where it jumped to.
///
/// Far jumps come from [StampWatch], jumps within a few periods from [LatticeWatch], which holds
/// them against the stream's own jitter.
public final class ClockSteps implements StreamCheck {
  private static final CheckCard.Parameter ERROR_STEP =
      new CheckCard.Parameter(
          "error-step", "ms", 5, "judged: boxes of moving objects are off by 0.1 m and more");

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM007",
          ClockSteps.class,
          Severity.ERROR,
          "A stream's clock jumps and stays where it jumped to.",
          ERROR_STEP);

  @Override
  public boolean yieldsToLabels() {
    return true;
  }

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return StampRule.unmeasured(stream);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Steps(stream, sink, StampWatch.of(stream, shared), LatticeWatch.of(stream, shared));
  }

  private static final class Steps implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final StampWatch stamps;
    private final LatticeWatch lattice;

    Steps(StreamInfo stream, CheckSink sink, StampWatch stamps, LatticeWatch lattice) {
      this.stream = stream;
      this.sink = sink;
      this.stamps = stamps;
      this.lattice = lattice;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      stamps.accept(batch);
      lattice.accept(batch);
      judgeFresh();
    }

    @Override
    public Conclusion onEnd() {
      stamps.end();
      lattice.end();
      judgeFresh();
      return Conclusion.examined(stamps.compared(), "fewer than two stamps");
    }

    /// What the two watches saw, in the order in which it became known.
    private void judgeFresh() {
      Iterator<LatticeWatch.Event> events = lattice.fresh().iterator();
      LatticeWatch.@Nullable Event event = next(events);
      for (Step step : stamps.fresh()) {
        while (event != null && event.known() < step.known()) {
          judge(event);
          event = next(events);
        }
        judge(step);
      }
      while (event != null) {
        judge(event);
        event = next(events);
      }
    }

    private static LatticeWatch.@Nullable Event next(Iterator<LatticeWatch.Event> events) {
      return events.hasNext() ? events.next() : null;
    }

    private void judge(Step step) {
      boolean measured = stream.stampSource().measuredAtSensor();
      if (step.unitSlip() != 0 || step.changesEpoch() || !measured && !step.isFar()) {
        return;
      }
      if (step.kind() == Step.Kind.MOVED) {
        report(
            step.location(stream), step.offNs(), severity(step.offNs()), Moves.named(step.offNs()));
        step.tellAbsence(stream, sink);
      } else if (step.kind() == Step.Kind.RETURNED) {
        sink.report(
            Severity.INFO,
            "the clock is back where it was before",
            step.location(stream),
            evidence(step.offNs()));
      }
    }

    private void judge(LatticeWatch.Event event) {
      // Where a queue moves the log times, no clock has jumped.
      if (event instanceof LatticeWatch.PhaseStep step && stream.stampSource().measuredAtSensor()) {
        report(
            Location.stream(stream.name())
                .withMessages(step.message(), step.message())
                .withStamps(step.stampNs(), step.stampNs()),
            step.stepNs(),
            severity(step.stepNs()),
            Moves.named(step.stepNs()));
        sink.lacks(stream.name(), step.message() - 1, Long.MAX_VALUE, 0);
      }
    }

    private Severity severity(long stepNs) {
      boolean large = Math.abs(stepNs) >= ERROR_STEP.value() * Times.MILLISECOND;
      return large && StampRule.severity(stream) == Severity.ERROR
          ? Severity.ERROR
          : Severity.WARNING;
    }

    private void report(Location at, long stepNs, Severity severity, @Nullable Cause cause) {
      sink.report(severity, "the clock jumps and stays there", at, evidence(stepNs), cause);
    }

    private static Evidence evidence(long stepNs) {
      return new Evidence.Violation(
          "step", Numbers.duration(stepNs) + " (" + stepNs + " ns)", "none");
    }
  }
}
