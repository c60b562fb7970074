package dev.lockstep.report;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Streams as lanes over time, with a mark for each finding where it lies, as SVG.
///
/// The time axis is that of the stream with the most messages and of all that overlap it, directly
/// or through others. A stream that lies elsewhere, such as one whose clock is 37 s off, says how
/// far away instead.
final class FindingTimeline {
  private static final int WIDTH = 1200;
  private static final int LEFT = 230;
  private static final int RIGHT = 16;
  private static final int LANE = 22;
  private static final int BAR = 10;
  private static final int AXIS = 26;

  /// Narrowest mark that the eye finds.
  private static final double LEAST_WIDTH = 4;

  /// Letters of a name that find room beside a lane.
  private static final int NAME = 34;

  private static final double NS_PER_SECOND = 1e9;

  private final RecordingResult recording;
  private final List<Finding> findings;
  private final List<String> anchors;
  private long fromNs;
  private long toNs;

  /// @param findings those that get a mark if they have a place in time
  /// @param anchors the id of each on the page
  FindingTimeline(RecordingResult recording, List<Finding> findings, List<String> anchors) {
    this.recording = recording;
    this.findings = findings;
    this.anchors = anchors;
  }

  /// Writes the picture; nothing where no stream has stamps.
  ///
  /// @throws IOException if the page cannot be written
  void write(HtmlPage page) throws IOException {
    List<StreamSummary> stamped =
        recording.streams().stream().filter(FindingTimeline::isStamped).toList();
    if (stamped.isEmpty()) {
      return;
    }
    chooseAxis(stamped);
    Map<String, @Nullable StreamSummary> lanes = new LinkedHashMap<>();
    stamped.forEach(stream -> lanes.put(stream.stream().name(), stream));
    for (Finding finding : findings) {
      String name = finding.location().stream();
      if (name != null && finding.location().stampsNs() != null) {
        lanes.putIfAbsent(name, null);
      }
    }
    int height = LANE * lanes.size() + AXIS;
    page.text("h3", "Over time");
    page.open("div", "class", "scroll");
    page.open("svg", "viewBox", "0 0 " + WIDTH + " " + height, "role", "img");
    page.text("title", "Streams over time, and where findings lie");
    axis(page, height - AXIS);
    int row = 0;
    for (Map.Entry<String, @Nullable StreamSummary> lane : lanes.entrySet()) {
      lane(page, lane.getKey(), lane.getValue(), row++ * LANE);
    }
    page.close().close();
  }

  private static boolean isStamped(StreamSummary stream) {
    return stream.firstStampNs() != Times.NONE && stream.lastStampNs() != Times.NONE;
  }

  private static long firstNs(StreamSummary stream) {
    return Math.min(stream.firstStampNs(), stream.lastStampNs());
  }

  private static long lastNs(StreamSummary stream) {
    return Math.max(stream.firstStampNs(), stream.lastStampNs());
  }

  private void chooseAxis(List<StreamSummary> stamped) {
    StreamSummary most = stamped.getFirst();
    for (StreamSummary stream : stamped) {
      most = stream.messages() > most.messages() ? stream : most;
    }
    fromNs = firstNs(most);
    toNs = lastNs(most);
    List<StreamSummary> others = new ArrayList<>(stamped);
    boolean grown = true;
    while (grown) {
      grown =
          others.removeIf(stream -> {
            if (!isOnAxis(stream)) {
              return false;
            }
            fromNs = Math.min(fromNs, firstNs(stream));
            toNs = Math.max(toNs, lastNs(stream));
            return true;
          });
    }
  }

  private boolean isOnAxis(StreamSummary stream) {
    return firstNs(stream) <= toNs && lastNs(stream) >= fromNs;
  }

  private void axis(HtmlPage page, int bottom) throws IOException {
    double seconds = Math.max(Times.difference(toNs, fromNs) / NS_PER_SECOND, 1e-9);
    double step = Numbers.roundStep(seconds / 8);
    for (int i = 0; i * step <= seconds; i++) {
      String x = text(LEFT + i * step / seconds * (WIDTH - LEFT - RIGHT));
      page.empty(
          "line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", Integer.toString(bottom));
      page.text(
          "text",
          Numbers.text(i * step) + " s",
          "class",
          "soft",
          "x",
          x,
          "y",
          Integer.toString(bottom + 16),
          "text-anchor",
          "middle");
    }
  }

  private void lane(HtmlPage page, String name, @Nullable StreamSummary stream, int top)
      throws IOException {
    String baseline = Integer.toString(top + 15);
    int letters = name.codePointCount(0, name.length());
    String shown =
        letters <= NAME
            ? name
            : "..." + name.substring(name.offsetByCodePoints(name.length(), 3 - NAME));
    page.open("text", "x", Integer.toString(LEFT - 10), "y", baseline, "text-anchor", "end");
    page.text(shown).text("title", name).close();
    if (stream != null && isOnAxis(stream)) {
      bar(page, x(firstNs(stream)), x(lastNs(stream)), top, "lane");
      page.close();
    } else if (stream != null) {
      long awayNs = Times.difference(firstNs(stream), fromNs);
      page.text(
          "text",
          "begins "
              + Numbers.duration(Math.absExact(awayNs))
              + (awayNs < 0 ? " before" : " after")
              + " the begin of this axis",
          "class",
          "soft",
          "x",
          Integer.toString(LEFT + 4),
          "y",
          baseline);
    }
    // The worst is drawn last, over the others.
    for (int i = findings.size() - 1; i >= 0; i--) {
      Finding finding = findings.get(i);
      Span stamps = stamps(finding.location(), stream);
      if (!name.equals(finding.location().stream()) || stamps == null) {
        continue;
      }
      page.open("a", "href", "#" + anchors.get(i));
      bar(page, x(stamps.first()), x(stamps.last()), top, finding.severity().label());
      page.text("title", FindingText.headline(finding)).close().close();
    }
  }

  /// Where a finding lies in time: by its stamps or, where it has none, about where its messages
  /// lie among those of its stream.
  private static @Nullable Span stamps(Location at, @Nullable StreamSummary stream) {
    Span messages = at.messages();
    if (at.stampsNs() != null || messages == null || stream == null || stream.messages() < 2) {
      return at.stampsNs();
    }
    return Span.between(among(messages.first(), stream), among(messages.last(), stream));
  }

  private static long among(long message, StreamSummary stream) {
    double share = (double) message / (stream.messages() - 1);
    double lengthNs = Times.difference(stream.lastStampNs(), stream.firstStampNs());
    return stream.firstStampNs() + Math.round(Math.clamp(share, 0, 1) * lengthNs);
  }

  /// Begins a bar, which the caller ends.
  private static void bar(HtmlPage page, double from, double to, int top, String kind)
      throws IOException {
    double width = Math.max(to - from, LEAST_WIDTH);
    double left = Math.min(to - from < LEAST_WIDTH ? (from + to - width) / 2 : from, WIDTH - width);
    page.open(
        "rect",
        "class",
        kind,
        "x",
        text(left),
        "y",
        Integer.toString(top + (LANE - BAR) / 2),
        "width",
        text(width),
        "height",
        Integer.toString(BAR));
  }

  /// Where a stamp is drawn; at the edge where it lies outside.
  private double x(long stampNs) {
    double length = Math.max(Times.difference(toNs, fromNs), 1);
    double share = Math.clamp(Times.difference(stampNs, fromNs) / length, 0, 1);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private static String text(double pixels) {
    return Numbers.fixed(pixels, 1);
  }
}
