package dev.lockstep.bench.labels;

import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.SweepTape;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.fault.LabelTable.Box;
import dev.lockstep.synth.scene.Noise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Faults that only sensors or calibration show, planted in tables of labels.
final class SensorFaults {
  private static final long LANE = 41L << 40;

  private SensorFaults() {}

  /// Boxes as they were `frames` instants earlier, under the same stamps (F08).
  static LabelTable lagging(LabelTable table, double frames) {
    int whole = (int) Math.floor(frames);
    double rest = frames - whole;
    Map<String, Box> by = byFrame(table);
    // The predicate changes the box that it is asked about, which is then copied.
    return table
        .copy()
        .where(b -> {
          Box late = by.get(b.track + "@" + (b.frame - whole));
          Box early = rest == 0 ? late : by.get(b.track + "@" + (b.frame - whole - 1));
          if (late == null || early == null) {
            return false;
          }
          b.x = late.x + rest * (early.x - late.x);
          b.y = late.y + rest * (early.y - late.y);
          b.qw = late.qw;
          b.qz = late.qz;
          return true;
        });
  }

  /// Boxes with the noise of hands: so much in place, a third of it in height, a degree for each 5
  /// cm in heading. No fault.
  static LabelTable noisy(LabelTable clean, double meters, long seed) {
    LabelTable table = clean.copy();
    long at = 0;
    for (Box box : table.boxes) {
      box.x += meters * Noise.bell(seed, LANE + 1, at++);
      box.y += meters * Noise.bell(seed, LANE + 1, at++);
      box.z += meters / 3 * Noise.bell(seed, LANE + 1, at++);
      box.turn(Math.toRadians(20 * meters) * Noise.bell(seed, LANE + 1, at++));
    }
    return table;
  }

  /// 2D boxes of other instants (F08).
  static LabelTable flatLagging(LabelTable table, int frames) {
    Map<String, Box> by = byFrame(table);
    return table
        .copy()
        .where(b -> {
          Box other = by.get(b.track + "@" + (b.frame - frames));
          if (other == null || Double.isNaN(other.left)) {
            return false;
          }
          b.left = other.left;
          b.top = other.top;
          b.right = other.right;
          b.bottom = other.bottom;
          return true;
        });
  }

  private static Map<String, Box> byFrame(LabelTable table) {
    Map<String, Box> by = new HashMap<>();
    table.copy().boxes.forEach(b -> by.put(b.track + "@" + b.frame, b));
    return by;
  }

  /// Cars where nothing is (F15): on the ground within 30 m, 2 m and more from any box at all of
  /// their instants; each of `frames` instants. Their tracks are named `ghost-0` and on.
  static LabelTable ghosts(SweepTape tape, int count, int frames, long seed) {
    LabelTable table = tape.labels();
    int sweeps = tape.stampsNs().length;
    List<Box> ghosts = new ArrayList<>();
    for (long i = 0; ghosts.size() < count * frames && i < 200L * count; i++) {
      long at = 1000 * seed + i;
      int first = (int) Noise.below(seed, LANE, 4 * at, sweeps - frames);
      double range = Noise.between(seed, LANE, 4 * at + 1, 6, 30);
      double azimuth = Noise.between(seed, LANE, 4 * at + 2, -Math.PI, Math.PI);
      double[] place = tape.place(first, range * Math.cos(azimuth), range * Math.sin(azimuth), 0.8);
      boolean free =
          table.boxes.stream()
                  .filter(b -> b.frame >= first && b.frame < first + frames)
                  .allMatch(b -> Math.hypot(b.x - place[0], b.y - place[1]) > 5 + b.length / 2)
              && ghosts.stream().allMatch(b -> Math.hypot(b.x - place[0], b.y - place[1]) > 8);
      if (free) {
        String track = "ghost-" + ghosts.size() / frames;
        for (int f = first; f < first + frames; f++) {
          Box box = new Box().at(tape.stampsNs()[f], f, track, "car");
          ghosts.add(box.solid(place[0], place[1], place[2], 4.4, 1.8, 1.6).yaw(place[3]));
        }
      }
    }
    ghosts.forEach(table::add);
    table.boxes.sort(Comparator.comparingLong(b -> b.stampNs));
    return table;
  }

  /// Boxes of some tracks, or of all, raised (F18).
  static LabelTable raised(LabelTable clean, Set<String> tracks, double meters) {
    LabelTable table = clean.copy();
    table.boxes.forEach(b -> b.z += tracks.isEmpty() || tracks.contains(b.track) ? meters : 0);
    return table;
  }

  /// Every so many tracks of a table.
  static Set<String> some(LabelTable table, int nth, long seed) {
    Set<String> some = new HashSet<>();
    int i = (int) (seed % nth);
    for (List<Box> track : table.tracks()) {
      if (i++ % nth == 0) {
        some.add(track.getFirst().track());
      }
    }
    return some;
  }

  /// 2D boxes shifted (F17).
  static LabelTable shifted(LabelTable clean, double right, double down) {
    LabelTable table = clean.copy();
    table.boxes.forEach(b -> {
      b.left += right;
      b.right += right;
      b.top += down;
      b.bottom += down;
    });
    return table;
  }

  /// The labels of a table with the state of motion that each box has, but for `frames` boxes in
  /// the middle of some tracks, which have the contrary (F19).
  static LabelSet stated(LabelTable table, Set<String> wrong, int frames) {
    LabelSet set = table.build();
    for (int track = 0; track < set.trackCount(); track++) {
      int start = set.trackStart(track);
      int end = set.trackStart(track + 1);
      int first = set.trackRows()[start];
      int last = set.trackRows()[end - 1];
      double way = 0;
      for (int d = 0; d < 2; d++) {
        way +=
            Math.abs(
                set.boxes3d()[last * LabelSet.BOX_3D + d]
                    - set.boxes3d()[first * LabelSet.BOX_3D + d]);
      }
      boolean moves = way > 0.5;
      int from = start + Math.max(0, (end - start - frames) / 2);
      for (int i = start; i < end; i++) {
        boolean flipped = wrong.contains(set.trackName(track)) && i >= from && i < from + frames;
        String state = moves == flipped ? "vehicle.parked" : "vehicle.moving";
        set.details().setAttributes(set.trackRows()[i], List.of(new Attribute("state", state)));
      }
    }
    return set;
  }
}
