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
import dev.lockstep.model.Times;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// VID012: stamps put the frames of a video in another order than they are coded to be shown in.
public final class ShownOrderWrong extends VideoRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "VID012",
          ShownOrderWrong.class,
          Severity.ERROR,
          "Stamps put video frames in another order than they are coded to be shown in.");

  /// The rule.
  public ShownOrderWrong() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Turns(stream, sink, CodedOrder.of(shared), ToldFaults.of(shared));
  }

  /// Wrong frames whose places are kept: with more, nothing else explains them (judged).
  private static final int MAX_PLACES = 64;

  private static final class Turns implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final CodedOrder order;
    private final ToldFaults told;
    private CodedOrder.@Nullable Frame before;
    private CodedOrder.@Nullable Frame first;
    private CodedOrder.@Nullable Frame firstBefore;
    private long compared;
    private long reordered;
    private long wrong;

    /// Where they are, as far as that is kept.
    private final LongArrayList places = new LongArrayList();

    Turns(StreamInfo stream, CheckSink sink, CodedOrder order, ToldFaults told) {
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

    private void judge(CodedOrder.Frame frame) {
      if (frame.stampNs() == Times.NONE) {
        before = null;
        return;
      }
      CodedOrder.Frame last = before;
      before = frame;
      if (last == null || frame.begins() || frame.order() == last.order()) {
        return;
      }
      compared++;
      boolean moved = frame.index() < last.index();
      reordered += moved ? 1 : 0;
      // Where messages come in the order of showing, rules about stamps see one that goes back.
      boolean ours = moved || !stream.stampSource().measuredAtSensor();
      if (frame.stampNs() < last.stampNs() && ours) {
        if (first == null) {
          first = frame;
          firstBefore = last;
        }
        told.disordered(frame.index(), CARD.id());
        if (places.size() < MAX_PLACES) {
          places.add(frame.index());
        }
        wrong++;
      }
    }

    @Override
    public Conclusion onEnd() {
      order.end();
      order.fresh().forEach(this::judge);
      CodedOrder.Frame at = first;
      CodedOrder.Frame last = firstBefore;
      if (at != null && last != null) {
        Cause symptom = symptom();
        sink.report(
            symptom == null ? Severity.ERROR : Severity.INFO,
            "frames are stamped in another order than they are shown",
            Location.stream(stream.name())
                .withMessages(
                    Math.min(at.index(), last.index()), Math.max(at.index(), last.index()))
                .withStamps(at.stampNs(), last.stampNs()),
            new Evidence.Violation(
                "frames with a stamp before that of the frame shown in front of them",
                wrong + " of " + compared,
                "none; order count "
                    + at.order()
                    + " has stamp "
                    + at.stampNs()
                    + " ns, "
                    + last.order()
                    + " has "
                    + last.stampNs()
                    + " ns"),
            symptom);
      }
      if (compared > 0) {
        sink.measure("coded-reorders", reordered, "frames");
      }
      return Conclusion.examined(
          compared,
          order.counted() == 0
              ? "no order counts were read (only those of H.265, and of H.264 with"
                  + " pic_order_cnt_type 0, are)"
              : "fewer than two frames with a stamp and an order count");
    }

    /// What is told of each of the wrong frames already; null if there is one that nothing is told
    /// of.
    private @Nullable Cause symptom() {
      Cause first = null;
      for (int i = 0; i < places.size(); i++) {
        Cause known = told.near(places.get(i));
        if (known == null) {
          return null;
        }
        first = first == null ? known : first;
      }
      return wrong > places.size() ? null : first;
    }
  }
}
