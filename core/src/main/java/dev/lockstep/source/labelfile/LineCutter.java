package dev.lockstep.source.labelfile;

import dev.lockstep.model.LabelSet;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts label files that are lines of text, a label each, along the numbers of their lines.
///
/// Lines that say what the others are about stay. A file that describes a sequence beside or above
/// the labels goes with them.
final class LineCutter implements RecordingCutter {
  /// Longest file that is cut: all of it is held in memory. Judged.
  private static final long MAX_BYTES = 128L << 20;

  /// Formats count rows from 0 or from 1, and some without the lines in front.
  private static final int SLOP = 2;

  private static final String SEQUENCE = "seqinfo.ini";

  private final Path path;
  private final byte[] bytes;
  private final List<Integer> starts;
  private final List<String> sets;

  private LineCutter(Path path, byte[] bytes, List<String> sets) {
    this.path = path.toAbsolutePath().normalize();
    this.bytes = bytes;
    this.sets = sets;
    this.starts = new ArrayList<>();
    for (int at = 0; at < bytes.length; at++) {
      if (at == 0 || bytes[at - 1] == '\n') {
        starts.add(at);
      }
    }
  }

  /// A cutter for the file at `path`, whose labels `index` knows; null if it is too large.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable LineCutter open(Path path, RecordingIndex index) throws IOException {
    return Files.size(path) > MAX_BYTES
        ? null
        : new LineCutter(
            path,
            Files.readAllBytes(path),
            index.labels(Long.MIN_VALUE, Long.MAX_VALUE).stream().map(LabelSet::name).toList());
  }

  @Override
  public List<String> streams() {
    return sets;
  }

  @Override
  public Window whole() {
    return new Window(0, Math.max(0, starts.size() - 1));
  }

  @Override
  public long axisOf(String stream, long index) {
    return Math.clamp(index, 0, whole().last());
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    int line = 0;
    while (line + 1 < starts.size() && starts.get(line + 1) <= offsetBytes) {
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

  private int end(int line) {
    return line + 1 < starts.size() ? starts.get(line + 1) : bytes.length;
  }

  /// Whether a line says what the others are about.
  private boolean isHead(int line) {
    int length = Math.min(24, end(line) - starts.get(line));
    return new String(bytes, starts.get(line), length, StandardCharsets.UTF_8)
        .startsWith("{\"type\":");
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    BitSet kept = new BitSet(starts.size());
    Window window = plan.window();
    kept.set(
        (int) Math.max(0, window.first() - SLOP),
        (int) Math.min(starts.size(), window.last() + SLOP + 1));
    return cut(kept, folder);
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int line = 0; line < starts.size(); line++) {
      parts.add(new Part("line", end(line) - (long) starts.get(line), false));
    }
    return parts;
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int line = 0; line < starts.size(); line++) {
      if (kept.get(line) || isHead(line)) {
        out.write(bytes, starts.get(line), end(line) - starts.get(line));
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
    return Files.write(target, out.toByteArray());
  }

  @Override
  public void close() {}
}
