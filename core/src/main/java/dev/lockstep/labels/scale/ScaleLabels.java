package dev.lockstep.labels.scale;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
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

/// Scale AI's answer to a LiDAR task: a list of frames, each an object with a list `cuboids`
/// (scale.com/docs, "LiDAR annotation"). Made from the documentation; no real file was seen.
///
/// ```text
/// uuid, label, position {x, y, z}, dimensions {x, y, z}, yaw, numberOfPoints, stationary,
/// camera_used, distance_to_device, attributes
/// ```
///
/// The frame of an entry is its place in the list, from 0; frames are taken to be 10 a second. The
/// position is the centre in the world (east, north, up), meters. Yaw is 0 along +y and grows
/// counter-clockwise, radians, so `dimensions.y` is the length, `x` the width and `z` the height.
public final class ScaleLabels implements LabelFormat {
  private static final int METER_DECIMALS = 6;
  private static final int ANGLE_DECIMALS = 9;
  private static final double USUAL_HERTZ = 10;

  private static final Pattern ROOT = Pattern.compile("(?s)\\s*\\[\\s*\\{\\s*\"cuboids\"\\s*:.*");

  private static final List<String> AXES = List.of("x", "y", "z");

  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_3D,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.POINTS,
              LabelField.ATTRIBUTES),
          EnumSet.of(LabelSet.Frame.WORLD),
          0,
          METER_DECIMALS,
          ANGLE_DECIMALS,
          LabelCapabilities.TimeBase.POSITION,
          LabelCapabilities.Anchor2d.NONE,
          LabelCapabilities.Anchor3d.CENTRE,
          LabelCapabilities.Axes.Z_UP,
          LabelCapabilities.Rotation.YAW_FROM_Y,
          LabelCapabilities.Visibility.NONE);

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public String summary() {
    return "Scale AI LiDAR cuboids (JSON), as documented";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    return ROOT.matcher(new String(head, StandardCharsets.UTF_8)).matches()
        ? "list of cuboids of Scale AI"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new Reader(input, defects).read();
  }

  private static final class Reader {
    private final LabelInput input;
    private final LabelFaults faults;
    private final FrameStamps rate;
    private final LabelSet labels;
    private long cuboids;

    Reader(LabelInput input, Consumer<Defect> defects) {
      this.input = input;
      this.faults = new LabelFaults(input.setName(), input, defects);
      this.rate = input.frames(USUAL_HERTZ);
      this.labels = new LabelSet(input.setName(), LabelSet.Frame.WORLD, rate.source());
    }

    Reading read() {
      try (JsonCursor json = JsonCursor.over(input.bytes())) {
        if (!json.enterArray()) {
          faults.at(0, "document", "no list", "a list of frames");
        } else {
          for (long frame = 0; json.nextElement(); frame++) {
            if (json.enterObject()) {
              frame(json, frame);
            }
          }
        }
      } catch (IOException e) {
        faults.at(JsonCursor.offset(e), "JSON", JsonCursor.reason(e), "a complete document");
      }
      faults.finish();
      labels.seal();
      return new Reading(List.of(labels), cuboids, rate.noteOf("no times of frames"));
    }

    private void frame(JsonCursor json, long frame) throws IOException {
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        if (!key.equals("cuboids")) {
          json.skip();
        } else if (json.enterArray()) {
          while (json.nextElement()) {
            cuboid(json, frame);
          }
        }
      }
    }

    private void cuboid(JsonCursor json, long frame) throws IOException {
      long from = json.start();
      String uuid = null;
      String category = "";
      double[] position = {Double.NaN, Double.NaN, Double.NaN};
      double[] size = {Double.NaN, Double.NaN, Double.NaN};
      double yaw = Double.NaN;
      long points = -1;
      List<Attribute> attributes = List.of();
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          switch (key) {
            case "uuid" -> uuid = json.text();
            case "label" -> {
              String text = json.text();
              category = text == null ? "" : text;
            }
            case "position" -> vector(json, position);
            case "dimensions" -> vector(json, size);
            case "yaw" -> yaw = json.number();
            case "numberOfPoints" -> points = json.whole(-1);
            case "attributes" -> attributes = json.attributes();
            default -> json.skip();
          }
        }
      }
      long to = json.start();
      long number = cuboids++;
      if (!finite(position) || !finite(size) || !Double.isFinite(yaw)) {
        faults.add(
            number,
            from,
            to,
            "cuboid " + uuid,
            Arrays.toString(position) + " " + Arrays.toString(size) + " " + yaw,
            "position, dimensions and yaw");
        return;
      }
      int row = labels.add(rate.stampNs(frame), frame, uuid, category, input.file(), number);
      labels.setBox3d(
          row,
          position[0],
          position[1],
          position[2],
          size[1],
          size[0],
          size[2],
          Rotations.wrapped(yaw + Math.PI / 2));
      labels.setPoints(row, Math.clamp(points, -1, Integer.MAX_VALUE));
      LabelDetails details = labels.details();
      details.setAttributes(row, attributes);
      details.setSource(row, from, to - from);
    }

    private static void vector(JsonCursor json, double[] into) throws IOException {
      if (!json.enterObject()) {
        return;
      }
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        int axis = AXES.indexOf(key);
        if (axis < 0) {
          json.skip();
        } else {
          into[axis] = json.number();
        }
      }
    }

    private static boolean finite(double[] values) {
      return Arrays.stream(values).allMatch(Double::isFinite);
    }
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    CAPABILITIES.requireFrame(labels, name());
    long[] frames = options.framesOf(labels, 0);
    Integer[] rows = new Integer[labels.size()];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(rows, Order.byLong(row -> frames[row]));
    long last = rows.length == 0 ? -1 : frames[rows[rows.length - 1]];
    if (last > FrameStamps.MAX_FRAME) {
      throw new IllegalArgumentException("frame number: " + last);
    }
    Path file = folder.resolve(options.name() + ".json");
    try (JsonGenerator json = JsonOutput.file(file)) {
      json.writeStartArray();
      int next = 0;
      for (long frame = 0; frame <= last; frame++) {
        json.writeStartObject();
        json.writeArrayFieldStart("cuboids");
        for (; next < rows.length && frames[rows[next]] == frame; next++) {
          if (labels.has3d(rows[next])) {
            cuboid(json, labels, rows[next]);
          }
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
    return List.of(file);
  }

  private static void cuboid(JsonGenerator json, LabelSet labels, int row) throws IOException {
    double[] b = labels.boxes3d();
    int at = row * LabelSet.BOX_3D;
    int track = labels.tracks()[row];
    json.writeStartObject();
    if (track >= 0) {
      json.writeStringField("uuid", labels.trackName(track));
    }
    json.writeStringField("label", labels.categoryName(labels.categories()[row]));
    vector(json, "position", b[at], b[at + 1], b[at + 2]);
    vector(json, "dimensions", b[at + 4], b[at + 3], b[at + 5]);
    double yaw = Rotations.yaw(new double[] {b[at + 6], b[at + 7], b[at + 8], b[at + 9]});
    JsonOutput.number(json, "yaw", Rotations.wrapped(yaw - Math.PI / 2), ANGLE_DECIMALS);
    if (labels.points()[row] >= 0) {
      json.writeNumberField("numberOfPoints", labels.points()[row]);
    }
    json.writeObjectFieldStart("attributes");
    JsonOutput.members(json, labels.details().attributes(row));
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void vector(JsonGenerator json, String name, double... values) throws IOException {
    json.writeObjectFieldStart(name);
    for (int i = 0; i < values.length; i++) {
      JsonOutput.number(json, AXES.get(i), values[i], METER_DECIMALS);
    }
    json.writeEndObject();
  }
}
