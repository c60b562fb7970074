package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;

/// LID008: a sweep lacks all points in directions in which there are always some.
public final class SweepHasHole extends SweepRule {
  /// Sweeps after which directions are known; judged: two seconds at 10 Hz.
  private static final int LEARNED = 20;

  /// What a sweep weighs against what is known.
  private static final float WEIGHT = 1 / 32f;

  /// Points, of those that are looked at, that a direction always has; judged: with half as many a
  /// patch of sky or water may have none.
  private static final float ALWAYS = 8;

  /// By how many degrees the pause of the points' times may seem narrower than the hole: its ends
  /// lie within a bin and a part of the sweep's time, and a turn need not take the whole time.
  private static final int PAUSE_SLACK = 2;

  /// Directions on either side of a hole that must have their points where no times tell of a
  /// pause, and how many of them; judged: of what passes a synthetic drive within 3 m, one outline
  /// in five is as sharp.
  private static final int EDGE = 2;

  private static final double WHOLE = 0.75;

  /// How far something that leaves directions empty moves from sweep to sweep, degrees, and for how
  /// many sweeps that counts; judged: 2 m in 3 sweeps at 3 m.
  private static final int NEARBY = 15;

  private static final int MOMENT = 3;

  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "min-hole", "degrees", 3, "one packet of a LiDAR with 10 turns a second is 2.4 degrees");
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "error-hole", "degrees", 10, "judged: a car at 20 m is 12 degrees wide");
  private static final CheckCard.Parameter LEFT =
      new CheckCard.Parameter(
          "min-left", "", 0.5, "of the usual points; where fewer are left, LID003 reports that");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID008",
          SweepHasHole.class,
          Severity.ERROR,
          "A sweep has no points at all in directions in which there always are some.",
          WARN,
          ERROR,
          LEFT);

  /// The rule.
  public SweepHasHole() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Holes(stream, sink);
  }

  private static final class Holes extends SweepObserver {
    private float[] usual = {};
    private int[] inARow = {};
    private int seen;
    private long examined;
    private int widest;
    private int always;
    private long longestNs;

    /// Points of the last sweep without a hole, -1 where there is none.
    private long lastTotal = -1;

    Holes(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      int bins = profile.beams() * SweepProfile.BINS;
      if (bins == 0) {
        return;
      }
      if (usual.length != bins) {
        usual = new float[bins];
        inARow = new int[bins];
        seen = 0;
      }
      boolean holed = false;
      if (seen >= LEARNED) {
        holed = judge(message, stampNs, profile);
        examined += always > 0 ? 1 : 0;
      }
      if (!holed) {
        learn(profile);
        lastTotal = total(profile);
      }
    }

    private void learn(SweepProfile profile) {
      seen++;
      longestNs = Math.max(longestNs, spanNs(profile));
      float weight = Math.max(WEIGHT, 1f / seen);
      for (int beam = 0; beam < profile.beams(); beam++) {
        for (int bin = 0; bin < SweepProfile.BINS; bin++) {
          int at = beam * SweepProfile.BINS + bin;
          int count = profile.count(beam, bin);
          usual[at] += weight * (count - usual[at]);
          // A direction that was empty once may be so again.
          inARow[at] = count == 0 ? 0 : inARow[at] + 1;
        }
      }
    }

    /// Judges a sweep; whether it has a hole.
    private boolean judge(long message, long stampNs, SweepProfile profile) {
      int hole = 0;
      int where = 0;
      always = 0;
      for (int beam = 0; beam < profile.beams(); beam++) {
        int run = 0;
        int longest = 0;
        int begin = 0;
        // Once more around, for a hole that lies across the first bin.
        for (int b = 0; b < 2 * SweepProfile.BINS && run < SweepProfile.BINS; b++) {
          int bin = b % SweepProfile.BINS;
          int at = beam * SweepProfile.BINS + bin;
          boolean expected = usual[at] >= ALWAYS && inARow[at] >= LEARNED;
          always += expected && b < SweepProfile.BINS ? 1 : 0;
          run = expected && profile.count(beam, bin) == 0 ? run + 1 : 0;
          if (run > longest) {
            longest = run;
            begin = b - run + 1;
          }
        }
        if (longest > hole && lost(profile, beam, begin, longest)) {
          hole = longest;
          where = begin;
        }
      }
      widest = Math.max(widest, hole);
      if (hole < WARN.value()) {
        return false;
      }
      if (isMostlyThere(profile)) {
        int from = where % SweepProfile.BINS - SweepProfile.BINS / 2;
        fault(
            "the sweep has a hole",
            message,
            stampNs,
            hole >= ERROR.value() ? Severity.ERROR : Severity.WARNING,
            hole,
            new Evidence.OutOfRange(
                "degrees without a point from azimuth " + from + " degrees on",
                hole,
                null,
                (int) WARN.value() - 1,
                "degrees"));
      }
      return true;
    }

    private boolean isMostlyThere(SweepProfile profile) {
      double expected = 0;
      long found = 0;
      for (int at = 0; at < usual.length; at++) {
        expected += usual[at];
        found += profile.count(at / SweepProfile.BINS, at % SweepProfile.BINS);
      }
      return found >= LEFT.value() * expected;
    }

    /// Whether points of a hole's width are lost, as far as their times can tell: in sweeps that
    /// are corrected for the vehicle's motion, the side of something that passes close by moves
    /// further than what stands behind it, and leaves directions empty though all points are there.
    private boolean lost(SweepProfile profile, int beam, int begin, int hole) {
      int pause = profile.pause(beam);
      if (pause < 0) {
        return isCutOut(profile, beam, begin, hole);
      }
      long shorterNs = longestNs - spanNs(profile);
      long atEnd = shorterNs > 0 ? shorterNs * SweepProfile.BINS / longestNs : 0;
      return Math.max(pause, atEnd) + PAUSE_SLACK >= hole;
    }

    /// Without times: points that are lost are missing in all, too, and none beside them, while the
    /// outline of what passes close by is ragged and its points stand elsewhere.
    private boolean isCutOut(SweepProfile profile, int beam, int begin, int hole) {
      double expected = 0;
      for (int b = begin; b < begin + hole; b++) {
        expected += usual[at(beam, b)];
      }
      double missing = lastTotal < 0 ? expected : lastTotal - total(profile);
      if (missing < expected / 2) {
        return false;
      }
      if (hole >= ERROR.value() && missing >= WHOLE * expected) {
        return true;
      }
      // The outermost directions may have lost a part.
      for (int beside = 2; beside < 2 + EDGE; beside++) {
        if (isThin(profile, beam, begin - beside)
            || isThin(profile, beam, begin + hole - 1 + beside)) {
          return false;
        }
      }
      // What passes by was seen through a moment ago in a direction nearby.
      for (int b = begin - NEARBY; b < begin + hole + NEARBY; b++) {
        if (usual[at(beam, b)] >= ALWAYS && inARow[at(beam, b)] < MOMENT) {
          return false;
        }
      }
      return true;
    }

    private boolean isThin(SweepProfile profile, int beam, int b) {
      int bin = Math.floorMod(b, SweepProfile.BINS);
      return profile.count(beam, bin) < WHOLE * usual[at(beam, b)];
    }

    private static int at(int beam, int b) {
      return beam * SweepProfile.BINS + Math.floorMod(b, SweepProfile.BINS);
    }

    private static long total(SweepProfile profile) {
      long total = 0;
      for (int beam = 0; beam < profile.beams(); beam++) {
        for (int bin = 0; bin < SweepProfile.BINS; bin++) {
          total += profile.count(beam, bin);
        }
      }
      return total;
    }

    private static long spanNs(SweepProfile profile) {
      return profile.pause(0) < 0 ? 0 : profile.lastNs() - profile.firstNs();
    }

    @Override
    Conclusion conclude() {
      if (examined > 0) {
        sink.measure("widest-hole", widest, "degrees");
        sink.measure("always-seen", always, "degrees");
      }
      return Conclusion.examined(
          examined,
          seen < LEARNED
              ? "fewer than " + LEARNED + " sweeps whose points have directions"
              : "sweeps hold too few points to be missed in any direction");
    }
  }
}
