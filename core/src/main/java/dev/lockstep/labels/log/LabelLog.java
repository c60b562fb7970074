package dev.lockstep.labels.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.WantedRows;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The label log: JSON Lines, one label event a line, to which tools only ever append.
///
/// A line of type `lockstep.label-log` begins a label set, and the events behind it belong to it.
/// An event that has the `id` of an earlier one replaces it if its `revision` is not lower;
/// `deleted` takes the label away. Everything is described by the page and the JSON Schema in the
/// resources of this package.
public final class LabelLog implements LabelFormat {
  /// Ending of its files.
  public static final String EXTENSION = ".jsonl";

  /// Flags by their names in the log.
  static final Map<String, Integer> FLAGS = flags();

  private static final JsonFactory FACTORY = new JsonFactory();

  private static Map<String, Integer> flags() {
    Map<String, Integer> flags = new LinkedHashMap<>();
    flags.put("keyframe", LabelDetails.KEYFRAME);
    flags.put("interpolated", LabelDetails.INTERPOLATED);
    flags.put("occluded", LabelDetails.OCCLUDED);
    flags.put("truncated", LabelDetails.TRUNCATED);
    flags.put("ignored", LabelDetails.IGNORED);
    return flags;
  }

  @Override
  public String name() {
    return "label-log";
  }

  @Override
  public String summary() {
    return "the label log: label events as JSON Lines, the latest revision wins";
  }

  @Override
  public LabelCapabilities capabilities() {
    return LabelCapabilities.EVERYTHING;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.startsWith("{") && line.contains("\"" + SetHeader.TYPE + "\"")
        ? "first line of a label log"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new Reader(input, defects).read();
  }

  /// An event without a stamp has that of its frame, so the first line, which says how many there
  /// are a second, is read first. A log whose sets differ in that is read whole.
  @Override
  public @Nullable List<LabelSet> find(LabelInput input, WantedRows wanted) {
    return find(input, wanted, LogSearch.SHARE_BYTES);
  }

  /// @param shareBytes least bytes for each thread
  static @Nullable List<LabelSet> find(LabelInput input, WantedRows wanted, long shareBytes) {
    if (input.stamps() != null || wanted.all()) {
      return null;
    }
    List<LabelSet> first = read(input, List.of(firstLine(input)), new HashSet<>());
    if (first.size() != 1) {
      return null;
    }
    LogSearch search =
        new LogSearch(
            input.bytes(),
            wanted,
            frame(first.getFirst(), wanted.fromNs(), -1),
            frame(first.getFirst(), wanted.toNs(), 1),
            shareBytes);
    List<LogSearch.Line> lines =
        search.find(found -> {
          Set<String> ids = new HashSet<>();
          read(input, found, ids);
          return ids;
        });
    if (lines == null) {
      return null;
    }
    List<LabelSet> sets = read(input, lines, new HashSet<>());
    boolean alike = sets.stream().allMatch(set -> isTimedLike(set, first.getFirst()));
    return alike ? sets : null;
  }

  private static boolean isTimedLike(LabelSet set, LabelSet other) {
    return set.details().frameRateHertz() == other.details().frameRateHertz()
        && set.details().firstFrame() == other.details().firstFrame();
  }

  private static LogSearch.Line firstLine(LabelInput input) {
    TextLines lines = new TextLines(input.bytes());
    lines.next();
    return new LogSearch.Line(1, 0, (int) Math.min(lines.lengthBytes(), Integer.MAX_VALUE));
  }

  private static List<LabelSet> read(
      LabelInput input, List<LogSearch.Line> lines, Set<String> ids) {
    Reader reader = new Reader(input, _ -> {});
    reader.ids = ids;
    for (LogSearch.Line line : lines) {
      reader.line(line.number(), line.offsetBytes(), line.lengthBytes());
    }
    return reader.end().sets();
  }

  /// The frame of a stamp, and so many more to be sure.
  private static long frame(LabelSet set, long stampNs, int more) {
    if (stampNs == Long.MIN_VALUE || stampNs == Long.MAX_VALUE) {
      return stampNs;
    }
    double rate = set.details().frameRateHertz();
    double hertz = rate > 0 ? rate : FrameStamps.VIDEO_HERTZ;
    return Math.round(stampNs * (hertz / Times.SECOND)) + set.details().firstFrame() + more;
  }

