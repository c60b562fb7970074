package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// INT029: some messages lack the stamp or the frame of reference that others of their stream
/// carry.
public final class ReferenceMissing implements StreamCheck {
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "max-share",
          "",
          0.5,
          "judged: what most messages of a stream lack is how the stream is made");

  /// Runs of messages that are kept until the end of the stream decides; further ones are counted.
  private static final int MAX_RUNS = 64;

  private static final CheckCard CARD =
      CheckCard.of(
          "INT029",
          ReferenceMissing.class,
          Severity.WARNING,
          "Some messages lack the stamp or frame of reference that others of their stream carry.",
          SHARE);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return null;
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Messages(stream, sink);
  }

  private static final class Messages implements Observer {
    private final Lack stamp;
    private final Lack frame;
    private long examined;

    Messages(StreamInfo stream, CheckSink sink) {
      stamp = new Lack("stamp", stream, sink);
      frame = new Lack("frame of reference", stream, sink);
    }

    @Override
    public void onBatch(MessageBatch batch) {
      int size = batch.size();
      byte[] flags = batch.flags();
      int[] lengths = batch.lengthsBytes();
      long[] stamps = batch.stampsNs();
      long counted = 0;
      for (int r = 0; r < size; r++) {
        if (lengths[r] == 0 || (flags[r] & MessageBatch.UNREADABLE) != 0) {
          continue;
        }
        counted++;
        if (stamps[r] == Times.NONE) {
          stamp.lacks(batch.firstIndex() + r);
        }
        if ((flags[r] & MessageBatch.UNPLACED) != 0) {
          frame.lacks(batch.firstIndex() + r);
        }
      }
      examined += counted;
    }

    @Override
    public Conclusion onEnd() {
      stamp.end(examined);
      frame.end(examined);
      return Conclusion.examined(examined, "no message could be read");
    }
  }

  /// What some messages lack: runs of them, until the end shows whether that is how the stream is.
  private static final class Lack {
    private final String what;
    private final StreamInfo stream;
    private final CheckSink sink;
    private final List<long[]> runs = new ArrayList<>();
    private long lacking;
    private long lastLacking = Long.MIN_VALUE;

    Lack(String what, StreamInfo stream, CheckSink sink) {
      this.what = what;
      this.stream = stream;
      this.sink = sink;
    }

    void lacks(long index) {
      lacking++;
      if (lastLacking == index - 1 && !runs.isEmpty() && runs.getLast()[1] == lastLacking) {
        runs.getLast()[1] = index;
      } else if (runs.size() < MAX_RUNS) {
        runs.add(new long[] {index, index});
      }
      lastLacking = index;
    }

    void end(long seen) {
      if (lacking == 0 || lacking > SHARE.value() * seen) {
        return;
      }
      for (long[] run : runs) {
        sink.report(
            Severity.WARNING,
            "message without a " + what,
            Location.stream(stream.name()).withMessages(run[0], run[1]),
            new Evidence.Violation(
                what,
                "missing in " + lacking + " of " + seen + " messages",
                "one, as in the others"));
      }
    }
  }
}
