package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The channels of a set: one stream each, and where their sensors sit.
final class Channels {
  /// Frame of reference of the vehicle.
  private static final String EGO = "ego";

  /// Channels of a set at most. Judged: ten times what any vehicle carries; more are damage.
  private static final int MAX_CHANNELS = 1024;

  private final List<StreamInfo> streams = new ArrayList<>();
  private final int[] ofRow;

  /// @param data rows of sensor data
  Channels(Table sensors, Table calibrated, Table data) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] ofSensor = new int[sensors.rows()];
    for (int row = 0; row < ofSensor.length; row++) {
      String channel = sensors.name("channel", row);
      ofSensor[row] =
          channel.isEmpty() || (!numbers.containsKey(channel) && numbers.size() >= MAX_CHANNELS)
              ? -1
              : numbers.computeIfAbsent(channel, c -> streams.size());
      // The stream is known by the first sensor of its channel.
      if (ofSensor[row] == streams.size()) {
        streams.add(stream(channel, sensors.name("modality", row)));
      }
    }
    int[] sensor = calibrated.link("sensor_token");
    int[] calibration = data.link("calibrated_sensor_token");
    int[] prev = data.link("prev");
    int[] next = data.link("next");
    ofRow = new int[data.rows()];
    for (int row = 0; row < ofRow.length; row++) {
      int at = calibration[row] >= 0 ? sensor[calibration[row]] : -1;
      ofRow[row] = at >= 0 ? ofSensor[at] : -1;
    }
    for (int row = 0; row < ofRow.length; row++) {
      if (ofRow[row] < 0 && next[row] >= 0) {
        ofRow[row] = ofRow[next[row]];
      }
      if (ofRow[row] < 0 && prev[row] >= 0) {
        ofRow[row] = ofRow[prev[row]];
      }
    }
  }

  private StreamInfo stream(String channel, String modality) {
    return StreamInfo.of(
        streams.size(), channel, modality(modality), StampSource.COLUMN, null, null);
  }

  private static Modality modality(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "lidar" -> Modality.LIDAR;
      case "camera" -> Modality.CAMERA;
      case "radar" -> Modality.RADAR;
      default -> Modality.OTHER;
    };
  }

  /// The streams, by number of their channels.
  List<StreamInfo> streams() {
    return streams;
  }

  /// Number of the channel of each row of sensor data, negative where unknown.
  int[] ofRow() {
    return ofRow;
  }

  /// The calibrations in use, each sensor's first one; all are examined.
  ///
  /// @param notes told of sensors that have several
  List<Calibration> calibrations(Table calibrated, Table data, Faults faults, List<String> notes) {
    int[] used = new int[streams.size()];
    int[] count = new int[streams.size()];
    int[] firstRow = new int[streams.size()];
    Arrays.fill(used, -1);
    Set<Integer> seen = new HashSet<>();
    int[] calibration = data.link("calibrated_sensor_token");
    for (int row = 0; row < data.rows(); row++) {
      int channel = ofRow[row];
      int at = calibration[row];
      if (channel >= 0 && at >= 0 && seen.add(at)) {
        count[channel]++;
        if (used[channel] < 0) {
          used[channel] = at;
          firstRow[channel] = row;
        }
      }
    }
    for (int row = 0; row < calibrated.rows(); row++) {
      Evidence fault = fault(calibrated, row);
      if (fault != null) {
        faults.add(
            "calibration", Defect.of(DefectKind.CALIBRATION_INVALID, calibrated.place(row), fault));
      }
    }
    faults.examined(DefectKind.CALIBRATION_INVALID, calibrated.rows());
    List<Calibration> all = new ArrayList<>();
    for (StreamInfo stream : streams) {
      int at = used[stream.id()];
      if (at < 0) {
        continue;
      }
      if (count[stream.id()] > 1) {
        notes.add(
            stream.name() + ": " + count[stream.id()] + " calibrations, of which the first counts");
      }
      if (fault(calibrated, at) == null) {
        int row = firstRow[stream.id()];
        all.add(
            new Calibration(
                stream.name(),
                EGO,
                Rotations.pose(calibrated, at),
                intrinsics(calibrated, at, data.number("width", row), data.number("height", row))));
      }
    }
    return all;
  }

  private static @Nullable Evidence fault(Table calibrated, int row) {
    Pose mounting = Rotations.pose(calibrated, row);
    Evidence fault = Rotations.fault(mounting);
    Intrinsics camera = intrinsics(calibrated, row, 0, 0);
    if (fault != null || camera == null) {
      return fault;
    }
    if (!(camera.fx() > 0 && camera.fy() > 0 && Double.isFinite(camera.fx() + camera.fy()))) {
      return new Evidence.Violation(
          "focal lengths", camera.fx() + ", " + camera.fy() + " px", "above 0");
    }
    return Double.isFinite(camera.cx() + camera.cy())
        ? null
        : new Evidence.Violation(
            "principal point", camera.cx() + ", " + camera.cy() + " px", "finite numbers");
  }

  private static @Nullable Intrinsics intrinsics(Table calibrated, int row, int width, int height) {
    double[] k = calibrated.vectors("camera_intrinsic");
    int at = row * 9;
    return Double.isNaN(k[at])
        ? null
        : new Intrinsics(
            k[at], k[at + 4], k[at + 2], k[at + 5], Math.max(0, width), Math.max(0, height));
  }
}
