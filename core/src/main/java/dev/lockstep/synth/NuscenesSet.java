package dev.lockstep.synth;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A set in the layout of nuScenes while it is made: its tables as rows that can be changed, and
/// its files.
public final class NuscenesSet {
  /// Folder of the tables.
  public static final String VERSION = "v1.0-synth";

  private static final List<String> TABLES =
      List.of(
          "log",
          "map",
          "sensor",
          "calibrated_sensor",
          "category",
          "attribute",
          "visibility",
          "scene",
          "sample",
          "sample_data",
          "ego_pose",
          "instance",
          "sample_annotation");

  private final Map<String, List<Row>> tables = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new TreeMap<>();

  /// A set of empty tables.
  public NuscenesSet() {
    TABLES.forEach(name -> tables.put(name, new ArrayList<>()));
  }

  /// A row: its fields in order.
  public static final class Row {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /// The value of a field that the row has.
    public Object get(String field) {
      return Objects.requireNonNull(fields.get(field), field);
    }

    /// Sets a field.
    public void put(String field, Object value) {
      fields.put(field, value);
    }
  }

  /// The rows of a table, which may be changed.
  public List<Row> table(String name) {
    List<Row> rows = tables.get(name);
    if (rows == null) {
      throw new IllegalArgumentException("table: " + name + " (known: " + TABLES + ")");
    }
    return rows;
  }

  /// The files by name, which may be changed.
  public Map<String, byte[]> files() {
    return files;
  }

  /// Adds a row of `field, value, field, value, ...` and gives it.
  public Row add(String table, Object... fields) {
    Row row = new Row();
    for (int i = 0; i < fields.length; i += 2) {
      row.put((String) fields[i], fields[i + 1]);
    }
    table(table).add(row);
    return row;
  }

  /// Links rows of a chain by `prev` and `next`.
  public static void chain(List<Row> rows) {
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).put("prev", i == 0 ? "" : rows.get(i - 1).get("token"));
      rows.get(i).put("next", i == rows.size() - 1 ? "" : rows.get(i + 1).get("token"));
    }
  }

  /// Writes tables and files below `root`; a row a line.
  ///
  /// @throws IOException if a file cannot be written
  public void write(Path root) throws IOException {
    JsonMapper mapper = JsonMapper.builder().build();
    Path folder = Files.createDirectories(root.resolve(VERSION));
    for (Map.Entry<String, List<Row>> table : tables.entrySet()) {
      StringBuilder text = new StringBuilder("[");
      String separator = "\n";
      for (Row row : table.getValue()) {
        text.append(separator).append(mapper.writeValueAsString(row.fields));
        separator = ",\n";
      }
      Files.writeString(folder.resolve(table.getKey() + ".json"), text.append("\n]\n"));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
