package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;

/// Small scenes in which every number can be followed by hand.
final class Scenes {
  static final long START_NS = 1_700_000_000_000_000_000L;
  static final long STEP_NS = 100_000_000L;

  private Scenes() {}

  /// Cars `1` to `cars` side by side in lanes 4 m apart, driving 1 m a frame, over 20 frames.
  static LabelTable lanes(int cars) {
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < 20; f++) {
      for (int car = 1; car <= cars; car++) {
        LabelTable.Box box = new LabelTable.Box().at(START_NS + f * STEP_NS, f, "" + car, "car");
        table.add(box.solid(f + 2 * car, 4 * car, 0.8, 4 + 0.1 * car, 1.8, 1.6));
      }
    }
    return table;
  }

  /// The box of a track in a frame.
  static LabelTable.Box box(LabelTable table, String track, long frame) {
    return table.boxes.stream()
        .filter(b -> b.frame == frame && track.equals(b.track))
        .findFirst()
        .orElseThrow();
  }

  /// Exchanges two ids in frames `from` to `to`.
  static void exchange(LabelTable table, String a, String b, long from, long to) {
    for (LabelTable.Box box : table.boxes) {
      if (box.frame >= from && box.frame <= to && (box.track.equals(a) || box.track.equals(b))) {
        box.track = box.track.equals(a) ? b : a;
      }
    }
  }
}
