package dev.lockstep.bench.geometry;

import dev.lockstep.geometry.BoxScan;
import dev.lockstep.model.PointColumns;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One sweep of 100,000 points and 100 boxes. A sweep of a LiDAR at 10 Hz lasts 100 ms; what is
/// looked for in it may take a tenth of that on one core.
///
/// A third of the points lie in boxes or near, the others on the ground between them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BoxScanBenchmark {
  private static final int POINTS = 100_000;
  private static final int BOXES = 100;
  private static final int LAGS = 7;
  private static final int BOX = 10;

  private final PointColumns points = new PointColumns();
  private final double[] boxes = new double[BOXES * LAGS * BOX];
  private final BoxScan scan = new BoxScan();

  /// Makes the sweep.
  @Setup
  public void make() {
    Random random = new Random(1);
    for (int b = 0; b < BOXES; b++) {
      double range = 5 + 55 * random.nextDouble();
      double azimuth = 2 * Math.PI * random.nextDouble();
      double yaw = 2 * Math.PI * random.nextDouble();
      for (int lag = 0; lag < LAGS; lag++) {
        double moved = (lag - LAGS / 2) * 1.2;
        double[] box = {
          range * Math.cos(azimuth) + moved * Math.cos(yaw),
          range * Math.sin(azimuth) + moved * Math.sin(yaw),
          0.8,
          4.5,
          1.9,
          1.6,
          Math.cos(yaw / 2),
          0,
          0,
          Math.sin(yaw / 2)
        };
        System.arraycopy(box, 0, boxes, (lag * BOXES + b) * BOX, BOX);
      }
    }
    float[][] measured = new float[POINTS][];
    for (int i = 0; i < POINTS; i++) {
      if (i % 3 == 0) {
        int at = (LAGS / 2 * BOXES + random.nextInt(BOXES)) * BOX;
        measured[i] =
            new float[] {
              (float) (boxes[at] + 3 * random.nextDouble() - 1.5),
              (float) (boxes[at + 1] + 3 * random.nextDouble() - 1.5),
              (float) (1.6 * random.nextDouble())
            };
      } else {
        double range = 70 * Math.sqrt(random.nextDouble());
        double azimuth = 2 * Math.PI * random.nextDouble();
        measured[i] =
            new float[] {
              (float) (range * Math.cos(azimuth)), (float) (range * Math.sin(azimuth)), 0.01f
            };
      }
    }
    // A LiDAR turns.
    Arrays.sort(measured, Comparator.comparingDouble(p -> Math.atan2(p[1], p[0])));
    for (float[] p : measured) {
      points.add(p[0], p[1], p[2]);
    }
  }

  private int scan(int from, int to, double reachMeters, boolean rays) {
    scan.begin(0, 0, 1.8, rays);
    for (int b = from; b < to; b++) {
      scan.add(boxes, b * BOX, reachMeters);
    }
    scan.scan(points);
    int sum = 0;
    for (int b = 0; b < to - from; b++) {
      sum += scan.inside(b) + scan.through(b);
      sum += Double.isNaN(scan.ahead(b)) ? 0 : 1;
    }
    return sum;
  }

  /// What the rules ask: points, rays and ground of each box, and a corridor that holds all lags.
  @Benchmark
  public int allLagsAtOnce() {
    return scan(LAGS / 2 * BOXES, (LAGS / 2 + 1) * BOXES, 7, true);
  }

  /// Every box where it would be at each lag, counted on its own: points in and around 700 boxes in
  /// one pass.
  @Benchmark
  public int eachLagByItself() {
    return scan(0, LAGS * BOXES, 0, false);
  }

  /// The naive way: every box for every point, at one lag.
  @Benchmark
  public int everyBoxForEveryPoint() {
    int inside = 0;
    for (int b = LAGS / 2 * BOXES; b < (LAGS / 2 + 1) * BOXES; b++) {
      int at = b * BOX;
      float x = (float) boxes[at];
      float y = (float) boxes[at + 1];
      float z = (float) boxes[at + 2];
      double yaw = 2 * Math.atan2(boxes[at + 9], boxes[at + 6]);
      float cos = (float) Math.cos(yaw);
      float sin = (float) Math.sin(yaw);
      for (int p = 0; p < points.size(); p++) {
        float dx = points.x()[p] - x;
        float dy = points.y()[p] - y;
        inside +=
            Math.abs(dx * cos + dy * sin) <= 2.25f
                    && Math.abs(dy * cos - dx * sin) <= 0.95f
                    && Math.abs(points.z()[p] - z) <= 0.8f
                ? 1
                : 0;
      }
    }
    return inside;
  }

  /// The floor: one pass over the points.
  @Benchmark
  public float onePass() {
    float sum = 0;
    for (int p = 0; p < points.size(); p++) {
      sum += points.x()[p] + points.y()[p] + points.z()[p];
    }
    return sum;
  }
}
