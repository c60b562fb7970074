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
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// LID005: the times of the points of a sweep do not span a turn, or are in an odd unit.
public final class PointTimesImplausible extends SweepRule {
  /// Steps from which the time of a turn is learned; judged.
  private static final int LEARNED = 21;

  private static final int LEAST = 3;

  /// Fewer points say nothing about a turn; judged.
  private static final int LEAST_POINTS = 256;

  /// Fewer different times have no span: LID006 is about those.
  private static final int LEAST_DISTINCT = 64;

  private static final CheckCard.Parameter LEAST_SPAN =
      new CheckCard.Parameter(
          "min-span", "", 0.5, "of the time between sweeps; judged: a LiDAR that looks ahead only");
  private static final CheckCard.Parameter MOST_SPAN =
      new CheckCard.Parameter(
          "max-span",
          "",
          1.5,
          "of the time between sweeps; judged: Argoverse 2 joins two LiDARs to 1.03");
  private static final CheckCard.Parameter CHANGE =
      new CheckCard.Parameter(
          "max-change",
          "",
          0.25,
          "of the span that sweeps of the stream have; judged: a lost sector takes less");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID005",
          PointTimesImplausible.class,
          Severity.ERROR,
          "The times of a sweep's points do not span a turn, or are in an unusual unit.",
          LEAST_SPAN,
          MOST_SPAN,
          CHANGE);

  /// The rule.
  public PointTimesImplausible() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Spans(stream, sink);
  }

  private record First(long message, long stampNs, double spanNs) {}

  private static final class Spans extends SweepObserver {
    private final Usual turn = new Usual(LEARNED);
    private final Usual spans = new Usual(LEARNED);
    private final List<First> learning = new ArrayList<>();
    private boolean learned;
    private double turnNs;
    private double usualNs;
    private long beforeNs = Times.NONE;
    private long examined;

    Spans(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      if (beforeNs != Times.NONE && stampNs != Times.NONE && stampNs > beforeNs) {
        turn.add(Times.difference(stampNs, beforeNs));
      }
      beforeNs = stampNs;
      PointTimes times = profile.pointTimes();
      if (times == null || times.looked() < LEAST_POINTS || times.distinct() < LEAST_DISTINCT) {
        return;
      }
      examined++;
      if (times.unitPower() < 0) {
        fault(
            "point times are in no unit that gives a turn",
            message,
            stampNs,
            Severity.ERROR,
            0,
            new Evidence.Violation(
                "span of the point times",
                "no turn in s, ms, us or ns",
                "5 ms to 0.9 s in one of them"));
        return;
      }
      if (!times.usualUnit()) {
        fault(
            "point times are in an unusual unit",
            message,
            stampNs,
            Severity.WARNING,
            0,
            new Evidence.Violation(
                "unit of the point times by their span",
                unit(times.unitPower()),
                "ns in a whole number, s in a fraction"));
      }
      double span = (double) profile.lastNs() - profile.firstNs();
      spans.add(span);
      if (learned) {
        judge(message, stampNs, span);
      } else {
        learning.add(new First(message, stampNs, span));
        if (turn.isKnown()) {
          learn();
        }
      }
    }

    private static String unit(int power) {
      return switch (power) {
        case 0 -> "ns";
        case 3 -> "us";
        case 6 -> "ms";
        default -> "s";
      };
    }

    private void learn() {
      learned = true;
      turnNs = turn.median();
      usualNs = spans.median();
      learning.forEach(sweep -> judge(sweep.message, sweep.stampNs, sweep.spanNs));
      learning.clear();
    }

    private void judge(long message, long stampNs, double spanNs) {
      double share = spanNs / turnNs;
      if (share < LEAST_SPAN.value() || share > MOST_SPAN.value()) {
        fault(
            "point times do not span the time between sweeps",
            message,
            stampNs,
            Severity.ERROR,
            Math.abs(Math.log(share)),
            Evidence.OutOfRange.rounded(
                "span of the point times in sweeps",
                share,
                LEAST_SPAN.value(),
                MOST_SPAN.value(),
                3,
                ""));
      } else if (Math.abs(spanNs / usualNs - 1) > CHANGE.value()) {
        fault(
            "point times do not span the time between sweeps",
            message,
            stampNs,
            Severity.ERROR,
            Math.abs(Math.log(spanNs / usualNs)),
            Evidence.OutOfRange.rounded(
                "span of the point times, of the usual one",
                spanNs / usualNs,
                1 - CHANGE.value(),
                1 + CHANGE.value(),
                3,
                ""));
      }
    }

    @Override
    boolean misleads() {
      return true;
    }

    @Override
    Conclusion conclude() {
      if (!learned && turn.count() >= LEAST) {
        learn();
      }
      if (spans.count() > 0) {
        sink.measure("span", spans.median() / Times.MILLISECOND, "ms");
      }
      return Conclusion.examined(examined, "points have no times, or too few of them");
    }
  }
}
