package dev.lockstep.labels.openlabel;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes one document with one coordinate system. Sets in the frame of a sensor that have 2D boxes
/// too are given in the axes of a camera, those without with z up.
final class OpenLabelWriter {
  private final LabelSet labels;
  private final LabelDetails details;
  private final long[] frames;
  private final boolean camera;
  private final String system;
  private final String[] ids;

  OpenLabelWriter(LabelSet labels, LabelWriteOptions options) {
    this.labels = labels;
    this.details = labels.details();
    this.frames = options.framesOf(labels, 0);
    boolean flat = false;
    for (int row = 0; row < labels.size(); row++) {
      flat |= labels.has2d(row);
    }
    this.camera =
        labels.frameOfReference() == LabelSet.Frame.IMAGE
            || (labels.frameOfReference() == LabelSet.Frame.SENSOR && flat);
    String name = details.frameName();
    this.system =
        !name.isEmpty()
            ? name
            : switch (labels.frameOfReference()) {
              case WORLD -> "world";
              case EGO -> "vehicle-iso8855";
              case SENSOR -> camera ? "camera" : "lidar";
              case IMAGE -> "camera";
            };
    this.ids = new String[labels.size()];
    for (int row = 0; row < ids.length; row++) {
      int track = labels.tracks()[row];
      ids[row] = track < 0 ? OpenLabel.NO_TRACK + row : labels.trackName(track);
    }
  }

