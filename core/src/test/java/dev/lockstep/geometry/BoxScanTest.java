package dev.lockstep.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.PointColumns;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxScanTest {
  private static final double[] LIDAR = {0.5, -0.2, 1.8};

  /// The same counts by looking at every box for every point, in double precision.
  private static int[] naive(double[] box, double[] lidar, PointColumns points) {
    int[] counts = new int[3];
    double[] inverse = new double[Rigid.STRIDE];
    Rigid.invert(
        new double[] {box[6], box[7], box[8], box[9], box[0], box[1], box[2]}, 0, inverse, 0);
    double[] p = new double[3];
    double[] o = new double[3];
    Rigid.apply(inverse, 0, lidar[0], lidar[1], lidar[2], o, 0);
    double high = box[5] / 2;
    double foot = -high + Math.min(BoxScan.FOOT_METERS, high);
    for (int i = 0; i < points.size(); i++) {
      Rigid.apply(inverse, 0, points.x()[i], points.y()[i], points.z()[i], p, 0);
      double out = Math.max(Math.abs(p[0]) - box[3] / 2, Math.abs(p[1]) - box[4] / 2);
      if (p[2] >= foot && p[2] <= high + BoxScan.NEAR_METERS && out <= BoxScan.NEAR_METERS) {
        counts[1]++;
        counts[0] += out <= 0.1 && p[2] <= high + 0.1 ? 1 : 0;
      }
      double enter = 0;
      double leave = 1;
      double length = Math.hypot(points.x()[i] - lidar[0], points.y()[i] - lidar[1]);
      for (int d = 0; d < 3; d++) {
        double half = box[3 + d] / 2;
        double low = d == 2 ? foot : -half * BoxScan.CORE;
        double top = d == 2 ? half * (2 * BoxScan.CORE_TOP - 1) : half * BoxScan.CORE;
        double speed = p[d] - o[d];
        enter = Math.max(enter, Math.min((low - o[d]) / speed, (top - o[d]) / speed));
        leave = Math.min(leave, Math.max((low - o[d]) / speed, (top - o[d]) / speed));
      }
      counts[2] += (leave - enter) * length >= 0.15 && (1 - leave) * length >= 0.7 ? 1 : 0;
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithLookingAtEveryBoxForEveryPoint(long seed) {
    Random random = new Random(seed);
    PointColumns points = new PointColumns();
    for (int i = 0; i < 20_000; i++) {
      points.add(
          (float) (60 * random.nextGaussian() / 2),
          (float) (60 * random.nextGaussian() / 2),
          (float) (3 * random.nextDouble()));
    }
    BoxScan scan = new BoxScan();
    // Twice, so that what the first sweep left does not show in the second.
    for (int round = 0; round < 2; round++) {
      int n = round == 0 ? 120 : 70;
      double[] boxes = new double[n * 10];
      scan.begin(LIDAR[0], LIDAR[1], LIDAR[2], true);
      for (int b = 0; b < n; b++) {
        double yaw = 2 * Math.PI * random.nextDouble();
        double tilt = 0.1 * random.nextGaussian();
        double[] box = {
          80 * random.nextDouble() - 40,
          80 * random.nextDouble() - 40,
          1 + random.nextDouble(),
          1 + 8 * random.nextDouble(),
          0.6 + 2 * random.nextDouble(),
          0.4 + 2 * random.nextDouble(),
          Math.cos(yaw / 2),
          tilt,
          -tilt / 2,
          Math.sin(yaw / 2)
        };
        System.arraycopy(box, 0, boxes, 10 * b, 10);
        assertThat(scan.add(boxes, 10 * b, b % 3 == 0 ? 6 : 0)).isEqualTo(b);
      }
      scan.scan(points);
      long through = 0;
      for (int b = 0; b < n; b++) {
        double[] box = Arrays.copyOfRange(boxes, 10 * b, 10 * b + 10);
        int[] wanted = naive(box, LIDAR, points);
        // A point on an edge may fall to either side in single precision.
        assertThat(scan.inside(b))
            .as("seed %d, box %d", seed, b)
            .isBetween(wanted[0] - 1, wanted[0] + 1);
        assertThat(scan.near(b))
            .as("seed %d, box %d", seed, b)
            .isBetween(wanted[1] - 1, wanted[1] + 1);
        boolean around =
            Math.hypot(box[0] - LIDAR[0], box[1] - LIDAR[1])
                <= Math.hypot(box[3] / 2, box[4] / 2) + 1;
        int rays = around ? 0 : Math.min(BoxScan.MAX_RAYS, wanted[2]);
        assertThat(scan.through(b)).as("seed %d, box %d", seed, b).isBetween(rays - 2, rays + 2);
        through += rays;
      }
      assertThat(through).isPositive();
    }
  }

  /// A car of 4 x 2 x 1.5 m whose back, seen from the LiDAR, is a wall of points.
  private static BoxScan wallAt(double x, double ground) {
    PointColumns points = new PointColumns();
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      points.add(
          (float) (x + 0.02 * random.nextGaussian()),
          (float) (1.8 * random.nextDouble() - 0.9),
          (float) (1.4 * random.nextDouble()));
      points.add((float) (20 + 4 * random.nextDouble() - 2), 1.6f, (float) ground);
    }
    BoxScan scan = new BoxScan();
    scan.begin(0, 0, 1.8, true);
    scan.add(new double[] {20, 0, 0.75, 4, 2, 1.5, 1, 0, 0, 0}, 0, 5);
    scan.scan(points);
    return scan;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3, -1, -0.2, 0, 0.2, 1, 3})
  void placesTheEdgeOfThePoints(double ahead) {
    assertThat(wallAt(18 + ahead, 0).ahead(0)).isBetween(ahead - 0.12, ahead + 0.12);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, -0.3, 0, 0.3, 1})
  void tellsTheHeightOfTheGround(double height) {
    assertThat(wallAt(18, height).ground(0)).isBetween(height - 0.06, height + 0.06);
  }

  @Test
  void saysNothingOfAnEdgeThatIsNotThere() {
    BoxScan scan = new BoxScan();
    scan.begin(0, 0, 1.8, true);
    scan.add(new double[] {20, 0, 0.75, 4, 2, 1.5, 1, 0, 0, 0}, 0, 5);
    scan.scan(new PointColumns());
    assertThat(scan.ahead(0)).isNaN();
    assertThat(scan.ground(0)).isNaN();
    assertThat(scan.inside(0) + scan.near(0) + scan.through(0)).isZero();
  }

  @Test
  void countsRaysOnlyIfTheyPassFromEveryPlaceOfTheLidar() {
    PointColumns points = new PointColumns();
    for (int i = 0; i < 20; i++) {
      // Behind a person at 8 m, seen from the first place of the LiDAR.
      points.add(16, 0.01f * i - 0.1f, 0);
    }
    int[] rays = new int[4];
    for (int i = 0; i < rays.length; i++) {
      BoxScan scan = new BoxScan();
      scan.begin(0, 0, 1.8, i < 3);
      if (i > 0) {
        scan.alsoFrom(0, i == 1 ? 0.05 : 1.2, 1.8);
      }
      scan.add(new double[] {8, 0, 0.9, 0.7, 0.7, 1.8, 1, 0, 0, 0}, 0, 0);
      scan.scan(points);
      rays[i] = scan.through(0);
    }
    assertThat(rays).containsExactly(20, 20, 0, 0);
  }

  @Test
  void takesBoxesThatLieKilometresApart() {
    PointColumns points = new PointColumns();
    points.add(5, 0, 1);
    points.add(9000, 9000, 1);
    BoxScan scan = new BoxScan();
    scan.begin(0, 0, 1.8, true);
    scan.add(new double[] {5, 0, 1, 4, 2, 2, 1, 0, 0, 0}, 0, 0);
    scan.add(new double[] {9000, 9000, 1, 4, 2, 2, 1, 0, 0, 0}, 0, 0);
    scan.scan(points);
    assertThat(scan.inside(0)).isOne();
    assertThat(scan.inside(1)).isOne();
  }
}
