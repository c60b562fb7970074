package dev.lockstep.labels.scalabel;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat.Reading;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one document, frame after frame; the members of a frame may stand in any order.
final class ScalabelReader {
  static final List<String> EDGES = List.of("x1", "y1", "x2", "y2");

  /// From the last pixel of a box to its edge.
  static final int LAST_PIXEL = 1;

  /// Rate of BDD100K's tracking labels, Hz (bdd100k documentation).
  private static final double USUAL_HERTZ = 5;

  private final LabelInput input;
  private final LabelFaults faults;
  private final FrameStamps rate;
  private final Map<String, LabelSet> sets = new LinkedHashMap<>();
  private final List<Label> pending = new ArrayList<>();
  private long frames;
  private long labels;
  private long groups;
  private long shapes;
  private @Nullable Boolean stamped;

  /// A label of the frame that is being read.
  private static final class Label {
    long from;
    long to;
    @Nullable String id;
    String category = "";
    double score = Double.NaN;
    List<Attribute> attributes = List.of();
    final double[] flat = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
    boolean hasFlat;
    final double[] orientation = {Double.NaN, Double.NaN, Double.NaN};
    final double[] location = {Double.NaN, Double.NaN, Double.NaN};
    final double[] dimension = {Double.NaN, Double.NaN, Double.NaN};
    boolean hasSolid;
  }

  ScalabelReader(LabelInput input, Consumer<Defect> defects) {
    this.input = input;
    this.faults = new LabelFaults(input.setName(), input, defects);
    this.rate = input.frames(USUAL_HERTZ);
  }

