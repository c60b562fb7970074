package dev.lockstep.source.av2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.source.Probe;
import dev.lockstep.testing.Feathers;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Av2LogTest {
  private static final long T = 315_966_265_000_000_000L;
  private static final long STEP = 100_000_000L;

  @TempDir private Path log;

  @BeforeEach
  void makeLog() throws IOException {
    for (int i = 0; i < 4; i++) {
      Feathers.sweep(100 + i).write(sweep(i));
    }
    Feathers.poses(T, T + 5, T + STEP, T + 2 * STEP, T + 3 * STEP)
        .write(log.resolve("city_SE3_egovehicle.feather"));
    annotations().write(log.resolve("annotations.feather"));
  }

  private Path sweep(int i) {
    return log.resolve("sensors/lidar/" + (T + i * STEP) + ".feather");
  }

  private static Feathers annotations() {
    return Feathers.annotations(
        new long[] {T, T, T + STEP, T + STEP},
        new String[] {"a", "b", "a", "b"},
        new String[] {"BUS", "BOLLARD", "BUS", "BOLLARD"});
  }

  private RecordedReading read() throws IOException {
    return RecordedReading.of(new Av2Format(), log);
  }

  @Test
  void readsACleanLogWithoutADefect() throws IOException {
    int mapped = MappedFile.openCount();
    RecordedReading log = read();
    assertThat(MappedFile.openCount()).isEqualTo(mapped);
    assertThat(log.defectText()).isEmpty();
    assertThat(log.streamNames()).containsExactly("city_SE3_egovehicle", "lidar");
    assertThat(log.stampsNs("lidar")).containsExactly(T, T + STEP, T + 2 * STEP, T + 3 * STEP);
    assertThat(log.points("lidar")).containsExactly(100, 101, 102, 103);
    assertThat(log.stream("lidar").stampSource()).isEqualTo(StampSource.FILE_NAME);
    assertThat(log.poses().size()).isEqualTo(5);
    LabelSet labels = log.labels().getFirst();
    assertThat(labels.size()).isEqualTo(4);
    assertThat(labels.trackCount()).isEqualTo(2);
    assertThat(labels.frameOfReference()).isEqualTo(LabelSet.Frame.EGO);
    assertThat(Arrays.copyOf(labels.boxes3d(), LabelSet.BOX_3D))
        .containsExactly(10, -2, 0.5, 4.5, 1.9, 1.6, 1, 0, 0, 0);
    assertThat(labels.points()[0]).isEqualTo(-1);
    assertThat(log.notes())
        .containsExactly("lidar: point times from 0 ns to 102 us after the stamp of their sweep");
    assertThat(log.examined(DefectKind.CLOUD_NOT_FINITE)).isEqualTo(4);
    assertThat(log.examined(DefectKind.BOX_INVALID)).isEqualTo(4);
    assertThat(log.examined(DefectKind.POSE_INVALID)).isEqualTo(5);
  }

  @Test
  void givesTheStampsOfAnnotationsWhereSweepsAreAbsent() throws IOException {
    Files.delete(sweep(1));
    RecordedReading log = read();
    assertThat(log.stream("annotations").modality()).isEqualTo(Modality.LABELS);
    assertThat(log.stampsNs("annotations")).containsExactly(T, T + STEP);
  }

  @Test
  void readsEachKindOfTableByItself() throws IOException {
    RecordedReading sweep = RecordedReading.of(new Av2Format(), sweep(2));
    assertThat(sweep.stampsNs("lidar")).containsExactly(T + 2 * STEP);
    RecordedReading labels =
        RecordedReading.of(new Av2Format(), log.resolve("annotations.feather"));
    assertThat(labels.labels().getFirst().name()).isEqualTo("annotations");
    assertThat(labels.stampsNs("annotations")).hasSize(2);
    RecordedReading poses =
        RecordedReading.of(new Av2Format(), log.resolve("city_SE3_egovehicle.feather"));
    assertThat(poses.poses().size()).isEqualTo(5);
    Path other = new Feathers().doubles("speed", 1, 2, 3).write(log.resolve("x/speed.feather"));
    RecordedReading table = RecordedReading.of(new Av2Format(), other);
    assertThat(table.defectText()).isEmpty();
    assertThat(table.notes())
        .contains("speed.feather: 3 rows, of which only the structure was examined");
  }

  @Test
  void readsDetectionsWithoutTracksAndOfSeveralLogs() throws IOException {
    Path file =
        annotations()
            .without("track_uuid")
            .texts("log_id", "one", "one", "two", "two")
            .doubles("score", 0.1, 0.2, 0.3, 0.4)
            .write(log.resolve("out/detections.feather"));
    RecordedReading reading = RecordedReading.of(new Av2Format(), file);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames()).isEmpty();
    assertThat(reading.labels().stream().map(LabelSet::name))
        .containsExactly("detections/one", "detections/two");
    assertThat(reading.labels().getFirst().tracks()[0]).isEqualTo(LabelSet.NO_TRACK);
  }

  @Test
  void namesWhatIsWrongWithLabelsAndPoses() throws IOException {
    annotations()
        .texts("log_id_of_another_kind", "", "", "", "")
        .longs("num_interior_pts", 5, -1, -2, 0)
        .replaced("category", new Feathers().texts("category", "BUS", "BOLLARD", "BUS", null))
        .replaced("height_m", new Feathers().doubles("height_m", -1.6, 1, 1, 1))
        .write(log.resolve("annotations.feather"));
    Feathers.poses(T, T + 5, T + STEP)
        .replaced("qw", new Feathers().doubles("qw", 1, 0, 0.5))
        .write(log.resolve("city_SE3_egovehicle.feather"));
    RecordedReading log = read();
    assertThat(log.defectText())
        .isEqualTo(
            """
            error POSE_INVALID: length of the quaternion 0 (expected 0.999 to 1.001) @ city_SE3_egovehicle, messages 1..2, stamps 315966265000000005..315966265100000000 ns, city_SE3_egovehicle.feather
            error LABEL_MALFORMED: num_interior_pts -1 (expected a number of points) @ annotations, messages 1..2, annotations.feather
            error LABEL_MALFORMED: category null (expected a name) @ annotations, message 3, annotations.feather
            error BOX_INVALID: box height -1.6 m (expected above 0, at most 500 m) @ annotations, track a, message 0, stamp 315966265000000000 ns, annotations.feather\
            """);
  }

  @Test
  void namesColumnsThatAreMissing() throws IOException {
    annotations().without("qy").write(log.resolve("annotations.feather"));
    Feathers.poses(T).without("tx_m").write(log.resolve("city_SE3_egovehicle.feather"));
    Feathers.sweep(5).without("offset_ns").write(sweep(0));
    assertThat(read().defectText())
        .isEqualTo(
            """
            error RECORD_MALFORMED: columns not those of poses (expected timestamp_ns qw qx qy qz tx_m ty_m tz_m) @ city_SE3_egovehicle, city_SE3_egovehicle.feather
            error CLOUD_LAYOUT: column offset_ns absent or of another type (expected x y z laser_number offset_ns) @ lidar, message 0, stamp 315966265000000000 ns, sensors/lidar/315966265000000000.feather
            error LABEL_MALFORMED: column qy absent or of another type (expected a column of annotations) @ annotations, annotations.feather\
            """);
  }

  @Test
  void namesWhatIsWrongWithEachSweep() throws IOException {
    Files.write(sweep(0), new byte[0]);
    byte[] good = Feathers.sweep(500).bytes();
    Files.write(sweep(1), Arrays.copyOf(good, good.length / 2));
    double[] x = Feathers.all(50, 1);
    x[7] = Double.NaN;
    x[9] = Double.POSITIVE_INFINITY;
    Feathers.sweep(50).replaced("x", new Feathers().halves("x", x)).write(sweep(2));
    int[] late = new int[50];
    late[49] = 1_000_000_001;
    late[3] = 1;
    Feathers.sweep(50)
        .replaced("offset_ns", new Feathers().ints("offset_ns", late))
        .write(sweep(3));
    RecordedReading log = read();
    assertThat(log.defectText())
        .isEqualTo(
            """
            error FILE_EMPTY: file length 0 bytes (expected at least 1 bytes) @ lidar, message 0, stamp 315966265000000000 ns, sensors/lidar/315966265000000000.feather, byte 0
            error FILE_TRUNCATED: last bytes 0x%s (expected ARROW1) @ lidar, message 1, stamp 315966265100000000 ns, sensors/lidar/315966265100000000.feather
            error CLOUD_NOT_FINITE: points with x, y or z not finite 2 of 50 (expected none) @ lidar, message 2, stamp 315966265200000000 ns, sensors/lidar/315966265200000000.feather
            error CLOUD_LAYOUT: offset_ns 1000000001 ns (expected 0 to 1000000000 ns) @ lidar, message 3, stamp 315966265300000000 ns, sensors/lidar/315966265300000000.feather\
            """
                .formatted(
                    java.util.HexFormat.of()
                        .withUpperCase()
                        .formatHex(good, good.length / 2 - 6, good.length / 2)));
    assertThat(log.coverage().lostBytes()).isEqualTo(good.length / 2);
  }

  @Test
  void callsLostPagesByTheirName() throws IOException {
    byte[] cut = Feathers.sweep(4000).compressed(CodecType.NO_COMPRESSION).bytes();
    int from = cut.length / 4096 * 4096;
    assertThat(cut.length - from).isGreaterThan(512);
    Arrays.fill(cut, from, cut.length, (byte) 0);
    Files.write(log.resolve("annotations.feather"), cut);
    assertThat(read().defectText())
        .startsWith("error ZERO_PAGES: zeros on page bounds ")
        .endsWith(" @ annotations.feather, byte " + from + "+" + (cut.length - from));
  }

  @Test
  void comparesSceneFlowWithTheSweeps() throws IOException {
    new Feathers()
        .doubles("flow_tx_m", Feathers.all(102, 0))
        .write(log.resolve("flow_labels.feather"));
    assertThat(read().defectText()).isEmpty();
    new Feathers()
        .doubles("flow_tx_m", Feathers.all(99, 0))
        .write(log.resolve("flow_labels.feather"));
    assertThat(read().defectText())
        .isEqualTo(
            "error COUNT_MISMATCH: rows 99 (expected the points of one of the sweeps) @"
                + " flow_labels.feather");
  }

  @Test
  void readsCalibration() throws IOException {
    new Feathers()
        .texts("sensor_name", "ring_front_center", "up_lidar")
        .doubles("qw", 0.5, 1)
        .doubles("qx", -0.5, 0.1)
        .doubles("qy", 0.5, 0)
        .doubles("qz", -0.5, 0)
        .doubles("tx_m", 1.6, 1.3)
        .doubles("ty_m", 0, 0)
        .doubles("tz_m", 1.4, 1.7)
        .write(log.resolve("calibration/egovehicle_SE3_sensor.feather"));
    new Feathers()
        .texts("sensor_name", "ring_front_center", "ring_rear_left")
        .doubles("fx_px", 1776, 0)
        .doubles("fy_px", 1776, 0)
        .doubles("cx_px", 778, 1)
        .doubles("cy_px", 1013, 1)
        .shorts("height_px", 2048, 1)
        .shorts("width_px", 1550, 1)
        .write(log.resolve("calibration/intrinsics.feather"));
    RecordedReading log = read();
    assertThat(log.calibrations()).hasSize(1);
    assertThat(log.calibration("ring_front_center").mounting().x()).isEqualTo(1.6);
    assertThat(log.calibration("ring_front_center").intrinsics().height()).isEqualTo(2048);
    assertThat(log.defectText())
        .isEqualTo(
            """
            error CALIBRATION_INVALID: length of the quaternion 1.00499 (expected 0.999 to 1.001) @ up_lidar, message 1, calibration/egovehicle_SE3_sensor.feather
            error CALIBRATION_INVALID: focal lengths 0.0, 0.0 px (expected above 0) @ ring_rear_left, message 1, calibration/intrinsics.feather\
            """);
  }

  @Test
  void stampsImagesByTheirNames() throws IOException {
    Path camera = log.resolve("sensors/cameras/ring_front_center");
    Files.createDirectories(camera);
    Files.write(camera.resolve((T + 10) + ".jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, 1});
    Files.write(camera.resolve("thumbs.db"), new byte[3]);
    RecordedReading log = read();
    assertThat(log.stampsNs("ring_front_center")).containsExactly(T + 10);
    assertThat(log.defects()).isNotEmpty();
    assertThat(log.defects())
        .allSatisfy(d -> assertThat(d.location().stream()).isEqualTo("ring_front_center"));
  }

  @Test
  void saysTheSameHoweverItIsReadInSteps() throws IOException {
    Files.write(sweep(2), new byte[7]);
    RecordedReading whole = read();
    for (long step : new long[] {1, 2, 3, 5}) {
      RecordedReading steps = RecordedReading.inSteps(new Av2Format(), log, step);
      assertThat(steps.read().text()).isEqualTo(whole.read().text());
    }
  }

  @Test
  void claimsLogsAndTables() throws IOException {
    Av2Format format = new Av2Format();
    assertThat(format.match(Probe.of(log)).claimed()).isTrue();
    assertThat(format.match(Probe.of(log.resolve("sensors"))).claimed()).isFalse();
    assertThat(format.match(Probe.of(sweep(0))).claimed()).isTrue();
    Path named = log.resolve("7fab2350-7eaf-3b7e-a39d-6937a4c1bede");
    Files.createDirectories(named);
    assertThat(format.match(Probe.of(named)).claimed()).isFalse();
    Files.createDirectories(named.resolve("map"));
    assertThat(format.match(Probe.of(named)).claimed()).isTrue();
    assertThat(RecordedReading.of(format, named).notes())
        .containsExactly("no poses of the vehicle");
  }

  @Test
  void survivesDamageAnywhere() throws IOException {
    int mapped = MappedFile.openCount();
    List<Path> files =
        List.of(
            sweep(1),
            log.resolve("annotations.feather"),
            log.resolve("city_SE3_egovehicle.feather"));
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      Path file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file);
      int length = random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length;
      byte[] bad = Arrays.copyOf(good, length);
      for (int i = 0; i < 3 && length > 0; i++) {
        bad[random.nextInt(length)] = (byte) random.nextInt();
      }
      Files.write(file, bad);
      try {
        assertThat(read().streamNames()).contains("lidar", "city_SE3_egovehicle");
        String _ = RecordedReading.of(new Av2Format(), file).defectText();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + file, e);
      }
      Files.write(file, good);
    }
    assertThat(read().defectText()).isEmpty();
    assertThat(MappedFile.openCount()).isEqualTo(mapped);
  }
}
