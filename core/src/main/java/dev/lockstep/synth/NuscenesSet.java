package dev.lockstep.synth;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A set in the layout of nuScenes while it is made: its tables as rows that can be changed, and its
/// files.
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

  private final Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new TreeMap<>();

  /// A set of empty tables.
  public NuscenesSet() {
    TABLES.forEach(name -> tables.put(name, new ArrayList<>()));
  }

  /// The rows of a table, which may be changed.
  public List<Map<String, Object>> table(String name) {
    List<Map<String, Object>> rows = tables.get(name);
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
  public Map<String, Object> add(String table, Object... fields) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      row.put((String) fields[i], fields[i + 1]);
    }
    table(table).add(row);
    return row;
  }

  /// Links rows of a chain by `prev` and `next`.
  public static void chain(List<Map<String, Object>> rows) {
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
    for (Map.Entry<String, List<Map<String, Object>>> table : tables.entrySet()) {
      StringBuilder text = new StringBuilder("[");
      String separator = "\n";
      for (Map<String, Object> row : table.getValue()) {
        text.append(separator).append(mapper.writeValueAsString(row));
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
