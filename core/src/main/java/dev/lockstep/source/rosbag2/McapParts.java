package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Order;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.Opening;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts a folder of rosbag2 whose parts are files of another format: each part by the cutter of
/// that, and `metadata.yaml` for what stays. A part of which no message stays is left out.
final class McapParts implements RecordingCutter {
  private final Path recording;
  private final SourceFormat format;
  private final List<Path> files;
  private final List<RecordingCutter> cutters = new ArrayList<>();
  private final Map<String, FittedMetadata.Span> was = new LinkedHashMap<>();

  /// Messages of each part by stream.
  private final List<Map<String, Long>> counts = new ArrayList<>();

  private McapParts(Path recording, SourceFormat format, List<Path> files) {
    this.recording = recording;
    this.format = format;
    this.files = files;
  }

  /// Opens a folder; null if one of its parts is of no such format, or cannot be cut.
  ///
  /// @param format the format of the parts
  /// @throws IOException if it cannot be read
  static @Nullable McapParts open(Path recording, SourceFormat format) throws IOException {
    Path folder = recording.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      return null;
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        if (Rosbag2Format.isPart(name(child))) {
          files.add(child);
        }
      }
    }
    files.sort(
        Order.byLong((Path child) -> Bag.number(name(child)))
            .thenComparing(Comparator.naturalOrder()));
    McapParts parts = new McapParts(folder, format, files);
    return Opening.keepIf(() -> !files.isEmpty() && parts.add(), parts, parts::close);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private boolean add() throws IOException {
    for (Path file : files) {
      boolean other = Rosbag2Format.isDb3(name(file)) || name(file).endsWith(Db3Bytes.COMPRESSED);
      RecordingCutter cutter = other ? null : format.cutter(file);
      if (cutter == null) {
        return false;
      }
      cutters.add(cutter);
      try (RecordingIndex index = format.scan(file)) {
        was.put(name(file), span(index));
        Map<String, Long> messages = new LinkedHashMap<>();
        for (StreamInfo stream : index.streams()) {
          messages.put(stream.name(), index.messages(stream.name()));
        }
        counts.add(messages);
      }
    }
    return true;
  }

  private static FittedMetadata.Span span(RecordingIndex index) throws IOException {
    FittedMetadata.Span span = new FittedMetadata.Span();
    for (StreamInfo stream : index.streams()) {
      for (long i = 0; i < index.messages(stream.name()); i++) {
        span.add(stream.name(), index.message(stream.name(), i).logTimeNs());
      }
    }
    return span;
  }

  @Override
  public List<String> streams() {
    Set<String> all = new LinkedHashSet<>();
    cutters.forEach(cutter -> all.addAll(cutter.streams()));
    return List.copyOf(all);
  }

  @Override
  public Window whole() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < files.size(); i++) {
      if (!was(i).isEmpty()) {
        Window own = cutters.get(i).whole();
        first = Math.min(first, own.first());
        last = Math.max(last, own.last());
      }
    }
    return first > last ? new Window(0, 0) : new Window(first, last);
  }

  private FittedMetadata.Span was(int part) {
    return was.getOrDefault(name(files.get(part)), new FittedMetadata.Span());
  }

  @Override
  public long axisOf(String stream, long index) throws IOException {
    long left = index;
    for (int i = 0; i < files.size(); i++) {
      long own = counts.get(i).getOrDefault(stream, 0L);
      if (left < own) {
        return cutters.get(i).axisOf(stream, left);
      }
      left -= own;
    }
    return whole().first();
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    for (int i = 0; i < files.size(); i++) {
      if (name(files.get(i)).equals(file)) {
        return cutters.get(i).axisOfByte(file, offsetBytes);
      }
    }
    return whole().first();
  }

  @Override
  public long step(String stream) {
    for (int i = 0; i < files.size(); i++) {
      if (counts.get(i).getOrDefault(stream, 0L) > 1) {
        return cutters.get(i).step(stream);
      }
    }
    return cutters.getFirst().step(stream);
  }

  @Override
  public boolean hasContainer() {
    return cutters.stream().anyMatch(RecordingCutter::hasContainer);
  }

  /// Cuts one of the parts.
  private interface Cut {
    Path of(RecordingCutter cutter, int part, Path folder) throws IOException;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    return write(
        folder,
        (cutter, part, into) -> cutter.cut(plan, into),
        part -> {
          Window own = cutters.get(part).whole();
          return plan.verbatim()
              && own.first() <= plan.window().last()
              && own.last() >= plan.window().first();
        });
  }

  @Override
  public List<Part> parts() throws IOException {
    List<Part> all = new ArrayList<>();
    for (RecordingCutter cutter : cutters) {
      int before = all.size();
      for (Part part : cutter.parts()) {
        int parent = part.parent() < 0 ? -1 : part.parent() + before;
        all.add(new Part(part.what(), part.bytes(), part.within(), parent));
      }
    }
    return all;
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    List<BitSet> own = new ArrayList<>();
    int from = 0;
    for (RecordingCutter cutter : cutters) {
      int to = from + cutter.parts().size();
      own.add(kept.get(from, to));
      from = to;
    }
    return write(
        folder,
        (cutter, part, into) ->
            cutter.parts().isEmpty()
                ? Files.copy(files.get(part), into.resolve(name(files.get(part))))
                : cutter.cut(own.get(part), into),
        part -> own.get(part).cardinality() > 0 || cutters.get(part).parts().isEmpty());
  }

  private interface Stays {
    boolean test(int part) throws IOException;
  }

  private Path write(Path folder, Cut cut, Stays stays) throws IOException {
    Path target = Files.createDirectories(folder.resolve(name(recording)));
    Map<String, FittedMetadata.Span> is = new LinkedHashMap<>();
    boolean any = false;
    for (int i = 0; i < files.size(); i++) {
      Path made = cut.of(cutters.get(i), i, target);
      FittedMetadata.Span span;
      try (RecordingIndex index = format.scan(made)) {
        span = span(index);
      }
      is.put(name(made), span);
      boolean last = !any && i + 1 == files.size();
      if (span.isEmpty() && !stays.test(i) && !last) {
        Files.delete(made);
      } else {
        span.stays();
        any = true;
      }
    }
    Path metadata = recording.resolve(BagMetadata.NAME);
    if (Files.exists(metadata)) {
      Files.writeString(target.resolve(BagMetadata.NAME), FittedMetadata.text(metadata, was, is));
    }
    return target;
  }

  @Override
  public void close() {
    cutters.forEach(RecordingCutter::close);
  }
}
