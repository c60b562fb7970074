package dev.lockstep.source.rosbag2;

import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// The pieces of a recording of rosbag2: the messages of its databases.
///
/// What `metadata.yaml` says of counts and times is made to fit: what was wrong by some number is
/// wrong by as much. A part of which nothing stays is left out, there too.
final class BagParts implements PieceCutter.Pieces {
  private final Path recording;
  private final PieceTable table = new PieceTable();
  private final Map<String, DatabasePieces> parts = new LinkedHashMap<>();

  private BagParts(Path recording) {
    this.recording = recording.toAbsolutePath().normalize();
  }

  /// Opens a database or a folder of some; null if there are other parts, or damaged ones.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable BagParts open(Path recording) throws IOException {
    BagParts bag = new BagParts(recording);
    try {
      if (bag.add()) {
        return bag;
      }
    } catch (IOException | RuntimeException | Error e) {
      bag.close();
      throw e;
    }
    bag.close();
    return null;
  }

  private boolean add() throws IOException {
    if (!Files.isDirectory(recording)) {
      return add(recording);
    }
    List<Path> files;
    try (Stream<Path> children = Files.list(recording)) {
      files =
          children
              .filter(child -> Rosbag2Format.isPart(String.valueOf(child.getFileName())))
              .sorted(
                  java.util.Comparator.comparingLong(
                          (Path child) -> Bag.number(String.valueOf(child.getFileName())))
                      .thenComparing(child -> child))
              .toList();
    }
    for (Path file : files) {
      if (!Rosbag2Format.isDb3(String.valueOf(file.getFileName())) || !add(file)) {
        return false;
      }
    }
    return !files.isEmpty();
  }

  private boolean add(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    DatabasePieces pieces = DatabasePieces.open(file, name, table);
    if (pieces != null) {
      parts.put(name, pieces);
    }
    return pieces != null;
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public boolean hasContainer() {
    return false;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder)
      throws IOException {
    Path target = folder.resolve(String.valueOf(recording.getFileName()));
    if (!Files.isDirectory(recording)) {
      for (DatabasePieces part : parts.values()) {
        part.write(kept, shortened, target);
      }
      return target;
    }
    Files.createDirectories(target);
    for (Map.Entry<String, DatabasePieces> part : parts.entrySet()) {
      if (!Span.of(table, part.getValue(), kept).isEmpty()) {
        part.getValue().write(kept, shortened, target.resolve(part.getKey()));
      }
    }
    Path metadata = recording.resolve(BagMetadata.NAME);
    if (Files.exists(metadata)) {
      Files.writeString(target.resolve(BagMetadata.NAME), fitted(metadata, kept));
    }
    return target;
  }

  @Override
  public void close() {
    parts.values().forEach(DatabasePieces::close);
  }

  /// What there is of messages.
  private static final class Span {
    private long count;
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;
    private final Map<String, Long> topics = new TreeMap<>();

    /// Those of a part that are kept; all of them if `kept` is null.
    static Span of(PieceTable table, DatabasePieces part, @Nullable BitSet kept) {
      Span span = new Span();
      for (int i = part.firstPiece(); i < part.firstPiece() + part.size(); i++) {
        if (kept == null || kept.get(i)) {
          span.count++;
          span.firstNs = Math.min(span.firstNs, table.at(i));
          span.lastNs = Math.max(span.lastNs, table.at(i));
          span.topics.merge(table.stream(i), 1L, Long::sum);
        }
      }
      return span;
    }

    boolean isEmpty() {
      return count == 0;
    }

    void add(Span other) {
      count += other.count;
      firstNs = Math.min(firstNs, other.firstNs);
      lastNs = Math.max(lastNs, other.lastNs);
      other.topics.forEach((topic, messages) -> topics.merge(topic, messages, Long::sum));
    }
  }

  /// The text of `metadata.yaml` for what is kept; as it is where it cannot be read.
  private String fitted(Path file, BitSet kept) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    BagMetadata read = BagMetadata.parse(text);
    if (read.wrong() != null) {
      return text;
    }
    Map<String, Span> was = new HashMap<>();
    Map<String, Span> is = new HashMap<>();
    Span allWas = new Span();
    Span allIs = new Span();
    parts.forEach((name, part) -> {
      was.put(name, Span.of(table, part, null));
      is.put(name, Span.of(table, part, kept));
      allWas.add(was.getOrDefault(name, allWas));
      allIs.add(is.getOrDefault(name, allIs));
    });
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(Integer.MAX_VALUE);
    try {
      Object root = new Yaml(new SafeConstructor(limits)).load(text);
      if (!(root instanceof Map<?, ?> map)
          || !(map.get(BagMetadata.ROOT) instanceof Map<?, ?> bag)) {
        return text;
      }
      span(bag, allWas, allIs);
      topics(bag, allWas, allIs);
      if (bag.get("relative_file_paths") instanceof List<?> paths) {
        paths.removeIf(path -> isGone(path, is));
      }
      if (bag.get("files") instanceof List<?> files) {
        files.removeIf(each -> each instanceof Map<?, ?> entry && isGone(entry.get("path"), is));
        for (Object each : files) {
          if (each instanceof Map<?, ?> entry) {
            String name = Rosbag2Format.fileName(String.valueOf(entry.get("path")));
            Span before = was.get(name);
            Span after = is.get(name);
            if (before != null && after != null) {
              span(entry, before, after);
            }
          }
        }
      }
      DumperOptions block = new DumperOptions();
      block.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
      return new Yaml(block).dump(root);
    } catch (YAMLException e) {
      return text;
    }
  }

  /// Whether a part was there and is not any more.
  private static boolean isGone(@Nullable Object path, Map<String, Span> is) {
    Span after = is.get(Rosbag2Format.fileName(String.valueOf(path)));
    return after != null && after.isEmpty();
  }

  private static void span(Map<?, ?> entry, Span was, Span is) {
    shift(entry, "message_count", is.count - was.count);
    if (!is.isEmpty() && !was.isEmpty()) {
      if (entry.get("starting_time") instanceof Map<?, ?> start) {
        shift(start, "nanoseconds_since_epoch", is.firstNs - was.firstNs);
      }
      if (entry.get("duration") instanceof Map<?, ?> duration) {
        shift(duration, "nanoseconds", is.lastNs - is.firstNs - (was.lastNs - was.firstNs));
      }
    }
  }

  private static void topics(Map<?, ?> bag, Span was, Span is) {
    if (bag.get("topics_with_message_count") instanceof List<?> topics) {
      topics.removeIf(
          each -> was.topics.containsKey(name(each)) && !is.topics.containsKey(name(each)));
      for (Object each : topics) {
        String name = name(each);
        if (each instanceof Map<?, ?> entry) {
          shift(
              entry,
              "message_count",
              is.topics.getOrDefault(name, 0L) - was.topics.getOrDefault(name, 0L));
        }
      }
    }
  }

  private static String name(Object entry) {
    return entry instanceof Map<?, ?> map && map.get("topic_metadata") instanceof Map<?, ?> topic
        ? String.valueOf(topic.get("name"))
        : "";
  }

  /// Adds to a number that is there.
  @SuppressWarnings("unchecked")
  private static void shift(Map<?, ?> entry, String key, long by) {
    if (entry.get(key) instanceof Number said) {
      ((Map<String, Object>) entry).put(key, said.longValue() + by);
    }
  }
}
