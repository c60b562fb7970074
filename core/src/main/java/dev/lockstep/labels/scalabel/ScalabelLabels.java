package dev.lockstep.labels.scalabel;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Scalabel and BDD100K: a JSON list of frames, or an object with the list in `frames`
/// (doc.scalabel.ai, "Scalabel format").
///
/// ```text
/// name, videoName, frameIndex, timestamp (ms), size {width, height}
/// labels: id, category, score, attributes {occluded, truncated, crowd, ...}
///   box2d  {x1, y1, x2, y2}                                        px
///   box3d  {orientation [rx, ry, rz], location [x, y, z], dimension [height, width, length]}
/// ```
///
/// Frames and pixels count from 0; x2 and y2 are the last pixels of a box, so that its edges lie
/// one further. 3D boxes are in the camera's frame (x right, y down, z forward), placed by their
/// centre, turned about x, then y, then z; with no rotation the length lies along x. An `id` is a
/// track only in a video. Frames of one video that differ in the fixed part of `name` are views of
/// several cameras: each becomes a label set. `crowd` marks what is not to be counted. Times are
/// the stamps if all frames have one, else frame numbers at the 5 Hz of BDD100K's tracking labels.
/// Labels of groups, masks and lanes are not read.
public final class ScalabelLabels implements LabelFormat {
  static final int PIXEL_DECIMALS = 3;
  static final int METER_DECIMALS = 6;
  static final int ANGLE_DECIMALS = 9;

  private static final Pattern ROOT =
      Pattern.compile("(?s)\\s*(\\[|\\{\\s*\"frames\"\\s*:\\s*\\[)\\s*\\{.*");

  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_2D,
              LabelField.BOX_3D,
              LabelField.TILT,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.SCORE,
              LabelField.OCCLUDED,
              LabelField.TRUNCATED,
              LabelField.IGNORED,
              LabelField.ATTRIBUTES),
          EnumSet.of(LabelSet.Frame.IMAGE, LabelSet.Frame.SENSOR),
          PIXEL_DECIMALS,
          METER_DECIMALS,
          ANGLE_DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_0,
          LabelCapabilities.Anchor2d.EDGES,
          LabelCapabilities.Anchor3d.CENTRE,
          LabelCapabilities.Axes.CAMERA,
          LabelCapabilities.Rotation.EULER_XYZ,
          LabelCapabilities.Visibility.FLAG);

  @Override
  public String name() {
    return "scalabel";
  }

  @Override
  public String summary() {
    return "Scalabel and BDD100K (JSON), 2D and 3D boxes";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    boolean members =
        text.contains("\"name\"")
            && (text.contains("\"videoName\"")
                || text.contains("\"frameIndex\"")
                || text.contains("\"box2d\""));
    return fileName.endsWith(".json") && members && ROOT.matcher(text).matches()
        ? "frames of Scalabel"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new ScalabelReader(input, defects).read();
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    CAPABILITIES.requireFrame(labels, name());
    long[] frames = options.framesOf(labels, 0);
    Integer[] rows = new Integer[labels.size()];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(rows, Order.byLong(row -> frames[row]));
    Path file = folder.resolve(options.name() + ".json");
    try (JsonGenerator json = JsonOutput.file(file)) {
      json.writeStartObject();
      json.writeArrayFieldStart("frames");
      for (int from = 0; from < rows.length; ) {
        int to = from + 1;
        while (to < rows.length && frames[rows[to]] == frames[rows[from]]) {
          to++;
        }
        frame(json, labels, options, frames[rows[from]]);
        for (int i = from; i < to; i++) {
          if (labels.has2d(rows[i]) || labels.has3d(rows[i])) {
            label(json, labels, rows[i]);
          }
        }
        json.writeEndArray();
        json.writeEndObject();
        from = to;
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return List.of(file);
  }

  private static void frame(
      JsonGenerator json, LabelSet labels, LabelWriteOptions options, long frame)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", options.name() + "-%07d.jpg".formatted(frame));
    json.writeStringField("videoName", options.name());
    json.writeNumberField("frameIndex", frame);
    if (options.widthOf(labels) > 0 && options.heightOf(labels) > 0) {
      json.writeObjectFieldStart("size");
      json.writeNumberField("width", options.widthOf(labels));
      json.writeNumberField("height", options.heightOf(labels));
      json.writeEndObject();
    }
    json.writeArrayFieldStart("labels");
  }

  private static void label(JsonGenerator json, LabelSet labels, int row) throws IOException {
    LabelDetails details = labels.details();
    int track = labels.tracks()[row];
    json.writeStartObject();
    if (track >= 0) {
      json.writeStringField("id", labels.trackName(track));
    }
    json.writeStringField("category", labels.categoryName(labels.categories()[row]));
    if (!Float.isNaN(details.score(row))) {
      json.writeNumberField("score", details.score(row));
    }
    json.writeObjectFieldStart("attributes");
    float occluded = labels.occluded()[row];
    float truncated = labels.truncated()[row];
    if (!Float.isNaN(occluded) || details.has(row, LabelDetails.OCCLUDED)) {
      json.writeBooleanField("occluded", occluded > 0 || details.has(row, LabelDetails.OCCLUDED));
    }
    if (!Float.isNaN(truncated) || details.has(row, LabelDetails.TRUNCATED)) {
      json.writeBooleanField(
          "truncated", truncated > 0 || details.has(row, LabelDetails.TRUNCATED));
    }
    if (details.has(row, LabelDetails.IGNORED)) {
      json.writeBooleanField("crowd", true);
    }
    JsonOutput.members(json, details.attributes(row));
    json.writeEndObject();
    if (labels.has2d(row)) {
      float[] b = labels.boxes2d();
      int at = row * LabelSet.BOX_2D;
      json.writeObjectFieldStart("box2d");
      for (int i = 0; i < LabelSet.BOX_2D; i++) {
        double edge = b[at + i] - (i < 2 ? 0.0 : ScalabelReader.LAST_PIXEL);
        JsonOutput.number(json, ScalabelReader.EDGES.get(i), edge, PIXEL_DECIMALS);
      }
      json.writeEndObject();
    }
    if (labels.has3d(row)) {
      solid(json, labels.boxes3d(), row * LabelSet.BOX_3D);
    }
    json.writeEndObject();
  }

  private static void solid(JsonGenerator json, double[] b, int at) throws IOException {
    double[] q = Rotations.toCamera(new double[] {b[at + 6], b[at + 7], b[at + 8], b[at + 9]});
    json.writeObjectFieldStart("box3d");
    numbers(json, "orientation", ANGLE_DECIMALS, Rotations.toEuler(q));
    numbers(json, "location", METER_DECIMALS, -b[at + 1], -b[at + 2], b[at]);
    numbers(json, "dimension", METER_DECIMALS, b[at + 5], b[at + 4], b[at + 3]);
    json.writeEndObject();
  }

  private static void numbers(JsonGenerator json, String name, int decimals, double... values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (double value : values) {
      JsonOutput.number(json, value, decimals);
    }
    json.writeEndArray();
  }
}
