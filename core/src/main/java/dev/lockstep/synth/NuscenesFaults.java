package dev.lockstep.synth;

import dev.lockstep.model.Location;
import dev.lockstep.synth.NuscenesSet.Row;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.Injection;
import java.util.ArrayList;
import java.util.List;

/// Plants faults in the tables of a set before it is written.
///
/// | fault | settings |
/// |---|---|
/// | `dangling-token` | `table`, `field`, `at` (row) |
/// | `duplicate-token` | `table`, `at`: the row gets the token of the one before |
/// | `broken-chain` | `table`, `at`: `next` skips a row |
/// | `wrong-count` | `table`, `field`, `at` |
/// | `stamp-off-name` | `at` (row of sample_data), `us` |
/// | `lost-keyframe` | `at` (row of sample_data) |
/// | `wrong-sample` | `at` (row of sample_data), `by` (samples further) |
/// | `neighbour-pose` | `at` (row of sample_data), `by` (rows of ego_pose further) |
/// | `missing-file` | `at` (row of sample_data) |
/// | `shifted-boxes` | `at` (sample from which on boxes stand a sample late) |
public final class NuscenesFaults {
  private NuscenesFaults() {}

  /// Plants a fault.
  ///
  /// @throws InapplicableFaultException if it is unknown or finds no row
  public static Injection plant(NuscenesSet set, FaultSpec spec) {
    return switch (spec.name()) {
      case "dangling-token" -> {
        String token = "0123456789abcdef0123456789abcdef";
        row(set, spec).put(setting(spec, "field"), token);
        yield injection(spec, setting(spec, "field") + " names no row", List.of("INT035"));
      }
      case "duplicate-token" -> {
        List<Row> rows = set.table(setting(spec, "table"));
        int at = number(spec, "at");
        row(set, spec).put("token", rows.get(at - 1).get("token"));
        yield injection(spec, "two rows have one token", List.of("INT035"));
      }
      case "broken-chain" -> {
        Row row = row(set, spec);
        Row next = byToken(set, setting(spec, "table"), row.get("next"));
        row.put("next", next.get("next"));
        yield injection(spec, "next skips a row", List.of("INT036"));
      }
      case "wrong-count" -> {
        Row row = row(set, spec);
        int count = ((Number) row.get(setting(spec, "field"))).intValue();
        row.put(setting(spec, "field"), count + 3);
        yield injection(spec, setting(spec, "field") + " is 3 too large", List.of("INT012"));
      }
      case "stamp-off-name" -> {
        Row row = data(set, spec);
        String name = (String) row.get("filename");
        long us = ((Number) row.get("timestamp")).longValue();
        String off = name.replace("__" + us + ".", "__" + (us + number(spec, "us")) + ".");
        byte[] content = set.files().remove(name);
        if (content != null) {
          set.files().put(off, content);
        }
        row.put("filename", off);
        yield injection(
            spec, "the file name is " + number(spec, "us") + " us late", List.of("INT037"));
      }
      case "lost-keyframe" -> {
        data(set, spec).put("is_key_frame", false);
        yield injection(spec, "a keyframe is marked as none", List.of("INT048"));
      }
      case "wrong-sample" -> {
        Row row = data(set, spec);
        List<Row> samples = set.table("sample");
        int own = samples.indexOf(byToken(set, "sample", row.get("sample_token")));
        row.put("sample_token", samples.get(own + number(spec, "by")).get("token"));
        yield injection(spec, "a row belongs to another sample", List.of("INT048"));
      }
      case "neighbour-pose" -> {
        List<Row> poses = set.table("ego_pose");
        Row own = byToken(set, "ego_pose", data(set, spec).get("ego_pose_token"));
        Row other = poses.get(poses.indexOf(own) + number(spec, "by"));
        own.put("translation", other.get("translation"));
        own.put("rotation", other.get("rotation"));
        yield injection(spec, "a pose is that of another instant", List.of("SYN024"));
      }
      case "missing-file" -> {
        set.files().remove((String) data(set, spec).get("filename"));
        yield injection(spec, "the file is not there", List.of("INT003"));
      }
      case "shifted-boxes" -> shift(set, spec);
      default -> throw new InapplicableFaultException("fault of tables: " + spec.name());
    };
  }

  /// Gives each box from a sample on the place that it had in the sample before.
  private static Injection shift(NuscenesSet set, FaultSpec spec) {
    List<Object> samples = new ArrayList<>();
    set.table("sample").forEach(sample -> samples.add(sample.get("token")));
    int from = number(spec, "at");
    List<Row> boxes = set.table("sample_annotation");
    for (int i = boxes.size() - 1; i >= 0; i--) {
      Row box = boxes.get(i);
      if (samples.indexOf(box.get("sample_token")) >= from && !"".equals(box.get("prev"))) {
        Row before = byToken(set, "sample_annotation", box.get("prev"));
        box.put("translation", before.get("translation"));
        box.put("rotation", before.get("rotation"));
      }
    }
    return injection(spec, "boxes stand where they were a sample before", List.of());
  }

  private static Injection injection(FaultSpec spec, String what, List<String> expected) {
    String table = spec.settings().getOrDefault("table", "sample_data");
    Location at = Location.file(NuscenesSet.VERSION + "/" + table + ".json");
    if (!spec.name().equals("shifted-boxes")) {
      int row = number(spec, "at");
      at = at.withMessages(row, row);
    }
    return new Injection(spec, true, what, at, expected, List.of());
  }

  private static Row data(NuscenesSet set, FaultSpec spec) {
    return set.table("sample_data").get(number(spec, "at"));
  }

  private static Row row(NuscenesSet set, FaultSpec spec) {
    List<Row> rows = set.table(setting(spec, "table"));
    int at = number(spec, "at");
    if (at >= rows.size()) {
      throw new InapplicableFaultException(
          "at: " + at + " (the table has " + rows.size() + " rows): " + spec);
    }
    return rows.get(at);
  }

  private static Row byToken(NuscenesSet set, String table, Object token) {
    for (Row row : set.table(table)) {
      if (row.get("token").equals(token)) {
        return row;
      }
    }
    throw new InapplicableFaultException("no row of " + table + " has the token " + token);
  }

  private static String setting(FaultSpec spec, String key) {
    String value = spec.settings().get(key);
    if (value == null) {
      throw new InapplicableFaultException("setting " + key + " is missing: " + spec);
    }
    return value;
  }

  private static int number(FaultSpec spec, String key) {
    return Integer.parseInt(setting(spec, key));
  }
}
