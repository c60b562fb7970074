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
import dev.lockstep.model.SweepProfile.PointTimes;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// LID007: a sweep does not begin where the one before it ended.
public final class SweepsDiscontinuous extends SweepRule {
  /// Gaps from which the usual one is learned; judged.
  private static final int LEARNED = 21;

  private static final int LEAST = 8;

  /// A gap of this part of a turn and more is a lost sweep, which is for the rules about stamps.
  private static final double LOST = 0.5;

  /// How closely a gap that follows from a stamp follows it, ns; judged.
  private static final double SAME_NS = 1e6;

  private static final CheckCard.Parameter CHANGE =
      new CheckCard.Parameter(
          "max-change",
          "ms",
          1.4,
          "two packets of a 32-laser LiDAR; gaps of a KITTI drive were measured at 0 to 1.4 us");
  private static final CheckCard.Parameter SIGMAS =
      new CheckCard.Parameter(
          "sigmas", "", 8, "judged: gaps that scatter by themselves are held to their own spread");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID007",
          SweepsDiscontinuous.class,
          Severity.WARNING,
          "A sweep does not begin where the one before it ended.",
          CHANGE,
          SIGMAS);

  /// The rule.
  public SweepsDiscontinuous() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Gaps(stream, sink);
  }

  /// @param stepNs from stamp to stamp
  private record Gap(long message, long stampNs, double ns, double stepNs) {}

  private static final class Gaps extends SweepObserver {
    private final Usual gap = new Usual(LEARNED);
    private final Usual step = new Usual(LEARNED);
    private final List<Gap> learning = new ArrayList<>();
    private boolean learned;
    private long lastMessage = -2;
    private long lastStampNs = Times.NONE;
    private long endNs;
    private long relative;
    private long examined;
    private double largest;

    Gaps(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      if (profile.firstNs() == Times.NONE || stampNs == Times.NONE) {
        return;
      }
      PointTimes times = profile.pointTimes();
      if (times != null && !times.absolute()) {
        // The stamp is part of each time: its own jitter would pass for gaps.
        relative++;
        return;
      }
      if (lastMessage + 1 == message) {
        double ns = Times.difference(stampNs + profile.firstNs(), endNs);
        Gap found = new Gap(message, stampNs, ns, Times.difference(stampNs, lastStampNs));
        examined++;
        if (learned) {
          judge(found);
        } else {
          gap.add(ns);
          step.add(found.stepNs);
          learning.add(found);
          if (gap.isKnown()) {
            learn();
          }
        }
      }
      lastMessage = message;
      lastStampNs = stampNs;
      endNs = stampNs + profile.lastNs();
    }

    private void learn() {
      learned = true;
      learning.forEach(this::judge);
      learning.clear();
    }

    private void judge(Gap found) {
      double off = found.ns - gap.median();
      largest = Math.max(largest, Math.abs(off));
      double limit = Math.max(CHANGE.value() * Times.MILLISECOND, SIGMAS.value() * gap.sigma());
      boolean follows = Math.abs(off - (found.stepNs - step.median())) < SAME_NS;
      if (Math.abs(off) <= limit || Math.abs(off) >= LOST * step.median() || follows) {
        return;
      }
      fault(
          off > 0 ? "time is missing between two sweeps" : "two sweeps overlap in time",
          found.message,
          found.stampNs,
          Severity.WARNING,
          Math.abs(off),
          new Evidence.Violation(
              "from the end of the sweep before to the first point",
              Numbers.duration(Math.round(found.ns)),
              "about " + Numbers.duration(Math.round(gap.median())) + " as usual"));
    }

    @Override
    Conclusion conclude() {
      if (!learned && gap.count() >= LEAST) {
        learn();
      }
      if (gap.count() > 0) {
        sink.measure("gap", gap.median() / 1e3, "us");
        sink.measure("gap-change-max", largest / 1e3, "us");
      }
      if (learned) {
        return Conclusion.examined(examined, "");
      }
      return Conclusion.undecided(
          relative > 0
              ? "point times count from the stamp, so that gaps are those of stamps"
              : "fewer than " + LEAST + " sweeps in a row whose beginning and end are known");
    }
  }
}
