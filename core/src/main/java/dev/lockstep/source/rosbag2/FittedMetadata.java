package dev.lockstep.source.rosbag2;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// `metadata.yaml` of a cut: what it says of counts and times is made to fit what stays, and what
/// was wrong by some number is wrong by as much. Parts that are gone are gone there, too.
final class FittedMetadata {
  private FittedMetadata() {}

  /// What there is of messages.
  static final class Span {
    private boolean kept;
    private long count;
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;
    private final Map<String, Long> topics = new TreeMap<>();

    /// Adds a message.
    void add(String topic, long timeNs) {
      count++;
      firstNs = Math.min(firstNs, timeNs);
      lastNs = Math.max(lastNs, timeNs);
      topics.merge(topic, 1L, Long::sum);
    }

    boolean isEmpty() {
      return count == 0;
    }

    /// Says that the part is there though it has no messages.
    void stays() {
      kept = true;
    }

    private void add(Span other) {
      count += other.count;
      firstNs = Math.min(firstNs, other.firstNs);
      lastNs = Math.max(lastNs, other.lastNs);
      other.topics.forEach((topic, messages) -> topics.merge(topic, messages, Long::sum));
    }
  }

  /// The text of the file for what stays; as it is where it cannot be read.
  ///
  /// @param was what there was, by part
  /// @param is what stays, by part
  /// @throws IOException if the file cannot be read
  static String text(Path file, Map<String, Span> was, Map<String, Span> is) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    BagMetadata read = BagMetadata.parse(text);
    if (read.wrong() != null) {
      return text;
    }
    Span allWas = new Span();
    Span allIs = new Span();
    was.values().forEach(allWas::add);
    is.values().forEach(allIs::add);
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
    return after != null && after.isEmpty() && !after.kept;
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
