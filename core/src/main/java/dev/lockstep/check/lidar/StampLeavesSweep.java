package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// LID004: the stamp of a sweep does not lie where it usually lies among the times of its points.
public final class StampLeavesSweep extends SweepRule {
  /// Sweeps from which the usual place is learned; judged: two seconds at 10 Hz.
  private static final int LEARNED = 21;

  private static final int LEAST = 3;

  private static final CheckCard.Parameter MOVE =
      new CheckCard.Parameter(
          "max-move", "", 0.25, "of the sweep; judged: start, middle and end are half of it apart");
  private static final CheckCard.Parameter OUTSIDE =
      new CheckCard.Parameter(
          "max-outside",
          "ms",
          10,
          "judged: stamps of Argoverse 2 lie 2.7 ms in front of the first point by design");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID004",
          StampLeavesSweep.class,
          Severity.ERROR,
          "The stamp of a sweep lies elsewhere among the times of its points than usual, or outside"
              + " of them.",
          MOVE,
          OUTSIDE);

  /// The rule.
  public StampLeavesSweep() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Places(stream, sink);
  }

  private record First(long message, long stampNs, long firstNs, long lastNs) {}

  private static final class Places extends SweepObserver {
    private final Usual place = new Usual(LEARNED);
    private final Usual first = new Usual(LEARNED);
    private final Usual last = new Usual(LEARNED);
    private final List<First> learning = new ArrayList<>();
    private boolean learned;
    private double usual;
    private long examined;

    Places(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      long firstNs = profile.firstNs();
      long lastNs = profile.lastNs();
      if (firstNs == Times.NONE || lastNs <= firstNs) {
        return;
      }
      examined++;
      if (learned) {
        judge(message, stampNs, firstNs, lastNs);
        return;
      }
      place.add(place(firstNs, lastNs));
      first.add(firstNs);
      last.add(lastNs);
      learning.add(new First(message, stampNs, firstNs, lastNs));
      if (place.isKnown()) {
        learn();
      }
    }

    private void learn() {
      learned = true;
      usual = place.median();
      for (First sweep : learning) {
        judge(sweep.message, sweep.stampNs, sweep.firstNs, sweep.lastNs);
      }
      learning.clear();
    }

    /// 0 where the stamp is that of the first point, 1 where it is that of the last one.
    private static double place(long firstNs, long lastNs) {
      return -(double) firstNs / ((double) lastNs - firstNs);
    }

    private void judge(long message, long stampNs, long firstNs, long lastNs) {
      double here = place(firstNs, lastNs);
      double outside = Math.max(firstNs, -lastNs);
      if (outside > OUTSIDE.value() * Times.MILLISECOND) {
        fault(
            "the stamp lies outside of its sweep",
            message,
            stampNs,
            outside > (double) lastNs - firstNs ? Severity.ERROR : Severity.WARNING,
            outside,
            new Evidence.Violation(
                "point times",
                Numbers.duration(firstNs) + " to " + Numbers.duration(lastNs) + " after the stamp",
                "within " + Numbers.text(OUTSIDE.value()) + " ms of it"));
      } else if (Math.abs(here - usual) > MOVE.value()) {
        fault(
            "the stamp moves to another place in its sweep",
            message,
            stampNs,
            Severity.ERROR,
            Math.abs(here - usual),
            new Evidence.Change(
                "place of the stamp",
                word(usual),
                word(here),
                "first point " + Numbers.duration(firstNs) + " after the stamp"));
      }
    }

    private static String word(double place) {
      if (Math.abs(place) <= MOVE.value()) {
        return "start";
      }
      if (Math.abs(place - 1) <= MOVE.value()) {
        return "end";
      }
      return Math.abs(place - 0.5) < MOVE.value() ? "middle" : "outside";
    }

    @Override
    Conclusion conclude() {
      if (!learned && place.count() >= LEAST) {
        learn();
      }
      if (place.count() > 0) {
        sink.measure("stamp-place", place.median(), "");
        sink.measure("first-point", first.median() / Times.MILLISECOND, "ms");
        sink.measure("last-point", last.median() / Times.MILLISECOND, "ms");
      }
      return learned
          ? Conclusion.examined(examined, "")
          : Conclusion.undecided(
              examined == 0
                  ? "points have no usable times"
                  : "fewer than " + LEAST + " sweeps whose points have times");
    }
  }
}
