package dev.lockstep.source.rosbag2;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// What `metadata.yaml` says of a recording. Absent values are null or empty.
///
/// ```text
/// rosbag2_bagfile_information:
///   version: 1 .. 9
///   storage_identifier: sqlite3 | mcap
///   duration: {nanoseconds: }
///   starting_time: {nanoseconds_since_epoch: }
///   message_count:
///   topics_with_message_count: [{topic_metadata: {name, type, ...}, message_count}]
///   compression_format: "" | zstd              compression_mode: "" | FILE | MESSAGE
///   relative_file_paths: [bag_0.db3, ...]
///   files: [{path, starting_time, duration, message_count}]        from version 5 on
/// ```
///
/// @param types type of the messages of each topic
/// @param wrong why it cannot be read, or null
record BagMetadata(
    String storage,
    @Nullable Long startNs,
    @Nullable Long durationNs,
    @Nullable Long messages,
    Map<String, Long> topics,
    Map<String, String> types,
    String compressionFormat,
    String compressionMode,
    List<String> paths,
    List<FileEntry> files,
    @Nullable String wrong) {

  static final String NAME = "metadata.yaml";
  static final String ROOT = "rosbag2_bagfile_information";

  /// Longest file that is read. Judged: about 1 KB a topic is usual.
  private static final int MAX_BYTES = 16 << 20;

  /// What is said of one part.
  record FileEntry(
      String path, @Nullable Long startNs, @Nullable Long durationNs, @Nullable Long messages) {}

  private static BagMetadata unreadable(String why) {
    return new BagMetadata(
        "", null, null, null, Map.of(), Map.of(), "", "", List.of(), List.of(), why);
  }

  /// Reads a file, or null if there is none.
  static @Nullable BagMetadata read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      return unreadable("longer than " + MAX_BYTES + " bytes");
    }
    return parse(new String(bytes, StandardCharsets.UTF_8));
  }

  /// Reads a text. Bad text is no exception.
  static BagMetadata parse(String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_BYTES);
    limits.setMaxAliasesForCollections(0);
    limits.setNestingDepthLimit(32);
    limits.setAllowDuplicateKeys(true);
    limits.setWarnOnDuplicateKeys(false);
    Object root;
    try {
      root = new Yaml(new SafeConstructor(limits)).load(text);
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark();
      return unreadable(e.getProblem() + (mark == null ? "" : " in line " + (mark.getLine() + 1)));
    } catch (YAMLException e) {
      return unreadable(String.valueOf(e.getMessage()).lines().findFirst().orElse("no YAML"));
    } catch (RuntimeException e) {
      // The constructors of numbers and times let what they cannot parse through.
      return unreadable("value that cannot be parsed: " + e.getMessage());
    }
    Object info = root instanceof Map<?, ?> map ? map.get(ROOT) : null;
    if (!(info instanceof Map<?, ?> bag)) {
      return unreadable("no mapping " + ROOT);
    }
    String odd = odd(bag);
    if (odd != null) {
      return unreadable(odd);
    }
    Map<String, Long> topics = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    for (Map<?, ?> entry : maps(bag.get("topics_with_message_count"))) {
      Long count = number(entry.get("message_count"));
      if (entry.get("topic_metadata") instanceof Map<?, ?> topic && count != null) {
        topics.merge(text(topic.get("name")), count, Long::sum);
        types.put(text(topic.get("name")), text(topic.get("type")));
      }
    }
    List<String> paths = new ArrayList<>();
    if (bag.get("relative_file_paths") instanceof List<?> list) {
      list.forEach(path -> paths.add(text(path)));
    }
    List<FileEntry> files = new ArrayList<>();
    for (Map<?, ?> entry : maps(bag.get("files"))) {
      files.add(
          new FileEntry(
              text(entry.get("path")),
              number(inner(entry.get("starting_time"), "nanoseconds_since_epoch")),
              number(inner(entry.get("duration"), "nanoseconds")),
              number(entry.get("message_count"))));
    }
    return new BagMetadata(
        text(bag.get("storage_identifier")),
        number(inner(bag.get("starting_time"), "nanoseconds_since_epoch")),
        number(inner(bag.get("duration"), "nanoseconds")),
        number(bag.get("message_count")),
        topics,
        types,
        text(bag.get("compression_format")),
        text(bag.get("compression_mode")),
        paths,
        files,
        null);
  }

  /// A number of the recording that is none, in words; null if there is none such.
  private static @Nullable String odd(Map<?, ?> bag) {
    Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
    numbers.put("message_count", bag.get("message_count"));
    numbers.put("duration", inner(bag.get("duration"), "nanoseconds"));
    numbers.put("starting_time", inner(bag.get("starting_time"), "nanoseconds_since_epoch"));
    for (Map.Entry<String, @Nullable Object> entry : numbers.entrySet()) {
      Object value = entry.getValue();
      if (value != null && number(value) == null) {
        String text = text(value);
        return entry.getKey()
            + " is "
            + text.substring(0, Math.min(text.length(), 40))
            + ", not a whole number of 64 bits";
      }
    }
    return null;
  }

  private static List<Map<?, ?>> maps(@Nullable Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }

  private static @Nullable Object inner(@Nullable Object value, String key) {
    return value instanceof Map<?, ?> map ? map.get(key) : null;
  }

  private static @Nullable Long number(@Nullable Object value) {
    return value instanceof Integer || value instanceof Long ? ((Number) value).longValue() : null;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
