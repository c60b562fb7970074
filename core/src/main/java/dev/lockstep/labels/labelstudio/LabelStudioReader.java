package dev.lockstep.labels.labelstudio;

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
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one export: a task or a list of tasks.
final class LabelStudioReader {
  /// Stands for an unknown size of the images: boxes stay in percent.
  private static final double PERCENT = 100;

  private final LabelInput input;
  private final LabelFaults faults;
  private final List<LabelSet> sets = new ArrayList<>();
  private final Map<String, Long> otherTypes = new TreeMap<>();
  private long entries;
  private long interpolated;
  private boolean sizeless;
  private long turned;

  /// An entry of a sequence.
  private record Entry(
      long frame, boolean enabled, double[] box, double rotation, long from, long to) {}

  /// What is known about one result.
  private static final class Result {
    String id = "";
    String type = "";
    String category = "";
    double width;
    double height;
    double frames;
    double seconds;
    final List<Entry> sequence = new ArrayList<>();
  }

  LabelStudioReader(LabelInput input, Consumer<Defect> defects) {
    this.input = input;
    this.faults = new LabelFaults(input.setName(), input, defects);
  }

  Reading read() {
    try (JsonCursor json = JsonCursor.over(input.bytes())) {
      if (json.atArray()) {
        json.enterArray();
        while (json.nextElement()) {
          task(json);
        }
      } else {
        task(json);
      }
    } catch (IOException e) {
      faults.at(JsonCursor.offset(e), "JSON", JsonCursor.reason(e), "a complete document");
    }
    faults.finish();
    if (sets.isEmpty()) {
      sets.add(newSet());
    }
    sets.forEach(LabelSet::seal);
    List<String> notes = new ArrayList<>();
    if (interpolated > 0) {
      notes.add(interpolated + " boxes between keyframes are interpolated as the tool does");
    }
    if (sizeless) {
      notes.add("size of the images unknown: boxes are given in percent of them");
    }
    if (turned > 0) {
      notes.add(turned + " turned boxes are given as if they were upright");
    }
    otherTypes.forEach((type, count) -> notes.add(count + " results not read: " + type));
    return new Reading(sets, entries, notes);
  }

  private LabelSet newSet() {
    String name = sets.isEmpty() ? input.setName() : input.setName() + "/" + (sets.size() + 1);
    LabelSet set =
        new LabelSet(name, LabelSet.Frame.IMAGE, input.frames(FrameStamps.VIDEO_HERTZ).source());
    set.details().setFirstFrame(LabelStudioLabels.FIRST_FRAME);
    return set;
  }

