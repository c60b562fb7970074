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

/// VID005: the numbers that H.264 gives its reference frames leave some out.
public final class ReferenceFramesLost extends VideoRule {
  static final CheckCard.Parameter STEPS =
      new CheckCard.Parameter(
          "stamp-periods",
          "periods",
          1.5,
          "derived: a stamp step as long as this shows the loss by itself");

  private static final CheckCard CARD =
      CheckCard.of(
          "VID005",
          ReferenceFramesLost.class,
          Severity.ERROR,
          "Frames that others refer to are missing from a video.",
          STEPS);

  /// The rule.
  public ReferenceFramesLost() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Numbers(stream, sink, ToldLosses.of(shared));
  }

  /// Follows `frame_num` (H.264, 7.4.3): after a reference frame it goes up by one, after other
  /// frames it stays, and at an IDR frame it begins with 0.
  private static final class Numbers implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final ToldLosses told;

    private boolean known;
    private int reference;
    private boolean afterMaybeReset;

    /// Whether numbers have been seen to begin anew by counting, not at a keyframe.
    private boolean wraps;

    private long beforeIndex = -1;
    private int beforeDigest;
    private int beforeLength = -1;
    private final LossInStamps stamps;

    private long compared;
    private long numbered;
    private long gapsAllowed;

    Numbers(StreamInfo stream, CheckSink sink, ToldLosses told) {
      this.told = told;
      this.stream = stream;
      this.sink = sink;
      this.stamps = new LossInStamps(stream, STEPS.value());
    }

    @Override
    public void onBatch(MessageBatch batch) {
      int[] orders = batch.frameOrders();
      byte[] flags = batch.flags();
      for (int row = 0; row < batch.size(); row++) {
        known &= (flags[row] & MessageBatch.AFTER_LOSS) == 0;
        int order = orders.length == 0 ? 0 : orders[row];
        if (!FrameOrder.has(order, FrameOrder.KNOWN) || FrameOrder.has(order, FrameOrder.SEVERAL)) {
          // What cannot be read may have been any frame.
          known = false;
        } else {
          accept(batch, row, order);
        }
        remember(batch, row);
      }
    }

    private void remember(MessageBatch batch, int row) {
      stamps.add(batch.stampsNs()[row]);
      beforeIndex = batch.firstIndex() + row;
      beforeDigest = batch.digests()[row];
      beforeLength = batch.lengthsBytes()[row];
    }

    private void accept(MessageBatch batch, int row, int order) {
      numbered++;
      int number = FrameOrder.number(order);
      int modulus = FrameOrder.modulus(order);
      boolean restart = FrameOrder.has(order, FrameOrder.RESTART);
      if (FrameOrder.has(order, FrameOrder.GAPS_ALLOWED)) {
        gapsAllowed++;
        known = false;
        return;
      }
      if (known) {
        compared++;
        if (!restart) {
          judge(batch, row, order, number, modulus);
        }
      }
      boolean refers = FrameOrder.has(order, FrameOrder.REFERENCE);
      if (refers) {
        reference = FrameOrder.has(order, FrameOrder.RESETS) ? 0 : number;
        afterMaybeReset = FrameOrder.has(order, FrameOrder.MAY_RESET);
        known = true;
      } else if (!known) {
        // A frame that nobody refers to has the number that comes next.
        reference = (number - 1 + modulus) % modulus;
        afterMaybeReset = false;
        known = true;
      }
    }

    private void judge(MessageBatch batch, int row, int order, int number, int modulus) {
      int expected = (reference + 1) % modulus;
      wraps |= number == expected && expected == 0;
      if (number == expected || afterMaybeReset && number <= 1) {
        return;
      }
      boolean field = FrameOrder.has(order, FrameOrder.FIELD);
      boolean repeated =
          batch.digests()[row] == beforeDigest && batch.lengthsBytes()[row] == beforeLength;
      if (number == reference && (field || repeated)) {
        return;
      }
      long index = batch.firstIndex() + row;
      int ahead = (number - expected + modulus) % modulus;
      String numbers = "frame_num " + number + " after " + reference + ", modulo " + modulus;
      // Most encoders begin anew at a keyframe long before they run out of numbers.
      boolean back = ahead >= modulus / 2 || number < reference && !wraps;
      long stampNs = batch.stampsNs()[row];
      Severity severity = stamps.show(stampNs) ? Severity.INFO : Severity.ERROR;
      Location at = Location.stream(stream.name()).withMessages(Math.max(0, beforeIndex), index);
      if (stampNs != Times.NONE) {
        at = at.withStamps(stampNs, stampNs);
      }
      if (back) {
        sink.report(
            severity,
            number == reference
                ? "frame number repeats"
                : "frame number goes back without a keyframe",
            at,
            new Evidence.Violation(
                "number of the frame",
                numbers,
                expected + "; a keyframe was lost, or the order of frames"));
      } else {
        sink.report(
            severity, "reference frames lost", at, new Evidence.Loss("frames", ahead, numbers));
      }
      told.add(index, back ? ToldLosses.UNKNOWN : ahead);
      sink.lacks(stream.name(), index - 1, index, back ? 0 : ahead);
      // What follows is told from here.
      reference = (number - 1 + modulus) % modulus;
    }

    @Override
    public Conclusion onEnd() {
      if (numbered == 0) {
        return Conclusion.undecided("no frame numbers were read (only H.264 has them)");
      }
      return Conclusion.examined(
          compared,
          gapsAllowed > 0 ? "the video may leave numbers out" : "fewer than two numbered frames");
    }
  }
}
