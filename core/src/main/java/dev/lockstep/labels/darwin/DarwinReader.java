package dev.lockstep.labels.darwin;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.Interpolation;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat.Reading;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one document: the slots first, which may stand behind the annotations, then those.
final class DarwinReader {
  private final LabelInput input;
  private final LabelFaults faults;
  private final Map<String, Long> otherShapes = new TreeMap<>();
  private double fps;
  private int width;
  private int height;
  private long boxes;

  /// A box of the annotation that is being read.
  private record Keyframe(long frame, double[] box, boolean keyframe, long from, long to) {}

  DarwinReader(LabelInput input, Consumer<Defect> defects) {
    this.input = input;
    this.faults = new LabelFaults(input.setName(), input, defects);
  }

  Reading read() {
    walk(this::item, "item");
    FrameStamps rate = input.frames(fps > 0 ? fps : FrameStamps.VIDEO_HERTZ);
    LabelSet labels = new LabelSet(input.setName(), LabelSet.Frame.IMAGE, rate.source());
    labels.details().setFrameRate(fps);
    labels.details().setImageSize(width, height);
    Interpolation between = new Interpolation(labels, rate, 0);
    IOException broken = walk(json -> annotations(json, labels, rate, between), "annotations");
    if (broken != null) {
      faults.at(
          JsonCursor.offset(broken), "JSON", JsonCursor.reason(broken), "a complete document");
    }
    faults.finish();
    labels.seal();
    List<String> notes = new ArrayList<>();
    if (fps <= 0) {
      notes.addAll(rate.noteOf("no rate of frames"));
    }
    if (between.rows() > 0) {
      notes.add(between.rows() + " boxes between keyframes are interpolated as the file says");
    }
    otherShapes.forEach((shape, count) -> notes.add(count + " shapes not read: " + shape));
    return new Reading(List.of(labels), boxes, notes);
  }

  /// Reads the value of a member.
  private interface Part {
    void read(JsonCursor json) throws IOException;
  }

