package dev.lockstep.check.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.RealStamps;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// All rules about time over real recordings: silent where nothing is wrong, and right where
/// something is.
class RealStreamsTest {
  private static MessageBatch stream(String name, Modality modality, long[] stamps) {
    StreamInfo info = StreamInfo.of(0, name, modality, StampSource.LIST, "", "");
    MessageBatch batch = new MessageBatch(info, stamps.length);
    for (long stamp : stamps) {
      batch.add(stamp, Times.NONE, Times.NONE, 0, 0);
    }
    return batch;
  }

  private static List<String> warnings(List<MessageBatch> streams) {
    return TimeRules.over(streams).findings(Severity.WARNING).stream()
        .map(TimeRules::brief)
        .toList();
  }

  private static List<MessageBatch> read(SourceFormat format, Path path) throws IOException {
    ReaderDriver.Read read = new ReaderDriver(format).read(path);
    List<MessageBatch> streams = new ArrayList<>();
    for (StreamInfo stream : read.streams()) {
      MessageBatch rows = read.messages(stream.id());
      rows.assignTo(stream);
      streams.add(rows);
    }
    return streams;
  }

  private static List<Path> mcaps(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(SharedData.path(folder))) {
      return files.filter(f -> f.toString().endsWith(".mcap")).sorted().toList();
    }
  }

  private static void assertSilent(List<Path> recordings) throws IOException {
    assertThat(recordings).isNotEmpty();
    for (Path path : recordings) {
      assertThat(warnings(read(new McapFormat(), path))).as(path.toString()).isEmpty();
    }
  }

  @Test
  void isSilentOnOrdinaryRecorderOutput() throws IOException {
    assertSilent(mcaps("mcap-samples"));
    assertSilent(mcaps("ros"));
  }

  @Test
  void isSilentOnFilesThatOnlyTestTheContainer() throws IOException {
    assertSilent(mcaps("mcap-conformance"));
  }

  @Test
  void isSilentOnTheRecordingBehindTheFaults() throws IOException {
    assertSilent(List.of(SharedData.path("mcap-faults", "baseline.mcap")));
    assertSilent(List.of(SharedData.path("mcap-faults", "L38_opcode_private.mcap")));
  }

  @Test
  void namesEachFaultOfTimeInARecording() throws IOException {
    assertFault("S02_log_time_zero", "error TIM014 /lidar 20..20 never-set");
    assertFault("S04_publish_after_log", "error TIM014 /lidar 20..20 hours-1");
    assertFault("S06_sequence_repeat", "warning TIM013 /lidar 20..20");
    assertFault("S08_gap_1s_lidar", "error TIM008 /lidar 14..15");
    assertFault("S10_sensor_dies_early", "warning TIM016 /imu 149..149");
    assertFault("S12_stamp_frozen", "error TIM003 /cam0 10..19");
  }

  private static void assertFault(String file, String expected) throws IOException {
    Path path = SharedData.path("mcap-faults", file + ".mcap");
    assertThat(warnings(read(new McapFormat(), path))).as(file).containsExactly(expected);
  }

  @Test
  void findsTheOneLateSweepAmongTheLogsOfAVehicle() throws IOException {
    Path data = SharedData.path("av2", "av2-api/tests/unit/evaluation/scenario_mining/data");
    assertThat(
            warnings(read(new Av2Format(), data.resolve("3bffdcff-c3a7-38b6-a0f2-64196d130958"))))
        .containsExactly("warning TIM009 annotations_with_ego 91..91");
    assertThat(
            warnings(read(new Av2Format(), data.resolve("3b3570b4-7b0b-3268-a571-b0889dbf40b6"))))
        .isEmpty();
    Path units = SharedData.path("av2", "av2-api/tests/unit");
    for (String log :
        List.of(
            "geometry/data/b87683ae-14c5-321f-8af3-623e7bafc3a7",
            "test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede")) {
      assertThat(warnings(read(new Av2Format(), units.resolve(log)))).as(log).isEmpty();
    }
  }

  @Test
  void isSilentOnTheSensorsOfACleanDrive() throws IOException {
    List<MessageBatch> streams = new ArrayList<>();
    for (String list : RealStamps.KITTI_LISTS) {
      streams.add(stream(list, Modality.CAMERA, RealStamps.kitti(list)));
    }
    assertThat(warnings(streams)).isEmpty();
  }

  @Test
  void isSilentOnCleanCamerasAndInertialUnits() throws IOException {
    String data = "MicroEurocDataset/mav0/";
    assertThat(
            warnings(
                List.of(
                    stream("cam0", Modality.CAMERA, RealStamps.euroc(data + "cam0/data.csv")),
                    stream("cam1", Modality.CAMERA, RealStamps.euroc(data + "cam1/data.csv")))))
        .isEmpty();
    assertThat(
            warnings(
                List.of(stream("imu0", Modality.IMU, RealStamps.euroc(data + "imu0/data.csv")))))
        .isEmpty();
    assertThat(
            warnings(
                List.of(
                    stream(
                        "frames", Modality.CAMERA, RealStamps.comma("global_pose/frame_times")))))
        .isEmpty();
  }

  @Test
  void findsTheOneMessageThatAnInertialUnitLost() throws IOException {
    long[] stamps = RealStamps.euroc("ForOnlineAlignment/mav0/imu0/data.csv");
    assertThat(warnings(List.of(stream("imu0", Modality.IMU, stamps))))
        .containsExactly("warning TIM008 imu0 9123..9124");
  }
}
