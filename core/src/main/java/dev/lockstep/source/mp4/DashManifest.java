package dev.lockstep.source.mp4;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// What a DASH manifest (ISO/IEC 23009-1) says of the files of its representations: templates with
/// numbers or times, timelines, and lists. Base URLs and remote elements are not followed.
///
/// @param complete whether the manifest is final: that of a live stream names no end
/// @param periods number of periods, each with representations of its own
record DashManifest(boolean complete, int periods, List<Representation> representations) {
  /// Longest manifest that is read (judged: an hour of segments of a second is some 200 kB).
  private static final long MAX_BYTES = 64L << 20;

  /// Most files of a manifest (judged: ten representations of a day of segments of a second).
  private static final int MAX_FILES = 1_000_000;

  /// Innermost elements that are looked at lie five deep.
  private static final int MAX_DEPTH = 64;

  private static final Pattern PLACE =
      Pattern.compile("\\$(RepresentationID|Number|Time|Bandwidth)?(?:%0(\\d{1,2})d)?\\$");

  /// One representation.
  ///
  /// @param files names of its initialisation, if any, and segments
  /// @param seconds duration of all segments, NaN where the manifest does not say
  /// @param periodSeconds duration of the period that it fills, NaN where the manifest does not say
  record Representation(String id, List<String> files, double seconds, double periodSeconds) {
    Representation(String id, List<String> files, double seconds) {
      this(id, files, seconds, Double.NaN);
    }
  }

  /// A manifest that cannot be used.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /// What an element says of segments; what it leaves out its parent says.
  private static final class Scope {
    final String element;
    final @Nullable Scope parent;
    final List<long[]> timeline = new ArrayList<>();
    final List<String> listed = new ArrayList<>();
    @Nullable String media;
    @Nullable String initialization;
    @Nullable String duration;
    @Nullable String timescale;
    @Nullable String startNumber;
    @Nullable String id;
    @Nullable String bandwidth;

    Scope(String element, @Nullable Scope parent) {
      this.element = element;
      this.parent = parent;
    }
  }

  private static final class Parser {
    final List<Representation> representations = new ArrayList<>();
    final Deque<Scope> scopes = new ArrayDeque<>();
    boolean complete = true;
    double seconds = Double.NaN;
    double periodSeconds = Double.NaN;
    int files;
    int periods;
  }

