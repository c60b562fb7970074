package dev.lockstep.labels.labelstudio;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.TrackRows;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Label Studio: tasks with results of type `videorectangle` (labelstud.io, "Video object
/// tracking").
///
/// ```text
/// [ id, annotations [ id, completed_by, updated_at, result [ id, type, original_width/height,
///     value: framesCount, duration, labels [name],
///       sequence [ frame, enabled, x, y, width, height, rotation, time ]                percent
/// ```
///
/// Frames count from 1. A track is the result's `id`. From an entry that is `enabled` the box moves
/// evenly to the next entry, as the tool defines it: those frames are filled and marked as
/// interpolated; behind the last entry nothing is. Percent become pixels by the size of the images;
/// where the file does not give it, one pixel is one percent, and a note says so. Frames a second
/// are `framesCount / duration`. `completed_by` is the annotator. Each annotation of a task is a
/// label set of its own.
public final class LabelStudioLabels implements LabelFormat {
  static final String TYPE = "videorectangle";
  static final int FIRST_FRAME = 1;

  /// Decimals of percents: at 10,000 pixels a tenth of a thousandth of one.
  static final int PERCENT_DECIMALS = 6;

  private static final int PIXEL_DECIMALS = 3;

  /// Ids of results that stand for rows without a track begin so.
  static final String NO_TRACK = "no-track/";

  private static final LabelCapabilities CAPABILITIES =
      LabelCapabilities.flat(
          EnumSet.of(LabelField.BOX_2D, LabelField.TRACK, LabelField.FRAME),
          PIXEL_DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_1,
          LabelCapabilities.Anchor2d.CORNER_AND_SIZE_PERCENT,
          LabelCapabilities.Visibility.NONE);

  @Override
  public String name() {
    return "label-studio";
  }

  @Override
  public String summary() {
    return "Label Studio video rectangles (JSON)";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    return text.stripLeading().matches("(?s)[\\[{].*")
            && text.contains("\"result\"")
            && (text.contains("\"" + TYPE + "\"") || text.contains("\"framesCount\""))
        ? "video results of Label Studio"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new LabelStudioReader(input, defects).read();
  }

  /// Writes each row as an entry of its sequence, disabled where the track pauses.
  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    int width = options.widthOf(labels);
    int height = options.heightOf(labels);
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException(
          "label set "
              + labels.name()
              + ": size of the images unknown (boxes are written in percent of it)");
    }
    long[] frames = options.framesOf(labels, FIRST_FRAME);
    double rate = options.rateOf(labels);
    rate = rate > 0 ? rate : FrameStamps.VIDEO_HERTZ;
    long count = 0;
    for (long frame : frames) {
      count = Math.max(count, frame);
    }
    Path file = folder.resolve(options.name() + ".json");
    try (JsonGenerator json = JsonOutput.file(file)) {
      json.writeStartArray();
      json.writeStartObject();
      json.writeNumberField("id", 1);
      json.writeObjectFieldStart("data");
      json.writeStringField("video", options.name());
      json.writeEndObject();
      json.writeArrayFieldStart("annotations");
      json.writeStartObject();
      json.writeNumberField("id", 1);
      json.writeArrayFieldStart("result");
      for (int[] rows : TrackRows.of(labels, frames, labels::has2d)) {
        int track = labels.tracks()[rows[0]];
        json.writeStartObject();
        json.writeStringField("id", track < 0 ? NO_TRACK + rows[0] : labels.trackName(track));
        json.writeStringField("type", TYPE);
        json.writeStringField("from_name", "box");
        json.writeStringField("to_name", "video");
        json.writeNumberField("original_width", width);
        json.writeNumberField("original_height", height);
        json.writeObjectFieldStart("value");
        json.writeNumberField("framesCount", count);
        JsonOutput.number(json, "duration", count / rate, 9);
        json.writeArrayFieldStart("labels");
        json.writeString(labels.categoryName(labels.categories()[rows[0]]));
        json.writeEndArray();
        json.writeArrayFieldStart("sequence");
        for (int i = 0; i < rows.length; i++) {
          boolean goesOn = i + 1 < rows.length && frames[rows[i + 1]] == frames[rows[i]] + 1;
          entry(json, labels, rows[i], frames[rows[i]], goesOn, width, height, rate);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeRaw('\n');
    }
    return List.of(file);
  }

  private static void entry(
      JsonGenerator json,
      LabelSet labels,
      int row,
      long frame,
      boolean goesOn,
      double width,
      double height,
      double rate)
      throws IOException {
    float[] b = labels.boxes2d();
    int at = row * LabelSet.BOX_2D;
    json.writeStartObject();
    json.writeNumberField("frame", frame);
    json.writeBooleanField("enabled", goesOn);
    json.writeNumberField("rotation", 0);
    JsonOutput.number(json, "x", 100 * b[at] / width, PERCENT_DECIMALS);
    JsonOutput.number(json, "y", 100 * b[at + 1] / height, PERCENT_DECIMALS);
    double boxWidth = (double) b[at + 2] - b[at];
    double boxHeight = (double) b[at + 3] - b[at + 1];
    JsonOutput.number(json, "width", 100 * boxWidth / width, PERCENT_DECIMALS);
    JsonOutput.number(json, "height", 100 * boxHeight / height, PERCENT_DECIMALS);
    JsonOutput.number(json, "time", frame / rate, 9);
    json.writeEndObject();
  }
}
