package dev.lockstep.testing;

import dev.lockstep.synth.fault.LabelTable;
import java.util.HashMap;
import java.util.Map;

/// Drives with points, made once for all tests, and faults for their labels.
public final class PointDrives {
  private static final Map<String, PointDrive> DRIVES = new HashMap<>();

  private PointDrives() {}

  /// A drive of 60 sweeps.
  public static synchronized PointDrive of(long seed, boolean timed) {
    return DRIVES.computeIfAbsent(seed + " " + timed, key -> new PointDrive(seed, 60, timed));
  }

  /// The boxes as they were `frames` instants earlier, under the same stamps; those that have no
  /// such past are left out.
  public static LabelTable lagging(LabelTable table, double frames) {
    int whole = (int) Math.floor(frames);
    double rest = frames - whole;
    Map<String, LabelTable.Box> by = new HashMap<>();
    table.boxes.forEach(b -> by.put(b.track + "@" + b.frame, b));
    return table
        .copy()
        .where(b -> {
          LabelTable.Box late = by.get(b.track + "@" + (b.frame - whole));
          LabelTable.Box earlier = by.get(b.track + "@" + (b.frame - whole - 1));
          if (late == null || earlier == null) {
            return false;
          }
          b.x = late.x + rest * (earlier.x - late.x);
          b.y = late.y + rest * (earlier.y - late.y);
          b.qw = late.qw;
          b.qz = late.qz;
          return true;
        });
  }
}
