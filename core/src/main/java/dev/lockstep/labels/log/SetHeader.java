package dev.lockstep.labels.log;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is said once about a label set.
record SetHeader(
    String set,
    LabelSet.Frame frame,
    String frameName,
    StampSource stamps,
    double rateHertz,
    int imageWidth,
    int imageHeight,
    int firstFrame) {
  static final String TYPE = "lockstep.label-log";
  static final long VERSION = 1;

  static SetHeader of(LabelSet labels) {
    return new SetHeader(
        labels.name(),
        labels.frameOfReference(),
        labels.details().frameName(),
        labels.stampSource(),
        labels.details().frameRateHertz(),
        labels.details().imageWidth(),
        labels.details().imageHeight(),
        labels.details().firstFrame());
  }

  LabelSet emptySet() {
    LabelSet labels = new LabelSet(set, frame, stamps);
    labels.details().setFrameName(frameName);
    labels.details().setFrameRate(rateHertz);
    labels.details().setImageSize(imageWidth, imageHeight);
    labels.details().setFirstFrame(firstFrame);
    return labels;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", TYPE);
    json.writeNumberField("version", VERSION);
    json.writeStringField("set", set);
    json.writeStringField("frame_of_reference", frame.name().toLowerCase(Locale.ROOT));
    if (!frameName.isEmpty()) {
      json.writeStringField("frame_name", frameName);
    }
    json.writeStringField("stamps", stamps.name().toLowerCase(Locale.ROOT));
    if (rateHertz > 0) {
      json.writeNumberField("rate_hz", rateHertz);
    }
    if (imageWidth > 0 && imageHeight > 0) {
      json.writeNumberField("image_width", imageWidth);
      json.writeNumberField("image_height", imageHeight);
    }
    if (firstFrame != 0) {
      json.writeNumberField("first_frame", firstFrame);
    }
    json.writeEndObject();
  }

  /// Reads the members of an object that was entered.
  ///
  /// @throws IllegalArgumentException with a message that says which member is wrong
  static SetHeader read(JsonCursor json, String otherwise) throws IOException {
    String set = otherwise;
    LabelSet.Frame frame = LabelSet.Frame.IMAGE;
    String frameName = "";
    StampSource stamps = StampSource.COLUMN;
    double rate = 0;
    int width = 0;
    int height = 0;
    int first = 0;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "version" -> {
          long version = json.whole(-1);
          if (version != VERSION) {
            throw new IllegalArgumentException(
                "version: " + version + " (expected " + VERSION + ")");
          }
        }
        case "set" -> set = orEmpty(json.text());
        case "frame_of_reference" ->
            frame = constant(LabelSet.Frame.class, name, orEmpty(json.text()));
        case "frame_name" -> frameName = orEmpty(json.text());
        case "stamps" -> stamps = constant(StampSource.class, name, orEmpty(json.text()));
        case "rate_hz" -> rate = Math.max(0, json.number());
        case "image_width" -> width = size(json.whole(0));
        case "image_height" -> height = size(json.whole(0));
        case "first_frame" -> first = size(json.whole(0));
        default -> json.skip();
      }
    }
    return new SetHeader(
        set, frame, frameName, stamps, Double.isFinite(rate) ? rate : 0, width, height, first);
  }

  private static int size(long value) {
    return Math.clamp(value, 0, Integer.MAX_VALUE);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String member, String text) {
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(member + ": " + text);
  }
}