  private static final class Reader {
    private final LabelInput input;
    private final LabelFaults faults;
    private final LabelEvent event = new LabelEvent();
    private final PlainEvent plain = new PlainEvent(event);
    private final Map<String, Revisions> sets = new LinkedHashMap<>();
    private long events;
    private @Nullable Revisions set;

    /// Takes the ids of events, where they are asked for.
    private @Nullable Set<String> ids;

    Reader(LabelInput input, Consumer<Defect> defects) {
      this.input = input;
      this.faults = new LabelFaults(input.setName(), input, defects);
    }

    Reading read() {
      TextLines lines = new TextLines(input.bytes());
      while (lines.next()) {
        if (!lines.blank()) {
          line(lines.number(), lines.offsetBytes(), lines.lengthBytes());
        }
      }
      return end();
    }

    /// Takes a line: what it says, or what is wrong with it.
    void line(long number, long from, long length) {
      String what = "line";
      String observed;
      String rule = "an event of a label log";
      if (length > TextLines.MAX_LINE_BYTES) {
        observed = length + " bytes";
        rule = "at most " + TextLines.MAX_LINE_BYTES + " bytes";
      } else {
        byte[] text = input.bytes().asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
        try {
          event.clear();
          String[] fault =
              plain.read(text) ? event(number, from, length) : line(text, number, from, length);
          if (fault == null) {
            return;
          }
          what = fault[0];
          observed = fault[1];
          rule = fault[2];
        } catch (IOException e) {
          observed = JsonCursor.reason(e);
        } catch (IllegalArgumentException e) {
          observed = String.valueOf(e.getMessage());
        }
      }
      faults.add(number, from, from + length, what, observed, rule);
    }

    private String @Nullable [] line(byte[] text, long number, long from, long length)
        throws IOException {
      boolean header = false;
      try (JsonCursor json = JsonCursor.over(text, from)) {
        if (!json.atObject()) {
          return new String[] {"line", json.shown(), "an object"};
        }
        json.enterObject();
        event.clear();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
          if (name.equals("type")) {
            header = SetHeader.TYPE.equals(json.text());
            if (header) {
              begin(SetHeader.read(json, input.setName()));
              break;
            }
          } else {
            member(name, json);
          }
        }
        if (!header && !json.atEnd()) {
          return new String[] {"text behind the event", json.shown(), "none"};
        }
      }
      return header ? null : event(number, from, length);
    }

    /// Takes the event that was read.
    private String @Nullable [] event(long number, long from, long length) {
      events++;
      Set<String> named = ids;
      if (named != null && event.id != null) {
        named.add(event.id);
      }
      Revisions labels = set;
      if (labels == null) {
        return new String[] {"event", "without a set", "behind a line of type " + SetHeader.TYPE};
      }
      String[] wrong = event.deleted && event.id != null ? null : event.fault();
      if (wrong != null) {
        return new String[] {wrong[0], "absent or malformed", wrong[1]};
      }
      Revisions.Added added = labels.take(event, number);
      if (added != null) {
        added.rows().details().setSource(added.row(), from, length);
      }
      return null;
    }

    private void begin(SetHeader header) {
      set = sets.computeIfAbsent(header.set(), _ -> new Revisions(header, input));
    }

    Reading end() {
      faults.finish();
      List<LabelSet> sealed = new ArrayList<>();
      long superseded = 0;
      long deleted = 0;
      for (Revisions each : sets.values()) {
        superseded += each.superseded();
        deleted += each.deleted();
        sealed.add(each.sealed());
      }
      List<String> notes = new ArrayList<>();
      if (superseded > 0) {
        notes.add(superseded + " events are superseded by later revisions");
      }
      if (deleted > 0) {
        notes.add(deleted + " labels are deleted");
      }
      return new Reading(sealed, events, notes);
    }

