package dev.lockstep.labels.kitti;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads KITTI tracklets: one boost-serialised XML file a drive, an object an item, a pose a frame.
///
/// ```text
/// tracklets  count, item_version, item*
/// item       objectType, h, w, l (m), first_frame, poses
/// poses      count, item_version, item*        item k belongs to frame first_frame + k
/// item       tx, ty, tz (m), rx, ry, rz (rad), state, occlusion, truncation, ...
/// ```
///
/// (KITTI raw devkit, `cpp/tracklets.h`.) Poses are in the LiDAR's frame (x forward, y left, z up),
/// tz at the BOTTOM of the box; boxes are given with their centre in the middle, as
/// [LabelSet.Frame#SENSOR]. The file gives no ids: the track id is the number of the item, from 0.
///
/// No entity is resolved and no other file is opened, whatever the document asks for.
public final class TrackletLabels {
  /// Name of the file in a drive.
  public static final String FILE_NAME = "tracklet_labels.xml";

  /// The sensor whose frame boxes are in, as its folder in a drive is named.
  private static final String LIDAR = "velodyne_points";

  private static final String[] POSE = {"tx", "ty", "tz", "rx", "ry", "rz"};
  private static final String[] SIZE = {"l", "w", "h"};

  /// Largest frame number. Judged: four months at 10 Hz; above, the file is damaged.
  private static final long MAX_FRAME = 100_000_000;

  /// Longest value that is looked at, characters.
  private static final int MAX_VALUE = 256;

  /// Stand for whole numbers that the file does not give, or gives in a form that was reported.
  private static final long ABSENT = -1;

  private static final long MALFORMED = -2;

  private final String file;
  private final FrameStamps stamps;
  private final Consumer<Defect> defects;
  private final LabelSet labels;
  private final XMLStreamReader xml;

  private long tracklets;
  private long poses;

  private TrackletLabels(
      XMLStreamReader xml,
      LabelSet labels,
      String file,
      FrameStamps stamps,
      Consumer<Defect> defects) {
    this.xml = xml;
    this.labels = labels;
    this.file = file;
    this.stamps = stamps;
    this.defects = defects;
  }

  /// What a file held.
  ///
  /// @param labels its labels, sealed; of a damaged file, those before the damage
  /// @param tracklets number of its tracklets
  /// @param poses number of its poses
  public record Result(LabelSet labels, long tracklets, long poses) {}

  /// Reads a tracklet file.
  ///
  /// @param bytes the file
  /// @param name name of the label set
  /// @param file name of the file relative to the recording
  /// @param stamps stamps of the drive's sweeps
  /// @param defects told of what is malformed and of counts that do not match
  public static Result read(
      byte[] bytes, String name, String file, FrameStamps stamps, Consumer<Defect> defects) {
    LabelSet labels = new LabelSet(name, LabelSet.Frame.SENSOR, stamps.source());
    labels.details().setFrameName(LIDAR);
    labels.details().setOwnAxes(LabelDetails.OwnAxes.Z_UP);
    long tracklets = 0;
    long poses = 0;
    try {
      // Text and not bytes: of bytes that are no UTF-8 the parser speaks on the error stream.
      String text = new String(bytes, StandardCharsets.UTF_8);
      XMLStreamReader xml = factory().createXMLStreamReader(new StringReader(text));
      TrackletLabels reader = new TrackletLabels(xml, labels, file, stamps, defects);
      try {
        reader.document();
      } catch (XMLStreamException e) {
        reader.report(DefectKind.LABEL_MALFORMED, broken(e));
      } finally {
        xml.close();
      }
      tracklets = reader.tracklets;
      poses = reader.poses;
    } catch (XMLStreamException e) {
      defects.accept(
          Defect.of(DefectKind.LABEL_MALFORMED, Location.stream(name).withFile(file), broken(e)));
    }
    labels.seal();
    return new Result(labels, tracklets, poses);
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    return factory;
  }

  private static Evidence broken(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    // The parser's message repeats the position in its first line.
    String reason = message.substring(message.lastIndexOf('\n') + 1);
    return new Evidence.Violation(
        "XML", reason.replaceFirst("^Message: ", ""), "a complete document");
  }

  private void report(DefectKind kind, Evidence evidence) {
    int line = Math.max(1, xml.getLocation().getLineNumber());
    Location at = Location.stream(labels.name()).withFile(file).withMessages(line, line);
    defects.accept(Defect.of(kind, at, evidence));
  }

