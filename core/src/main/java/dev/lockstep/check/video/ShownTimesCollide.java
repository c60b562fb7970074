package dev.lockstep.check.video;

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
    return new Collisions(stream, sink, ShownOrder.of(shared));
  }

  private static final class Collisions implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final ShownOrder order;
    private ShownOrder.@Nullable Frame before;
    private long compared;
    private long shown;
    private long reorder;

    Collisions(StreamInfo stream, CheckSink sink, ShownOrder order) {
      this.stream = stream;
      this.sink = sink;
      this.order = order;
    }

    @Override
    public void onBatch(MessageBatch batch) {
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
      if (frame.late()) {
        sink.report(
            Severity.ERROR,
            "frame is shown far from its turn",
            Location.stream(stream.name())
                .withMessages(frame.index(), frame.index())
                .withStamps(frame.stampNs(), frame.stampNs()),
            new Evidence.Disorder(
                "time at which the frame is shown", last.stampNs(), frame.stampNs()));
        return;
      }
      if (frame.stampNs() == last.stampNs()) {
        sink.report(
            Severity.ERROR,
            "two frames are shown at one time",
            Location.stream(stream.name())
                .withMessages(
                    Math.min(last.index(), frame.index()), Math.max(last.index(), frame.index()))
                .withStamps(frame.stampNs(), frame.stampNs()),
            new Evidence.Repeat("shown", 2, "at " + frame.stampNs() + " ns"));
      }
      before = frame;
    }

    @Override
    public Conclusion onEnd() {
      order.end();
      order.fresh().forEach(this::judge);
      if (compared > 0) {
        sink.measure("reordered-frames", reorder, "frames");
      }
      return Conclusion.examined(compared, "fewer than two times at which frames are shown");
    }
  }
}
