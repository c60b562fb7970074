package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.RigTiming.Camera;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// SYN001: images of a rig that is triggered by the LiDAR's beam carry stamps at which the beam was
/// elsewhere.
public final class ImagesOffBeam implements AlignmentCheck {
  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "max-residual",
          "ms",
          BeamTrigger.MAX_RESIDUAL_MS,
          "Argoverse 2 claims 1 ms; its cameras were measured within 0.2 ms");
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "error-residual",
          "ms",
          5,
          "judged: the beam turns by 18 degrees, objects at 20 m/s move by 0.1 m");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN001",
          ImagesOffBeam.class,
          Severity.ERROR,
          "Images are stamped at instants at which the LiDAR's beam did not cross the camera's"
              + " axis.",
          WARN,
          ERROR);

  /// Images of which offsets are told one by one, where there is no phase. Judged: more have one.
  private static final int FEW = 64;

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
    BeamTrigger trigger = BeamTrigger.of(alignment);
    if (timing == null || trigger == null) {
      return;
    }
    if (trigger.triggered() && Math.abs(trigger.commonNs()) > ns(WARN)) {
      results.of(timing.reference().name(), sink -> reportCommon(timing, trigger, sink));
    }
    for (Camera camera : timing.cameras()) {
      results.of(camera.subject(), sink -> judge(timing, camera, trigger, sink));
    }
  }

  private static double ns(CheckCard.Parameter limit) {
    return limit.value() * Times.MILLISECOND;
  }

  private static Severity severity(double offNs) {
    return Math.abs(offNs) > ns(ERROR) ? Severity.ERROR : Severity.WARNING;
  }

  private static Conclusion reportCommon(RigTiming timing, BeamTrigger trigger, CheckSink sink) {
    sink.measure("common-residual", trigger.commonNs() / Times.MILLISECOND, "ms");
    sink.report(
        severity(trigger.commonNs()),
        "sweeps and all images lie apart by one time",
        Location.stream(timing.reference().name()),
        residual(
            "crossing of the axes minus image stamps, the same for "
                + trigger.agreeing()
                + " directions",
            trigger.commonNs()));
    return Conclusion.examined(trigger.judged().size(), "");
  }

  private static Evidence residual(String what, double ns) {
    // Rounded to what the beam can tell, so that a rerun with more sweeps reads the same.
    double ms = Math.rint(ns / 1e4) / 100;
    return new Evidence.OutOfRange(what, ms, -WARN.value(), WARN.value(), "ms");
  }

  /// Measures how far images lie from the sweeps nearest to them, where there are too few of either
  /// to tell a phase: a keyframe, or some.
  private static void offset(long[] sweeps, long[] images, CheckSink sink) {
    if (sweeps.length == 0 || images.length == 0 || images.length > FEW) {
      return;
    }
    long[] apart = new long[images.length];
    for (int i = 0; i < images.length; i++) {
      long nearest = Long.MAX_VALUE;
      for (long sweep : sweeps) {
        long ns = Times.difference(images[i], sweep);
        nearest = Math.abs(ns) < Math.abs(nearest) ? ns : nearest;
      }
      apart[i] = nearest;
    }
    Arrays.sort(apart);
    sink.measure("offset", (double) apart[apart.length / 2] / Times.MILLISECOND, "ms");
  }

  private static Conclusion judge(
      RigTiming timing, Camera camera, BeamTrigger trigger, CheckSink sink) {
    PhaseLock lock = camera.lock();
    if (lock != null) {
      sink.measure("phase", lock.phaseNs() / Times.MILLISECOND, "ms");
      sink.measure("phase-spread", lock.spreadNs() / Times.MILLISECOND, "ms");
      sink.measure("phase-concentration", lock.concentration(), "");
      if (!camera.residuals().isEmpty()) {
        sink.measure("beam-residual", camera.residualNs() / Times.MILLISECOND, "ms");
        sink.measure("beam-crossings", camera.residuals().size(), "");
      }
    } else {
      offset(timing.reference().stamps().stampsNs(), camera.stamps().stampsNs(), sink);
    }
    String undecided = BeamTrigger.undecided(camera);
    if (undecided != null) {
      return Conclusion.undecided(undecided);
    }
    if (!trigger.triggered()) {
      return Conclusion.undecided(
          "cameras do not agree with the beam, so that it does not seem to trigger them");
    }
    String other = trigger.fitsAxisOf(camera);
    if (other != null) {
      return Conclusion.undecided("the stamps fit the axis of " + other + ", see SYN004");
    }
    double off = trigger.offNs(camera);
    if (Math.abs(off) > ns(WARN)) {
      sink.report(
          severity(off),
          "images are not taken when the beam crosses the axis",
          Location.stream(camera.name()),
          residual("crossing of the camera's axis minus image stamp", off));
    }
    return Conclusion.examined(camera.residuals().size(), "");
  }
}
