package dev.lockstep.labels.openlabel;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat.Reading;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one document twice: what is said once about systems, streams and objects, which may stand
/// behind the frames; then the boxes.
final class OpenLabelReader {
  /// Rate of frames that is taken where the document gives no times; judged: that of most LiDARs.
  private static final double USUAL_HERTZ = 10;

  private final LabelInput input;
  private final LabelFaults faults;
  private final Systems systems = new Systems();
  private final FrameTimes times = new FrameTimes();
  private final FrameStamps rate;
  private final Map<String, ObjectOf> objects = new HashMap<>();
  private final Map<String, LabelSet> sets = new LinkedHashMap<>();
  private final Map<String, String> primary = new HashMap<>();
  private final Map<String, Integer> otherShapes = new TreeMap<>();
  private final ObjectData data = new ObjectData();
  private @Nullable String annotator;
  private long rows;

  private record ObjectOf(String type) {}

  OpenLabelReader(LabelInput input, Consumer<Defect> defects) {
    this.input = input;
    this.faults = new LabelFaults(input.setName(), input, defects);
    this.rate = input.frames(USUAL_HERTZ);
  }

  Reading read() {
    if (walk(false)) {
      walk(true);
    }
    faults.finish();
    if (sets.isEmpty()) {
      sets.put("", newSet(""));
    }
    sets.values().forEach(LabelSet::seal);
    List<String> notes = new ArrayList<>();
    if (!times.known()) {
      notes.addAll(rate.noteOf("no times of frames"));
    }
    otherShapes.forEach((shape, count) -> notes.add(count + " shapes not read: " + shape));
    return new Reading(List.copyOf(sets.values()), rows, notes);
  }

