package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Pose;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.rosbag2.Rosbag2Format;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A drive that tells in ROS messages where its sensors sit.
class CalibratedDriveTest {
  private static final SynthOptions OPTIONS =
      SynthOptions.DEFAULT
          .withSeed(41)
          .withSeconds(6)
          .withCloud(8, 360)
          .withImages(64, 48)
          .withRange(32)
          .withRates(50, 20);

  @TempDir private Path folder;

  private static void write(RecordingOutput to) throws IOException {
    Drive drive = new Drive(OPTIONS);
    try (RecordingOutput out = new CalibratedOutput(to, drive)) {
      SynthRun.begin(out, drive, OPTIONS);
      List<DriveMessage> messages = new ArrayList<>();
      drive.forEach(messages::add);
      for (DriveMessage each : messages) {
        out.message(
            each.stream(),
            each.sequence(),
            each.logTimeNs(),
            each.publishTimeNs(),
            ByteBuffer.wrap(each.payload()));
      }
      out.finish();
    }
  }

  private Path drive() throws IOException {
    Path file = folder.resolve("drive.mcap");
    write(new McapOutput(file, McapSettings.DEFAULT));
    return file;
  }

  private static RecordingResult check(SourceFormat format, Path file) throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      return engine.check(file, "drive", format);
    }
  }

  private static RecordingResult check(Path file) throws IOException {
    return check(new McapFormat(), file);
  }

  private static Map<String, Double> beamResiduals(RecordingResult result) {
    Map<String, Double> residuals = new TreeMap<>();
    for (Measurement each : result.measurements()) {
      if (each.quantity().equals("beam-residual")) {
        residuals.put(each.subject(), each.value());
      }
    }
    return residuals;
  }

  @Test
  void calibrationsAreThoseOfTheDrive() throws IOException {
    List<Calibration> calibrations = check(drive()).calibrations();

    assertThat(calibrations)
        .extracting(Calibration::sensor)
        .containsExactlyInAnyOrder(
            Drive.LIDAR, Drive.CAMERA_FRONT, Drive.CAMERA_LEFT, Drive.VIDEO_REAR);
    assertThat(calibrations).extracting(Calibration::parent).containsOnly("base_link");
    for (Calibration each : calibrations) {
      Pose pose = Objects.requireNonNull(each.mounting());
      // Forward of the sensor on the ground: x of a LiDAR, z of a camera.
      boolean camera = each.intrinsics() != null;
      double forward =
          camera
              ? 2 * (pose.qx() * pose.qz() + pose.qw() * pose.qy())
              : 1 - 2 * (pose.qy() * pose.qy() + pose.qz() * pose.qz());
      double left =
          camera
              ? 2 * (pose.qy() * pose.qz() - pose.qw() * pose.qx())
              : 2 * (pose.qx() * pose.qy() + pose.qw() * pose.qz());
      double yaw =
          switch (each.sensor()) {
            case Drive.CAMERA_LEFT -> Math.toRadians(70);
            case Drive.VIDEO_REAR -> Math.PI;
            default -> 0;
          };
      assertThat(forward).as(each.sensor()).isCloseTo(Math.cos(yaw), within(1e-12));
      assertThat(left).as(each.sensor()).isCloseTo(Math.sin(yaw), within(1e-12));
    }
  }

  @Test
  void beamMeetsEveryCamera() throws IOException {
    RecordingResult result = check(drive());

    assertThat(beamResiduals(result)).hasSize(3);
    // Columns are 0.28 ms apart.
    assertThat(beamResiduals(result).values()).allMatch(ms -> Math.abs(ms) < 1, "below 1 ms");
    assertThat(result.findings()).isEmpty();
  }

  @Test
  void bagOfSeveralFilesGivesTheSame() throws IOException {
    Path bag = Files.createDirectory(folder.resolve("bag"));
    write(new Rosbag2Output(bag, 4096, 400));

    RecordingResult split = check(new Rosbag2Format(new McapFormat()), bag);
    RecordingResult whole = check(drive());

    // The writer of such bags leaves protobuf out, and with it the video.
    assertThat(split.calibrations())
        .containsExactlyInAnyOrderElementsOf(
            whole.calibrations().stream()
                .filter(each -> !each.sensor().equals(Drive.VIDEO_REAR))
                .toList());
    assertThat(beamResiduals(split)).hasSize(2);
    assertThat(beamResiduals(whole)).containsAllEntriesOf(beamResiduals(split));
  }

  @Test
  void camerasThatTookEachOthersPlacesAreNamed() throws IOException {
    Path file = folder.resolve("exchanged.mcap");
    write(new Exchanged(new McapOutput(file, McapSettings.DEFAULT)));

    List<Finding> findings = check(file).findings();

    assertThat(findings).extracting(finding -> finding.check().id()).containsExactly("SYN004");
    assertThat(FindingText.of(findings.getFirst())).contains("/camera/left/image");
  }

  /// Exchanges the rotations of the forward camera and that to the left in the transforms.
  private static final class Exchanged extends ForwardingOutput {
    private int streams;
    private int transforms = -1;

    Exchanged(RecordingOutput out) {
      super(out);
    }

    @Override
    public int stream(StreamSpec spec) throws IOException {
      if (spec.topic().equals("/tf_static")) {
        transforms = streams;
      }
      streams++;
      return out.stream(spec);
    }

    @Override
    public void message(
        int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
        throws IOException {
      if (stream == transforms) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        int front = rotation(bytes, "camera_front");
        int left = rotation(bytes, "camera_left");
        byte[] kept = Arrays.copyOfRange(bytes, front, front + ROTATION_BYTES);
        System.arraycopy(bytes, left, bytes, front, ROTATION_BYTES);
        System.arraycopy(kept, 0, bytes, left, ROTATION_BYTES);
        out.message(stream, sequence, logTimeNs, publishTimeNs, ByteBuffer.wrap(bytes));
        return;
      }
      out.message(stream, sequence, logTimeNs, publishTimeNs, payload);
    }

    private static final int ROTATION_BYTES = 4 * Double.BYTES;
    private static final int CDR_HEADER_BYTES = 4;

    private static int rotation(byte[] bytes, String frame) {
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(frame + "\0");
      int end = at + frame.length() + 1 - CDR_HEADER_BYTES;
      int aligned = (end + Double.BYTES - 1) / Double.BYTES * Double.BYTES;
      return CDR_HEADER_BYTES + aligned + 3 * Double.BYTES;
    }
  }
}