  void write(Path file) throws IOException {
    Integer[] rows = new Integer[labels.size()];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(rows, Order.byLong(row -> frames[row]));
    try (JsonGenerator json = JsonOutput.file(file)) {
      json.writeStartObject();
      json.writeObjectFieldStart("openlabel");
      json.writeObjectFieldStart("metadata");
      json.writeStringField("schema_version", "1.0.0");
      json.writeEndObject();
      systems(json);
      Map<String, Integer> first = objects(json, rows);
      json.writeObjectFieldStart("frames");
      for (int from = 0; from < rows.length; ) {
        int to = from + 1;
        while (to < rows.length && frames[rows[to]] == frames[rows[from]]) {
          to++;
        }
        frame(json, rows, from, to, first);
        from = to;
      }
      json.writeEndObject();
      if (rows.length > 0) {
        json.writeArrayFieldStart("frame_intervals");
        json.writeStartObject();
        json.writeNumberField("frame_start", frames[rows[0]]);
        json.writeNumberField("frame_end", frames[rows[rows.length - 1]]);
        json.writeEndObject();
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private void systems(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("coordinate_systems");
    json.writeObjectFieldStart(system);
    json.writeStringField(
        "type",
        switch (labels.frameOfReference()) {
          case WORLD -> "scene_cs";
          case EGO -> "local_cs";
          case SENSOR, IMAGE -> "sensor_cs";
        });
    json.writeStringField("parent", "");
    json.writeArrayFieldStart("children");
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("streams");
    json.writeObjectFieldStart(system);
    json.writeStringField("type", camera ? "camera" : "other");
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Writes the objects, and gives the first row of each.
  private Map<String, Integer> objects(JsonGenerator json, Integer[] rows) throws IOException {
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int row : rows) {
      first.putIfAbsent(ids[row], row);
    }
    json.writeObjectFieldStart("objects");
    for (Map.Entry<String, Integer> object : first.entrySet()) {
      String category = category(object.getValue());
      json.writeObjectFieldStart(object.getKey());
      json.writeStringField("name", category + object.getKey());
      json.writeStringField("type", category);
      json.writeEndObject();
    }
    json.writeEndObject();
    return first;
  }

  private String category(int row) {
    return labels.categoryName(labels.categories()[row]);
  }

  private void frame(
      JsonGenerator json, Integer[] rows, int from, int to, Map<String, Integer> first)
      throws IOException {
    json.writeObjectFieldStart(Long.toString(frames[rows[from]]));
    long stamp = labels.stampsNs()[rows[from]];
    if (labels.stampSource() != StampSource.FRAME_NUMBER && stamp != Times.NONE) {
      json.writeObjectFieldStart("frame_properties");
      json.writeStringField("timestamp", seconds(stamp));
      json.writeEndObject();
    }
    Map<String, int[]> objects = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      int row = rows[i];
      objects.merge(
          ids[row],
          new int[] {row},
          (had, more) -> {
            int[] both = Arrays.copyOf(had, had.length + 1);
            both[had.length] = more[0];
            return both;
          });
    }
    json.writeObjectFieldStart("objects");
    for (Map.Entry<String, int[]> object : objects.entrySet()) {
      json.writeObjectFieldStart(object.getKey());
      json.writeObjectFieldStart("object_data");
      boxes(json, object.getValue());
      values(json, object.getValue()[0], first.getOrDefault(object.getKey(), 0));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Seconds with all nine decimals: a date would need a zone.
  private static String seconds(long stampNs) {
    return java.math.BigDecimal.valueOf(stampNs, 9).toPlainString();
  }

  private void boxes(JsonGenerator json, int[] rows) throws IOException {
    boolean begun = false;
    for (int i = 0; i < rows.length; i++) {
      if (labels.has2d(rows[i])) {
        if (!begun) {
          json.writeArrayFieldStart("bbox");
          begun = true;
        }
        flat(json, rows[i], i);
      }
    }
    if (begun) {
      json.writeEndArray();
    }
    begun = false;
    for (int i = 0; i < rows.length; i++) {
      if (labels.has3d(rows[i])) {
        if (!begun) {
          json.writeArrayFieldStart("cuboid");
          begun = true;
        }
        solid(json, rows[i], i);
      }
    }
    if (begun) {
      json.writeEndArray();
    }
  }

  private void flat(JsonGenerator json, int row, int number) throws IOException {
    float[] b = labels.boxes2d();
    int at = row * LabelSet.BOX_2D;
    double[] values = {
      ((double) b[at] + b[at + 2]) / 2,
      ((double) b[at + 1] + b[at + 3]) / 2,
      (double) b[at + 2] - b[at],
      (double) b[at + 3] - b[at + 1]
    };
    head(json, "box2d", number);
    // A centre has twice the steps of an edge.
    for (double value : values) {
      JsonOutput.number(json, value, OpenLabel.PIXEL_DECIMALS + 1);
    }
    json.writeEndArray();
    attributes(json, row);
    json.writeEndObject();
  }

  private void solid(JsonGenerator json, int row, int number) throws IOException {
    double[] b = labels.boxes3d();
    int at = row * LabelSet.BOX_3D;
    double[] q = {b[at + 6], b[at + 7], b[at + 8], b[at + 9]};
    double[] place = {b[at], b[at + 1], b[at + 2]};
    double[] size = {b[at + 3], b[at + 4], b[at + 5]};
    if (camera) {
      q = Rotations.toCamera(q);
      place = new double[] {-b[at + 1], -b[at + 2], b[at]};
      size = new double[] {b[at + 3], b[at + 5], b[at + 4]};
    }
    head(json, "box3d", number);
    for (double value : place) {
      JsonOutput.number(json, value, OpenLabel.METER_DECIMALS);
    }
    for (int i : new int[] {1, 2, 3, 0}) {
      JsonOutput.number(json, q[i], OpenLabel.QUATERNION_DECIMALS);
    }
    for (double value : size) {
      JsonOutput.number(json, value, OpenLabel.METER_DECIMALS);
    }
    json.writeEndArray();
    if (!labels.has2d(row)) {
      attributes(json, row);
    }
    json.writeEndObject();
  }

  private void head(JsonGenerator json, String name, int number) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", number == 0 ? name : name + "#" + (number + 1));
    json.writeStringField("coordinate_system", system);
    json.writeArrayFieldStart("val");
  }

  private void attributes(JsonGenerator json, int row) throws IOException {
    boolean scored = !Float.isNaN(details.score(row));
    boolean flagged = details.has(row, LabelDetails.KEYFRAME | LabelDetails.INTERPOLATED);
    if (!scored && !flagged) {
      return;
    }
    json.writeObjectFieldStart("attributes");
    if (scored) {
      json.writeArrayFieldStart("num");
      json.writeStartObject();
      json.writeStringField("name", "confidence");
      json.writeNumberField("val", details.score(row));
      json.writeEndObject();
      json.writeEndArray();
    }
    if (flagged) {
      json.writeArrayFieldStart("boolean");
      json.writeStartObject();
      json.writeStringField("name", "interpolated");
      json.writeBooleanField("val", details.has(row, LabelDetails.INTERPOLATED));
      json.writeEndObject();
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void values(JsonGenerator json, int row, int first) throws IOException {
    float truncated = labels.truncated()[row];
    float occluded = labels.occluded()[row];
    if (!Float.isNaN(truncated) || !Float.isNaN(occluded)) {
      json.writeArrayFieldStart("num");
      share(json, OpenLabel.TRUNCATED_SHARE, truncated);
      share(json, OpenLabel.OCCLUDED_SHARE, occluded);
      json.writeEndArray();
    }
    boolean renamed = labels.categories()[row] != labels.categories()[first];
    if (renamed || !details.attributes(row).isEmpty()) {
      json.writeArrayFieldStart("text");
      if (renamed) {
        named(json, new Attribute("category", category(row)));
      }
      for (Attribute attribute : details.attributes(row)) {
        named(json, attribute);
      }
      json.writeEndArray();
    }
  }

  private static void share(JsonGenerator json, String name, float value) throws IOException {
    if (!Float.isNaN(value)) {
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeNumberField("val", value);
      json.writeEndObject();
    }
  }

  private static void named(JsonGenerator json, Attribute attribute) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", attribute.name());
    json.writeStringField("val", attribute.value());
    json.writeEndObject();
  }
}
