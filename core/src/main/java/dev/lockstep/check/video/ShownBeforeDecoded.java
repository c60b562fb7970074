package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// VID014: frames that are to be shown before they are to be decoded.
public final class ShownBeforeDecoded implements StreamCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "VID014",
          ShownBeforeDecoded.class,
          Severity.INFO,
          "Frames are to be shown before the time at which they are decoded.");

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return ShownOrder.notApplicable(stream);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Leads(stream, sink);
  }

  private static final class Leads implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private long compared;
    private long leading;
    private long first = -1;
    private long last;
    private long mostNs;

    Leads(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      long[] times = batch.decodeTimesNs();
      for (int row = 0; row < Math.min(batch.size(), times.length); row++) {
        long shownNs = batch.stampsNs()[row];
        if (times[row] == Times.NONE || shownNs == Times.NONE) {
          continue;
        }
        compared++;
        long leadNs = Times.difference(times[row], shownNs);
        if (leadNs > 0) {
          long index = batch.firstIndex() + row;
          leading++;
          first = first < 0 ? index : first;
          last = index;
          mostNs = Math.max(mostNs, leadNs);
        }
      }
    }

    @Override
    public Conclusion onEnd() {
      if (leading > 0) {
        sink.measure("shown-ahead", mostNs / 1e6, "ms");
        sink.report(
            Severity.INFO,
            "frames are to be shown before they are decoded",
            Location.stream(stream.name()).withMessages(first, last),
            new Evidence.Violation(
                "time shown",
                Numbers.duration(mostNs)
                    + " before the time of decoding at most, in "
                    + leading
                    + " of "
                    + compared
                    + " frames",
                "not before: a player has to delay all frames by that"));
      }
      return Conclusion.examined(compared, "no frame has both times");
    }
  }
}
