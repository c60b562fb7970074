package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepShape;

/// LID014: a laser gives no more points while its neighbours do.
public final class LaserSilent extends SweepRule {
  /// Sweeps from which returns are learned; judged: two seconds at 10 Hz.
  private static final int LEARNED = 20;

  /// How much the latest sweep counts in what is usual.
  private static final float WEIGHT = 0.1f;

  /// Part of their usual returns that neighbours must have; judged.
  private static final double ALIVE = 0.5;

  private static final CheckCard.Parameter LEAST =
      new CheckCard.Parameter(
          "min-returns", "points", 20, "looked at, of a laser in a sweep; judged: fewer are few");
  private static final CheckCard.Parameter LEFT =
      new CheckCard.Parameter(
          "max-left",
          "%",
          5,
          "of its usual returns; judged: what lies in a laser's way hides it from a part of a"
              + " turn");
  private static final CheckCard.Parameter MOST =
      new CheckCard.Parameter(
          "max-lasers", "%", 25, "of them; where more fall silent, LID003 reports points");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID014",
          LaserSilent.class,
          Severity.ERROR,
          "A laser of a LiDAR gives no more points while its neighbours do.",
          LEAST,
          LEFT,
          MOST);

  /// The rule.
  public LaserSilent() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Lasers(stream, sink);
  }

  private static final class Lasers extends SweepObserver {
    private float[] usual = {};
    private int seen;
    private long examined;

    Lasers(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      SweepShape shape = profile.shape();
      if (shape == null || shape.lasers() < 2 && usual.length < 2) {
        return;
      }
      if (shape.lasers() > usual.length) {
        usual = new float[shape.lasers()];
        seen = 0;
      }
      boolean silent = seen >= LEARNED && judge(message, stampNs, shape);
      examined += seen >= LEARNED ? 1 : 0;
      learn(shape, silent);
    }

    private boolean judge(long message, long stampNs, SweepShape shape) {
      int silent = 0;
      int first = -1;
      int known = 0;
      for (int laser = 0; laser < usual.length; laser++) {
        known += usual[laser] >= LEAST.value() ? 1 : 0;
        if (isSilent(laser, shape)) {
          silent++;
          first = first < 0 ? laser : first;
        }
      }
      if (silent == 0 || silent > Math.max(1, MOST.value() / 100 * known)) {
        return false;
      }
      boolean beside = isAlive(first, -1, shape) && isAlive(first, 1, shape);
      if (beside) {
        fault(
            "a laser of the LiDAR gives no points",
            message,
            stampNs,
            Severity.ERROR,
            silent,
            new Evidence.Violation(
                silent == 1 ? "laser " + first : silent + " lasers from " + first + " on",
                shape.returnsOf(first) + " of the points looked at",
                "about " + Math.round(usual[first])));
      }
      return beside;
    }

    private boolean isSilent(int laser, SweepShape shape) {
      return usual[laser] >= LEAST.value()
          && shape.returnsOf(laser) <= LEFT.value() / 100 * usual[laser];
    }

    /// Whether the next laser on one side that is not silent has its usual returns.
    private boolean isAlive(int from, int step, SweepShape shape) {
      for (int laser = from + step; laser >= 0 && laser < usual.length; laser += step) {
        if (usual[laser] >= LEAST.value() && !isSilent(laser, shape)) {
          return shape.returnsOf(laser) >= ALIVE * usual[laser];
        }
      }
      // The outermost one has neighbours on one side only.
      return from == 0 || from == usual.length - 1;
    }

    private void learn(SweepShape shape, boolean silent) {
      seen++;
      float weight = Math.max(WEIGHT, 1f / seen);
      for (int laser = 0; laser < usual.length; laser++) {
        // What fell silent stays missed; what was never there is none.
        if (!silent || !isSilent(laser, shape)) {
          usual[laser] += weight * (shape.returnsOf(laser) - usual[laser]);
        }
      }
    }

    @Override
    Conclusion conclude() {
      return Conclusion.examined(
          examined,
          usual.length == 0
              ? "points do not name their lasers"
              : "fewer than " + LEARNED + " sweeps");
    }
  }
}
