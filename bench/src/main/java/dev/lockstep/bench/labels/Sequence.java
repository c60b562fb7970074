package dev.lockstep.bench.labels;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.Category;
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

  /// Name of the further drives.
  static final String CROWDED = "synthetic, people in company";

  private static final int FIRST_CROWDED = 1001;

  /// How far people who walk together sway against each other, and how fast (judged: a step a
  /// second or two).
  private static final double SWAY_METERS = 0.15;

  private static final double SWAY_PER_FRAME = 0.07;

  private static final long COMPANY_LANE = 37L << 40;

  /// Number of what makes the sides of those who come along differ, as other sizes do.
  private static final long SIDES = 1L << 32;

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

  /// A further drive with more to plant faults in: each person on foot walks with one beside and
  /// one behind. Such drives are for tests alone, whatever their number.
  static Sequence crowded(int number, int frames) {
    Sequence drive = synthetic(FIRST_CROWDED + 2 * number, frames);
    LabelTable table = drive.labels;
    List<LabelTable.Box> people =
        table.boxes.stream().filter(b -> b.category.equals(Category.PEDESTRIAN.label())).toList();
    for (LabelTable.Box walker : people) {
      long id = Long.parseLong(walker.track());
      double phase = Noise.between(drive.number, COMPANY_LANE, 3 * id, 0, 2 * Math.PI);
      double sway = SWAY_METERS * StrictMath.sin(SWAY_PER_FRAME * walker.frame + phase);
      double aside = Noise.between(drive.number, COMPANY_LANE, 3 * id + 1, 0.8, 1.9);
      double behind = Noise.between(drive.number, COMPANY_LANE, 3 * id + 2, 2.3, 3.7);
      accompany(table, walker, "-beside", 2 * id, sway, aside);
      accompany(table, walker, "-behind", 2 * id + 1, -behind, sway);
    }
    table.boxes.sort(Order.byLong(b -> b.stampNs));
    return new Sequence(CROWDED, drive.number, table, null);
  }

  private static void accompany(
      LabelTable table,
      LabelTable.Box walker,
      String name,
      long company,
      double ahead,
      double left) {
    double cos = walker.qw * walker.qw - walker.qz * walker.qz;
    double sin = 2 * walker.qw * walker.qz;
    LabelTable.Box box = walker.copy();
    box.track = walker.track() + name;
    box.length *= Noise.between(company, COMPANY_LANE, SIDES, 0.94, 1.06);
    box.width *= Noise.between(company, COMPANY_LANE, SIDES + 1, 0.95, 1.05);
    box.height *= Noise.between(company, COMPANY_LANE, SIDES + 2, 0.94, 1.06);
    box.x += cos * ahead - sin * left;
    box.y += sin * ahead + cos * left;
    table.add(box);
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
