package dev.lockstep.check.video;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// VID004: a video of constant frame rate has holes, or its rate is not constant.
public final class FrameTimesUneven extends VideoRule {
  private static final CheckCard.Parameter CONSTANT =
      new CheckCard.Parameter(
          "constant-share",
          "",
          0.9,
          "judged: a rate is constant if so many of the steps are the usual one");
  private static final CheckCard.Parameter HOLE =
      new CheckCard.Parameter(
          "hole-periods", "periods", 1.5, "derived: half way between one step and two");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter("min-frames", "frames", 10, "judged: a rate of fewer is an accident");

  /// A step is the usual one if it is off by less than this share of it: timescales of 1 ms round
  /// 33.4 ms to 33 and 34. Judged.
  private static final double ROUNDING = 0.125;

  /// Different steps that are told apart (judged: more are a rate that varies, whatever they are).
  private static final int MAX_STEPS = 1024;

  /// Places of one step that are kept (judged: a step that occurs more often is no hole).
  private static final int MAX_PLACES = 64;

  private static final CheckCard CARD =
      CheckCard.of(
          "VID004",
          FrameTimesUneven.class,
          Severity.WARNING,
          "A video of constant frame rate has holes, or its frame rate varies.",
          CONSTANT,
          HOLE,
          MINIMUM);

  /// The rule.
  public FrameTimesUneven() {
    super(CARD);
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return ShownOrder.notApplicable(stream);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Rate(stream, sink, ShownOrder.of(shared), ToldFaults.of(shared));
  }

  /// How often a step occurs and where at first.
  private static final class Seen {
    long count;
    final long index;
    final long fromNs;
    final long toNs;

    /// Where it occurs, as far as that is kept.
    final LongArrayList indices = new LongArrayList();

    Seen(long index, long fromNs, long toNs) {
      this.index = index;
      this.fromNs = fromNs;
      this.toNs = toNs;
    }
  }

  private static final class Rate implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final ShownOrder order;
    private final ToldFaults told;

    /// By length in microseconds.
    private final TreeMap<Long, Seen> steps = new TreeMap<>();

    private long frames;
    private long beforeNs = Times.NONE;
    private long others;

    Rate(StreamInfo stream, CheckSink sink, ShownOrder order, ToldFaults told) {
      this.stream = stream;
      this.sink = sink;
      this.order = order;
      this.told = told;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      told.accept(batch);
      order.accept(batch);
      order.fresh().forEach(this::count);
    }

    private void count(ShownOrder.Frame frame) {
      frames++;
      if (frame.late()) {
        return;
      }
      if (beforeNs != Times.NONE && frame.stampNs() > beforeNs) {
        long us = Math.max(1, Math.round((frame.stampNs() - beforeNs) / 1000.0));
        Seen seen = steps.get(us);
        if (seen == null && steps.size() < MAX_STEPS) {
          seen = new Seen(frame.index(), beforeNs, frame.stampNs());
          steps.put(us, seen);
        }
        if (seen == null) {
          others++;
        } else {
          seen.count++;
          if (seen.indices.size() < MAX_PLACES) {
            seen.indices.add(frame.index());
          }
        }
      }
      beforeNs = frame.stampNs();
    }

    @Override
    public Conclusion onEnd() {
      order.end();
      order.fresh().forEach(this::count);
      if (frames < MINIMUM.value() || steps.isEmpty()) {
        return Conclusion.undecided("fewer than " + (int) MINIMUM.value() + " frames");
      }
      long usualUs = 0;
      long most = 0;
      long total = others;
      for (Map.Entry<Long, Seen> step : steps.entrySet()) {
        total += step.getValue().count;
        if (step.getValue().count > most) {
          most = step.getValue().count;
          usualUs = step.getKey();
        }
      }
      long usual = 0;
      for (Map.Entry<Long, Seen> step : steps.entrySet()) {
        usual +=
            Math.abs(step.getKey() - usualUs) <= ROUNDING * usualUs ? step.getValue().count : 0;
      }
      sink.measure("period", usualUs / 1e6, "s");
      sink.measure("different-steps", steps.size(), "");
      if (usual < CONSTANT.value() * total) {
        Seen first = steps.firstEntry().getValue();
        sink.report(
            Severity.INFO,
            "frame rate varies",
            Location.stream(stream.name()),
            new Evidence.Violation(
                "steps between frames",
                (others > 0 ? "more than " : "")
                    + steps.size()
                    + " different, "
                    + millis(steps.firstKey())
                    + " to "
                    + millis(steps.lastKey())
                    + " ms, the shortest in front of message "
                    + first.index,
                "one, of " + millis(usualUs) + " ms"));
      } else {
        holes(usualUs);
      }
      return Conclusion.examined(total, "no steps");
    }

    /// Reports the holes of which nothing is told yet; if all are symptoms, that there are some.
    private void holes(long usualUs) {
      Holes untold = new Holes();
      Holes symptoms = new Holes();
      Cause cause = null;
      for (Map.Entry<Long, Seen> step :
          steps.tailMap((long) Math.ceil(HOLE.value() * usualUs)).entrySet()) {
        Seen seen = step.getValue();
        long each = Math.max(1, Math.round((double) step.getKey() / usualUs) - 1);
        long known = 0;
        for (int i = 0; i < seen.indices.size(); i++) {
          Cause why = told.ofHole(seen.indices.get(i));
          known += why == null ? 0 : 1;
          cause = cause == null ? why : cause;
        }
        symptoms.add(seen, step.getKey(), known, each);
        untold.add(seen, step.getKey(), seen.count - known, each);
      }
      if (untold.count > 0) {
        report(Severity.WARNING, untold, usualUs, null);
      } else if (symptoms.count > 0) {
        report(Severity.INFO, symptoms, usualUs, cause);
      }
    }

    private void report(Severity severity, Holes holes, long usualUs, @Nullable Cause cause) {
      Seen first = holes.first;
      if (first == null) {
        return;
      }
      sink.report(
          severity,
          "frames missing from a constant frame rate",
          Location.stream(stream.name())
              .withMessages(first.index, first.index)
              .withStamps(first.fromNs, first.toNs),
          new Evidence.Loss(
              "frames",
              holes.missing,
              "a frame each "
                  + millis(usualUs)
                  + " ms; "
                  + holes.count
                  + (holes.count == 1 ? " hole" : " holes")
                  + ", the longest of "
                  + millis(holes.longestUs)
                  + " ms"),
          cause);
    }

    /// Holes of one kind.
    private static final class Holes {
      long missing;
      long count;
      long longestUs;
      @Nullable Seen first;

      void add(Seen seen, long us, long holes, long missingEach) {
        if (holes > 0) {
          missing += holes * missingEach;
          count += holes;
          longestUs = Math.max(longestUs, us);
          Seen before = first;
          first = before == null || seen.fromNs < before.fromNs ? seen : before;
        }
      }
    }

    private static String millis(long us) {
      return Numbers.fixed(us / 1e3, 3);
    }
  }
}
