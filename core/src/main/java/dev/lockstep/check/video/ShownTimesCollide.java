package dev.lockstep.check.video;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import org.jspecify.annotations.Nullable;

/// VID003: two frames are to be shown at one time, or further from where they are decoded than any
/// decoder allows.
public final class ShownTimesCollide extends VideoRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "VID003",
          ShownTimesCollide.class,
          Severity.ERROR,
          "Two frames of a video are to be shown at one time, or far from their turn.");

  /// The rule.
  public ShownTimesCollide() {
    super(CARD);
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return ShownOrder.notApplicable(stream);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Collisions(stream, sink, ShownOrder.of(shared), ToldFaults.of(shared));
  }

  /// Faults so close to each other are one (the frames of one fragment, of one wrong table entry).
  private static final int ONE_FAULT = 2 * ShownOrder.MAX_REORDER;

  /// Frames of one fault.
  private static final class Fault {
    final boolean late;
    final long first;
    final long firstStampNs;
    final Evidence evidence;

    /// What explains them; null if nothing does.
    final @Nullable Cause cause;

    long last;
    long lastStampNs;
    long frames;

    Fault(boolean late, long first, long firstStampNs, Evidence evidence, @Nullable Cause cause) {
      this.cause = cause;
      this.late = late;
      this.first = first;
      this.firstStampNs = firstStampNs;
      this.evidence = evidence;
      this.last = first;
      this.lastStampNs = firstStampNs;
    }

    void reach(long index, long stampNs) {
      last = Math.max(last, index);
      lastStampNs = Math.max(lastStampNs, stampNs);
    }
  }

  private static final class Collisions implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final ShownOrder order;
    private final ToldFaults told;
    private ShownOrder.@Nullable Frame before;
    private @Nullable Fault open;
    private long compared;
    private long shown;
    private long reorder;

    Collisions(StreamInfo stream, CheckSink sink, ShownOrder order, ToldFaults told) {
      this.stream = stream;
      this.sink = sink;
      this.order = order;
      this.told = told;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      told.accept(batch);
      order.accept(batch);
      order.fresh().forEach(this::judge);
    }

    private void judge(ShownOrder.Frame frame) {
      reorder = Math.max(reorder, frame.index() - shown);
      shown++;
      ShownOrder.Frame last = before;
      if (last == null) {
        before = frame;
        return;
      }
      compared++;
      Fault running = open;
      if (running != null && frame.index() > running.last + ONE_FAULT) {
        report(running);
      }
      if (frame.late()) {
        fault(
            true,
            frame.index(),
            frame.index(),
            frame,
            new Evidence.Disorder(
                "time at which the frame is shown", last.stampNs(), frame.stampNs()));
        return;
      }
      if (frame.stampNs() == last.stampNs()) {
        fault(
            false,
            Math.min(last.index(), frame.index()),
            Math.max(last.index(), frame.index()),
            frame,
            new Evidence.Repeat("shown", 2, "at " + frame.stampNs() + " ns"));
        told.misplaced(last.index(), CARD.id());
      }
      before = frame;
    }

    private void fault(
        boolean late, long first, long last, ShownOrder.Frame frame, Evidence evidence) {
      Cause cause = told.damage(last);
      told.misplaced(frame.index(), CARD.id());
      Fault running = open;
      if (running == null || running.late != late || (running.cause == null) != (cause == null)) {
        if (running != null) {
          report(running);
        }
        running = new Fault(late, first, frame.stampNs(), evidence, cause);
        open = running;
      }
      running.reach(last, frame.stampNs());
      running.frames++;
    }

    private void report(Fault fault) {
      String more = fault.frames == 1 ? "" : " (" + fault.frames + " times here)";
      sink.report(
          fault.cause == null ? Severity.ERROR : Severity.INFO,
          (fault.late ? "frame is shown far from its turn" : "two frames are shown at one time")
              + more,
          Location.stream(stream.name())
              .withMessages(fault.first, fault.last)
              .withStamps(
                  Math.min(fault.firstStampNs, fault.lastStampNs),
                  Math.max(fault.firstStampNs, fault.lastStampNs)),
          fault.evidence,
          fault.cause);
      open = null;
    }

    @Override
    public Conclusion onEnd() {
      order.end();
      order.fresh().forEach(this::judge);
      Fault running = open;
      if (running != null) {
        report(running);
      }
      if (compared > 0) {
        sink.measure("reordered-frames", reorder, "frames");
      }
      return Conclusion.examined(compared, "fewer than two times at which frames are shown");
    }
  }
}
