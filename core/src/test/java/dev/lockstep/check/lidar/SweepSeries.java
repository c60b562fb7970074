package dev.lockstep.check.lidar;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepProfile.PointTimes;
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
            new float[0],
            new float[0],
            known ? sweep.firstNs : Times.NONE,
            known ? sweep.lastNs : Times.NONE,
            sweep.timed ? times : null);
    return sweep.pause < 0 ? profile : profile.withPauses(new short[] {(short) sweep.pause});
  }
}