  private void document() throws XMLStreamException {
    boolean found = false;
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT
          && xml.getLocalName().equals("tracklets")) {
        found = true;
        tracklets();
      }
    }
    if (!found) {
      report(
          DefectKind.LABEL_MALFORMED,
          new Evidence.Violation("element tracklets", "absent", "the list of tracklets"));
    }
  }

  private void tracklets() throws XMLStreamException {
    long count = ABSENT;
    while (enter()) {
      switch (xml.getLocalName()) {
        case "count" -> count = whole("count of tracklets");
        case "item" -> tracklet();
        default -> skip();
      }
    }
    checkCount("tracklets", count, tracklets);
  }

  private void tracklet() throws XMLStreamException {
    String track = Long.toString(tracklets++);
    String category = "";
    double[] size = new double[SIZE.length];
    Arrays.fill(size, Double.NaN);
    boolean usable = true;
    long firstFrame = ABSENT;
    while (enter()) {
      String element = xml.getLocalName();
      switch (element) {
        case "objectType" -> category = value();
        case "first_frame" -> firstFrame = whole("first_frame of tracklet " + track);
        case "poses" -> {
          if (firstFrame == ABSENT) {
            report(
                DefectKind.LABEL_MALFORMED,
                new Evidence.Violation(
                    "first_frame of tracklet " + track, "absent", "a frame before the poses"));
          }
          if (usable && firstFrame >= 0) {
            poses(track, category, size, firstFrame);
          } else {
            skip();
          }
        }
        default -> {
          int i = Arrays.asList(SIZE).indexOf(element);
          if (i >= 0) {
            Double value = number(element + " of tracklet " + track);
            size[i] = value == null ? Double.NaN : value;
            usable &= value != null;
          } else {
            skip();
          }
        }
      }
    }
  }

  private void poses(String track, String category, double[] size, long firstFrame)
      throws XMLStreamException {
    long count = ABSENT;
    long items = 0;
    while (enter()) {
      switch (xml.getLocalName()) {
        case "count" -> count = whole("count of poses of tracklet " + track);
        case "item" -> pose(track, category, size, firstFrame + items++);
        default -> skip();
      }
    }
    checkCount("poses of tracklet " + track, count, items);
  }

  private void pose(String track, String category, double[] size, long frame)
      throws XMLStreamException {
    int line = xml.getLocation().getLineNumber();
    Map<String, Double> values = new HashMap<>();
    boolean usable = true;
    while (enter()) {
      String element = xml.getLocalName();
      switch (element) {
        case "tx", "ty", "tz", "rx", "ry", "rz", "occlusion", "truncation" -> {
          Double value = number(element + " of tracklet " + track + ", frame " + frame);
          usable &= value != null;
          values.put(element, value == null ? Double.NaN : value);
        }
        default -> skip();
      }
    }
    for (String name : POSE) {
      if (!values.containsKey(name)) {
        usable = false;
        report(
            DefectKind.LABEL_MALFORMED,
            new Evidence.Violation(
                name + " of tracklet " + track + ", frame " + frame, "absent", "a number"));
      }
    }
    poses++;
    if (!usable) {
      return;
    }
    int row = labels.add(stamps.stampNs(frame), frame, track, category, file, line);
    double[] q = Rotations.ofEuler(at(values, "rx"), at(values, "ry"), at(values, "rz"));
    double z = at(values, "tz") + size[2] / 2;
    labels.setBox3d(
        row,
        at(values, "tx"),
        at(values, "ty"),
        z,
        size[0],
        size[1],
        size[2],
        q[0],
        q[1],
        q[2],
        q[3]);
    labels.setVisibility(row, level(at(values, "truncation")), level(at(values, "occlusion")));
  }

  private static double at(Map<String, Double> values, String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  /// Levels 0, 1, 2 (none, partly, fully) as shares of 1; others mean "unknown" or "behind".
  private static double level(double value) {
    return value == 0 || value == 1 || value == 2 ? value / 2 : Double.NaN;
  }

  private void checkCount(String what, long stored, long items) {
    if (stored != items && stored != MALFORMED) {
      report(
          DefectKind.COUNT_MISMATCH,
          stored == ABSENT
              ? new Evidence.Violation("count of " + what, "absent", Long.toString(items))
              : Evidence.Mismatch.ofCount("count of " + what, stored, items));
    }
  }

  /// Moves to the next child element; `false` at the end of the parent.
  private boolean enter() throws XMLStreamException {
    while (true) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        return true;
      }
      if (event == XMLStreamConstants.END_ELEMENT || event == XMLStreamConstants.END_DOCUMENT) {
        return false;
      }
    }
  }

  private void skip() throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      } else if (event == XMLStreamConstants.END_DOCUMENT) {
        return;
      }
    }
  }

  private String value() throws XMLStreamException {
    String text = xml.getElementText().strip();
    return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE);
  }

  /// The number in the element, or null after reporting that there is none.
  private @Nullable Double number(String what) throws XMLStreamException {
    String text = value();
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      report(DefectKind.LABEL_MALFORMED, new Evidence.Violation(what, text, "a number"));
      return null;
    }
  }

  /// The whole number in the element, or [#MALFORMED] after reporting that there is none.
  private long whole(String what) throws XMLStreamException {
    String text = value();
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= MAX_FRAME) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number out of range is.
    }
    report(
        DefectKind.LABEL_MALFORMED,
        new Evidence.Violation(what, text, "a whole number from 0 to " + MAX_FRAME));
    return MALFORMED;
  }
}
