package dev.lockstep.labels.cvat;

import dev.lockstep.labels.Decimals;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.TrackRows;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Writes one document. A track whose category changes is written as several of the same id, since
/// the format names the label once a track. Where a track pauses or ends before the last frame, a
/// box with `outside="1"` says so, as the tool itself writes it.
final class CvatWriter {
  private final LabelSet labels;
  private final LabelWriteOptions options;
  private final long[] frames;
  private final long[] present;

  CvatWriter(LabelSet labels, LabelWriteOptions options) {
    this.labels = labels;
    this.options = options;
    this.frames = options.framesOf(labels, 0);
    this.present = LongStream.of(frames).sorted().distinct().toArray();
  }

  void write(Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      head(out);
      for (int[] rows : TrackRows.of(labels, frames, labels::has2d)) {
        track(out, rows);
      }
      out.write("</annotations>\n");
    }
  }

  private void head(Writer out) throws IOException {
    long first = present.length == 0 ? 0 : present[0];
    long last = present.length == 0 ? 0 : present[present.length - 1];
    out.write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n");
    out.write("  <version>1.1</version>\n  <meta>\n    <task>\n");
    out.write("      <name>" + escaped(options.name()) + "</name>\n");
    out.write("      <size>" + (last + 1) + "</size>\n      <mode>interpolation</mode>\n");
    out.write("      <start_frame>" + first + "</start_frame>\n");
    out.write("      <stop_frame>" + last + "</stop_frame>\n      <labels>\n");
    for (int c = 0; c < labels.categoryCount(); c++) {
      out.write("        <label><name>" + escaped(labels.categoryName(c)) + "</name></label>\n");
    }
    out.write("      </labels>\n      <original_size>\n");
    out.write("        <width>" + options.widthOf(labels) + "</width>\n");
    out.write("        <height>" + options.heightOf(labels) + "</height>\n");
    out.write("      </original_size>\n    </task>\n  </meta>\n");
  }

  private void track(Writer out, int[] rows) throws IOException {
    int first = rows[0];
    int track = labels.tracks()[first];
    String tool = labels.details().tool(first);
    out.write("  <track id=\"" + (track < 0 ? "-1" : escaped(labels.trackName(track))) + "\"");
    out.write(" label=\"" + escaped(labels.categoryName(labels.categories()[first])) + "\"");
    out.write(tool == null ? ">\n" : " source=\"" + escaped(tool) + "\">\n");
    for (int i = 0; i < rows.length; i++) {
      box(out, rows[i], frames[rows[i]], false);
      long next = after(frames[rows[i]]);
      boolean goesOn = i + 1 < rows.length && frames[rows[i + 1]] <= next;
      if (next >= 0 && !goesOn && !resumes(track, next)) {
        box(out, rows[i], next, true);
      }
    }
    out.write("  </track>\n");
  }

  /// Whether the track has a box at that frame under another category.
  private boolean resumes(int track, long frame) {
    if (track < 0) {
      return false;
    }
    for (int i = labels.trackStart(track); i < labels.trackStart(track + 1); i++) {
      if (frames[labels.trackRows()[i]] == frame) {
        return true;
      }
    }
    return false;
  }

  private long after(long frame) {
    int at = Arrays.binarySearch(present, frame) + 1;
    return at < present.length ? present[at] : -1;
  }

  private void box(Writer out, int row, long frame, boolean outside) throws IOException {
    float[] b = labels.boxes2d();
    int at = row * LabelSet.BOX_2D;
    LabelDetails details = labels.details();
    boolean hidden = details.has(row, LabelDetails.OCCLUDED) || labels.occluded()[row] > 0;
    boolean keyframe = outside || !details.has(row, LabelDetails.INTERPOLATED);
    out.write(
        "    <box frame=\"%d\" outside=\"%d\" occluded=\"%d\" keyframe=\"%d\""
            .formatted(frame, outside ? 1 : 0, hidden ? 1 : 0, keyframe ? 1 : 0));
    out.write(edge(" xtl", b[at]) + edge(" ytl", b[at + 1]));
    out.write(edge(" xbr", b[at + 2]) + edge(" ybr", b[at + 3]) + " z_order=\"0\">\n");
    for (Attribute attribute : details.attributes(row)) {
      out.write("      <attribute name=\"" + escaped(attribute.name()) + "\">");
      out.write(escaped(attribute.value()) + "</attribute>\n");
    }
    out.write("    </box>\n");
  }

  private static String edge(String name, float value) {
    return name + "=\"" + Decimals.fixed(value, CvatLabels.PIXEL_DECIMALS) + "\"";
  }

  /// A text with what XML cannot hold replaced.
  static String escaped(@Nullable String text) {
    StringBuilder out = new StringBuilder();
    for (char c : String.valueOf(text).toCharArray()) {
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\n', '\t', '\r' -> out.append("&#").append((int) c).append(';');
        default -> out.append(c < ' ' ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }
}
