package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.clock.Lattice;
import dev.lockstep.clock.LatticeTracker;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// TIM008: messages of a periodic stream are missing, with the exact places of the lost ones.
public final class MessagesDropped implements StreamCheck {
  /// Shortest pause that is held against known jumps of clocks; shorter ones are all alike.
  private static final long LEAST_JUMP_NS = 14 * Times.SECOND;

  private static final CheckCard.Parameter RUN =
      new CheckCard.Parameter(
          "error-run", "messages", 3, "judged: trackers bridge one or two lost messages");
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "error-share", "%", 1, "judged: what field teams accept is 1 % to 5 %");

  private static final CheckCard.Parameter HOLES =
      new CheckCard.Parameter(
          "error-holes", "holes", 10, "judged: of fewer the share says nothing that they do not");

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM008",
          MessagesDropped.class,
          Severity.ERROR,
          "Messages of a periodic stream are missing.",
          RUN,
          SHARE,
          HOLES);

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
    return new Holes(
        stream,
        sink,
        LatticeWatch.of(stream, shared),
        CounterWatch.of(shared),
        LossMarks.of(shared));
  }

  private static final class Holes implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final LatticeWatch lattice;
    private final CounterWatch counter;
    private final LossMarks losses;
    private final HoleSeries series = new HoleSeries();
    private final List<HoleSeries.Found> decided = new ArrayList<>();
    private long holes;
    private long symptoms;
    private boolean errorReported;

    Holes(
        StreamInfo stream,
        CheckSink sink,
        LatticeWatch lattice,
        CounterWatch counter,
        LossMarks losses) {
      this.stream = stream;
      this.sink = sink;
      this.lattice = lattice;
      this.counter = counter;
      this.losses = losses;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      lattice.accept(batch);
      counter.accept(batch);
      losses.accept(batch);
      judgeFresh();
      series.passed(batch.firstIndex() + batch.size(), decided);
      reportDecided();
    }

    @Override
    public Conclusion onEnd() {
      lattice.end();
      counter.end();
      judgeFresh();
      series.end(decided);
      reportDecided();
      LatticeTracker tracker = lattice.tracker();
      String why = LatticeRule.unlocked(tracker);
      if (why != null) {
        return Conclusion.undecided("losses cannot be told from stamps: " + why);
      }
      Lattice last = tracker.lattice();
      if (last != null) {
        sink.measure("period", last.periodNs(), "ns");
        sink.measure("rate", last.rateHz(), "Hz");
      }
      double share = share(tracker, tracker.missing());
      sink.measure("missing", tracker.missing(), "messages");
      sink.measure("missing-share", share, "%");
      if (share(tracker, tracker.missing() - symptoms) > SHARE.value()
          && holes >= HOLES.value()
          && !errorReported) {
        sink.report(
            worst(),
            stream.unit() + "s are missing all along",
            Location.stream(stream.name()),
            new Evidence.OutOfRange(
                "share of missing " + stream.unit() + "s", share, null, SHARE.value(), "%"));
      }
      return Conclusion.examined(tracker.examined(), "no message was examined");
    }

    private static double share(LatticeTracker tracker, long missing) {
      return 100.0 * missing / (tracker.messages() + tracker.missing());
    }

    /// Log times show what reached the recorder, and that a queue held it up as well; a stream of
    /// unknown kind may pause as it likes.
    private Severity worst() {
      return stream.stampSource().measuredAtSensor() && !StampRule.isUnknown(stream)
          ? Severity.ERROR
          : Severity.WARNING;
    }

    private void judgeFresh() {
      for (LatticeWatch.Event event : lattice.fresh()) {
        if (event instanceof LatticeWatch.Hole hole) {
          if (losses.any(hole.afterMessage() + 1, hole.afterMessage() + 1)) {
            series.end(decided);
            reportDecided();
            report(hole);
          } else {
            series.take(hole, decided);
            reportDecided();
          }
        }
      }
    }

    private void reportDecided() {
      for (HoleSeries.Found found : decided) {
        if (found.repeats()) {
          report(found);
        } else {
          report(found.first());
        }
      }
      decided.clear();
    }

    /// Reports holes that repeat as one.
    private void report(HoleSeries.Found found) {
      LatticeWatch.Hole first = found.first();
      LatticeWatch.Hole last = found.last();
      long lost = found.holes() * first.count();
      holes += found.holes();
      errorReported |= worst() == Severity.ERROR;
      sink.report(
          worst(),
          "messages are dropped again and again",
          Location.stream(stream.name())
              .withMessages(first.afterMessage(), last.afterMessage() + 1)
              .withStamps(first.beforeNs(), last.afterNs()),
          new Evidence.Loss(
              stream.unit() + "s",
              lost,
              "slots %d..%d, %d lost behind every %s, period %s"
                  .formatted(
                      first.firstSlot(),
                      last.firstSlot() + last.count() - 1,
                      first.count(),
                      found.distance() == 1 ? "message" : found.distance() + " messages",
                      Numbers.duration(Math.round(first.periodNs())))));
      for (long k = 0; k < found.holes(); k++) {
        long after = first.afterMessage() + k * found.distance();
        sink.lacks(stream.name(), after, after + 1, first.count());
      }
    }

    private void report(LatticeWatch.Hole hole) {
      String slots =
          hole.count() == 1
              ? "slot " + hole.firstSlot()
              : "slots " + hole.firstSlot() + ".." + (hole.firstSlot() + hole.count() - 1);
      String period = ", period " + Numbers.duration(Math.round(hole.periodNs()));
      boolean many = hole.count() >= RUN.value();
      boolean symptom = losses.any(hole.afterMessage() + 1, hole.afterMessage() + 1);
      if (symptom) {
        symptoms += hole.count();
      } else {
        holes++;
        errorReported |= many && worst() == Severity.ERROR;
      }
      sink.report(
          symptom ? Severity.INFO : many ? worst() : Severity.WARNING,
          hole.stepNs() == 0
              ? "messages were dropped"
              : "the stream paused and went on at another phase",
          Location.stream(stream.name())
              .withMessages(hole.afterMessage(), hole.afterMessage() + 1)
              .withStamps(hole.beforeNs(), hole.afterNs()),
          new Evidence.Loss(
              stream.unit() + (hole.count() == 1 ? "" : "s"),
              hole.count(),
              slots + period + counted(hole)),
          symptom ? LossMarks.CAUSE : cause(hole));
      sink.lacks(
          stream.name(),
          hole.afterMessage(),
          hole.afterMessage() + 1,
          hole.stepNs() == 0 ? hole.count() : 0);
    }

    private @Nullable Cause cause(LatticeWatch.Hole hole) {
      if (stream.stampSource() != StampSource.HEADER) {
        // Without a second clock a pause may be a jump of the only one.
        long extraNs =
            Times.difference(hole.afterNs(), hole.beforeNs()) - Math.round(hole.periodNs());
        Cause named = extraNs >= LEAST_JUMP_NS ? Moves.named(extraNs) : null;
        if (named != null) {
          return new Cause(named.id(), "none, if the clock jumped by " + named.sentence());
        }
      }
      return hole.stepNs() == 0
          ? null
          : new Cause("reconnect", "the sensor or its driver was restarted");
    }

    private String counted(LatticeWatch.Hole hole) {
      long gap = counter.gapAfter(hole.afterMessage());
      return gap == hole.count() ? ", the sender's counter agrees" : "";
    }
  }
}