  /// Walks through the document; of a broken one the boxes up to the damage are taken.
  private boolean walk(boolean boxes) {
    try (JsonCursor json = JsonCursor.over(input.bytes())) {
      if (!json.atObject()) {
        faults.at(0, "document", json.shown(), "an object");
        return false;
      }
      json.enterObject();
      boolean found = false;
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("openlabel") && json.atObject()) {
          found = true;
          root(json, boxes);
        } else {
          json.skip();
        }
      }
      if (!found) {
        faults.at(0, "member openlabel", "absent", "an object");
      }
      return found;
    } catch (IOException e) {
      if (boxes) {
        faults.at(JsonCursor.offset(e), "JSON", JsonCursor.reason(e), "a complete document");
      }
      return true;
    }
  }

  private void root(JsonCursor json, boolean boxes) throws IOException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "frames" -> frames(json, boxes);
        case "objects" -> {
          if (boxes) {
            staticObjects(json);
          } else {
            objects(json);
          }
        }
        default -> {
          if (boxes) {
            json.skip();
          } else {
            header(name, json);
          }
        }
      }
    }
  }

  private void header(String name, JsonCursor json) throws IOException {
    switch (name) {
      case "coordinate_systems" -> systems.readSystems(json);
      case "streams" -> systems.readStreams(json);
      case "metadata" -> {
        if (json.enterObject()) {
          for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (key.equals("annotator")) {
              annotator = json.text();
            } else {
              json.skip();
            }
          }
        }
      }
      default -> json.skip();
    }
  }

  private void objects(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String id = json.nextName(); id != null; id = json.nextName()) {
      String type = "";
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          switch (key) {
            case "type" -> {
              String text = json.text();
              type = text == null ? "" : text;
            }
            case "object_data" -> {
              data.read(json);
              data.solids.forEach(box -> systems.noteCuboid(box.system));
            }
            default -> json.skip();
          }
        }
      }
      objects.put(id, new ObjectOf(type));
    }
  }

  /// Boxes that stand in no frame.
  private void staticObjects(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String id = json.nextName(); id != null; id = json.nextName()) {
      if (!json.enterObject()) {
        continue;
      }
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        if (key.equals("object_data")) {
          long from = json.start();
          data.read(json);
          if (!data.flats.isEmpty() || !data.solids.isEmpty()) {
            add(id, -1, Times.NONE, from, json.start());
          }
        } else {
          json.skip();
        }
      }
    }
  }

  private void frames(JsonCursor json, boolean boxes) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String number = json.nextName(); number != null; number = json.nextName()) {
      long frame = frame(number);
      if (frame < 0) {
        if (boxes) {
          faults.at(json.start(), "name of a frame", number, "a whole number, not negative");
        }
        json.skip();
      } else if (json.atObject()) {
        frame(json, frame, boxes);
      } else {
        json.skip();
      }
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

  private void frame(JsonCursor json, long frame, boolean boxes) throws IOException {
    json.enterObject();
    String timestamp = null;
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      if (key.equals("objects") && json.enterObject()) {
        for (String id = json.nextName(); id != null; id = json.nextName()) {
          long from = json.start();
          object(json);
          if (boxes) {
            long stamp = times.known() ? times.stampNs(frame) : rate.stampNs(frame);
            add(id, frame, stamp, from, json.start());
          } else {
            data.solids.forEach(box -> systems.noteCuboid(box.system));
          }
        }
      } else if (key.equals("frame_properties") && !boxes && json.atObject()) {
        timestamp = timestamp(json);
      } else if (!key.equals("objects")) {
        json.skip();
      }
    }
    if (!boxes) {
      times.put(frame, timestamp);
    }
  }

  private static @Nullable String timestamp(JsonCursor json) throws IOException {
    String found = null;
    json.enterObject();
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      if (key.equals("timestamp")) {
        found = json.text();
      } else {
        json.skip();
      }
    }
    return found;
  }

  /// Reads the object data of an object in a frame; there may be none.
  private void object(JsonCursor json) throws IOException {
    data.clear();
    if (!json.enterObject()) {
      return;
    }
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      if (key.equals("object_data")) {
        data.read(json);
      } else {
        json.skip();
      }
    }
  }

  /// Adds the rows of an object at an instant.
  private void add(String id, long frame, long stampNs, long from, long to) {
    rows++;
    data.otherShapes.forEach((shape, count) -> otherShapes.merge(shape, count, Integer::sum));
    ObjectOf object = objects.get(id);
    if (object == null) {
      faults.add(rows - 1, from, to, "object " + id, "not among the objects", "a type");
    }
    String category = data.category != null ? data.category : object == null ? "" : object.type();
    Map<String, List<Integer>> rowOf = new HashMap<>();
    for (ObjectData.Box box : data.flats) {
      if (!box.usable()) {
        faults.add(rows - 1, from, to, "bbox of object " + id, box.shown(), "4 numbers");
        continue;
      }
      int row = row(rowOf, id, box, category, frame, stampNs, from, to);
      LabelSet labels = set(box.system);
      double halfWidth = box.val[2] / 2;
      double halfHeight = box.val[3] / 2;
      labels.setBox2d(
          row,
          box.val[0] - halfWidth,
          box.val[1] - halfHeight,
          box.val[0] + halfWidth,
          box.val[1] + halfHeight);
    }
    for (ObjectData.Box box : data.solids) {
      if (!box.usable()) {
        faults.add(rows - 1, from, to, "cuboid of object " + id, box.shown(), "9 or 10 numbers");
        continue;
      }
      int row = row(rowOf, id, box, category, frame, stampNs, from, to);
      setCuboid(set(box.system), row, box);
    }
    if (rowOf.isEmpty() && data.flats.isEmpty() && data.solids.isEmpty()) {
      ObjectData.Box none = new ObjectData.Box();
      none.system = sets.isEmpty() ? "" : sets.keySet().iterator().next();
      row(rowOf, id, none, category, frame, stampNs, from, to);
    }
  }

  private LabelSet set(String system) {
    return sets.computeIfAbsent(system, this::newSet);
  }

  private LabelSet newSet(String system) {
    LabelSet labels =
        new LabelSet(
            system.isEmpty() ? input.setName() : system,
            systems.frameOf(system),
            times.known() ? StampSource.LIST : rate.source());
    labels.details().setFrameName(system);
    labels.details().setOwnAxes(systems.ownAxesOf(system));
    return labels;
  }

  /// The row of a box: the object's own for boxes of the name that it had first in this system.
  private int row(
      Map<String, List<Integer>> rowOf,
      String id,
      ObjectData.Box box,
      String category,
      long frame,
      long stampNs,
      long from,
      long to) {
    String kind = box.solid ? "3" : "2";
    String key = id + '\u0000' + box.system + '\u0000' + kind;
    String first = primary.computeIfAbsent(key, k -> box.name);
    String track = first.equals(box.name) ? id : id + "#" + box.name;
    LabelSet labels = set(box.system);
    // An object that has a box of one name twice has two rows at the instant.
    List<Integer> rowsOfTrack =
        rowOf.computeIfAbsent(box.system + '\u0000' + track, k -> new ArrayList<>(1));
    int row = -1;
    for (int known : rowsOfTrack) {
      row = row < 0 && !(box.solid ? labels.has3d(known) : labels.has2d(known)) ? known : row;
    }
    if (row < 0) {
      boolean untracked = id.startsWith(OpenLabel.NO_TRACK);
      row = labels.add(stampNs, frame, untracked ? null : track, category, input.file(), rows - 1);
      rowsOfTrack.add(row);
      labels.details().setSource(row, from, to - from);
      labels.setVisibility(row, data.truncated, data.occluded);
      if (annotator != null) {
        labels.setAuthor(row, annotator, Times.NONE);
      }
      List<Attribute> attributes = new ArrayList<>(data.attributes);
      attributes.addAll(box.attributes);
      labels.details().setAttributes(row, attributes);
    }
    if (!Double.isNaN(box.score)) {
      labels.details().setScore(row, box.score);
    }
    labels.details().addFlags(row, box.flags);
    return row;
  }

  private void setCuboid(LabelSet labels, int row, ObjectData.Box box) {
    double[] v = box.val;
    boolean euler = box.count == ObjectData.EULER_CUBOID;
    double[] q =
        euler ? Rotations.ofEuler(v[3], v[4], v[5]) : new double[] {v[6], v[3], v[4], v[5]};
    int size = euler ? 6 : 7;
    if (systems.upOf(box.system) == Systems.Up.MINUS_Y) {
      q = Rotations.fromCamera(q);
      labels.setBox3d(
          row, v[2], -v[0], -v[1], v[size], v[size + 2], v[size + 1], q[0], q[1], q[2], q[3]);
    } else {
      labels.setBox3d(
          row, v[0], v[1], v[2], v[size], v[size + 1], v[size + 2], q[0], q[1], q[2], q[3]);
    }
  }
}
