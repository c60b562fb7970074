package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import java.util.Random;

/// Labels of a street that never was: cars that follow curves and brake, and people who walk, with
/// white noise on top. Every number follows from the seed.
final class TrackSimulator {
  private static final double BLOCK_METERS = 12;

  private final Random random;
  private final double period;
  private final double noise;
  private final LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
  private int tracks;

  private TrackSimulator(long seed, double hertz, double noise) {
    this.random = new Random(seed);
    this.period = 1 / hertz;
    this.noise = noise;
  }

  /// Labels of `cars` and `people` over `frames` instants in a frame fixed to the ground.
  static LabelTable street(
      long seed, int cars, int people, int frames, double hertz, double noise) {
    TrackSimulator simulator = new TrackSimulator(seed, hertz, noise);
    for (int i = 0; i < cars; i++) {
      simulator.car(i, frames);
    }
    for (int i = 0; i < people; i++) {
      simulator.person(i, frames);
    }
    return simulator.table;
  }

  /// 2D boxes of `people` that walk to either side before a camera that pans and, by `shake` pixels
  /// an instant, is moved by hand.
  static LabelTable video(long seed, int people, int frames, double noise, double shake) {
    Random random = new Random(seed);
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.FRAME_NUMBER);
    double[] x = random.doubles(people, 100, 1800).toArray();
    double[] size = random.doubles(people, 60, 240).toArray();
    double[] speed = random.doubles(people, -1, 1).toArray();
    for (int f = 0; f < frames; f++) {
      double atX = 40 * Math.sin(f / 25.0) + shake * random.nextGaussian();
      double atY = shake * random.nextGaussian();
      for (int p = 0; p < people; p++) {
        x[p] += size[p] / 40 * speed[p];
        double left = x[p] + atX + noise * random.nextGaussian();
        double top = 500 - size[p] / 2 + atY + noise * random.nextGaussian();
        table.add(
            new LabelTable.Box()
                .at(Math.round(f * 1e9 / 30), f, "" + p, "pedestrian")
                .flat(left, top, left + size[p] / 3, top + size[p]));
      }
    }
    return table;
  }

  /// Cars drive in lanes 3.5 m apart, four to a block of 12 m, so that some are neighbours.
  private void car(int number, int frames) {
    double length = 3.8 + random.nextDouble();
    double width = 1.7 + 0.2 * random.nextDouble();
    double height = 1.4 + 0.3 * random.nextDouble();
    int block = number / 4;
    double x = BLOCK_METERS * block + 2 * random.nextDouble();
    double y = 3.5 * (number % 4);
    double speed = random.nextInt(4) == 0 ? 0 : 14 * random.nextDouble();
    double heading = 0.05 * random.nextGaussian();
    double turning = 0;
    String id = "car-" + tracks++;
    int first = random.nextInt(frames / 4);
    int last = frames - random.nextInt(frames / 4);
    for (int f = 0; f < last; f++) {
      if (f >= first) {
        box(f, id, "car", x, y, length, width, height, heading);
      }
      double acceleration = speed == 0 ? 0 : 1.5 * random.nextGaussian();
      turning += speed == 0 ? 0 : 0.1 * random.nextGaussian() * Math.sqrt(period);
      turning = Math.clamp(turning, -0.3, 0.3);
      heading += speed == 0 ? 0 : turning * period;
      speed = Math.max(0, speed + acceleration * period);
      x += speed * Math.cos(heading) * period;
      y += speed * Math.sin(heading) * period;
    }
  }

  private void person(int number, int frames) {
    int block = number / 6;
    double x = BLOCK_METERS * block + 1.5 * (number % 6);
    double y = -6 + 2 * random.nextDouble();
    double heading = random.nextDouble() * 2 * Math.PI;
    double speed = 1 + 0.5 * random.nextDouble();
    String id = "person-" + tracks++;
    for (int f = 0; f < frames; f++) {
      box(f, id, "pedestrian", x, y, 0.6, 0.7, 1.75, heading);
      heading += 0.15 * random.nextGaussian() * Math.sqrt(period);
      x += speed * Math.cos(heading) * period;
      y += speed * Math.sin(heading) * period;
    }
  }

  private void box(
      int frame,
      String id,
      String category,
      double x,
      double y,
      double length,
      double width,
      double height,
      double yaw) {
    long stamp = 1_700_000_000_000_000_000L + Math.round(frame * period * 1e9);
    LabelTable.Box box =
        table.add(
            new LabelTable.Box()
                .at(stamp, frame, id, category)
                .solid(
                    x + noise * random.nextGaussian(),
                    y + noise * random.nextGaussian(),
                    height / 2 + 0.3 * noise * random.nextGaussian(),
                    length,
                    width,
                    height)
                .yaw(yaw + Math.min(noise, 0.02) * random.nextGaussian()));
    box.points = 60;
  }
}
