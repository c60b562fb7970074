package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.RowSubset;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.ScannedIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Cuts Argoverse logs along stamps: files of sensors by their names, rows of poses and annotations
/// by their stamps. Tables without stamps, and damaged ones, are kept whole.
final class LogCutter implements RecordingCutter {
  private final Path recording;
  private final ScannedIndex index;
  private final List<LabelSet> labels;

  /// Cuts the log or table at `recording`, which `index` has read.
  LogCutter(Path recording, ScannedIndex index) {
    this.recording = recording.toAbsolutePath().normalize();
    this.index = index;
    this.labels = index.labels(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Override
  public List<String> streams() {
    Set<String> all = new LinkedHashSet<>();
    index.streams().stream().map(StreamInfo::name).forEach(all::add);
    labels.stream().map(LabelSet::name).forEach(all::add);
    return new ArrayList<>(all);
  }

  @Override
  public Window whole() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (StreamInfo stream : index.streams()) {
      for (long i = 0; i < index.messages(stream.name()); i++) {
        long at = index.message(stream.name(), i).stampNs();
        first = Math.min(first, at);
        last = Math.max(last, at);
      }
    }
    for (LabelSet set : labels) {
      if (set.size() > 0) {
        first = Math.min(first, set.stampsNs()[0]);
        last = Math.max(last, set.stampsNs()[set.size() - 1]);
      }
    }
    return first > last ? new Window(0, 0) : new Window(first, last);
  }

  @Override
  public long axisOf(String stream, long message) {
    for (LabelSet set : labels) {
      for (int row = 0; set.name().equals(stream) && row < set.size(); row++) {
        if (set.positions()[row] == message) {
          return set.stampsNs()[row];
        }
      }
    }
    return message >= 0 && message < index.messages(stream)
        ? index.message(stream, message).stampNs()
        : whole().first();
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    for (StreamInfo stream : index.streams()) {
      for (long i = 0; i < index.messages(stream.name()); i++) {
        if (index.message(stream.name(), i).file().equals(file)) {
          return index.message(stream.name(), i).stampNs();
        }
      }
    }
    return whole().first();
  }

  @Override
  public long step(String stream) {
    long count = index.messages(stream);
    Window all = whole();
    return Math.max(1, (all.last() - all.first()) / Math.max(100, count - 1));
  }

  @Override
  public boolean hasContainer() {
    return false;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    Path target = folder.resolve(String.valueOf(recording.getFileName()));
    if (!Files.isDirectory(recording)) {
      cutTable(recording, target, plan.window());
      return target;
    }
    try (Stream<Path> all = Files.walk(recording)) {
      for (Path from : all.sorted().toList()) {
        Path to = target.resolve(recording.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          cutFile(plan, from, to);
        }
      }
    }
    return target;
  }

  private void cutFile(Plan plan, Path from, Path to) throws IOException {
    Path inside = recording.relativize(from);
    String name = String.valueOf(from.getFileName());
    if (inside.startsWith(Av2Layout.SENSORS)) {
      String digits = name.substring(0, Math.max(0, name.indexOf('.')));
      String sensor = String.valueOf(inside.getName(Math.max(0, inside.getNameCount() - 2)));
      boolean numbered = digits.matches("\\d{1,18}");
      if (plan.streams().contains(sensor)
          && numbered
          && plan.window().contains(Long.parseLong(digits))) {
        Files.copy(from, to);
      }
    } else if (inside.startsWith(Av2Layout.MAP)) {
      return;
    } else if (name.endsWith(Av2Layout.EXTENSION)) {
      String table = name.substring(0, name.length() - Av2Layout.EXTENSION.length());
      boolean optional =
          Av2Layout.ANNOTATIONS.matcher(name).matches() || name.equals(Av2Layout.POSES);
      if (!optional || isKept(plan, table)) {
        cutTable(from, to, plan.window());
      }
    } else {
      Files.copy(from, to);
    }
  }

  /// Label sets of an evaluation table are named after table and log.
  private static boolean isKept(Plan plan, String table) {
    return plan.streams().stream()
        .anyMatch(stream -> stream.equals(table) || stream.startsWith(table + "/"));
  }

  private static void cutTable(Path from, Path to, Window window) throws IOException {
    boolean written =
        RowSubset.write(
            from,
            ReadOptions.DEFAULT_MAX_BLOCK_BYTES,
            (batch, first) -> {
              FeatherColumns.Integers stamps = FeatherColumns.integers(batch, Av2Layout.STAMP);
              return stamps == null
                  ? null
                  : row -> !stamps.has(row) || window.contains(stamps.get(row));
            },
            to);
    if (!written) {
      // A damaged table is what is to be shown.
      Files.copy(from, to);
    }
  }

  @Override
  public void close() {
    index.close();
  }
}
