package dev.lockstep.synth;

import dev.lockstep.model.Order;
import dev.lockstep.source.rosbag2.SqliteWriter;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes a recording as a rosbag2 folder: SQLite parts of schema version 4, split by number of
/// messages, and `metadata.yaml`. Streams of other codings than those of ROS, attachments and
/// metadata have no place there and are left out.
public final class Rosbag2Output implements RecordingOutput {
  private final Path folder;
  private final String name;
  private final int pageSize;
  private final int messagesPerPart;
  private static final Set<String> FOREIGN = Set.of("json", "protobuf");

  private final List<StreamSpec> streams = new ArrayList<>();

  /// Number of each stream among those that are kept, or -1.
  private final List<Integer> kept = new ArrayList<>();

  private final List<long[]> counts = new ArrayList<>();
  private final List<PartFile> parts = new ArrayList<>();
  private long bytes;

  /// Creates a recording.
  ///
  /// @param folder made if it does not exist; its last part is the name of the recording
  /// @param messagesPerPart messages after which a new part is begun
  /// @throws IOException if the folder cannot be made
  public Rosbag2Output(Path folder, int pageSize, int messagesPerPart) throws IOException {
    this.folder = folder;
    this.name = String.valueOf(folder.getFileName());
    this.pageSize = pageSize;
    this.messagesPerPart = messagesPerPart;
    Files.createDirectories(folder);
  }

  /// One database.
  private final class PartFile {
    final String file;
    final SqliteWriter writer;
    final SqliteWriter.Table messages;
    final List<long[]> times = new ArrayList<>();
    boolean finished;

    PartFile(String file) throws IOException {
      this.file = file;
      writer = new SqliteWriter(folder.resolve(file), pageSize);
      messages = writer.table();
    }

    long first() {
      return times.stream().mapToLong(time -> time[0]).min().orElse(Long.MAX_VALUE);
    }

    long last() {
      return times.stream().mapToLong(time -> time[0]).max().orElse(Long.MAX_VALUE);
    }

    void finish() throws IOException {
      if (finished) {
        return;
      }
      finished = true;
      SqliteWriter.Table schema = writer.table();
      schema.add(4, SqliteWriter.record(null, "jazzy"));
      schema.finish(
          "schema",
          "CREATE TABLE schema(schema_version INTEGER PRIMARY KEY,ros_distro TEXT NOT NULL)");
      SqliteWriter.Table topics = writer.table();
      SqliteWriter.Table definitions = writer.table();
      List<String> defined = new ArrayList<>();
      for (int i = 0; i < streams.size(); i++) {
        Schema type = streams.get(i).schema();
        topics.add(
            i + 1L,
            SqliteWriter.record(
                null, streams.get(i).topic(), type.name(), type.messageEncoding(), "", ""));
        if (!defined.contains(type.name())) {
          defined.add(type.name());
          definitions.add(
              defined.size(),
              SqliteWriter.record(
                  null,
                  type.name(),
                  type.encoding(),
                  new String(type.data(), StandardCharsets.UTF_8),
                  ""));
        }
      }
      topics.finish(
          "topics",
          "CREATE TABLE topics(id INTEGER PRIMARY KEY,name TEXT NOT NULL,type TEXT NOT NULL,"
              + "serialization_format TEXT NOT NULL,offered_qos_profiles TEXT NOT NULL,"
              + "type_description_hash TEXT NOT NULL)");
      definitions.finish(
          "message_definitions",
          "CREATE TABLE message_definitions(id INTEGER PRIMARY KEY,topic_type TEXT NOT NULL,"
              + "encoding TEXT NOT NULL,encoded_message_definition TEXT NOT NULL,"
              + "type_description_hash TEXT NOT NULL)");
      messages.finish(
          "messages",
          "CREATE TABLE messages(id INTEGER PRIMARY KEY,topic_id INTEGER NOT NULL,"
              + "timestamp INTEGER NOT NULL, data BLOB NOT NULL)");
      times.sort(Order.<long[]>byLong(time -> time[0]).thenComparingLong(time -> time[1]));
      List<byte[]> entries =
          times.stream().map(time -> SqliteWriter.record(time[0], time[1])).toList();
      writer.index(
          "timestamp_idx",
          "messages",
          entries,
          "CREATE INDEX timestamp_idx ON messages (timestamp ASC)");
      bytes += writer.finish();
      writer.close();
    }
  }