  private void task(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      if (!key.equals("annotations")) {
        json.skip();
      } else if (json.enterArray()) {
        while (json.nextElement()) {
          annotation(json);
        }
      }
    }
  }

  private void annotation(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    List<Result> results = new ArrayList<>();
    String annotator = null;
    long edited = Times.NONE;
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      switch (key) {
        case "completed_by" -> annotator = person(json);
        case "updated_at" -> edited = time(json.text());
        case "result" -> {
          if (json.enterArray()) {
            while (json.nextElement()) {
              Result result = result(json);
              if (result != null) {
                results.add(result);
              }
            }
          }
        }
        default -> json.skip();
      }
    }
    if (!results.isEmpty()) {
      add(results, annotator, edited);
    }
  }

  /// A number, or an object with an address.
  private static @Nullable String person(JsonCursor json) throws IOException {
    if (!json.atObject()) {
      return json.text();
    }
    String found = null;
    json.enterObject();
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      if (key.equals("email") || (key.equals("id") && found == null)) {
        found = json.text();
      } else {
        json.skip();
      }
    }
    return found;
  }

  private static long time(@Nullable String text) {
    if (text == null) {
      return Times.NONE;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return Math.addExact(Math.multiplyExact(time.toEpochSecond(), Times.SECOND), time.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      return Times.NONE;
    }
  }

  private @Nullable Result result(JsonCursor json) throws IOException {
    Result result = new Result();
    if (!json.enterObject()) {
      return null;
    }
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      switch (key) {
        case "id" -> result.id = orEmpty(json.text());
        case "type" -> result.type = orEmpty(json.text());
        case "original_width" -> result.width = json.number();
        case "original_height" -> result.height = json.number();
        case "value" -> value(json, result);
        default -> json.skip();
      }
    }
    if (!result.type.equals(LabelStudioLabels.TYPE)) {
      otherTypes.merge(result.type.isEmpty() ? "no type" : result.type, 1L, Long::sum);
      return null;
    }
    return result;
  }

  private void value(JsonCursor json, Result result) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      switch (key) {
        case "framesCount" -> result.frames = json.number();
        case "duration" -> result.seconds = json.number();
        case "labels" -> {
          if (json.enterArray()) {
            while (json.nextElement()) {
              String label = orEmpty(json.text());
              result.category = result.category.isEmpty() ? label : result.category;
            }
          }
        }
        case "sequence" -> {
          if (json.enterArray()) {
            while (json.nextElement()) {
              entry(json, result);
            }
          }
        }
        default -> json.skip();
      }
    }
  }

  private void entry(JsonCursor json, Result result) throws IOException {
    long from = json.start();
    long frame = -1;
    boolean enabled = false;
    double rotation = 0;
    double[] box = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
    if (json.enterObject()) {
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        switch (key) {
          case "frame" -> frame = json.whole(-1);
          case "enabled" -> enabled = json.flag();
          case "rotation" -> rotation = json.number();
          case "x" -> box[0] = json.number();
          case "y" -> box[1] = json.number();
          case "width" -> box[2] = json.number();
          case "height" -> box[3] = json.number();
          default -> json.skip();
        }
      }
    }
    long to = json.start();
    long number = entries++;
    if (frame < LabelStudioLabels.FIRST_FRAME || frame > FrameStamps.MAX_FRAME) {
      faults.add(
          number, from, to, "frame of an entry", Long.toString(frame), "a whole number from 1");
      return;
    }
    for (double part : box) {
      if (!Double.isFinite(part)) {
        faults.add(number, from, to, "box of an entry", "frame " + frame, "x, y, width and height");
        return;
      }
    }
    result.sequence.add(new Entry(frame, enabled, box, rotation, from, to));
  }

  private void add(List<Result> results, @Nullable String annotator, long edited) {
    LabelSet labels = newSet();
    sets.add(labels);
    Result first = results.getFirst();
    double declared = first.frames / first.seconds;
    if (!(declared > 0 && declared < 1e6)) {
      declared = 0;
    }
    labels.details().setFrameRate(declared);
    FrameStamps rate = input.frames(declared > 0 ? declared : FrameStamps.VIDEO_HERTZ);
    boolean sized = first.width > 0 && first.height > 0 && first.width < 1e6 && first.height < 1e6;
    sizeless |= !sized;
    double width = sized ? first.width : PERCENT;
    double height = sized ? first.height : PERCENT;
    if (sized) {
      labels.details().setImageSize((int) width, (int) height);
    }
    Interpolation between = new Interpolation(labels, rate, LabelStudioLabels.FIRST_FRAME);
    for (Result result : results) {
      result.sequence.sort(Order.byLong(Entry::frame));
      boolean untracked = result.id.isEmpty() || result.id.startsWith(LabelStudioLabels.NO_TRACK);
      int before = -1;
      boolean enabled = false;
      for (Entry entry : result.sequence) {
        double x = entry.box()[0] * width / PERCENT;
        double y = entry.box()[1] * height / PERCENT;
        int row =
            labels.add(
                rate.stampNs(entry.frame() - LabelStudioLabels.FIRST_FRAME),
                entry.frame(),
                untracked ? null : result.id,
                result.category,
                input.file(),
                entries - 1);
        labels.setBox2d(
            row, x, y, x + entry.box()[2] * width / PERCENT, y + entry.box()[3] * height / PERCENT);
        LabelDetails details = labels.details();
        details.setSource(row, entry.from(), entry.to() - entry.from());
        details.addFlags(row, LabelDetails.KEYFRAME);
        if (entry.rotation() != 0) {
          turned++;
          details.setAttributes(
              row, List.of(new Attribute("rotation", Double.toString(entry.rotation()))));
        }
        if (annotator != null) {
          labels.setAuthor(row, annotator, edited);
        }
        if (before >= 0 && enabled && !untracked && !between.fill(before, row)) {
          faults.add(
              entries - 1,
              entry.from(),
              entry.to(),
              "frames between keyframes of result " + result.id,
              Long.toString(entry.frame() - labels.frames()[before]),
              "at most " + Interpolation.MAX_GAP);
        }
        before = row;
        enabled = entry.enabled();
      }
    }
    interpolated += between.rows();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
