package dev.lockstep.check.lidar;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepProfile.PointTimes;
import dev.lockstep.model.SweepShape;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// Sweeps of a LiDAR that turns ten times a second, with whatever is to be wrong with them.
final class SweepSeries {
  static final long TURN_NS = 100 * Times.MILLISECOND;

  private static final StreamInfo LIDAR =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");

  /// What one sweep is to be like; as made, nothing is wrong with it.
  static final class Sweep {
    long stampNs;
    long firstNs;
    long lastNs = 99_900_000;
    int power;
    boolean usual = true;
    boolean absolute;
    boolean timed = true;
    int distinct = 1800;
    int descents = 3;
    int holeFrom;
    int holeTo;
    int perBin = 40;
    int pause = -1;

    /// Degrees by which points lie turned; distances then too.
    int turned;

    boolean mirrored;
    double factor = 1;
    double height = -1;

    /// Whether directions have the times at which a beam that turns once a sweep crosses them.
    boolean beam;

    /// Degrees by which these times are off.
    int beamOff;

    boolean beamBack;
    int silentLaser = -1;
    boolean intensities;
    boolean varied = true;
  }

  /// Changes the sweep numbered `i`.
  interface Change {
    void apply(int i, Sweep sweep);
  }

  private SweepSeries() {}

  static MessageBatch of(int count, Change change) {
    MessageBatch batch = new MessageBatch(LIDAR, count);
    for (int i = 0; i < count; i++) {
      Sweep sweep = new Sweep();
      sweep.stampNs = 1_700_000_000_000_000_000L + i * TURN_NS;
      change.apply(i, sweep);
      int row = batch.add(sweep.stampNs, Times.NONE, Times.NONE, i * 1000L, 1000);
      batch.setPoints(row, 14_400, 0);
      batch.setSweep(row, profile(sweep));
    }
    return batch;
  }

  private static SweepProfile profile(Sweep sweep) {
    short[] counts = new short[SweepProfile.BINS];
    Arrays.fill(counts, (short) sweep.perBin);
    for (int b = sweep.holeFrom; b < sweep.holeTo; b++) {
      counts[Math.floorMod(b, SweepProfile.BINS)] = 0;
    }
    PointTimes times =
        new PointTimes(
            sweep.power, sweep.usual, sweep.absolute, 14_400, sweep.distinct, sweep.descents);
    boolean known = sweep.timed && sweep.power >= 0;
    SweepProfile profile =
        new SweepProfile(
            "",
            1,
            counts,
            times(sweep),
            azimuths(sweep),
            known ? sweep.firstNs : Times.NONE,
            known ? sweep.lastNs : Times.NONE,
            sweep.timed ? times : null);
    profile = profile.withShape(shape(sweep));
    return sweep.pause < 0 ? profile : profile.withPauses(new short[] {(short) sweep.pause});
  }

  private static float[] times(Sweep sweep) {
    float[] times = new float[sweep.beam ? SweepProfile.BINS : 0];
    for (int bin = 0; bin < times.length; bin++) {
      int along = Math.floorMod(bin + sweep.beamOff, SweepProfile.BINS);
      int at = sweep.beamBack ? SweepProfile.BINS - 1 - along : along;
      times[bin] = (float) ((double) at / SweepProfile.BINS * TURN_NS);
    }
    return times;
  }

  private static float[] azimuths(Sweep sweep) {
    float[] azimuths = new float[sweep.beam ? SweepProfile.BINS : 0];
    for (int bin = 0; bin < azimuths.length; bin++) {
      azimuths[bin] = (float) Math.toRadians(bin + 0.5 - SweepProfile.BINS / 2.0);
    }
    return azimuths;
  }

  /// Walls at distances that differ from side to side, 16 lasers.
  private static SweepShape shape(Sweep sweep) {
    float[] ranges = new float[SweepShape.SECTORS];
    int turn = sweep.turned * SweepShape.SECTORS / 360;
    for (int i = 0; i < ranges.length; i++) {
      int side = Math.floorMod((sweep.mirrored ? -i : i) - turn, SweepShape.SECTORS);
      double meters = 10 + (side < 20 ? 10 : side < 30 ? 40 : side < 60 ? 3 : 25);
      ranges[i] = (float) (Math.log(meters * sweep.factor) / Math.log(2));
    }
    short[] lasers = new short[16];
    Arrays.fill(lasers, (short) 100);
    if (sweep.silentLaser >= 0) {
      lasers[sweep.silentLaser] = 0;
    }
    return new SweepShape(
        ranges, sweep.height * sweep.factor, 1600, 1600, lasers, sweep.intensities, sweep.varied);
  }
}
