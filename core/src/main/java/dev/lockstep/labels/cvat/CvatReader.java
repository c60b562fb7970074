package dev.lockstep.labels.cvat;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat.Reading;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.mapped.SegmentStream;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/// Reads one document, event after event; nothing but the rows is kept.
final class CvatReader {
  /// Deepest element. Judged: the format nests seven deep.
  private static final int MAX_DEPTH = 64;

  /// Longest attribute or text that is kept, characters; judged.
  private static final int MAX_TEXT = 1024;

  private static final String[] EDGES = {"xtl", "ytl", "xbr", "ybr"};

  private final LabelInput input;
  private final LabelFaults faults;
  private final LabelSet labels;
  private final FrameStamps rate;
  private final XMLStreamReader2 xml;
  private final Map<String, Long> otherShapes = new TreeMap<>();
  private final List<Attribute> attributes = new ArrayList<>();
  private final double[] edges = new double[EDGES.length];

  private int depth;
  private long tracks;
  private long boxes;
  private long outside;

  /// Who the labels that follow are by.
  private @Nullable String annotator;

  /// Assignees by the id of their task, empty where the file names none.
  private final Map<String, String> assignees = new HashMap<>();

  private int width;
  private int height;

  /// Reads a file.
  static Reading read(LabelInput input, Consumer<Defect> defects) {
    LabelFaults faults = new LabelFaults(input.setName(), input, defects);
    try {
      return new CvatReader(input, faults).read();
    } catch (XMLStreamException e) {
      // The declaration, which says how to read the rest.
      faults.at(0, "XML", reason(e), "a complete document");
      faults.finish();
      return new Reading(List.of(), 1, List.of());
    }
  }

  private CvatReader(LabelInput input, LabelFaults faults) throws XMLStreamException {
    this.input = input;
    this.faults = faults;
    this.rate = input.frames(FrameStamps.VIDEO_HERTZ);
    this.labels = new LabelSet(input.setName(), LabelSet.Frame.IMAGE, rate.source());
    this.xml = open(input);
  }

  /// Aalto knows no entities but the five of XML, opens nothing, and tells the bytes of an event.
  private static XMLStreamReader2 open(LabelInput input) throws XMLStreamException {
    XMLInputFactory factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return (XMLStreamReader2) factory.createXMLStreamReader(new SegmentStream(input.bytes()));
  }

  private Reading read() {
    try {
      document();
      xml.close();
    } catch (XMLStreamException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getCharacterOffset();
      faults.at(at < 0 ? endOfEvent() : at, "XML", reason(e), "a complete document");
    } catch (RuntimeException e) {
      // Of bytes that are no text at all the parser may give up in ways of its own.
      faults.at(endOfEvent(), "XML", "cannot be parsed: " + e, "a complete document");
    }
    faults.finish();
    labels.details().setImageSize(width, height);
    labels.seal();
    List<String> notes = new ArrayList<>();
    notes.addAll(rate.noteOf("no rate of frames in the file"));
    if (outside > 0) {
      notes.add(outside + " boxes say that the object is not there (outside)");
    }
    otherShapes.forEach((shape, count) -> notes.add(count + " shapes not read: " + shape));
    return new Reading(List.of(labels), boxes, notes);
  }

  private static String reason(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int line = message.indexOf('\n');
    return line < 0 ? message : message.substring(0, line);
  }

  private long startOfEvent() {
    return bounded(true);
  }

  private long endOfEvent() {
    return bounded(false);
  }

  private long bounded(boolean start) {
    try {
      long offset =
          start
              ? xml.getLocationInfo().getStartingByteOffset()
              : xml.getLocationInfo().getEndingByteOffset();
      return Math.max(0, Math.min(offset, input.bytes().byteSize()));
    } catch (XMLStreamException e) {
      return 0;
    }
  }

