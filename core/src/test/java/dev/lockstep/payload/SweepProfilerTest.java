package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepProfile.PointTimes;
import dev.lockstep.model.Times;
import dev.lockstep.synth.encode.Messages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SweepProfilerTest {
  private static final long STAMP_NS = 1_700_000_000_123_456_789L;
  private static final double TURN_NS = 100e6;
  private static final int FIRINGS = 1800;
  private static final int LASERS = 32;

  /// A clockwise turn that begins at 123.4 degrees, 32 lasers a firing, all points at 10 m.
  ///
  /// @param stored what is stored of a time in ns after the stamp
  private static SweepProfile turn(boolean whole, DoubleUnaryOperator stored) {
    SweepProfiler profiler = new SweepProfiler();
    profiler.begin(1, true, whole);
    int stride = SweepProfiler.stride(FIRINGS * LASERS);
    for (int i = 0; i < FIRINGS * LASERS; i += stride) {
      double time = (double) (i / LASERS) / FIRINGS * TURN_NS;
      double azimuth = azimuth(time);
      profiler.point(
          0,
          10 * Math.cos(azimuth),
          10 * Math.sin(azimuth),
          -1.5,
          stored.applyAsDouble(time),
          i % 4,
          7);
    }
    return profiler.end(STAMP_NS, "");
  }

  private static double azimuth(double timeNs) {
    return Math.toRadians(123.4) - timeNs / TURN_NS * 2 * Math.PI;
  }

  private static void assertTurn(SweepProfile profile, double toleranceNs) {
    assertThat(profile.hasBeamTimes()).isTrue();
    for (int bin = 0; bin < SweepProfile.BINS; bin++) {
      double time = profile.timeNs(0, bin);
      double off = azimuth(time) - profile.azimuth(0, bin);
      off -= 2 * Math.PI * Math.rint(off / (2 * Math.PI));
      assertThat(off / (2 * Math.PI) * TURN_NS)
          .as("bin %d", bin)
          .isBetween(-toleranceNs, toleranceNs);
      assertThat(profile.count(0, bin)).as("bin %d", bin).isPositive();
    }
    assertThat((double) profile.firstNs()).isCloseTo(0, within(toleranceNs));
    assertThat((double) profile.lastNs()).isCloseTo(TURN_NS, within(toleranceNs + 0.1e6));
  }

  @Test
  void knowsWhenTheBeamCrossedEachDirectionInAnyUnit() {
    assertTurn(turn(true, ns -> ns), 2e3);
    assertTurn(turn(true, ns -> Math.rint(ns / 1e3)), 3e3);
    assertTurn(turn(false, ns -> (float) (ns / 1e9)), 2e3);
    assertTurn(turn(false, ns -> ns / 1e6), 2e3);
    // Absolute seconds in 64 bits have steps of 238 ns.
    assertTurn(turn(false, ns -> STAMP_NS / 1e9 + ns / 1e9), 3e3);
  }

  @Test
  void tellsTheUnitAndTheEpoch() {
    assertThat(turn(true, ns -> ns).pointTimes()).isEqualTo(times(0, true, false));
    assertThat(turn(true, ns -> ns / 1e3).pointTimes()).isEqualTo(times(3, false, false));
    assertThat(turn(false, ns -> ns / 1e9).pointTimes()).isEqualTo(times(9, true, false));
    assertThat(turn(false, ns -> ns / 1e6).pointTimes()).isEqualTo(times(6, false, false));
    PointTimes absolute = turn(false, ns -> STAMP_NS / 1e9 + ns / 1e9).pointTimes();
    assertThat(absolute.absolute()).isTrue();
    assertThat(absolute.unitPower()).isEqualTo(9);
    assertThat(turn(true, ns -> ns * 5e3).pointTimes().unitPower()).isEqualTo(-1);
  }

  private static PointTimes times(int power, boolean usual, boolean absolute) {
    PointTimes found = turn(true, ns -> ns).pointTimes();
    return new PointTimes(
        power, usual, absolute, found.looked(), turn(power).distinct(), found.descents());
  }

  private static PointTimes turn(int power) {
    return switch (power) {
      case 0 -> turn(true, ns -> ns).pointTimes();
      case 3 -> turn(true, ns -> ns / 1e3).pointTimes();
      case 6 -> turn(false, ns -> ns / 1e6).pointTimes();
      default -> turn(false, ns -> ns / 1e9).pointTimes();
    };
  }

  @Test
  void countsDifferentTimes() {
    assertThat(turn(true, ns -> ns).pointTimes().distinct()).isBetween(1700, 1900);
    // Nanoseconds since 1970 in a 32-bit fraction.
    PointTimes collapsed = turn(false, ns -> (float) (STAMP_NS + ns)).pointTimes();
    assertThat(collapsed.distinct()).isEqualTo(1);
    assertThat(collapsed.unitPower()).isEqualTo(-1);
  }

  @Test
  void countsPointsOutOfOrder() {
    assertThat(turn(true, ns -> ns).pointTimes().descents()).isZero();
    Random random = new Random(4);
    PointTimes shuffled = turn(true, ns -> random.nextDouble() * TURN_NS).pointTimes();
    assertThat((double) shuffled.descents() / shuffled.looked()).isBetween(0.4, 0.55);
  }

  @Test
  void looksAtEveryLaserOfLargeSweeps() {
    for (int points = 1; points < 500_000; points += 997) {
      int stride = SweepProfiler.stride(points);
      assertThat(stride % 2).isEqualTo(1);
      assertThat((points + stride - 1) / stride).isLessThanOrEqualTo(SweepProfiler.MAX_LOOKED);
    }
  }

  @Test
  void approximatesTheArcTangent() {
    Random random = new Random(11);
    for (int i = 0; i < 100_000; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      assertThat(SweepProfiler.atan2(y, x)).isCloseTo(Math.atan2(y, x), within(2e-5));
    }
    assertThat(SweepProfiler.atan2(0, -1)).isCloseTo(Math.PI, within(2e-5));
    assertThat(SweepProfiler.atan2(0, 0)).isZero();
  }

  @Test
  void leavesOutWhatIsNoReturn() {
    SweepProfiler profiler = new SweepProfiler();
    profiler.begin(1, false, false);
    profiler.point(0, 0, 0, 0, Double.NaN, -1, 0);
    profiler.point(0, Double.NaN, 3, 0, Double.NaN, -1, 0);
    profiler.point(0, Double.POSITIVE_INFINITY, 3, 0, Double.NaN, -1, 0);
    profiler.point(0, -5, 0.01, 0, Double.NaN, -1, 0);
    SweepProfile profile = profiler.end(STAMP_NS, "");
    int seen = 0;
    for (int bin = 0; bin < SweepProfile.BINS; bin++) {
      seen += profile.count(0, bin);
    }
    assertThat(seen).isEqualTo(1);
    assertThat(profile.firstNs()).isEqualTo(Times.NONE);
    assertThat(profile.pointTimes()).isNull();
  }

  @Test
  void readsTheTimesOfAPointCloudMessage() {
    byte[] data = new byte[FIRINGS * Messages.POINT_STEP];
    ByteBuffer points = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < FIRINGS; i++) {
      double time = i * TURN_NS / FIRINGS;
      double azimuth = azimuth(time);
      points.putFloat((float) (9 * Math.cos(azimuth))).putFloat((float) (9 * Math.sin(azimuth)));
      points.putFloat(0).putInt(0).putInt((int) time);
    }
    byte[] message = Messages.pointCloud(STAMP_NS, "lidar", FIRINGS, data);
    PayloadFacts facts =
        Payloads.read(Payloads.ros("sensor_msgs/msg/PointCloud2", Payloads.POINT_CLOUD), message);
    SweepProfile profile = facts.sweep;
    assertThat(profile).isNotNull();
    assertTurn(profile, 3e3);
    assertThat(profile.pointTimes().usualUnit()).isTrue();
  }
}
