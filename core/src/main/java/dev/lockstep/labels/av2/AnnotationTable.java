package dev.lockstep.labels.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Integers;
import dev.lockstep.arrow.FeatherColumns.Numbers;
import dev.lockstep.arrow.FeatherColumns.Texts;
import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.StampSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// Reads Argoverse 2 annotations: a Feather table, a row a box at one stamp.
///
/// ```text
/// timestamp_ns i64    track_uuid, category text     length_m width_m height_m f64
/// qw qx qy qz f64     tx_m ty_m tz_m f64            num_interior_pts i64
/// ```
///
/// (av2-api, `docs` of the sensor dataset and files.) Boxes are given in the vehicle's frame at
/// their stamp, with their centre, as [LabelSet.Frame#EGO]. Optional: `track_uuid` (detections may
/// have none), `num_interior_pts` (older files have none), `log_id` (evaluation tables hold several
/// logs; each becomes a label set).
public final class AnnotationTable {
  /// Columns by which a table is recognised.
  private static final List<String> KEYS = List.of("timestamp_ns", "category", "length_m");

  /// Numbers of a box, in the order of [LabelSet#boxes3d()].
  static final List<String> NUMBERS =
      List.of("tx_m", "ty_m", "tz_m", "length_m", "width_m", "height_m", "qw", "qx", "qy", "qz");

  private final String name;
  private final String file;
  private final Consumer<Defect> defects;
  private final Map<String, LabelSet> sets = new LinkedHashMap<>();
  private long rows;

  private @Nullable Evidence running;
  private long runFirst;
  private long runLast;

  private AnnotationTable(String name, String file, Consumer<Defect> defects) {
    this.name = name;
    this.file = file;
    this.defects = defects;
  }

  /// What a table held.
  ///
  /// @param sets its label sets, sealed
  /// @param rows number of its rows
  public record Result(List<LabelSet> sets, long rows) {
    /// Copies the list.
    public Result {
      sets = List.copyOf(sets);
    }
  }

  /// Whether a table with these columns holds annotations.
  public static boolean holdsAnnotations(Collection<String> columns) {
    return columns.containsAll(KEYS);
  }

  /// Reads a table.
  ///
  /// @param name name of the label set
  /// @param file name of the file relative to the recording
  /// @param defects told of malformed rows; neighbours with the same fault are one
  /// @throws MalformedFeatherException if the file is damaged; nothing is read then
  public static Result read(FeatherFile table, String name, String file, Consumer<Defect> defects)
      throws MalformedFeatherException {
    AnnotationTable reader = new AnnotationTable(name, file, defects);
    for (int i = 0; i < table.batchCount(); i++) {
      try (VectorSchemaRoot batch = table.load(i)) {
        if (!reader.read(batch)) {
          break;
        }
      }
    }
    reader.endRun();
    List<LabelSet> sets = new ArrayList<>(reader.sets.values());
    if (sets.isEmpty()) {
      sets.add(reader.newSet(name));
    }
    sets.forEach(LabelSet::seal);
    return new Result(sets, reader.rows);
  }

  private LabelSet newSet(String setName) {
    return new LabelSet(setName, LabelSet.Frame.EGO, StampSource.COLUMN);
  }

  /// Reads a batch; `false` if its columns are not those of annotations.
  private boolean read(VectorSchemaRoot batch) {
    Integers stamps = FeatherColumns.integers(batch, "timestamp_ns");
    Texts categories = FeatherColumns.texts(batch, "category");
    Numbers[] numbers = new Numbers[NUMBERS.size()];
    String missing = stamps == null ? "timestamp_ns" : categories == null ? "category" : null;
    for (int i = 0; i < numbers.length; i++) {
      Numbers column = FeatherColumns.numbers(batch, NUMBERS.get(i));
      if (column == null) {
        missing = NUMBERS.get(i);
      } else {
        numbers[i] = column;
      }
    }
    if (missing != null || stamps == null || categories == null) {
      defects.accept(
          Defect.of(
              DefectKind.LABEL_MALFORMED,
              Location.stream(name).withFile(file),
              new Evidence.Violation(
                  "column " + missing, "absent or of another type", "a column of annotations")));
      return false;
    }
    Texts tracks = FeatherColumns.texts(batch, "track_uuid");
    Texts logs = FeatherColumns.texts(batch, "log_id");
    Integers points = FeatherColumns.integers(batch, "num_interior_pts");
    for (int row = 0; row < batch.getRowCount(); row++) {
      String category = categories.get(row);
      Evidence fault = null;
      if (!stamps.has(row) || stamps.get(row) < 0) {
        fault =
            new Evidence.Violation(
                "timestamp_ns", stamps.has(row) ? "" + stamps.get(row) : "null", "a stamp");
      } else if (category == null || category.isEmpty()) {
        fault = new Evidence.Violation("category", category == null ? "null" : "empty", "a name");
      } else if (points != null && (!points.has(row) || points.get(row) < 0)) {
        fault =
            new Evidence.Violation(
                "num_interior_pts",
                points.has(row) ? "" + points.get(row) : "null",
                "a number of points");
      }
      if (fault == null && category != null) {
        String track = tracks == null ? null : tracks.get(row);
        LabelSet set = setOf(logs == null ? null : logs.get(row));
        int at = set.add(stamps.get(row), -1, track, category, file, rows);
        set.setBox3d(
            at,
            numbers[0].get(row),
            numbers[1].get(row),
            numbers[2].get(row),
            numbers[3].get(row),
            numbers[4].get(row),
            numbers[5].get(row),
            numbers[6].get(row),
            numbers[7].get(row),
            numbers[8].get(row),
            numbers[9].get(row));
        if (points != null) {
          set.setPoints(at, (int) Math.min(points.get(row), Integer.MAX_VALUE));
        }
      }
      note(fault, rows);
      rows++;
    }
    return true;
  }

  private LabelSet setOf(@Nullable String log) {
    String setName = log == null ? name : name + "/" + log;
    return sets.computeIfAbsent(setName, this::newSet);
  }

  private void note(@Nullable Evidence fault, long row) {
    if (running != null && (fault == null || !fault.what().equals(running.what()))) {
      endRun();
    }
    if (fault != null) {
      if (running == null) {
        running = fault;
        runFirst = row;
      }
      runLast = row;
    }
  }

  private void endRun() {
    if (running != null) {
      defects.accept(
          Defect.of(
              DefectKind.LABEL_MALFORMED,
              Location.stream(name).withFile(file).withMessages(runFirst, runLast),
              running));
      running = null;
    }
  }
}
