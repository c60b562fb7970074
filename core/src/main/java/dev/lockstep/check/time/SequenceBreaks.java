package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// TIM013: the sender's counter skips, repeats or goes back.
///
/// Where stamps show the same fault it is one, and theirs: a hole (TIM008), messages out of order
/// (TIM001).
public final class SequenceBreaks implements StreamCheck {
  /// Messages for which a skip waits for the lattice to show the same hole: as long as the lattice
  /// may take to learn, and more than it ever holds back later.
  private static final int PATIENCE = 256;

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM013",
          SequenceBreaks.class,
          Severity.WARNING,
          "The sender's own counter skips, repeats or goes back.");

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
    return null;
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Breaks(
        stream,
        sink,
        CounterWatch.of(shared),
        StampWatch.of(stream, shared),
        LatticeWatch.of(stream, shared),
        LossMarks.of(shared));
  }

  private static final class Breaks implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final CounterWatch counter;
    private final StampWatch stamps;
    private final LatticeWatch lattice;
    private final LossMarks losses;
    private final ArrayDeque<CounterWatch.Break> waiting = new ArrayDeque<>();

    /// Messages behind which the stamps show a fault of their own.
    private final ArrayDeque<Long> told = new ArrayDeque<>();

    /// Counts that each message skips from a message on, where the rate changed there.
    private long rateSkips;

    private long rateMessage;

    Breaks(
        StreamInfo stream,
        CheckSink sink,
        CounterWatch counter,
        StampWatch stamps,
        LatticeWatch lattice,
        LossMarks losses) {
      this.stream = stream;
      this.sink = sink;
      this.counter = counter;
      this.stamps = stamps;
      this.lattice = lattice;
      this.losses = losses;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      counter.accept(batch);
      stamps.accept(batch);
      lattice.accept(batch);
      losses.accept(batch);
      collect();
      while (!waiting.isEmpty()
          && waiting.getFirst().first() + PATIENCE < batch.firstIndex() + batch.size()) {
        judge(waiting.removeFirst());
      }
      told.removeIf(message -> message + 2 * PATIENCE < batch.firstIndex());
    }

    private void collect() {
      for (LatticeWatch.Event event : lattice.fresh()) {
        if (event instanceof LatticeWatch.Hole hole) {
          told.addLast(hole.afterMessage() + 1);
        } else if (event instanceof LatticeWatch.RateChange change) {
          // Where each step skips as many as the rate fell by, that was told as the change.
          rateMessage = change.message();
          rateSkips = Math.round(change.toPeriodNs() / change.fromPeriodNs()) - 1;
        }
      }
      for (Step step : stamps.fresh()) {
        if (step.kind() == Step.Kind.DECREASED) {
          told.addLast(step.firstMessage());
          told.addLast(step.lastMessage());
        }
      }
      waiting.addAll(counter.fresh());
    }

    private void judge(CounterWatch.Break found) {
      if (found.kind() == CounterWatch.Kind.SKIPPED
          && rateSkips > 0
          && found.missing() == rateSkips
          && found.first() >= rateMessage) {
        return;
      }
      if (told.stream().anyMatch(m -> m >= found.first() && m <= found.last())) {
        return;
      }
      Location at = Location.stream(stream.name()).withMessages(found.first(), found.last());
      boolean symptom = losses.any(found.first(), found.last());
      switch (found.kind()) {
        case SKIPPED ->
            sink.report(
                symptom ? Severity.INFO : Severity.WARNING,
                "the sender's counter skips",
                at.withKnownStamps(found.beforeNs(), found.afterNs()),
                new Evidence.Loss(
                    found.missing() == 1 ? "count" : "counts",
                    found.missing(),
                    "from " + found.before() + " to " + found.after()),
                symptom ? LossMarks.CAUSE : null);
        case REPEATED -> report("the sender's counter repeats", at, found, symptom);
        case WENT_BACK -> report("the sender's counter goes back", at, found, symptom);
        case SWAPPED -> report("two messages have each other's counter", at, found, symptom);
        case STRAYED ->
            report(
                found.after() == found.before()
                    ? "the sender's counter repeats and then goes on in time"
                    : "the sender's counter is wrong and then goes on in time",
                at,
                found,
                symptom);
      }
    }

    private void report(String title, Location at, CounterWatch.Break found, boolean symptom) {
      sink.report(
          symptom ? Severity.INFO : Severity.WARNING,
          title,
          at,
          new Evidence.Violation(
              "counter", Long.toString(found.after()), Long.toString(found.before() + 1)),
          symptom ? LossMarks.CAUSE : null);
    }

    @Override
    public Conclusion onEnd() {
      counter.end();
      stamps.end();
      lattice.end();
      collect();
      waiting.forEach(this::judge);
      waiting.clear();
      return counter.counts()
          ? Conclusion.examined(counter.steps(), "no messages")
          : Conclusion.undecided("the sender does not count the messages of this stream");
    }
  }
}