  private void document() throws XMLStreamException {
    boolean root = false;
    while (xml.hasNext()) {
      int event = next();
      if (event == XMLStreamConstants.DTD) {
        faults.at(startOfEvent(), "document type", "declared", "none: entities are not expanded");
        return;
      }
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (xml.getLocalName().equals("annotations")) {
          root = true;
          annotations();
        } else {
          skip();
        }
      }
    }
    if (!root) {
      faults.at(0, "element annotations", "absent", "the root of the document");
    }
  }

  private int next() throws XMLStreamException {
    int event = xml.next();
    if (event == XMLStreamConstants.START_ELEMENT && ++depth > MAX_DEPTH) {
      throw new XMLStreamException("elements nest more than " + MAX_DEPTH + " deep");
    }
    if (event == XMLStreamConstants.END_ELEMENT) {
      depth--;
    }
    return event;
  }

  /// Moves to the next child element; `false` at the end of the parent.
  private boolean enter() throws XMLStreamException {
    while (true) {
      int event = next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        return true;
      }
      if (event == XMLStreamConstants.END_ELEMENT || event == XMLStreamConstants.END_DOCUMENT) {
        return false;
      }
    }
  }

  private void skip() throws XMLStreamException {
    int target = depth - 1;
    while (depth > target) {
      if (next() == XMLStreamConstants.END_DOCUMENT) {
        return;
      }
    }
  }

  /// Text of the element, which holds no others.
  private String text() throws XMLStreamException {
    int target = depth - 1;
    @Nullable StringBuilder more = null;
    String text = "";
    while (true) {
      int event = next();
      if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        if (text.isEmpty() && more == null) {
          text = xml.getText();
        } else {
          more = more == null ? new StringBuilder(text) : more;
          if (more.length() < MAX_TEXT) {
            more.append(xml.getText());
          }
        }
      } else if (depth <= target || event == XMLStreamConstants.END_DOCUMENT) {
        break;
      }
    }
    String all = more == null ? text : more.toString();
    return all.length() <= MAX_TEXT ? all : all.substring(0, MAX_TEXT);
  }

  private void annotations() throws XMLStreamException {
    while (enter()) {
      switch (xml.getLocalName()) {
        case "meta" -> meta();
        case "track" -> track();
        case "image" -> image();
        default -> skip();
      }
    }
  }

  /// Looks for a few elements at whatever depth: a project has its tasks one level deeper.
  private void meta() throws XMLStreamException {
    int target = depth - 1;
    boolean assignee = false;
    boolean named = false;
    String task = "";
    while (depth > target) {
      int event = next();
      if (event == XMLStreamConstants.END_DOCUMENT) {
        return;
      }
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      switch (xml.getLocalName()) {
        case "task", "job" -> {
          named = false;
          task = "";
        }
        case "id" -> {
          // Segments have ids, too, behind that of their task.
          task = named ? task : text().strip();
          named = true;
        }
        case "assignee" -> assignee = true;
        case "owner" -> assignee = false;
        case "username" -> {
          String name = text().strip();
          if (assignee && !name.isEmpty()) {
            assignees.put(task, name);
          }
        }
        case "width" -> width = size(text());
        case "height" -> height = size(text());
        default -> {}
      }
    }
  }

  /// Who was to do a task; where several did and the label does not say which, nobody is named.
  private @Nullable String assignee(@Nullable String task) {
    String own = task == null ? null : assignees.get(task);
    return own != null || new HashSet<>(assignees.values()).size() != 1
        ? own
        : assignees.values().iterator().next();
  }

  private static int size(String text) {
    try {
      return Math.max(0, Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private @Nullable String attribute(String name) throws XMLStreamException {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals(name)) {
        return xml.getAttributeValue(i);
      }
    }
    return null;
  }

  private void track() throws XMLStreamException {
    String id = attribute("id");
    String label = attribute("label");
    String source = attribute("source");
    annotator = assignee(attribute("task_id"));
    String track = id == null ? Long.toString(tracks) : id.equals("-1") ? null : id;
    tracks++;
    if (label == null) {
      faults.at(startOfEvent(), "label of track " + track, "absent", "the name of a label");
      label = "";
    }
    while (enter()) {
      String shape = xml.getLocalName();
      if (shape.equals("box")) {
        box(track, label, source, -1);
      } else {
        otherShapes.merge(shape, 1L, Long::sum);
        skip();
      }
    }
  }

  private void image() throws XMLStreamException {
    String id = attribute("id");
    annotator = assignee(attribute("task_id"));
    long frame = frame(id);
    if (frame < 0) {
      faults.at(startOfEvent(), "id of an image", String.valueOf(id), "a whole number");
      skip();
      return;
    }
    while (enter()) {
      String shape = xml.getLocalName();
      if (shape.equals("box")) {
        String label = attribute("label");
        box(null, label == null ? "" : label, attribute("source"), frame);
      } else {
        otherShapes.merge(shape, 1L, Long::sum);
        skip();
      }
    }
  }

  private static long frame(@Nullable String text) {
    try {
      long frame = text == null ? -1 : Long.parseLong(text.strip());
      return frame <= FrameStamps.MAX_FRAME ? frame : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void box(@Nullable String track, String label, @Nullable String source, long ofImage)
      throws XMLStreamException {
    long number = boxes++;
    long from = startOfEvent();
    String badName = null;
    String badValue = null;
    long frame = ofImage;
    int flags = 0;
    boolean there = true;
    boolean occluded = false;
    Arrays.fill(edges, Double.NaN);
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String name = xml.getAttributeLocalName(i);
      String value = xml.getAttributeValue(i);
      switch (name) {
        case "frame" -> {
          frame = frame(value);
          if (frame < 0) {
            badName = name;
            badValue = value;
          }
        }
        case "outside" -> there = !value.equals("1");
        case "occluded" -> occluded = value.equals("1");
        case "keyframe" ->
            flags = value.equals("1") ? LabelDetails.KEYFRAME : LabelDetails.INTERPOLATED;
        case "xtl", "ytl", "xbr", "ybr" -> {
          int edge = edge(name);
          edges[edge] = number(value);
          if (!Double.isFinite(edges[edge])) {
            badName = name;
            badValue = value;
          }
        }
        default -> {}
      }
    }
    double hidden = attributes(occluded ? 0.5 : 0);
    long to = endOfEvent();
    if (badName == null && frame < 0) {
      badName = "frame";
      badValue = "absent";
    }
    for (int i = 0; badName == null && i < EDGES.length; i++) {
      if (Double.isNaN(edges[i])) {
        badName = EDGES[i];
        badValue = "absent";
      }
    }
    if (badName != null && badValue != null) {
      faults.add(
          number,
          from,
          to,
          badName + " of a box",
          badValue,
          badName.equals("frame") ? "a whole number, not negative" : "a finite number");
      return;
    }
    if (!there) {
      outside++;
      return;
    }
    int row = labels.add(rate.stampNs(frame), frame, track, label, input.file(), number);
    labels.setBox2d(row, edges[0], edges[1], edges[2], edges[3]);
    labels.setVisibility(row, Double.NaN, hidden);
    if (annotator != null) {
      labels.setAuthor(row, annotator, Times.NONE);
    }
    LabelDetails details = labels.details();
    details.setSource(row, from, to - from);
    details.addFlags(row, flags | (occluded ? LabelDetails.OCCLUDED : 0));
    details.setAttributes(row, attributes);
    if (source != null) {
      details.setTool(row, source);
    }
  }

  private static int edge(String name) {
    int i = 0;
    while (!EDGES[i].equals(name)) {
      i++;
    }
    return i;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// Reads the attributes of a box; how much of it is hidden, `otherwise` if none says.
  private double attributes(double otherwise) throws XMLStreamException {
    attributes.clear();
    double hidden = otherwise;
    while (enter()) {
      if (!xml.getLocalName().equals("attribute")) {
        skip();
        continue;
      }
      String name = attribute("name");
      String value = text();
      attributes.add(new Attribute(name == null ? "" : name, value));
      if ("occlusion".equals(name)) {
        hidden =
            switch (value) {
              case "none" -> 0;
              case "part" -> 0.5;
              case "full" -> 1;
              default -> hidden;
            };
      }
    }
    return hidden;
  }
}
