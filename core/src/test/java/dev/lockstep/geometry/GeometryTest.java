package dev.lockstep.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GeometryTest {
  private static double[] pose(Random random) {
    double[] t = new double[Rigid.STRIDE];
    double norm = 0;
    for (int i = 0; i < 4; i++) {
      t[i] = random.nextGaussian();
      norm += t[i] * t[i];
    }
    for (int i = 0; i < 4; i++) {
      t[i] /= Math.sqrt(norm);
    }
    for (int i = 4; i < 7; i++) {
      t[i] = random.nextDouble(-100, 100);
    }
    return t;
  }

  @Test
  void wrapsAnglesTheShorterWay() {
    assertThat(Angles.wrap(3 * Math.PI / 2)).isCloseTo(-Math.PI / 2, within(1e-12));
    assertThat(Angles.difference(-3.1, 3.1)).isCloseTo(2 * Math.PI - 6.2, within(1e-12));
    assertThat(Angles.between(3.1, -3.1, 0.5)).isCloseTo(Math.PI, within(1e-9));
  }

  @Test
  void undoesATransformByItsInverse() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      double[] t = pose(random);
      double[] inverse = new double[7];
      double[] both = new double[7];
      double[] there = new double[3];
      double[] back = new double[3];
      Rigid.invert(t, 0, inverse, 0);
      double x = random.nextGaussian() * 50;
      Rigid.apply(t, 0, x, 2, -3, there, 0);
      Rigid.apply(inverse, 0, there[0], there[1], there[2], back, 0);
      assertThat(back).as("seed %d", seed).containsExactly(new double[] {x, 2, -3}, within(1e-9));
      Rigid.compose(t, 0, inverse, 0, both, 0);
      assertThat(Math.abs(both[0])).as("seed %d", seed).isCloseTo(1, within(1e-9));
      assertThat(both[4]).as("seed %d", seed).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void composesAsOneAfterTheOther() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      double[] ab = pose(random);
      double[] bc = pose(random);
      double[] ac = new double[7];
      double[] once = new double[3];
      double[] twice = new double[3];
      Rigid.compose(ab, 0, bc, 0, ac, 0);
      Rigid.apply(ac, 0, 1, 2, 3, once, 0);
      Rigid.apply(bc, 0, 1, 2, 3, twice, 0);
      Rigid.apply(ab, 0, twice[0], twice[1], twice[2], twice, 0);
      assertThat(twice).as("seed %d", seed).containsExactly(once, within(1e-9));
      double[] turned = new double[4];
      Rigid.turn(ab, 0, bc, 0, turned, 0);
      assertThat(Rigid.yaw(turned[0], turned[1], turned[2], turned[3]))
          .as("seed %d", seed)
          .isCloseTo(Rigid.yaw(ac[0], ac[1], ac[2], ac[3]), within(1e-9));
    }
  }

  @Test
  void turnsYawIntoAQuaternionAndBack() {
    double[] q = new double[4];
    for (double yaw = -3.1; yaw < 3.14; yaw += 0.1) {
      Rigid.quaternionOfYaw(yaw, q, 0);
      assertThat(Rigid.yaw(q[0], q[1], q[2], q[3])).isCloseTo(yaw, within(1e-12));
    }
  }

  @Test
  void looksPosesUpBetweenTheirNeighbours() {
    PoseSeries poses = new PoseSeries();
    for (int i = 0; i < 100; i++) {
      double yaw = 0.1 * i;
      poses.add(i * 100L, new Pose(Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2), 3 * i, -i, 0));
    }
    PoseLookup lookup = new PoseLookup(poses, 100);
    double[] out = new double[7];
    for (long seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      for (int i = 0; i < 500; i++) {
        long stamp = random.nextLong(9901);
        assertThat(lookup.at(stamp, out, 0)).as("seed %d, stamp %d", seed, stamp).isTrue();
        assertThat(out[4])
            .as("seed %d, stamp %d", seed, stamp)
            .isCloseTo(stamp * 0.03, within(1e-9));
        assertThat(Angles.difference(Rigid.yaw(out[0], out[1], out[2], out[3]), stamp * 0.001))
            .as("seed %d, stamp %d", seed, stamp)
            .isCloseTo(0, within(1e-9));
      }
    }
    assertThat(lookup.at(-1, out, 0)).isFalse();
    assertThat(lookup.at(9901, out, 0)).isFalse();
    assertThat(new PoseLookup(poses, 99).at(50, out, 0)).isFalse();
    assertThat(new PoseLookup(poses, 99).at(9900, out, 0)).isTrue();
    assertThat(new PoseLookup(new PoseSeries(), 99).at(0, out, 0)).isFalse();
  }

  @Test
  void measuresOverlapInImages() {
    assertThat(ImageOverlap.iou(0, 0, 10, 10, 5, 0, 15, 10)).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(ImageOverlap.iou(0, 0, 10, 10, 10, 0, 20, 10)).isZero();
    assertThat(ImageOverlap.iou(Double.NaN, 0, 10, 10, 0, 0, 20, 10)).isZero();
  }

  @Test
  void measuresOverlapOnTheGround() {
    GroundOverlap overlap = new GroundOverlap();
    assertThat(overlap.iou(0, 0, 4, 2, 0.7, 0, 0, 4, 2, 0.7)).isCloseTo(1, within(1e-12));
    assertThat(overlap.iou(0, 0, 4, 2, 0.7, 0, 0, 4, 2, 0.7 + Math.PI)).isCloseTo(1, within(1e-12));
    assertThat(overlap.intersection(0, 0, 4, 2, 0, 0, 0, 4, 2, Math.PI / 2))
        .isCloseTo(4, within(1e-12));
    // A square and the same turned by 45 degrees share a regular octagon.
    assertThat(overlap.intersection(5, 5, 2, 2, 0, 5, 5, 2, 2, Math.PI / 4))
        .isCloseTo(8 * (Math.sqrt(2) - 1), within(1e-12));
    assertThat(overlap.iou(0, 0, 4, 2, 0, 10, 0, 4, 2, 0)).isZero();
    assertThat(overlap.iou(0, 0, Double.NaN, 2, 0, 0, 0, 4, 2, 0)).isZero();
  }

  @Test
  void agreesWithCountedPointsOnTheGround() {
    GroundOverlap overlap = new GroundOverlap();
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      double[] b = random.doubles(10, 0.5, 3).toArray();
      int both = 0;
      int samples = 40_000;
      for (int i = 0; i < samples; i++) {
        double u = random.nextDouble(-0.5, 0.5) * b[2];
        double v = random.nextDouble(-0.5, 0.5) * b[3];
        double x = b[0] + u * Math.cos(b[4]) - v * Math.sin(b[4]) - b[5];
        double y = b[1] + u * Math.sin(b[4]) + v * Math.cos(b[4]) - b[6];
        double along = x * Math.cos(b[9]) + y * Math.sin(b[9]);
        double across = y * Math.cos(b[9]) - x * Math.sin(b[9]);
        both += Math.abs(along) < b[7] / 2 && Math.abs(across) < b[8] / 2 ? 1 : 0;
      }
      double counted = (double) both / samples;
      double area =
          overlap.intersection(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9]);
      assertThat(area / (b[2] * b[3])).as("seed %d", seed).isCloseTo(counted, within(0.015));
    }
  }
}
