package dev.lockstep.check.time;

import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.clock.Lattice;
import dev.lockstep.clock.LatticeEvents;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.clock.LatticeTracker;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// Follows the lattice of a stream's stamps once for all rules about periods, and keeps what
/// happened until the next batch.
///
/// It follows the times that [StampWatch] hands on, so that a fault of the order of stamps is not
/// reported again as one of their period. At most the tracker's memory and the events of one batch
/// are held.
final class LatticeWatch {
  /// What left the lattice.
  sealed interface Event {
    /// Index of the message with which it became known, [Long#MAX_VALUE] at the end.
    long known();
  }

  /// Messages are missing.
  ///
  /// @param firstSlot first empty slot
  /// @param count how many
  /// @param afterMessage index of the message before the hole
  /// @param beforeNs its stamp
  /// @param afterNs stamp of the message behind the hole
  /// @param stepNs new phase minus old phase, 0 where the slots went on
  /// @param periodNs distance of the slots in between
  record Hole(
      long firstSlot,
      long count,
      long afterMessage,
      long beforeNs,
      long afterNs,
      long stepNs,
      double periodNs,
      long known)
      implements Event {}

  /// Stamps lie off the lattice and the next are on it again.
  record Displaced(long firstMessage, long count, long stampNs, long excessNs, long known)
      implements Event {}

  /// The phase changed and stays changed.
  record PhaseStep(long message, long stampNs, long stepNs, long known) implements Event {}

  /// A message came where its slot was taken.
  record Extra(long message, long stampNs, long known) implements Event {}

  /// The period changed.
  record RateChange(long message, double fromPeriodNs, double toPeriodNs, long known)
      implements Event {}

  /// Judged: no clock of a sensor is known better than this.
  static final long LEAST_NS = 1_000;

  /// Judged: no sensor sends 20,000 messages a second; shorter periods come of made-up times, or of
  /// messages that were written as fast as the program could.
  static final long LEAST_PERIOD_NS = 50_000;

  private final StampWatch stamps;
  private final List<Event> fresh = new ArrayList<>();
  private final Listener listener = new Listener();
  private LatticeTracker tracker = new LatticeTracker();
  private long firstMessage;
  private long nextIndex;
  private boolean ended;

  private LatticeWatch(StampWatch stamps) {
    this.stamps = stamps;
  }

  /// The watch over a stream, shared by its rules.
  static LatticeWatch of(StreamInfo stream, SharedAnalyses shared) {
    StampWatch stamps = StampWatch.of(stream, shared);
    return shared.get(LatticeWatch.class, () -> new LatticeWatch(stamps));
  }

  /// Takes a batch, unless it was taken before.
  void accept(MessageBatch batch) {
    if (batch.firstIndex() + batch.size() <= nextIndex) {
      return;
    }
    nextIndex = batch.firstIndex() + batch.size();
    stamps.accept(batch);
    fresh.clear();
    follow();
  }

  /// Ends the stream, unless that was done before.
  void end() {
    if (nextIndex != Long.MAX_VALUE) {
      nextIndex = Long.MAX_VALUE;
      stamps.end();
      fresh.clear();
      follow();
      ended = true;
      tracker.finish(listener);
    }
  }

  private void follow() {
    CleanTimes clean = stamps.clean();
    int from = 0;
    if (clean.restart() >= 0) {
      // What came before were strays.
      from = clean.restart();
      fresh.clear();
      tracker = new LatticeTracker();
      firstMessage = clean.firstMessage() + from;
    }
    tracker.accept(clean.timesNs(), from, clean.size(), listener);
  }

  /// What became decidable with the last batch or at the end.
  List<Event> fresh() {
    return fresh;
  }

  LatticeTracker tracker() {
    return tracker;
  }

  private final class Listener implements LatticeEvents {
    private long known() {
      return ended
          ? Long.MAX_VALUE
          : stamps.clean().knownWith(firstMessage + tracker.messages() - 1);
    }

    @Override
    public void dropped(
        long firstSlot, long count, long afterMessage, long beforeStampNs, long afterStampNs) {
      hole(firstSlot, count, afterMessage, beforeStampNs, afterStampNs, 0);
    }

    @Override
    public void reconnected(
        long firstSlot,
        long count,
        long afterMessage,
        long beforeStampNs,
        long afterStampNs,
        long stepNs) {
      hole(firstSlot, count, afterMessage, beforeStampNs, afterStampNs, stepNs);
    }

    private void hole(
        long firstSlot, long count, long after, long beforeNs, long afterNs, long stepNs) {
      long message = firstMessage + after;
      double periodNs = (afterNs - beforeNs - stepNs) / (count + 1.0);
      if (periodNs < LEAST_PERIOD_NS) {
        return;
      }
      fresh.add(
          new Hole(
              firstSlot,
              count,
              message,
              stamps.storedNs(message, beforeNs),
              stamps.storedNs(message, afterNs),
              stepNs,
              periodNs,
              known()));
    }

    @Override
    public void doublet(long message, long stampNs, long excessNs) {
      displaced(message, 1, stampNs, excessNs);
    }

    @Override
    public void excursion(long firstMessage, int count, long peakExcessNs) {
      displaced(firstMessage, count, Times.NONE, peakExcessNs);
    }

    /// Whether the lattice in force is that of no sensor.
    private boolean isTooFast() {
      Lattice lattice = tracker.lattice();
      return lattice != null && lattice.periodNs() < LEAST_PERIOD_NS;
    }

    /// What a stamp must be off to be more than the rounding of a unit that changed.
    private long leastNs(long message) {
      long step = stamps.storedStepNs(message);
      return step == 1 ? LEAST_NS : Math.max(LEAST_NS, step + step / 2);
    }

    private void displaced(long first, long count, long stampNs, long excessNs) {
      if (isTooFast()) {
        return;
      }
      long message = firstMessage + first;
      if (Math.abs(excessNs) >= leastNs(message)
          && !stamps.isDisordered(message, message + count - 1)) {
        long storedNs = stampNs == Times.NONE ? stampNs : stamps.storedNs(message, stampNs);
        fresh.add(new Displaced(message, count, storedNs, excessNs, known()));
      }
    }

    @Override
    public void phaseStep(long first, long stampNs, long stepNs) {
      // Larger ones are the moves that the stamps were told apart by.
      long size = Math.abs(stepNs);
      long message = firstMessage + first;
      if (!isTooFast() && size >= leastNs(message) && size < ClockReading.APART_NS / 2) {
        fresh.add(new PhaseStep(message, stamps.storedNs(message, stampNs), stepNs, known()));
      }
    }

    @Override
    public void extra(long first, long stampNs) {
      long message = firstMessage + first;
      if (!isTooFast() && !stamps.isDisordered(message, message)) {
        fresh.add(new Extra(message, stamps.storedNs(message, stampNs), known()));
      }
    }

    @Override
    public void rateChanged(long first, double fromPeriodNs, double toPeriodNs) {
      if (Math.min(fromPeriodNs, toPeriodNs) < LEAST_PERIOD_NS) {
        return;
      }
      fresh.add(new RateChange(firstMessage + first, fromPeriodNs, toPeriodNs, known()));
    }

    @Override
    public void unlocked(long firstMessage, long count, LatticeFit.Reason reason) {
      // Asked of the tracker at the end, where it is either the whole stream or a share of it.
    }
  }
}
