package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static dev.lockstep.payload.Payloads.ros;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.SweepProfile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointCloudContentTest {
  private static final float NAN = Float.NaN;

  private final PayloadProfile cloud = ros("sensor_msgs/msg/PointCloud2", Payloads.POINT_CLOUD);

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void countsEveryPointThatIsNoNumber(int kind) {
    float[] xyz = {NAN, 1, 1, 1, Float.POSITIVE_INFINITY, 1, 1, 1, NAN, 2, 3, 4, NAN, NAN, NAN};
    PayloadFacts dense = read(cloud, CdrWriter.cloud(kind, xyz, 60, true));
    assertThat(dense.nonFinitePoints).isEqualTo(4);
    assertThat(faults(dense))
        .containsExactly(
            "CLOUD_NOT_FINITE: points with x, y or z not finite 4 of 5 (expected none, the sweep"
                + " says that it is dense)");
    PayloadFacts open = read(cloud, CdrWriter.cloud(kind, xyz, 60, false));
    assertThat(open.nonFinitePoints).isEqualTo(4);
    assertThat(faults(open)).isEmpty();
  }

  @Test
  void takesADistanceThatNothingHasForNoPlace() {
    float[] xyz = {1, 2, 3, 1e37f, 2, 3, 1, 2, -4e19f, 1, 3e19f, 3};
    assertThat(faults(read(cloud, CdrWriter.cloud(1, xyz, 48, true))))
        .containsExactly(
            "CLOUD_NOT_FINITE: points with x, y or z not finite 2 of 4 (expected none, the sweep"
                + " says that it is dense)");
    // The largest float is a mark of drivers for a missing return.
    float[] marked = {1, 2, 3, Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE};
    assertThat(faults(read(cloud, CdrWriter.cloud(1, marked, 24, false)))).isEmpty();
  }

  @Test
  void reportsASweepOfNothingButNaN() {
    float[] xyz = {NAN, 1, 1, NAN, 1, 1};
    assertThat(faults(read(cloud, CdrWriter.cloud(1, xyz, 24, false))))
        .containsExactly(
            "CLOUD_NOT_FINITE: points with x, y or z not finite 2 of 2 (expected at least one"
                + " finite point)");
  }

  /// Replaces a number that stands in a message once.
  private static byte[] renamed(byte[] message, String from, String to) {
    String bytes = new String(message, StandardCharsets.ISO_8859_1);
    assertThat(bytes).containsOnlyOnce(from);
    return bytes.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void reportsCoordinatesThatShareBytes() {
    byte[] message = CdrWriter.cloud(1, new float[] {1, 2, 3}, 12, true);
    byte[] moved = renamed(message, "y\0\0\0\4\0\0\0", "y\0\0\0\0\0\0\0");
    assertThat(faults(read(cloud, moved)))
        .containsExactly(
            "CLOUD_LAYOUT: point field y at byte 0 inside of x, which has bytes 0 to 3 (expected"
                + " fields with bytes of their own)");
    byte[] nameless = renamed(message, "x\0\0\0\0\0\0\0", "q\0\0\0\0\0\0\0");
    assertThat(faults(read(cloud, nameless)))
        .containsExactly("CLOUD_LAYOUT: point fields y and z without x (expected all three)");
  }

  @Test
  void reportsACoordinateThatStandsTwice() {
    byte[] message = CdrWriter.cloud(1, new float[] {1, 2, 3}, 12, true);
    byte[] twice = renamed(message, "y\0\0\0\4\0\0\0", "x\0\0\0\4\0\0\0");
    assertThat(faults(read(cloud, twice)))
        .containsExactly("CLOUD_LAYOUT: point field x twice (expected once)");
  }

  @Test
  void agreesWithACountPointByPoint() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      float[] xyz = new float[3 * random.nextInt(5000)];
      int bad = 0;
      for (int i = 0; i < xyz.length; i += 3) {
        boolean finite = true;
        for (int j = i; j < i + 3; j++) {
          xyz[j] =
              random.nextInt(50) == 0
                  ? Float.intBitsToFloat(0xFF80_0000 | random.nextInt(1 << 23))
                  : Float.intBitsToFloat(random.nextInt());
          finite &= Math.abs(xyz[j]) < 0x1p65;
        }
        bad += finite ? 0 : 1;
      }
      PayloadFacts facts = read(cloud, CdrWriter.cloud(1, xyz, 4 * xyz.length, false));
      assertThat(facts.nonFinitePoints).as("seed %d", seed).isEqualTo(bad);
    }
  }

  /// Points of words are counted and summed up in one pass, others in two.
  @Test
  void onePassOverPointsGivesWhatTwoGive() {
    long seed = 17;
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      boolean timed = round % 3 > 0;
      int step = 4 * (timed ? 4 : 3) + 4 * random.nextInt(90);
      int points = random.nextInt(round % 2 == 0 ? 40 : 20_000);
      ByteBuffer cloud = ByteBuffer.allocate(points * step).order(ByteOrder.nativeOrder());
      for (int i = 0; i < points; i++) {
        cloud.putFloat(i * step, random.nextInt(50) == 0 ? NAN : random.nextFloat(-60, 60));
        cloud.putFloat(i * step + 4, random.nextFloat(-60, 60));
        cloud.putFloat(i * step + 8, random.nextInt(70) == 0 ? NAN : 1);
        if (round % 3 == 1) {
          cloud.putFloat(i * step + 12, i * 0.1f / points);
        } else if (round % 3 == 2) {
          cloud.putInt(i * step + 12, (int) (i * 100_000_000L / points));
        }
      }
      PayloadFacts facts = new PayloadFacts();
      Scratch scratch = facts.scratch;
      scratch.clear();
      scratch.at[Scratch.DATA] = 0;
      scratch.fields = timed ? 4 : 3;
      for (int i = 0; i < scratch.fields; i++) {
        scratch.fieldOffset[i] = 4 * i;
        scratch.fieldType[i] = i == 3 && round % 3 == 2 ? 6 : 7;
        scratch.fieldName[i] = i == 3 ? Scratch.TIME : 'x' + i;
      }
      MemorySegment bytes = MemorySegment.ofBuffer(cloud);
      boolean big = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
      assertThat(CloudProfile.isOfWords(scratch, step, 0, 1, 2, big)).isTrue();
      assertThat(CloudProfile.isOfWords(scratch, step, 0, 1, 2, !big)).isFalse();
      int bad = CloudProfile.takeWords(bytes, scratch, points, step, 0, 1, 2, facts);
      SweepProfile once = facts.sweep;
      CloudProfile.take(bytes, scratch, points, step, 0, 1, 2, big, facts);
      assertThat(once).as("round %d of seed %d", round, seed).isEqualTo(facts.sweep);
      assertThat(bad)
          .isEqualTo(
              PointCloudContent.nonFiniteFloats(bytes, 0, points, step, 0, 4, 8, big, scratch));
    }
  }

  @Test
  void takesAnEmptyCloudForNoFault() {
    PayloadFacts facts = read(cloud, CdrWriter.cloud(1, new float[0], 0, true));
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.points).isZero();
  }

  @Test
  void reportsSizesThatContradictEachOther() {
    float[] xyz = {1, 2, 3, 4, 5, 6};
    assertThat(faults(read(cloud, CdrWriter.cloud(1, xyz, 25, true))))
        .containsExactly("CLOUD_LAYOUT: row_step stored 25, computed 2 * 12 = 24");
    byte[] shortData = CdrWriter.cloudWriter(1, 2, 12, 24).bytes(new byte[20]).u8(1).done();
    PayloadFacts facts = read(cloud, shortData);
    assertThat(faults(facts))
        .containsExactly("CLOUD_LAYOUT: data length stored 20, computed 1 * 24 = 24");
    assertThat(facts.points).isEqualTo(-1);
  }

  @Test
  void reportsAFieldBeyondThePoint() {
    byte[] message = CdrWriter.cloudWriter(1, 2, 10, 20).bytes(new byte[20]).u8(1).done();
    assertThat(faults(read(cloud, message)))
        .containsExactly("CLOUD_LAYOUT: end of point field 3 12 bytes (expected at most 10 bytes)");
  }

  @Test
  void surveysPlainListsOfPoints() {
    PayloadReader reader = PayloadProfile.ofFile(PayloadFile.CLOUD_XYZI_F32).reader();
    byte[] two = CdrWriter.floats(1, 1, 2, 3, NAN, 4, 5, NAN, 0);
    PayloadFacts facts = read(reader, two);
    assertThat(facts.points).isEqualTo(2);
    assertThat(faults(facts))
        .containsExactly(
            "CLOUD_NOT_FINITE: points with x, y or z not finite 1 of 2 (expected none, a plain list"
                + " of points has no mark for missing ones)");
    PayloadFacts cut = read(reader, java.util.Arrays.copyOf(two, 31));
    assertThat(cut.points).isEqualTo(1);
    assertThat(faults(cut))
        .containsExactly(
            "SIZE_NOT_MULTIPLE: size of the sweep 31 bytes (expected a multiple of 16, 15 bytes are"
                + " left over)");
  }
}
