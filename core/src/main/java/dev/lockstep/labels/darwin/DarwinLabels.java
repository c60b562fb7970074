package dev.lockstep.labels.darwin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.Decimals;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.TrackRows;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Darwin JSON 2.0 of a video: annotations over frames (docs.v7labs.com, "Darwin JSON").
///
/// ```text
/// version, item { name, slots [ { width, height, fps, frame_count } ] }
/// annotations: id, name, ranges [[first, end)], interpolated, interpolate_algorithm, annotators
///   frames  NUMBER: bounding_box { x, y, w, h }, keyframe, instance_id { value }       px
/// ```
///
/// Frames and pixels count from 0. A track is the annotation's `id`. Where `interpolated` holds and
/// the algorithm is a linear one, frames between two boxes that the file leaves out, inside one
/// range, are filled with evenly moving boxes marked as interpolated; nothing is filled otherwise.
/// The name or address of the only annotator becomes the annotator of all rows of the annotation.
public final class DarwinLabels implements LabelFormat {
  static final int PIXEL_DECIMALS = 4;

  /// Ids of annotations that stand for rows without a track begin so.
  static final String NO_TRACK = "no-track/";

  private static final Pattern ROOT = Pattern.compile("(?s)\\s*\\{\\s*\"version\"\\s*:\\s*\"2.*");

  private static final LabelCapabilities CAPABILITIES =
      LabelCapabilities.flat(
          EnumSet.of(LabelField.BOX_2D, LabelField.TRACK, LabelField.FRAME, LabelField.KEYFRAME),
          PIXEL_DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_0,
          LabelCapabilities.Anchor2d.CORNER_AND_SIZE,
          LabelCapabilities.Visibility.NONE);

  @Override
  public String name() {
    return "darwin";
  }

  @Override
  public String summary() {
    return "V7 Darwin 2.0 of videos (JSON), 2D boxes";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    return ROOT.matcher(text).matches()
            && (text.contains("darwin_json") || text.contains("\"slots\""))
        ? "version and slots of Darwin JSON"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new DarwinReader(input, defects).read();
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    long[] frames = options.framesOf(labels, 0);
    double rate = options.rateOf(labels);
    long count = 0;
    for (long frame : frames) {
      count = Math.max(count, frame + 1);
    }
    Path file = folder.resolve(options.name() + ".json");
    try (JsonGenerator json = JsonOutput.file(file)) {
      json.writeStartObject();
      json.writeStringField("version", "2.0");
      json.writeObjectFieldStart("item");
      json.writeStringField("name", options.name());
      json.writeStringField("path", "/");
      json.writeArrayFieldStart("slots");
      json.writeStartObject();
      json.writeStringField("type", "video");
      json.writeStringField("slot_name", "0");
      json.writeNumberField("width", options.widthOf(labels));
      json.writeNumberField("height", options.heightOf(labels));
      json.writeFieldName("fps");
      json.writeNumber(Decimals.shortest(rate > 0 ? rate : FrameStamps.VIDEO_HERTZ, 6));
      json.writeNumberField("frame_count", count);
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeArrayFieldStart("annotations");
      for (int[] rows : TrackRows.of(labels, frames, labels::has2d)) {
        annotation(json, labels, rows, frames);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return List.of(file);
  }

  private static void annotation(JsonGenerator json, LabelSet labels, int[] rows, long[] frames)
      throws IOException {
    int track = labels.tracks()[rows[0]];
    json.writeStartObject();
    json.writeStringField("id", track < 0 ? NO_TRACK + rows[0] : labels.trackName(track));
    json.writeStringField("name", labels.categoryName(labels.categories()[rows[0]]));
    json.writeBooleanField("interpolated", false);
    json.writeArrayFieldStart("ranges");
    for (int from = 0; from < rows.length; ) {
      int to = from + 1;
      while (to < rows.length && frames[rows[to]] == frames[rows[to - 1]] + 1) {
        to++;
      }
      json.writeStartArray();
      json.writeNumber(frames[rows[from]]);
      json.writeNumber(frames[rows[to - 1]] + 1);
      json.writeEndArray();
      from = to;
    }
    json.writeEndArray();
    json.writeArrayFieldStart("slot_names");
    json.writeString("0");
    json.writeEndArray();
    json.writeObjectFieldStart("frames");
    for (int row : rows) {
      float[] b = labels.boxes2d();
      int at = row * LabelSet.BOX_2D;
      json.writeObjectFieldStart(Long.toString(frames[row]));
      json.writeObjectFieldStart("bounding_box");
      JsonOutput.number(json, "h", (double) b[at + 3] - b[at + 1], PIXEL_DECIMALS);
      JsonOutput.number(json, "w", (double) b[at + 2] - b[at], PIXEL_DECIMALS);
      JsonOutput.number(json, "x", b[at], PIXEL_DECIMALS);
      JsonOutput.number(json, "y", b[at + 1], PIXEL_DECIMALS);
      json.writeEndObject();
      json.writeBooleanField("keyframe", !labels.details().has(row, LabelDetails.INTERPOLATED));
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
