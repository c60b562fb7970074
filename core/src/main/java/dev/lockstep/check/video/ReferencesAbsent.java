package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;

/// VID009: H.265 frames refer to frames that never came.
public final class ReferencesAbsent extends VideoRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "VID009",
          ReferencesAbsent.class,
          Severity.ERROR,
          "H.265 frames refer to frames that never came.",
          ReferenceFramesLost.STEPS);

  /// The rule.
  public ReferencesAbsent() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new References(stream, sink, ToldLosses.of(shared));
  }

  private static final class References implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final LossInStamps stamps;
    private final ToldLosses losses;

    /// Whether all frames since a keyframe are known.
    private boolean known;

    private long told;
    private long examined;

    References(StreamInfo stream, CheckSink sink, ToldLosses told) {
      this.losses = told;
      this.stream = stream;
      this.sink = sink;
      this.stamps = new LossInStamps(stream, ReferenceFramesLost.STEPS.value());
    }

    @Override
    public void onBatch(MessageBatch batch) {
      int[] orders = batch.frameOrders();
      byte[] flags = batch.flags();
      for (int row = 0; row < batch.size(); row++) {
        known &= (flags[row] & MessageBatch.AFTER_LOSS) == 0;
        int order = orders.length == 0 ? 0 : orders[row];
        boolean tells = FrameOrder.has(order, FrameOrder.REFERENCES);
        told += tells ? 1 : 0;
        known = tells && (known || FrameOrder.has(order, FrameOrder.RESTART));
        if (known) {
          examined++;
          judge(batch, row, FrameOrder.number(order));
        }
        stamps.add(batch.stampsNs()[row]);
      }
    }

    private void judge(MessageBatch batch, int row, int absent) {
      if (absent == 0) {
        return;
      }
      long index = batch.firstIndex() + row;
      long stampNs = batch.stampsNs()[row];
      Location at = Location.stream(stream.name()).withMessages(Math.max(0, index - 1), index);
      if (stampNs != Times.NONE) {
        at = at.withStamps(stampNs, stampNs);
      }
      sink.report(
          stamps.show(stampNs) ? Severity.INFO : Severity.ERROR,
          "reference frames lost",
          at,
          new Evidence.Violation(
              "frames that the frame refers to", absent + " never came", "all before it"));
      losses.add(index, absent);
      sink.lacks(stream.name(), index - 1, index, 0);
    }

    @Override
    public Conclusion onEnd() {
      return Conclusion.examined(
          examined,
          told == 0
              ? "no reference pictures were read (only H.265 names them)"
              : "no keyframe at which decoding can begin");
    }
  }
}