    private void member(String name, JsonCursor json) throws IOException {
      switch (name) {
        case "id" -> event.id = json.text();
        case "revision" -> event.revision = Math.clamp(json.whole(-1), -1, 1 << 30);
        case "deleted" -> event.deleted = json.flag();
        case "stamp_ns" -> event.stampNs = json.whole(Times.NONE);
        case "frame" -> event.frame = Math.max(-1, json.whole(-1));
        case "track" -> event.track = json.text();
        case "category" -> event.category = orEmpty(json.text());
        case "box2d" -> box(json, event.box2d);
        case "box3d" -> box(json, event.box3d);
        case "score" -> event.score = json.number();
        case "points" -> event.points = json.whole(-1);
        case "truncated" -> event.truncated = json.number();
        case "occluded" -> event.occluded = json.number();
        case "flags" -> flags(json);
        case "annotator" -> event.annotator = json.text();
        case "tool" -> event.tool = json.text();
        case "edited_ns" -> event.editedNs = json.whole(Times.NONE);
        case "attributes" -> event.attributes = json.attributes();
        case "source" -> source(json);
        default -> json.skip();
      }
    }

    private static void box(JsonCursor json, double[] box) throws IOException {
      if (json.numbers(box) != box.length) {
        // Half a box is told as one.
        box[0] = 0;
        box[box.length - 1] = Double.NaN;
      }
    }

    private void flags(JsonCursor json) throws IOException {
      if (json.enterArray()) {
        while (json.nextElement()) {
          String flag = json.text();
          event.flags |= FLAGS.getOrDefault(flag == null ? "" : flag, 0);
        }
      }
    }

    private void source(JsonCursor json) throws IOException {
      if (!json.enterObject()) {
        return;
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "file" -> event.sourceFile = json.text();
          case "offset" -> event.sourceOffset = json.whole(-1);
          case "length" -> event.sourceLength = json.whole(-1);
          case "message" -> event.sourceMessage = json.whole(-1);
          default -> json.skip();
        }
      }
    }

    private static String orEmpty(@Nullable String text) {
      return text == null ? "" : text;
    }
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    Path file = folder.resolve(options.name() + EXTENSION);
    try (Writer out = Files.newBufferedWriter(file)) {
      write(labels, out);
    }
    return List.of(file);
  }

  /// Writes a set as one log.
  public static void write(LabelSet labels, Writer out) throws IOException {
    try (JsonGenerator json =
        FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.setRootValueSeparator(null);
      SetHeader.of(labels).write(json);
      json.writeRaw('\n');
      LabelEvent event = new LabelEvent();
      for (int row = 0; row < labels.size(); row++) {
        event.take(labels, row);
        write(event, labels.has2d(row), labels.has3d(row), json);
        json.writeRaw('\n');
      }
    }
  }

  private static void write(LabelEvent event, boolean flat, boolean solid, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    text(json, "id", event.id);
    whole(json, "revision", event.revision, -1);
    whole(json, "stamp_ns", event.stampNs, Times.NONE);
    whole(json, "frame", event.frame, -1);
    text(json, "track", event.track);
    json.writeStringField("category", event.category);
    if (flat) {
      json.writeArrayFieldStart("box2d");
      for (double edge : event.box2d) {
        json.writeNumber((float) edge);
      }
      json.writeEndArray();
    }
    if (solid) {
      json.writeArrayFieldStart("box3d");
      for (double value : event.box3d) {
        json.writeNumber(value);
      }
      json.writeEndArray();
    }
    number(json, "score", event.score);
    whole(json, "points", event.points, -1);
    number(json, "truncated", event.truncated);
    number(json, "occluded", event.occluded);
    if (event.flags != 0) {
      json.writeArrayFieldStart("flags");
      for (Map.Entry<String, Integer> flag : FLAGS.entrySet()) {
        if ((event.flags & flag.getValue()) != 0) {
          json.writeString(flag.getKey());
        }
      }
      json.writeEndArray();
    }
    text(json, "annotator", event.annotator);
    text(json, "tool", event.tool);
    whole(json, "edited_ns", event.editedNs, Times.NONE);
    if (!event.attributes.isEmpty()) {
      json.writeObjectFieldStart("attributes");
      JsonOutput.members(json, event.attributes);
      json.writeEndObject();
    }
    if (event.sourceFile != null) {
      json.writeObjectFieldStart("source");
      json.writeStringField("file", event.sourceFile);
      whole(json, "offset", event.sourceOffset, -1);
      whole(json, "length", event.sourceLength, -1);
      whole(json, "message", event.sourceMessage, -1);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null && !value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }

  private static void whole(JsonGenerator json, String name, long value, long absent)
      throws IOException {
    if (value != absent) {
      json.writeNumberField(name, value);
    }
  }

  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (!Double.isNaN(value)) {
      json.writeNumberField(name, (float) value);
    }
  }
}
