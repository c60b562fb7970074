package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcdReaderTest {
  private static final PayloadReader READER = PayloadFile.PCD.reader();

  /// x y z and a byte of padding, 13 bytes a point.
  private static String header(int points, String data) {
    return """
    # .PCD v0.7 - Point Cloud Data file format
    VERSION 0.7
    FIELDS x y z _
    SIZE 4 4 4 1
    TYPE F F F U
    COUNT 1 1 1 1
    WIDTH %d
    HEIGHT 1
    VIEWPOINT 0 0 0 1 0 0 0
    POINTS %d
    DATA %s
    """
        .formatted(points, points, data);
  }

  private static byte[] rows(int points, int notFinite) {
    ByteBuffer body = ByteBuffer.allocate(points * 13).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < points; i++) {
      body.putFloat((float) i).putFloat(i < notFinite ? Float.NaN : 2f).putFloat(3).put((byte) 7);
    }
    return body.array();
  }

  private static byte[] columns(int points, int notFinite) {
    ByteBuffer body = ByteBuffer.allocate(points * 13).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < points; i++) {
      body.putFloat(i * 4, (float) i);
      body.putFloat(points * 4 + i * 4, i < notFinite ? Float.NEGATIVE_INFINITY : 2f);
      body.putFloat(points * 8 + i * 4, 3);
    }
    return body.array();
  }

  private static byte[] join(String header, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] sizes(int packed, int size) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(packed)
        .putInt(size)
        .array();
  }

  /// A plain greedy LZF coder, for tests: literals, and matches found by looking at every place.
  private static byte[] lzf(byte[] in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int literals = 0;
    int at = 0;
    while (at <= in.length) {
      int best = 0;
      int from = 0;
      for (int back = Math.max(0, at - 8191); back < at && at < in.length; back++) {
        int length = 0;
        while (at + length < in.length && length < 264 && in[back + length] == in[at + length]) {
          length++;
        }
        if (length > best) {
          best = length;
          from = back;
        }
      }
      boolean match = best >= 3;
      if (literals > 0 && (match || at == in.length || literals == 32)) {
        out.write(literals - 1);
        out.write(in, at - literals, literals);
        literals = 0;
      }
      if (at == in.length) {
        break;
      }
      if (match) {
        int offset = at - from - 1;
        if (best < 9) {
          out.write((best - 2) << 5 | offset >> 8);
        } else {
          out.write(7 << 5 | offset >> 8);
          out.write(best - 9);
        }
        out.write(offset & 0xFF);
        at += best;
      } else {
        literals++;
        at++;
      }
    }
    return out.toByteArray();
  }

  private static byte[] compressed(int points, int notFinite) {
    byte[] body = columns(points, notFinite);
    byte[] packed = lzf(body);
    return join(header(points, "binary_compressed"), sizes(packed.length, body.length), packed);
  }

  private static PayloadFacts read(byte[] file) {
    return Payloads.read(READER, file);
  }

  @Test
  void countsPointsOfEachCoding() {
    String text = "0 1 2\n1 nan 2\n2 1 2\n3 1 -inf\n4 1 2\n";
    for (byte[] file :
        new byte[][] {
          join(header(5, "binary"), rows(5, 2)),
          compressed(5, 2),
          join(header(5, "ascii"), text.getBytes(StandardCharsets.ISO_8859_1))
        }) {
      PayloadFacts facts = read(file);
      assertThat(Payloads.faults(facts)).isEmpty();
      assertThat(facts.points).isEqualTo(5);
      assertThat(facts.nonFinitePoints).isEqualTo(2);
    }
  }

  @Test
  void decompressesMatchesOfAnyLength() {
    for (int points : new int[] {1, 2, 3, 40, 700}) {
      PayloadFacts facts = read(compressed(points, 0));
      assertThat(Payloads.faults(facts)).as("%d points", points).isEmpty();
      assertThat(facts.points).isEqualTo(points);
    }
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    System.arraycopy(noise, 0, noise, 3000, 1000);
    byte[] out = new byte[noise.length];
    assertThat(Lzf.decompress(lzf(noise), out)).isEqualTo(noise.length);
    assertThat(out).isEqualTo(noise);
  }

  @Test
  void allowsPaddingToAPageAndCountsOfZero() {
    PayloadFacts padded = read(join(header(5, "binary"), rows(5, 0), new byte[4000]));
    assertThat(Payloads.faults(padded)).isEmpty();
    assertThat(padded.points).isEqualTo(5);
    String zero = header(5, "binary").replace("COUNT 1 1 1 1", "COUNT 1 1 1 0");
    assertThat(Payloads.faults(read(join(zero, new byte[60])))).isEmpty();
    assertThat(Payloads.faults(read(join(zero, rows(5, 0))))).isEmpty();
    PayloadFacts empty = read(join(header(0, "binary")));
    assertThat(Payloads.faults(empty)).isEmpty();
    assertThat(empty.points).isZero();
  }

  @Test
  void saysHowABodyContradictsItsHeader() {
    PayloadFacts cut = read(join(header(5, "binary"), Arrays.copyOf(rows(5, 0), 50)));
    assertThat(cut.points).isEqualTo(3);
    assertThat(Payloads.faults(cut))
        .containsExactly(
            "CLOUD_LAYOUT: body of the point cloud 50 bytes (expected 5 points of 13 bytes = 65)");
    assertThat(Payloads.faults(read(join(header(5, "binary"), rows(6, 0)))))
        .containsExactly(
            "CLOUD_LAYOUT: body of the point cloud 78 bytes (expected 5 points of 13 bytes = 65)");
    assertThat(
            Payloads.faults(
                read(
                    join(
                        header(3, "ascii"), "1 2 3\n4 5\n".getBytes(StandardCharsets.ISO_8859_1)))))
        .containsExactly(
            "CLOUD_LAYOUT: lines of points 1 malformed, the first is line 2 of the body (expected"
                + " 4 numbers each)",
            "CLOUD_LAYOUT: lines of points 2 (expected 3, as the header says)");
    byte[] packed = lzf(columns(5, 0));
    assertThat(
            Payloads.faults(
                read(join(header(5, "binary_compressed"), sizes(packed.length, 66), packed))))
        .containsExactly(
            "CLOUD_LAYOUT: compressed points size 66, points have 65 (expected LZF of all points)");
    assertThat(
            Payloads.faults(
                read(
                    join(
                        header(5, "binary_compressed"),
                        sizes(packed.length, 65),
                        Arrays.copyOf(packed, packed.length - 1)))))
        .singleElement()
        .asString()
        .contains("compressed size " + packed.length);
    assertThat(Payloads.faults(read(join(header(4, "binary"), rows(4, 4)))))
        .singleElement()
        .asString()
        .startsWith("CLOUD_NOT_FINITE: points with x, y or z not finite 4 of 4");
  }

  @ParameterizedTest
  @CsvSource({
    "DATA binary, DATA zip",
    "SIZE 4 4 4 1, SIZE 4 4 4 3",
    "SIZE 4 4 4 1, SIZE 4 4 4",
    "TYPE F F F U, TYPE F F F X",
    "POINTS 5, POINTS 6",
    "WIDTH 5, WIDTH 99999999999",
    "FIELDS x y z _, FELDER x y z _",
    "COUNT 1 1 1 1, COUNT 1 1 1 -1"
  })
  void doesNotBelieveHeadersThatLie(String right, String wrong) {
    PayloadFacts facts = read(join(header(5, "binary").replace(right, wrong), rows(5, 0)));
    assertThat(facts.unreadable).isTrue();
    assertThat(Payloads.faults(facts))
        .singleElement()
        .asString()
        .startsWith("CLOUD_LAYOUT: PCD header ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void survivesAnyBytes(int kind) {
    byte[] file =
        switch (kind) {
          case 0 -> join(header(40, "binary"), rows(40, 1));
          case 1 -> compressed(40, 1);
          default ->
              join(header(2, "ascii"), "1 2 3\n4 5 6\n".getBytes(StandardCharsets.ISO_8859_1));
        };
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      byte[] damaged = Arrays.copyOf(file, file.length - random.nextInt(20));
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      PayloadFacts facts = read(damaged);
      assertThat(facts.points).as("seed %d", seed).isBetween(-1, 100_000);
      assertThat(facts.nonFinitePoints).as("seed %d", seed).isLessThanOrEqualTo(facts.points);
    }
  }

  @Test
  void readsFloatCloudsOfFiveAndSixValues() {
    for (PayloadFile file :
        new PayloadFile[] {PayloadFile.CLOUD_XYZIR_F32, PayloadFile.CLOUD_XYZILT_F32}) {
      int floats = file == PayloadFile.CLOUD_XYZIR_F32 ? 5 : 6;
      ByteBuffer points = ByteBuffer.allocate(floats * 4 * 10).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < floats * 10; i++) {
        points.putFloat(i == floats + 1 ? Float.NaN : (float) i);
      }
      PayloadFacts facts = Payloads.read(file.reader(), points.array());
      assertThat(facts.points).isEqualTo(10);
      assertThat(facts.nonFinitePoints).isEqualTo(1);
      byte[] cut = Arrays.copyOf(points.array(), points.capacity() - 4);
      assertThat(Payloads.faults(Payloads.read(file.reader(), cut)))
          .anyMatch(text -> text.startsWith("SIZE_NOT_MULTIPLE"));
    }
  }

  @Test
  void readsCloudsOfOthers() throws IOException {
    Path folder = SharedData.path("labels", "datumaro", "tests", "assets");
    Map<String, Integer> points =
        Map.of(
            "sly_pointcloud_dataset/ds0/pointcloud/frame1.pcd", 100,
            "sly_pointcloud_dataset/ds0/pointcloud/frame2.pcd", 200,
            "kitti_dataset/kitti_raw/velodyne_points/data/0000000000.pcd", 100);
    for (Map.Entry<String, Integer> cloud : points.entrySet()) {
      PayloadFacts facts = read(Files.readAllBytes(folder.resolve(cloud.getKey())));
      assertThat(Payloads.faults(facts)).as(cloud.getKey()).isEmpty();
      assertThat(facts.points).as(cloud.getKey()).isEqualTo(cloud.getValue());
      assertThat(facts.nonFinitePoints).as(cloud.getKey()).isZero();
    }
  }
}