  private PartFile part() throws IOException {
    if (parts.isEmpty() || parts.getLast().times.size() >= messagesPerPart) {
      if (!parts.isEmpty()) {
        parts.getLast().finish();
      }
      parts.add(new PartFile(name + "_" + parts.size() + ".db3"));
    }
    return parts.getLast();
  }

  @Override
  public int stream(StreamSpec spec) {
    boolean fits = !FOREIGN.contains(spec.schema().messageEncoding());
    kept.add(fits ? streams.size() : -1);
    if (fits) {
      streams.add(spec);
      counts.add(new long[1]);
    }
    return kept.size() - 1;
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    int topic = kept.get(stream);
    if (topic < 0) {
      return;
    }
    PartFile part = part();
    byte[] data = new byte[payload.remaining()];
    payload.duplicate().get(data);
    long row = part.times.size() + 1L;
    part.messages.add(row, SqliteWriter.record(null, topic + 1L, logTimeNs, data));
    part.times.add(new long[] {logTimeNs, row});
    counts.get(topic)[0]++;
  }

  @Override
  public void attachment(
      long logTimeNs, long createTimeNs, String name, String mediaType, byte[] data) {
    // No place in a rosbag2 recording.
  }

  @Override
  public void metadata(String name, Map<String, String> texts) {
    // No place in a rosbag2 recording.
  }

  @Override
  public long finish() throws IOException {
    part().finish();
    byte[] yaml = yaml().getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve("metadata.yaml"), yaml);
    return bytes + yaml.length;
  }

  private String yaml() {
    StringBuilder out = new StringBuilder("rosbag2_bagfile_information:\n");
    out.append("  version: 9\n  storage_identifier: sqlite3\n");
    long first = parts.stream().mapToLong(PartFile::first).min().orElse(0);
    long last = parts.stream().mapToLong(PartFile::last).max().orElse(first);
    span(out, "  ", first, last);
    out.append("  message_count: ").append(counts.stream().mapToLong(count -> count[0]).sum());
    out.append("\n  topics_with_message_count:\n");
    for (int i = 0; i < streams.size(); i++) {
      StreamSpec stream = streams.get(i);
      out.append("    - topic_metadata:\n        name: ").append(stream.topic());
      out.append("\n        type: ").append(stream.schema().name());
      out.append("\n        serialization_format: ").append(stream.schema().messageEncoding());
      out.append("\n        offered_qos_profiles: []\n        type_description_hash: \"\"\n");
      out.append("      message_count: ").append(counts.get(i)[0]).append('\n');
    }
    out.append("  compression_format: \"\"\n  compression_mode: \"\"\n  relative_file_paths:\n");
    parts.forEach(part -> out.append("    - ").append(part.file).append('\n'));
    out.append("  files:\n");
    for (PartFile part : parts) {
      out.append("    - path: ").append(part.file).append('\n');
      span(out, "      ", part.first(), part.last());
      out.append("      message_count: ").append(part.times.size()).append('\n');
    }
    return out.append("  custom_data: ~\n  ros_distro: jazzy\n").toString();
  }

  private static void span(StringBuilder out, String indent, long first, long last) {
    out.append(indent).append("duration:\n").append(indent).append("  nanoseconds: ");
    out.append(last - first).append('\n');
    out.append(indent).append("starting_time:\n").append(indent);
    out.append("  nanoseconds_since_epoch: ").append(first).append('\n');
  }

  @Override
  public void close() throws IOException {
    for (PartFile part : parts) {
      part.writer.close();
    }
  }
}
