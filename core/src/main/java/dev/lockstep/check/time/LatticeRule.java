package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.clock.Lattice;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.clock.LatticeTracker;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import org.jspecify.annotations.Nullable;

/// A rule that judges what left a stream's lattice. Rules of this sort differ in the events that
/// they claim.
abstract class LatticeRule implements StreamCheck {
  private final CheckCard card;

  LatticeRule(CheckCard card) {
    this.card = card;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  @Override
  public final @Nullable String notApplicable(StreamInfo stream) {
    String unmeasured = StampRule.unmeasured(stream);
    return unmeasured == null ? inapplicable(stream) : unmeasured;
  }

  /// Why this rule has nothing to say about a stream with measured stamps, or null.
  @Nullable String inapplicable(StreamInfo stream) {
    return null;
  }

  /// Reports `event` if it is this rule's.
  void judge(LatticeWatch.Event event, LatticeTracker tracker, StreamInfo stream, CheckSink sink) {}

  /// Measures and judges the whole stream, which had a lattice.
  void conclude(LatticeTracker tracker, StreamInfo stream, CheckSink sink) {}

  /// Why a stream has no lattice that rules can judge by, or null where it has one.
  static @Nullable String unlocked(LatticeTracker tracker) {
    Lattice lattice = tracker.lattice();
    if (tracker.everLocked()
        && (lattice == null || lattice.periodNs() >= LatticeWatch.LEAST_PERIOD_NS)) {
      return null;
    }
    if (tracker.everLocked()) {
      return "no sensor sends messages every "
          + LatticeWatch.LEAST_PERIOD_NS / 1000
          + " us or faster";
    }
    LatticeFit.Reason reason = tracker.cannotLock();
    return reason == null ? "too few stamps" : reason.sentence();
  }

  /// What cannot be decided without a lattice.
  abstract String subject();

  @Override
  public final Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    LatticeWatch watch = LatticeWatch.of(stream, shared);
    return new Observer() {
      @Override
      public void onBatch(MessageBatch batch) {
        watch.accept(batch);
        judgeFresh();
      }

      @Override
      public Conclusion onEnd() {
        watch.end();
        judgeFresh();
        LatticeTracker tracker = watch.tracker();
        String why = unlocked(tracker);
        if (why != null) {
          return Conclusion.undecided(subject() + " cannot be told: " + why);
        }
        conclude(tracker, stream, sink);
        return Conclusion.examined(tracker.examined(), "no message was examined");
      }

      private void judgeFresh() {
        for (LatticeWatch.Event event : watch.fresh()) {
          judge(event, watch.tracker(), stream, sink);
        }
      }
    };
  }
}
