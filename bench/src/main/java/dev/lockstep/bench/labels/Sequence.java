package dev.lockstep.bench.labels;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.Noise;
import dev.lockstep.synth.scene.Scene;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The labels of one recording, believed clean.
///
/// @param dataset where it comes from
/// @param number number in the data set: limits may have been set with sight of even ones
/// @param labels the labels
/// @param poses poses of the vehicle, or null
record Sequence(String dataset, int number, LabelTable labels, @Nullable PoseSeries poses) {
  /// Name of the synthetic data set.
  static final String SYNTHETIC = "synthetic";

  private static final double PERIOD_SECONDS = 0.1;
  private static final double RANGE_METERS = 60;

  /// Noise in height is that share of the noise in place (judged: heights are labelled evenly).
  private static final double HEIGHT_SHARE = 0.3;

  /// Noise of the heading that goes with 5 cm of noise in place.
  private static final double YAW_PER_METER = Math.toRadians(1) / 0.05;

  private static final long NOISE_LANE = 31L << 40;

  /// Whether limits may not have been set with sight of it.
  boolean forTest() {
    return number % 2 == 1;
  }

  /// A synthetic drive of so many frames at 10 Hz, with exact boxes fixed to the ground.
  static Sequence synthetic(int number, int frames) {
    Scene scene = new Scene(1000L + number, RANGE_METERS);
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int frame = 0; frame < frames; frame++) {
      long stampNs = 1_700_000_000_000_000_000L + Math.round(frame * PERIOD_SECONDS * 1e9);
      for (Actor actor : scene.actors(frame * PERIOD_SECONDS)) {
        LabelTable.Box box =
            table.add(
                new LabelTable.Box()
                    .at(stampNs, frame, "" + actor.track(), actor.category().label()));
        box.solid(
                actor.x(),
                actor.y(),
                actor.z(),
                actor.lengthMeters(),
                actor.widthMeters(),
                actor.heightMeters())
            .yaw(actor.yaw());
        box.points = 50;
      }
    }
    return new Sequence(SYNTHETIC, number, table, null);
  }

  /// The same with every `nth` instant only, and white noise of that deviation in place, a third of
  /// it in height, and a degree in heading for each 5 cm.
  Sequence varied(int nth, double noiseMeters, long seed) {
    List<Long> stamps =
        new ArrayList<>(new TreeSet<>(labels.boxes.stream().map(b -> b.stampNs).toList()));
    Map<Long, Integer> index = new HashMap<>();
    for (int i = 0; i < stamps.size(); i++) {
      index.put(stamps.get(i), i);
    }
    LabelTable kept =
        nth == 1 ? labels.copy() : labels.where(b -> index.getOrDefault(b.stampNs, 1) % nth == 0);
    if (noiseMeters > 0) {
      long at = 0;
      for (LabelTable.Box box : kept.boxes) {
        box.x += noiseMeters * Noise.bell(seed, NOISE_LANE, at++);
        box.y += noiseMeters * Noise.bell(seed, NOISE_LANE, at++);
        box.z += HEIGHT_SHARE * noiseMeters * Noise.bell(seed, NOISE_LANE, at++);
        box.turn(YAW_PER_METER * noiseMeters * Noise.bell(seed, NOISE_LANE, at++));
      }
    }
    return new Sequence(dataset, number, kept, poses);
  }
}
