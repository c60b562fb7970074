package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The tracker on stamps of real sensors, clean and with messages taken out.
class RealSeriesTest {

  private static final String KITTI = "kitti/python_camera_library/test_data/kitti";
  private static final String DRIVE = "2011_09_26_drive_0001_sync";
  private static final String EUROC = "multisensor/Kimera-VIO/tests/data";
  private static final String COMMA =
      "multisensor/comma2k19/Example_1/b0c9d2329ad1606b|2018-08-02--08-34-47/40";

  private static final String[] KITTI_LISTS = {
    "image_00/timestamps.txt",
    "image_01/timestamps.txt",
    "image_02/timestamps.txt",
    "image_03/timestamps.txt",
    "oxts/timestamps.txt",
    "velodyne_points/timestamps.txt",
    "velodyne_points/timestamps_start.txt",
    "velodyne_points/timestamps_end.txt",
  };

  private static long[] kitti(String list) throws IOException {
    Path path = SharedData.path(KITTI, DRIVE, "2011_09_26", DRIVE, list);
    return Files.readAllLines(path).stream()
        .filter(line -> !line.isBlank())
        .mapToLong(line -> {
          Instant time = Instant.parse(line.strip().replace(' ', 'T') + "Z");
          return time.getEpochSecond() * 1_000_000_000L + time.getNano();
        })
        .toArray();
  }

  private static long[] euroc(String list) throws IOException {
    return Files.readAllLines(SharedData.path(EUROC, list)).stream()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
        .toArray();
  }

  /// Seconds in a NumPy file of version 1 with one dimension of little-endian doubles.
  private static long[] comma(String list) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(SharedData.path(COMMA, list)));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int start = 10 + bytes.getShort(8);
    long[] stamps = new long[(bytes.limit() - start) / 8];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = Math.round(bytes.getDouble(start + 8 * i) * 1e9);
    }
    return stamps;
  }

  private static void findsInjectedDrops(String name, long[] stamps) {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      TreeSet<Long> lost = new TreeSet<>();
      for (long slot = 1; slot < stamps.length - 1; slot++) {
        if (random.nextDouble() < 0.02) {
          lost.add(slot);
        }
      }
      EventLog log = EventLog.of(SimulatedClock.without(stamps, lost));
      assertThat(log.missingSlots()).as("%s, seed %d", name, seed).isEqualTo(lost);
      assertThat(log.other()).as("%s, seed %d: %s", name, seed, log.lines()).isZero();
    }
  }

  @Test
  void staysSilentOnTheSensorsOfACleanDriveAndFindsWhatIsTakenOut() throws IOException {
    for (String list : KITTI_LISTS) {
      long[] stamps = kitti(list);
      assertThat(stamps).hasSize(108);
      assertThat(EventLog.of(stamps).lines()).as(list).isEmpty();
      findsInjectedDrops(list, stamps);
    }
  }

  @Test
  void findsTheOneLateSweepOfFourLogsAndNothingElse() throws IOException {
    Path unit = SharedData.path("av2/av2-api/tests/unit");
    Path mining = unit.resolve("evaluation/scenario_mining/data");
    Map<Path, List<String>> expected = new LinkedHashMap<>();
    expected.put(
        mining.resolve("3bffdcff-c3a7-38b6-a0f2-64196d130958"), List.of("doublet 91 +3.0 ms"));
    expected.put(mining.resolve("3b3570b4-7b0b-3268-a571-b0889dbf40b6"), List.of());
    expected.put(unit.resolve("geometry/data/b87683ae-14c5-321f-8af3-623e7bafc3a7"), List.of());
    expected.put(
        unit.resolve("test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede"), List.of());
    for (Map.Entry<Path, List<String>> log : expected.entrySet()) {
      RecordedReading reading = RecordedReading.of(new Av2Format(), log.getKey());
      long[] stamps = reading.stampsNs(reading.labels().getFirst().name());
      assertThat(EventLog.of(stamps).lines()).as(log.getKey().toString()).isEqualTo(log.getValue());
    }
  }

  @Test
  void findsTheOneMessageThatAnInertialUnitLost() throws IOException {
    long[] stamps = euroc("ForOnlineAlignment/mav0/imu0/data.csv");
    assertThat(EventLog.of(stamps).lines()).containsExactly("dropped 9124 x1 after 9123");
  }

  @Test
  void staysSilentOnCleanCamerasAndInertialUnits() throws IOException {
    for (String list :
        new String[] {
          "MicroEurocDataset/mav0/cam0/data.csv",
          "MicroEurocDataset/mav0/cam1/data.csv",
          "MicroEurocDataset/mav0/imu0/data.csv",
        }) {
      long[] stamps = euroc(list);
      assertThat(EventLog.of(stamps).lines()).as(list).isEmpty();
      findsInjectedDrops(list, stamps);
    }
  }

  @Test
  void findsTheOneLateStampOfADashcam() throws IOException {
    assertThat(EventLog.of(comma("global_pose/frame_times")).lines())
        .containsExactly("doublet 55 +1.3 ms");
  }

  @Test
  void claimsNothingAboutBusTrafficAndBurstsOfMeasurements() throws IOException {
    assertThat(EventLog.of(comma("processed_log/CAN/speed/t")).lines())
        .containsExactly("unlocked 0 x4974 EVENT_DRIVEN");
    assertThat(EventLog.of(comma("processed_log/CAN/raw_can/t")).lines())
        .containsExactly("unlocked 0 x135468 NOT_RISING");
    assertThat(EventLog.of(comma("processed_log/GNSS/raw_gnss_ublox/t")).lines())
        .containsExactly("unlocked 0 x9228 NOT_RISING");
  }

  @Test
  void recognisesStampsThatPassedThroughADouble() throws IOException {
    StampResolution camera = new StampResolution();
    for (long stamp : euroc("MicroEurocDataset/mav0/cam0/data.csv")) {
      camera.add(stamp);
    }
    assertThat(camera.floatTrace()).isEqualTo(StampResolution.FloatTrace.NANOSECONDS);
    StampResolution lidar = new StampResolution();
    for (long stamp : kitti("velodyne_points/timestamps.txt")) {
      lidar.add(stamp);
    }
    assertThat(lidar.floatTrace()).isEqualTo(StampResolution.FloatTrace.NONE);
  }
}
