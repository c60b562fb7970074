package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.RigTiming.Camera;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// SYN002: a camera does not keep its phase to the LiDAR.
public final class PhaseNotKept implements AlignmentCheck {
  private static final String HOLES = "TIM008";

  private static final CheckCard.Parameter DRIFT =
      new CheckCard.Parameter(
          "max-drift",
          "%",
          5,
          "of the period, over the recording; judged: triggered cameras were measured below 1 %");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN002",
          PhaseNotKept.class,
          Severity.WARNING,
          "A camera does not keep its phase to the LiDAR.",
          DRIFT);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public String nothingToExamine() {
    return "no LiDAR with cameras beside it";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    RigTiming timing = RigTiming.of(alignment);
    if (timing == null) {
      return;
    }
    boolean someLocked = false;
    for (Camera camera : timing.cameras()) {
      PhaseLock lock = camera.lock();
      someLocked |= lock != null && lock.locked();
    }
    boolean rigLocks = someLocked;
    for (Camera camera : timing.cameras()) {
      results.of(camera.subject(), sink -> judge(camera, timing.reference(), rigLocks, sink));
    }
  }

  private static Conclusion judge(Camera camera, Timed lidar, boolean rigLocks, CheckSink sink) {
    PhaseLock lock = camera.lock();
    if (lock == null) {
      return Conclusion.undecided(camera.why());
    }
    sink.measure("drift", lock.ppm(), "ppm");
    if (lock.locked()) {
      return Conclusion.examined(lock.count(), "");
    }
    Timed timed = camera.timed();
    Location at = Location.stream(camera.name());
    if (timed != null && lock.stepAt() >= 0) {
      int message = timed.stamps().messages()[lock.stepAt()];
      long stampNs = timed.stream().stampsNs()[message];
      String told = restarted(timed.stream(), stampNs);
      told = told == null ? restarted(lidar.stream(), stampNs) : told;
      sink.report(
          told == null ? Severity.WARNING : Severity.INFO,
          "the camera goes on at another phase to the LiDAR",
          timed.stream().location(message, message),
          new Evidence.Violation(
              "phase",
              "steps by " + rounded(lock.stepNs() / Times.MILLISECOND) + " ms",
              "at most "
                  + rounded(DRIFT.value() / 100 * lock.periodNs() / Times.MILLISECOND)
                  + " ms over the recording"),
          told == null
              ? null
              : new Cause(
                  "restarted", told + " reports that one of them went on at another phase"));
    } else if (timed != null && lock.lostAt() >= 0) {
      int message = timed.stamps().messages()[lock.lostAt()];
      sink.report(
          Severity.WARNING,
          "the camera keeps its phase to the LiDAR, then loses it",
          timed.stream().location(message, message),
          drift(lock, lock.lostPpm()));
    } else if (timed != null && lock.runsFree()) {
      // Nothing in a recording says that cameras should be triggered, unless others are.
      sink.report(
          rigLocks ? Severity.WARNING : Severity.INFO,
          rigLocks
              ? "the camera runs free of the LiDAR, while others keep their phase"
              : "the camera runs free of the LiDAR",
          at,
          drift(lock, lock.ppm()));
    } else {
      return Conclusion.undecided(
          "phases scatter over the period of "
              + Numbers.duration(Math.round(lock.periodNs()))
              + ": no lock can be told");
    }
    return Conclusion.examined(lock.count(), "");
  }

  /// Id of the rule that reports that a stream paused and went on at another phase near a stamp, or
  /// null.
  private static @Nullable String restarted(Alignment.Stream stream, long stampNs) {
    long[] stamps = stream.stampsNs();
    for (Alignment.Absence absence : stream.absences()) {
      int after = (int) absence.after();
      int behind = after + 3;
      if (absence.check().equals(HOLES)
          && absence.count() == 0
          && after > 0
          && behind < stamps.length
          && stamps[after - 1] <= stampNs
          && stamps[behind] >= stampNs) {
        return absence.check();
      }
    }
    return null;
  }

  private static Evidence drift(PhaseLock lock, double ppm) {
    double limit = DRIFT.value() / 100 * lock.periodNs() / Times.MILLISECOND;
    return new Evidence.Violation(
        "phase",
        "drifts by " + rounded(ppm * 60e-3) + " ms a minute (" + Math.round(ppm) + " ppm)",
        "at most " + rounded(limit) + " ms over the recording");
  }

  private static String rounded(double value) {
    return Numbers.text(Math.rint(value * 10) / 10);
  }
}
