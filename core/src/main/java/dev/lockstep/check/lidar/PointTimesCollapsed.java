package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepProfile.PointTimes;

/// LID006: the times of a sweep's points are too few or in no order.
public final class PointTimesCollapsed extends SweepRule {
  private static final CheckCard.Parameter POINTS =
      new CheckCard.Parameter(
          "min-points", "points", 1024, "that were looked at; judged: fewer are no turn");
  private static final CheckCard.Parameter DISTINCT =
      new CheckCard.Parameter(
          "min-distinct",
          "times",
          64,
          "judged: a turn has hundreds of firings, and float32 seconds of a day have 13 times in"
              + " it");
  private static final CheckCard.Parameter DISORDER =
      new CheckCard.Parameter(
          "max-descents",
          "%",
          10,
          "of the points; judged: clouds are ordered by time or, with some 100 descents, by laser;"
              + " random times descend at every second point");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID006",
          PointTimesCollapsed.class,
          Severity.ERROR,
          "The points of a sweep share a few times, or their times are in no order.",
          POINTS,
          DISTINCT,
          DISORDER);

  /// The rule.
  public PointTimesCollapsed() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Qualities(stream, sink);
  }

  private static final class Qualities extends SweepObserver {
    private long examined;
    private long distinct;
    private long descents;
    private long points;

    Qualities(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      PointTimes times = profile.pointTimes();
      if (times == null || times.looked() < POINTS.value()) {
        return;
      }
      examined++;
      distinct += times.distinct();
      descents += times.descents();
      points += times.looked();
      if (times.distinct() < DISTINCT.value()) {
        fault(
            times.distinct() <= 1
                ? "all points of the sweep have the same time"
                : "points of the sweep share a few times",
            message,
            stampNs,
            Severity.ERROR,
            -times.distinct(),
            new Evidence.OutOfRange(
                "different times of " + times.looked() + " points",
                times.distinct(),
                (int) DISTINCT.value(),
                null,
                ""));
        return;
      }
      double share = 100.0 * times.descents() / times.looked();
      if (share > DISORDER.value()) {
        fault(
            "the times of the points are in no order",
            message,
            stampNs,
            Severity.WARNING,
            share,
            Evidence.OutOfRange.rounded(
                "share of points earlier than the one in front",
                share,
                null,
                DISORDER.value(),
                1,
                "%"));
      }
    }

    @Override
    boolean misleads() {
      return true;
    }

    @Override
    Conclusion conclude() {
      if (examined > 0) {
        sink.measure("distinct-times", (double) distinct / examined, "");
        sink.measure("descents", 100.0 * descents / points, "%");
      }
      return Conclusion.examined(examined, "points have no times, or too few of them");
    }
  }
}