  /// Reads one member of the document; what broke it, or null.
  private @Nullable IOException walk(Part part, String member) {
    try (JsonCursor json = JsonCursor.over(input.bytes())) {
      if (json.enterObject()) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
          if (name.equals(member)) {
            part.read(json);
          } else {
            json.skip();
          }
        }
      }
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private void item(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (!name.equals("slots")) {
        json.skip();
      } else if (json.enterArray()) {
        while (json.nextElement()) {
          slot(json);
        }
      }
    }
  }

  /// What the first slot says.
  private void slot(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      double value =
          key.equals("width") || key.equals("height") || key.equals("fps")
              ? json.number()
              : Double.NaN;
      switch (key) {
        case "width" -> width = width > 0 ? width : size(value);
        case "height" -> height = height > 0 ? height : size(value);
        case "fps" -> fps = fps > 0 ? fps : rate(value);
        default -> json.skip();
      }
    }
  }

  private static int size(double value) {
    return value > 0 && value < 1 << 20 ? (int) value : 0;
  }

  private static double rate(double value) {
    return value > 0 && value < 1e6 ? value : 0;
  }

  private void annotations(
      JsonCursor json, LabelSet labels, FrameStamps rate, Interpolation between)
      throws IOException {
    if (!json.enterArray()) {
      return;
    }
    while (json.nextElement()) {
      if (json.enterObject()) {
        new Annotation().read(json, labels, rate, between);
      }
    }
  }

  /// One annotation, whose members may stand in any order.
  private final class Annotation {
    private final List<Keyframe> keyframes = new ArrayList<>();
    private final List<double[]> ranges = new ArrayList<>();
    private String id = "";
    private String name = "";
    private boolean interpolated;
    private String algorithm = "linear";
    private @Nullable String annotator;
    private @Nullable String instance;

    void read(JsonCursor json, LabelSet labels, FrameStamps rate, Interpolation between)
        throws IOException {
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        switch (key) {
          case "id" -> id = orEmpty(json.text());
          case "name" -> name = orEmpty(json.text());
          case "interpolated" -> interpolated = json.flag();
          case "interpolate_algorithm" -> algorithm = orEmpty(json.text());
          case "annotators" -> annotators(json);
          case "ranges" -> ranges(json);
          case "frames" -> frames(json);
          default -> json.skip();
        }
      }
      add(labels, rate, between);
    }

    private void annotators(JsonCursor json) throws IOException {
      int count = 0;
      if (!json.enterArray()) {
        return;
      }
      while (json.nextElement()) {
        count++;
        if (json.enterObject()) {
          for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (key.equals("email") || (key.equals("full_name") && annotator == null)) {
              annotator = json.text();
            } else {
              json.skip();
            }
          }
        }
      }
      if (count != 1) {
        annotator = null;
      }
    }

    private void ranges(JsonCursor json) throws IOException {
      if (!json.enterArray()) {
        return;
      }
      while (json.nextElement()) {
        double[] range = new double[2];
        json.numbers(range);
        ranges.add(range);
      }
    }

    private void frames(JsonCursor json) throws IOException {
      if (!json.enterObject()) {
        return;
      }
      for (String number = json.nextName(); number != null; number = json.nextName()) {
        long from = json.start();
        double[] box = null;
        boolean keyframe = false;
        String shape = null;
        if (json.enterObject()) {
          for (String key = json.nextName(); key != null; key = json.nextName()) {
            switch (key) {
              case "bounding_box" -> box = box(json);
              case "keyframe" -> keyframe = json.flag();
              case "instance_id" -> instance(json);
              case "text", "attributes", "inference", "directional_vector" -> json.skip();
              default -> {
                shape = key;
                json.skip();
              }
            }
          }
        }
        boxes++;
        long to = json.start();
        long frame = frame(number);
        if (box == null) {
          otherShapes.merge(shape == null ? "none" : shape, 1L, Long::sum);
        } else if (frame < 0) {
          faults.add(boxes - 1, from, to, "frame of annotation " + id, number, "a frame number");
        } else if (!finite(box)) {
          faults.add(
              boxes - 1,
              from,
              to,
              "bounding_box of annotation " + id,
              "frame " + number,
              "numbers x, y, w, h");
        } else {
          keyframes.add(new Keyframe(frame, box, keyframe, from, to));
        }
      }
    }

    private static double[] box(JsonCursor json) throws IOException {
      double[] box = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          switch (key) {
            case "x" -> box[0] = json.number();
            case "y" -> box[1] = json.number();
            case "w" -> box[2] = json.number();
            case "h" -> box[3] = json.number();
            default -> json.skip();
          }
        }
      }
      return box;
    }

    private void instance(JsonCursor json) throws IOException {
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          if (key.equals("value")) {
            instance = json.text();
          } else {
            json.skip();
          }
        }
      }
    }

    private void add(LabelSet labels, FrameStamps rate, Interpolation between) {
      keyframes.sort(Order.byLong(Keyframe::frame));
      boolean fill = interpolated && algorithm.startsWith("linear");
      boolean untracked = id.isEmpty() || id.startsWith(DarwinLabels.NO_TRACK);
      int before = -1;
      for (Keyframe one : keyframes) {
        int row =
            labels.add(
                rate.stampNs(one.frame()),
                one.frame(),
                untracked ? null : id,
                name,
                input.file(),
                boxes - 1);
        double[] b = one.box();
        labels.setBox2d(row, b[0], b[1], b[0] + b[2], b[1] + b[3]);
        LabelDetails details = labels.details();
        details.setSource(row, one.from(), one.to() - one.from());
        details.addFlags(row, one.keyframe() ? LabelDetails.KEYFRAME : LabelDetails.INTERPOLATED);
        if (instance != null) {
          details.setAttributes(row, List.of(new Attribute("instance_id", instance)));
        }
        if (annotator != null) {
          labels.setAuthor(row, annotator, Times.NONE);
        }
        if (fill
            && !untracked
            && before >= 0
            && inOneRange(labels.frames()[before], one.frame())
            && !between.fill(before, row)) {
          faults.add(
              boxes - 1,
              one.from(),
              one.to(),
              "frames between keyframes of annotation " + id,
              Long.toString(one.frame() - labels.frames()[before]),
              "at most " + Interpolation.MAX_GAP);
        }
        before = row;
      }
    }

    private boolean inOneRange(long from, long to) {
      for (double[] range : ranges) {
        if (from >= range[0] && to < range[1]) {
          return true;
        }
      }
      return false;
    }
  }

  private static long frame(String text) {
    try {
      long frame = Long.parseLong(text);
      return frame <= FrameStamps.MAX_FRAME ? frame : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static boolean finite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
