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

/// VID006: frames that name parameter sets which nobody sent.
public final class ParameterSetsMissing extends VideoRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "VID006",
          ParameterSetsMissing.class,
          Severity.ERROR,
          "A video frame cannot be decoded: its parameter sets did not come before it.");

  /// The rule.
  public ParameterSetsMissing() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Frames(stream, sink);
  }

  /// Joins neighbouring frames without parameter sets. At the begin of a stream they are what a
  /// recorder misses that starts between two keyframes.
  private static final class Frames implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private long pictures;
    private boolean open;
    private boolean afterLoss;
    private long first;
    private long last;

    Frames(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      int[] orders = batch.frameOrders();
      for (int row = 0; row < Math.min(batch.size(), orders.length); row++) {
        if (orders[row] == 0) {
          continue;
        }
        pictures++;
        long index = batch.firstIndex() + row;
        if (!FrameOrder.has(orders[row], FrameOrder.PARAMETERS_MISSING)) {
          close();
        } else {
          if (!open) {
            open = true;
            first = index;
            afterLoss = (batch.flags()[row] & MessageBatch.AFTER_LOSS) != 0;
          }
          last = index;
        }
      }
    }

    private void close() {
      if (open) {
        open = false;
        boolean begin = first == 0 || afterLoss;
        sink.report(
            begin ? Severity.WARNING : Severity.ERROR,
            begin
                ? "recording begins with frames that cannot be decoded"
                : "frames name parameter sets that are missing",
            Location.stream(stream.name()).withMessages(first, last),
            new Evidence.Violation(
                "parameter sets of " + (last - first + 1) + " frames", "none before them", "some"));
      }
    }

    @Override
    public Conclusion onEnd() {
      close();
      return Conclusion.examined(pictures, "no frame heads were read (only those of H.264 are)");
    }
  }
}
