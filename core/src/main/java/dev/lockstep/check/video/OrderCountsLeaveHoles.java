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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// VID011: the counts that put frames in the order of showing leave some out.
public final class OrderCountsLeaveHoles extends VideoRule {
  private static final CheckCard.Parameter CONSTANT =
      new CheckCard.Parameter(
          "constant-share",
          "",
          0.75,
          "judged: counts go up evenly if so many of the steps are the usual one");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter("min-steps", "steps", 6, "judged: a habit of fewer is an accident");

  /// Different steps that are told apart, and holes that are kept (judged).
  private static final int MAX_STEPS = 256;

  private static final int MAX_HOLES = 4096;

  private static final CheckCard CARD =
      CheckCard.of(
          "VID011",
          OrderCountsLeaveHoles.class,
          Severity.ERROR,
          "Frames are missing from the order in which a video is shown.",
          CONSTANT,
          MINIMUM,
          ReferenceFramesLost.STEPS);

  /// The rule.
  public OrderCountsLeaveHoles() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Counts(stream, sink, shared);
  }

  /// A step that may turn out to be longer than the usual one.
  ///
  /// @param stampSteps usual steps that the stamps make meanwhile
  private record Step(CodedOrder.Frame before, CodedOrder.Frame after, double stampSteps) {
    int length() {
      return after.order() - before.order();
    }
  }

  private static final class Counts implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final CodedOrder order;
    private final ToldLosses told;
    private final TreeMap<Integer, Long> steps = new TreeMap<>();
    private final StepWindow stampSteps = new StepWindow(15);
    private final List<Step> longer = new ArrayList<>();
    private CodedOrder.@Nullable Frame before;
    private long compared;
    private long unlisted;

    Counts(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
      this.stream = stream;
      this.sink = sink;
      this.order = CodedOrder.of(shared);
      this.told = ToldLosses.of(shared);
    }

    @Override
    public void onBatch(MessageBatch batch) {
      order.accept(batch);
      order.fresh().forEach(this::count);
    }

    private void count(CodedOrder.Frame frame) {
      CodedOrder.Frame last = before;
      before = frame;
      if (last == null || frame.begins() || frame.order() == last.order()) {
        return;
      }
      compared++;
      long stampStepNs = 0;
      if (last.stampNs() != Times.NONE && frame.stampNs() != Times.NONE) {
        stampStepNs = frame.stampNs() - last.stampNs();
      }
      long usualNs = stampSteps.median();
      Step step = new Step(last, frame, usualNs > 0 ? (double) stampStepNs / usualNs : 0);
      stampSteps.add(stampStepNs);
      if (steps.size() < MAX_STEPS || steps.containsKey(step.length())) {
        steps.merge(step.length(), 1L, Long::sum);
      } else {
        unlisted++;
      }
      if (step.length() > usual() || steps.size() == 1 && longer.isEmpty()) {
        if (longer.size() < MAX_HOLES) {
          longer.add(step);
        }
      }
    }

    private int usual() {
      int usual = 0;
      long most = 0;
      for (Map.Entry<Integer, Long> step : steps.entrySet()) {
        if (step.getValue() > most) {
          most = step.getValue();
          usual = step.getKey();
        }
      }
      return usual;
    }

    @Override
    public Conclusion onEnd() {
      order.end();
      order.fresh().forEach(this::count);
      if (order.counted() == 0) {
        return Conclusion.undecided(
            "no order counts were read (only those of H.265, and of H.264 with pic_order_cnt_type"
                + " 0, are)");
      }
      if (compared < MINIMUM.value()) {
        return Conclusion.undecided("fewer than " + (int) MINIMUM.value() + " steps");
      }
      int usual = usual();
      sink.measure("order-count-step", usual, "");
      long even = steps.getOrDefault(usual, 0L);
      if (even < CONSTANT.value() * compared) {
        return Conclusion.undecided("order counts do not go up in equal steps");
      }
      for (Step step : longer) {
        if (step.length() > usual && step.length() % usual == 0) {
          hole(step, usual);
        }
      }
      return Conclusion.examined(compared - unlisted, "no steps");
    }

    private void hole(Step step, int usual) {
      long missing = (long) step.length() / usual - 1;
      CodedOrder.Frame from = step.before();
      CodedOrder.Frame to = step.after();
      long low = Math.min(from.index(), to.index());
      long high = Math.max(from.index(), to.index());
      int near = ShownOrder.MAX_REORDER + 1;
      long untold = told.take(low - near, high + near, missing);
      if (untold == 0) {
        return;
      }
      Location at =
          Location.stream(stream.name())
              .withMessages(low, high)
              .withKnownStamps(from.stampNs(), to.stampNs());
      boolean shown = step.stampSteps() >= ReferenceFramesLost.STEPS.value();
      sink.report(
          shown || untold < missing ? Severity.INFO : Severity.ERROR,
          "frames missing in the order of showing",
          at,
          new Evidence.Loss(
              "frames",
              untold,
              "order count "
                  + to.order()
                  + " after "
                  + from.order()
                  + ", otherwise steps of "
                  + usual));
      sink.lacks(stream.name(), low, high, untold);
    }
  }
}
