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
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// VID002: frames that are decoded no later than the ones in front of them.
public final class DecodeTimesDisordered extends VideoRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "VID002",
          DecodeTimesDisordered.class,
          Severity.ERROR,
          "A frame's decode time is not after that of the frame before it.");

  /// The rule.
  public DecodeTimesDisordered() {
    super(CARD);
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return ShownOrder.notApplicable(stream);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Steps(stream, sink);
  }

  private static final class Steps implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private long beforeNs = Times.NONE;
    private long compared;

    // The run of faults that is open.
    private boolean open;
    private long first;
    private long last;
    private long firstBeforeNs;
    private long firstNs;

    Steps(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      long[] times = batch.decodeTimesNs();
      for (int row = 0; row < Math.min(batch.size(), times.length); row++) {
        if (times[row] != Times.NONE) {
          accept(batch.firstIndex() + row, times[row]);
        }
      }
    }

    private void accept(long index, long timeNs) {
      if (beforeNs != Times.NONE) {
        compared++;
        if (timeNs > beforeNs) {
          close();
        } else {
          if (!open) {
            open = true;
            first = index;
            firstBeforeNs = beforeNs;
            firstNs = timeNs;
          }
          last = index;
        }
      }
      beforeNs = timeNs;
    }

    private void close() {
      if (open) {
        open = false;
        sink.report(
            Severity.ERROR,
            firstNs == firstBeforeNs ? "decode time repeats" : "decode time goes back",
            Location.stream(stream.name()).withMessages(first, last),
            new Evidence.Disorder("decode time", firstBeforeNs, firstNs));
      }
    }

    @Override
    public Conclusion onEnd() {
      close();
      return Conclusion.examined(compared, "fewer than two decode times");
    }
  }
}
