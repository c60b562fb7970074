package dev.lockstep.source.labelfile;

import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.TextSpans;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Cuts label files that are texts: lines with a label each along their numbers, documents part by
/// part.
///
/// Lines that say what the others are about stay. A file that describes a sequence beside or above
/// the labels goes with them.
final class TextCutter implements RecordingCutter {
  /// Formats count rows from 0 or from 1, and some without the lines in front.
  private static final int SLOP = 2;

  private static final String SEQUENCE = "seqinfo.ini";

  private final Path path;
  private final byte[] text;
  private final TextSpans spans;
  private final List<String> sets;
  private final boolean lines;

  /// A cutter for the file at `path`.
  ///
  /// @param text its content
  /// @param spans the parts of it
  /// @param sets names of its label sets
  /// @param lines whether a part is a line, so that labels are found by their numbers
  TextCutter(Path path, byte[] text, TextSpans spans, List<String> sets, boolean lines) {
    this.path = path.toAbsolutePath().normalize();
    this.text = text;
    this.spans = spans;
    this.sets = sets;
    this.lines = lines;
  }

  @Override
  public List<String> streams() {
    return sets;
  }

  @Override
  public Window whole() {
    return new Window(0, lines ? Math.max(0, spans.size() - 1) : 0);
  }

  @Override
  public long axisOf(String stream, long index) {
    return Math.clamp(index, 0, whole().last());
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    int line = 0;
    while (lines && line + 1 < spans.size() && spans.start(line + 1) <= offsetBytes) {
      line++;
    }
    return line;
  }

  @Override
  public long step(String stream) {
    return 1;
  }

  @Override
  public boolean hasContainer() {
    return false;
  }

  /// Whether a line says what the others are about.
  private boolean isHead(int line) {
    int length = Math.min(24, spans.end(line) - spans.start(line));
    return lines
        && new String(text, spans.start(line), length, StandardCharsets.UTF_8)
            .startsWith("{\"type\":");
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    BitSet kept = new BitSet(spans.size());
    Window window = plan.window();
    if (lines) {
      kept.set(
          (int) Math.max(0, window.first() - SLOP),
          (int) Math.min(spans.size(), window.last() + SLOP + 1));
    } else {
      kept.set(0, spans.size());
    }
    return cut(kept, folder);
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int span = 0; span < spans.size(); span++) {
      parts.add(
          new Part(
              lines ? "line" : "part of the document",
              spans.end(span) - (long) spans.start(span),
              false,
              spans.parent(span)));
    }
    return parts;
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    BitSet stays = (BitSet) kept.clone();
    for (int line = 0; lines && line < spans.size(); line++) {
      if (isHead(line)) {
        stays.set(line);
      }
    }
    Path parent = path.getParent();
    Path above = parent == null ? null : parent.getParent();
    Path target = folder.resolve(String.valueOf(path.getFileName()));
    if (above != null && parent != null && Files.exists(above.resolve(SEQUENCE))) {
      Path in = Files.createDirectories(folder.resolve(String.valueOf(parent.getFileName())));
      Files.copy(above.resolve(SEQUENCE), folder.resolve(SEQUENCE));
      target = in.resolve(String.valueOf(path.getFileName()));
    } else if (parent != null && Files.exists(parent.resolve(SEQUENCE))) {
      Files.copy(parent.resolve(SEQUENCE), folder.resolve(SEQUENCE));
    }
    try (OutputStream out = Files.newOutputStream(target)) {
      spans.write(stays, out);
    }
    return target;
  }

  @Override
  public void close() {}
}
