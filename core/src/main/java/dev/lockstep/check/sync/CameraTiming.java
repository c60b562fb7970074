package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.sync.RigTiming.Camera;
import dev.lockstep.check.sync.RigTiming.Crossing;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.clock.RisingStamps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How one camera lies against the LiDAR over time, as the rules measure it.
///
/// @param reference name of the LiDAR
/// @param camera name of the camera
/// @param stampsNs stamps of its images that lie behind a sweep
/// @param phasesNs stamp minus that of the sweep in front, folded around their mean
/// @param crossedNs when a beam crossed its optical axis; empty where that is not known
/// @param residualsNs crossing minus the stamp of the nearest image
public record CameraTiming(
    String reference,
    String camera,
    long[] stampsNs,
    double[] phasesNs,
    long[] crossedNs,
    double[] residualsNs) {

  /// The cameras whose phase can be told, in order of streams.
  public static List<CameraTiming> of(Alignment alignment) {
    RigTiming timing = RigTiming.of(alignment);
    List<CameraTiming> all = new ArrayList<>();
    if (timing != null) {
      for (Camera camera : timing.cameras()) {
        PhaseLock lock = camera.lock();
        if (lock != null) {
          all.add(of(timing, camera, lock));
        }
      }
    }
    return all;
  }

  private static CameraTiming of(RigTiming timing, Camera camera, PhaseLock lock) {
    RisingStamps sweeps = timing.reference().stamps();
    long[] own = camera.stamps().stampsNs();
    long[] stamps = new long[own.length];
    double[] phases = new double[own.length];
    int n = 0;
    for (long stamp : own) {
      int at = sweeps.floor(stamp);
      double behind = at < 0 ? Double.NaN : stamp - sweeps.stampsNs()[at];
      if (behind <= 2 * timing.reference().periodNs()) {
        stamps[n] = stamp;
        phases[n++] = lock.phaseNs() + PhaseLock.fold(behind - lock.phaseNs(), lock.periodNs());
      }
    }
    List<Crossing> crossings = timing.crossings(camera.stamps(), camera.yaw(), lock.periodNs());
    return new CameraTiming(
        timing.reference().name(),
        camera.name(),
        Arrays.copyOf(stamps, n),
        Arrays.copyOf(phases, n),
        crossings.stream().mapToLong(Crossing::stampNs).toArray(),
        crossings.stream().mapToDouble(Crossing::offNs).toArray());
  }
}
