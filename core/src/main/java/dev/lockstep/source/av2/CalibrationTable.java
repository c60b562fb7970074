package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Integers;
import dev.lockstep.arrow.FeatherColumns.Numbers;
import dev.lockstep.arrow.FeatherColumns.Texts;
import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Pose;
import dev.lockstep.source.RecordingSink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// Reads one of a log's two calibration tables, a row a sensor: where the sensors sit, or how the
/// cameras project.
final class CalibrationTable implements FeatherTable.Content {
  private final String file;
  private final Map<String, Pose> mountings = new LinkedHashMap<>();
  private final Map<String, Intrinsics> intrinsics = new LinkedHashMap<>();

  /// @param file name of the file relative to the recording
  CalibrationTable(String file) {
    this.file = file;
  }

  @Override
  public void read(FeatherFile table, FeatherTable.Findings findings)
      throws MalformedFeatherException {
    for (int i = 0; i < table.batchCount(); i++) {
      try (VectorSchemaRoot batch = table.load(i)) {
        read(batch, findings);
      }
    }
  }

  private void read(VectorSchemaRoot batch, FeatherTable.Findings findings) {
    Texts sensors = FeatherColumns.texts(batch, Av2Layout.SENSOR_NAME);
    Transforms transforms = Transforms.of(batch);
    Numbers fx = FeatherColumns.numbers(batch, "fx_px");
    Numbers fy = FeatherColumns.numbers(batch, "fy_px");
    Numbers cx = FeatherColumns.numbers(batch, "cx_px");
    Numbers cy = FeatherColumns.numbers(batch, "cy_px");
    Integers width = FeatherColumns.integers(batch, "width_px");
    Integers height = FeatherColumns.integers(batch, "height_px");
    boolean projects = fx != null && fy != null && cx != null && cy != null;
    if (sensors == null || (transforms == null && !projects)) {
      findings.defect(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              Location.file(file),
              new Evidence.Violation(
                  "columns",
                  "not those of a calibration",
                  "sensor_name with " + Transforms.COLUMNS + " or fx_px fy_px cx_px cy_px")));
      return;
    }
    for (int row = 0; row < batch.getRowCount(); row++) {
      String sensor = sensors.get(row);
      Evidence fault;
      if (sensor == null) {
        fault = new Evidence.Violation(Av2Layout.SENSOR_NAME, "null", "a name");
      } else if (transforms != null) {
        Pose mounting = transforms.pose(row);
        fault = Transforms.fault(mounting);
        mountings.put(sensor, mounting);
      } else {
        Intrinsics camera =
            new Intrinsics(
                value(fx, row),
                value(fy, row),
                value(cx, row),
                value(cy, row),
                pixels(width, row),
                pixels(height, row));
        fault = fault(camera);
        intrinsics.put(sensor, camera);
      }
      findings.examined(DefectKind.CALIBRATION_INVALID, 1);
      if (fault != null) {
        mountings.remove(sensor);
        intrinsics.remove(sensor);
        findings.defect(
            Defect.of(
                DefectKind.CALIBRATION_INVALID,
                Location.file(file).withStream(sensor == null ? "" : sensor).withMessages(row, row),
                fault));
      }
    }
  }

  private static double value(@Nullable Numbers column, int row) {
    return column == null ? Double.NaN : column.get(row);
  }

  private static int pixels(@Nullable Integers column, int row) {
    return column == null || !column.has(row) ? 0 : (int) column.get(row);
  }

  private static @Nullable Evidence fault(Intrinsics camera) {
    if (!(camera.fx() > 0 && camera.fy() > 0 && Double.isFinite(camera.fx() + camera.fy()))) {
      return new Evidence.Violation(
          "focal lengths", camera.fx() + ", " + camera.fy() + " px", "above 0");
    }
    return Double.isFinite(camera.cx() + camera.cy())
        ? null
        : new Evidence.Violation(
            "principal point", camera.cx() + ", " + camera.cy() + " px", "finite numbers");
  }

  /// Hands over nothing: [#report] does, once both tables are read.
  @Override
  public void commit(RecordingSink sink) {}

  /// Hands over what two tables say together; either may be null.
  static void report(
      @Nullable CalibrationTable extrinsics,
      @Nullable CalibrationTable cameras,
      RecordingSink sink) {
    Map<String, Pose> mountings = extrinsics == null ? Map.of() : extrinsics.mountings;
    Map<String, Intrinsics> intrinsics = cameras == null ? Map.of() : cameras.intrinsics;
    TreeSet<String> sensors = new TreeSet<>(mountings.keySet());
    sensors.addAll(intrinsics.keySet());
    for (String sensor : sensors) {
      sink.calibration(
          new Calibration(sensor, Av2Layout.EGO, mountings.get(sensor), intrinsics.get(sensor)));
    }
  }
}