  /// Reads a manifest.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws Unusable if it is no manifest that can be used; the message says where and why
  static DashManifest read(Path file) throws IOException, Unusable {
    if (Files.size(file) > MAX_BYTES) {
      throw new Unusable("longer than " + MAX_BYTES + " bytes");
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    Parser parser = new Parser();
    try (InputStream in = Files.newInputStream(file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      boolean root = true;
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            if (root && !xml.getLocalName().equals("MPD")) {
              throw new Unusable("root element " + xml.getLocalName() + " (expected MPD)");
            }
            root = false;
            begin(parser, xml);
          }
          case XMLStreamConstants.END_ELEMENT -> end(parser);
          default -> {}
        }
      }
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
      throw new Unusable("line " + line + ": no well-formed XML");
    }
    return new DashManifest(parser.complete, parser.periods, List.copyOf(parser.representations));
  }

  private static void begin(Parser parser, XMLStreamReader xml) throws Unusable {
    if (parser.scopes.size() == MAX_DEPTH) {
      throw new Unusable("elements nested deeper than " + MAX_DEPTH);
    }
    String name = xml.getLocalName();
    Scope around = parser.scopes.peek();
    Scope scope = new Scope(name, around);
    parser.scopes.push(scope);
    switch (name) {
      case "MPD" -> {
        parser.complete = !"dynamic".equals(attribute(xml, "type"));
        parser.seconds = seconds(attribute(xml, "mediaPresentationDuration"));
        parser.periodSeconds = parser.seconds;
      }
      case "Period" -> {
        parser.periods++;
        double own = seconds(attribute(xml, "duration"));
        parser.periodSeconds = Double.isNaN(own) ? parser.seconds : own;
      }
      case "Representation" -> {
        scope.id = attribute(xml, "id");
        scope.bandwidth = attribute(xml, "bandwidth");
      }
      case "SegmentTemplate", "SegmentList" -> {
        if (around != null) {
          around.media = attribute(xml, "media");
          around.initialization = attribute(xml, "initialization");
          around.duration = attribute(xml, "duration");
          around.timescale = attribute(xml, "timescale");
          around.startNumber = attribute(xml, "startNumber");
        }
      }
      case "Initialization" -> {
        Scope owner = owner(around, 1);
        String url = attribute(xml, "sourceURL");
        if (owner != null && url != null) {
          owner.initialization = url;
        }
      }
      case "SegmentURL" -> {
        Scope owner = owner(around, 1);
        String url = attribute(xml, "media");
        if (owner != null && url != null) {
          count(parser, 1);
          owner.listed.add(url);
        }
      }
      case "S" -> {
        Scope owner = owner(around, 2);
        if (owner != null) {
          String at = attribute(xml, "t");
          owner.timeline.add(
              new long[] {
                at == null ? -1 : number(at, "t"),
                number(attribute(xml, "d"), "d"),
                signed(attribute(xml, "r"))
              });
        }
      }
      default -> {}
    }
  }

  private static void end(Parser parser) throws Unusable {
    Scope scope = parser.scopes.pop();
    if (scope.element.equals("Representation")) {
      parser.representations.add(representation(parser, scope));
    }
  }

  /// The element that a part of a template or list belongs to.
  private static @Nullable Scope owner(@Nullable Scope scope, int levels) {
    Scope owner = scope;
    for (int i = 0; i < levels && owner != null; i++) {
      owner = owner.parent;
    }
    return owner;
  }

  private static Representation representation(Parser parser, Scope scope) throws Unusable {
    String id = scope.id == null ? "" : scope.id;
    String bandwidth = scope.bandwidth == null ? "" : scope.bandwidth;
    List<String> files = new ArrayList<>();
    String initialization = null;
    String media = null;
    String length = null;
    String scale = null;
    String start = null;
    List<long[]> timeline = List.of();
    List<String> listed = List.of();
    for (Scope s = scope; s != null; s = s.parent) {
      initialization = initialization == null ? s.initialization : initialization;
      media = media == null ? s.media : media;
      length = length == null ? s.duration : length;
      scale = scale == null ? s.timescale : scale;
      start = start == null ? s.startNumber : start;
      timeline = timeline.isEmpty() ? s.timeline : timeline;
      listed = listed.isEmpty() ? s.listed : listed;
    }
    if (initialization != null) {
      files.add(filled(initialization, id, bandwidth, 0, 0));
    }
    double timescale = scale == null ? 1 : Math.max(1, number(scale, "timescale"));
    long number = start == null ? 1 : number(start, "startNumber");
    if (!listed.isEmpty()) {
      files.addAll(listed);
      double each = length == null ? Double.NaN : number(length, "duration") / timescale;
      return new Representation(id, files, each * listed.size());
    }
    if (media == null) {
      return new Representation(id, files, Double.NaN);
    }
    if (!timeline.isEmpty()) {
      return ofTimeline(parser, id, bandwidth, files, media, number, timescale, timeline);
    }
    if (length == null || Double.isNaN(parser.periodSeconds) || !parser.complete) {
      return new Representation(id, List.of(), Double.NaN);
    }
    long each = Math.max(1, number(length, "duration"));
    double exact = parser.periodSeconds * timescale / each;
    // A period is told in milliseconds: a hair more than whole segments is none more.
    long count = (long) Math.ceil(exact - 1e-3 * timescale / each);
    count(parser, count);
    for (long i = 0; i < count; i++) {
      files.add(filled(media, id, bandwidth, number + i, i * each));
    }
    return new Representation(id, files, parser.periodSeconds);
  }

  private static Representation ofTimeline(
      Parser parser,
      String id,
      String bandwidth,
      List<String> files,
      String media,
      long firstNumber,
      double timescale,
      List<long[]> timeline)
      throws Unusable {
    long number = firstNumber;
    long time = 0;
    long ticks = 0;
    for (int s = 0; s < timeline.size(); s++) {
      long[] run = timeline.get(s);
      time = run[0] >= 0 ? run[0] : time;
      long each = Math.max(1, run[1]);
      long more = run[2];
      if (more < 0) {
        // As often as fits before the next run, or the end of the period.
        double end =
            s + 1 < timeline.size() && timeline.get(s + 1)[0] >= 0
                ? timeline.get(s + 1)[0]
                : parser.periodSeconds * timescale;
        more = Double.isNaN(end) ? 0 : Math.max(0, (long) Math.ceil((end - time) / each) - 1);
      }
      count(parser, more + 1);
      for (long i = 0; i <= more; i++) {
        files.add(filled(media, id, bandwidth, number++, time));
        time += each;
        ticks += each;
      }
    }
    return new Representation(id, files, ticks / timescale, parser.periodSeconds);
  }

  private static void count(Parser parser, long more) throws Unusable {
    if (more < 0 || more > MAX_FILES - parser.files) {
      throw new Unusable("more than " + MAX_FILES + " segments");
    }
    parser.files += (int) more;
  }

  /// A template with its places filled in.
  private static String filled(
      String template, String id, String bandwidth, long number, long time) {
    Matcher place = PLACE.matcher(template);
    StringBuilder out = new StringBuilder();
    while (place.find()) {
      String what = place.group(1);
      String value =
          switch (what == null ? "" : what) {
            case "RepresentationID" -> id;
            case "Bandwidth" -> bandwidth;
            case "Number" -> padded(number, place.group(2));
            case "Time" -> padded(time, place.group(2));
            default -> "$";
          };
      place.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return place.appendTail(out).toString();
  }

  private static String padded(long value, @Nullable String digits) {
    return digits == null
        ? Long.toString(value)
        : String.format(Locale.ROOT, "%0" + Math.max(1, Integer.parseInt(digits)) + "d", value);
  }

  private static @Nullable String attribute(XMLStreamReader xml, String name) {
    return xml.getAttributeValue(null, name);
  }

  private static long signed(@Nullable String text) throws Unusable {
    return text == null ? 0 : text.strip().equals("-1") ? -1 : number(text, "r");
  }

  private static long number(@Nullable String text, String what) throws Unusable {
    if (text == null || !text.strip().matches("\\d{1,30}")) {
      throw new Unusable(what + " is " + text + " (expected a whole number)");
    }
    BigInteger value = new BigInteger(text.strip());
    if (value.bitLength() > 62) {
      throw new Unusable(what + " is " + text + " (expected below 2^62)");
    }
    return value.longValue();
  }

  private static double seconds(@Nullable String text) {
    if (text == null) {
      return Double.NaN;
    }
    try {
      return Duration.parse(text.strip().replaceFirst("^P(0+[YMW])+", "P")).toNanos() / 1e9;
    } catch (DateTimeException | ArithmeticException e) {
      // Years and months have no length of their own.
      return Double.NaN;
    }
  }
}