  Reading read() {
    try (JsonCursor json = JsonCursor.over(input.bytes())) {
      if (json.atArray()) {
        frames(json);
      } else if (json.enterObject()) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
          switch (name) {
            case "frames" -> frames(json);
            case "groups" -> groups(json);
            default -> json.skip();
          }
        }
      } else {
        faults.at(0, "document", "neither list nor object", "a list of frames");
      }
    } catch (IOException e) {
      faults.at(JsonCursor.offset(e), "JSON", JsonCursor.reason(e), "a complete document");
    }
    faults.finish();
    if (sets.isEmpty()) {
      sets.put("", newSet(input.setName()));
    }
    sets.values().forEach(LabelSet::seal);
    List<String> notes = new ArrayList<>();
    if (!Boolean.TRUE.equals(stamped)) {
      notes.addAll(rate.noteOf("no times of frames"));
    }
    if (groups > 0) {
      notes.add(groups + " labels of groups not read");
    }
    if (shapes > 0) {
      notes.add(shapes + " labels without a box not read");
    }
    return new Reading(List.copyOf(sets.values()), labels, notes);
  }

  private LabelSet newSet(String name) {
    return new LabelSet(
        name,
        LabelSet.Frame.IMAGE,
        Boolean.TRUE.equals(stamped) ? StampSource.COLUMN : rate.source());
  }

  /// Counts the labels of groups, which name no frame of reference.
  private void groups(JsonCursor json) throws IOException {
    if (!json.enterArray()) {
      return;
    }
    while (json.nextElement()) {
      if (!json.enterObject()) {
        continue;
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("labels") && json.enterArray()) {
          while (json.nextElement()) {
            groups++;
            json.skip();
          }
        } else if (!name.equals("labels")) {
          json.skip();
        }
      }
    }
  }

  private void frames(JsonCursor json) throws IOException {
    if (!json.enterArray()) {
      return;
    }
    while (json.nextElement()) {
      if (json.enterObject()) {
        frame(json);
      }
      frames++;
    }
  }

  private void frame(JsonCursor json) throws IOException {
    String name = "";
    String video = "";
    long index = -1;
    long milliseconds = -1;
    int[] size = {0, 0};
    pending.clear();
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      switch (key) {
        case "name" -> name = orEmpty(json.text());
        case "videoName", "video_name" -> video = orEmpty(json.text());
        case "frameIndex", "frame_index" -> index = json.whole(-1);
        case "timestamp" -> milliseconds = (long) json.number();
        case "size" -> size(json, size);
        case "labels" -> labels(json);
        default -> json.skip();
      }
    }
    long frame = index >= 0 ? index : frames;
    if (frame > FrameStamps.MAX_FRAME) {
      faults.at(json.start(), "frameIndex", Long.toString(frame), "a frame number");
      return;
    }
    boolean hasStamp = milliseconds > 0 && milliseconds < Long.MAX_VALUE / Times.MILLISECOND;
    if (stamped == null) {
      stamped = hasStamp;
    }
    if (stamped && !hasStamp) {
      faults.at(json.start(), "timestamp of frame " + frame, "absent", "milliseconds, as before");
      return;
    }
    long stamp = stamped ? milliseconds * Times.MILLISECOND : rate.stampNs(frame);
    LabelSet set = sets.computeIfAbsent(setName(video, name), this::newSet);
    if (size[0] > 0 && size[1] > 0) {
      set.details().setImageSize(size[0], size[1]);
    }
    for (Label label : pending) {
      add(set, label, frame, stamp, !video.isEmpty());
    }
  }

  private static void size(JsonCursor json, int[] size) throws IOException {
    if (json.enterObject()) {
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        switch (key) {
          case "width" -> size[0] = Math.clamp(json.whole(0), 0, 1 << 20);
          case "height" -> size[1] = Math.clamp(json.whole(0), 0, 1 << 20);
          default -> json.skip();
        }
      }
    }
  }

  /// Video and view: the name of the frame up to its last number, or the name of the video where
  /// that says nothing more.
  private String setName(String video, String name) {
    int end = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
    while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
      end--;
    }
    String stem = name.substring(0, end).replaceAll("[-_ .]+$", "");
    if (stem.isEmpty()) {
      return video.isEmpty() ? input.setName() : video;
    }
    return video.isEmpty() || stem.contains(video) ? stem : video + "/" + stem;
  }

  private void labels(JsonCursor json) throws IOException {
    if (!json.enterArray()) {
      return;
    }
    while (json.nextElement()) {
      Label label = new Label();
      label.from = json.start();
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          member(json, key, label);
        }
      }
      label.to = json.start();
      pending.add(label);
    }
  }

  private static void member(JsonCursor json, String key, Label label) throws IOException {
    switch (key) {
      case "id" -> label.id = json.text();
      case "category" -> label.category = orEmpty(json.text());
      case "score" -> label.score = json.number();
      case "attributes" -> label.attributes = json.attributes();
      case "box2d" -> {
        label.hasFlat = json.enterObject();
        if (label.hasFlat) {
          for (String edge = json.nextName(); edge != null; edge = json.nextName()) {
            int i = EDGES.indexOf(edge);
            if (i < 0) {
              json.skip();
            } else {
              label.flat[i] = json.number();
            }
          }
        }
      }
      case "box3d" -> {
        label.hasSolid = json.enterObject();
        if (label.hasSolid) {
          for (String part = json.nextName(); part != null; part = json.nextName()) {
            switch (part) {
              case "orientation" -> json.numbers(label.orientation);
              case "location" -> json.numbers(label.location);
              case "dimension" -> json.numbers(label.dimension);
              default -> json.skip();
            }
          }
        }
      }
      default -> json.skip();
    }
  }

  private void add(LabelSet set, Label label, long frame, long stamp, boolean ofVideo) {
    long number = labels++;
    if (!label.hasFlat && !label.hasSolid) {
      shapes++;
      return;
    }
    if (label.hasFlat && !finite(label.flat)) {
      fault(number, label, "box2d", label.flat, "4 numbers");
      return;
    }
    if (label.hasSolid
        && !(finite(label.orientation) && finite(label.location) && finite(label.dimension))) {
      fault(number, label, "box3d", label.location, "orientation, location and dimension");
      return;
    }
    // Images of no video are no sequence: their ids count the labels of each.
    String track = ofVideo ? label.id : null;
    int row = set.add(stamp, frame, track, label.category, input.file(), number);
    LabelDetails details = set.details();
    details.setSource(row, label.from, label.to - label.from);
    if (label.hasFlat) {
      double[] b = label.flat;
      set.setBox2d(row, b[0], b[1], b[2] + LAST_PIXEL, b[3] + LAST_PIXEL);
    }
    if (label.hasSolid) {
      set.setFrameOfReference(LabelSet.Frame.SENSOR);
      double[] at = label.location;
      double[] size = label.dimension;
      double[] turn = label.orientation;
      double[] q = Rotations.fromCamera(Rotations.ofEuler(turn[0], turn[1], turn[2]));
      set.setBox3d(row, at[2], -at[0], -at[1], size[2], size[1], size[0], q[0], q[1], q[2], q[3]);
    }
    if (!Double.isNaN(label.score)) {
      details.setScore(row, label.score);
    }
    attributes(set, row, label.attributes);
  }

  private static void attributes(LabelSet set, int row, List<Attribute> all) {
    List<Attribute> others = new ArrayList<>();
    double truncated = Double.NaN;
    double occluded = Double.NaN;
    for (Attribute attribute : all) {
      boolean yes = attribute.value().equals("true");
      switch (attribute.name()) {
        case "occluded" -> {
          occluded = yes ? 0.5 : 0;
          set.details().addFlags(row, yes ? LabelDetails.OCCLUDED : 0);
        }
        case "truncated" -> {
          truncated = yes ? 0.5 : 0;
          set.details().addFlags(row, yes ? LabelDetails.TRUNCATED : 0);
        }
        case "crowd" -> set.details().addFlags(row, yes ? LabelDetails.IGNORED : 0);
        default -> others.add(attribute);
      }
    }
    set.setVisibility(row, truncated, occluded);
    set.details().setAttributes(row, others);
  }

  private void fault(long number, Label label, String what, double[] values, String rule) {
    faults.add(
        number,
        label.from,
        label.to,
        what + " of label " + label.id,
        Arrays.toString(values),
        rule);
  }

  private static boolean finite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
