package dev.lockstep.source.rosbag1;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.ReadOptions;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The connections of a bag and the streams that they feed: connections of one topic and type are
/// one stream, however many publishers there were.
final class Connections {
  /// Longest definition that is kept, and all of them together; as for MCAP.
  static final int MAX_DEFINITION_BYTES = 4 << 20;

  private static final long MAX_ALL_DEFINITION_BYTES = 64L << 20;
  private static final int MAX_CONNECTIONS = 1 << 16;

  private final String file;
  private final ReadOptions options;
  private final Map<Integer, MessageStream> byId = new HashMap<>();
  private final Map<Integer, String> contents = new HashMap<>();
  private final Map<String, MessageStream> streams = new LinkedHashMap<>();
  private final Map<String, String> topics = new HashMap<>();
  final List<Defect> defects = new ArrayList<>();
  private long definitionBytes;

  Connections(String file, ReadOptions options) {
    this.file = file;
    this.options = options;
  }

  /// The stream of a connection, or null if nobody defined it.
  @Nullable MessageStream stream(int conn) {
    return byId.get(conn);
  }

  /// Number of connections.
  int size() {
    return byId.size();
  }

  /// The streams, in order of definition.
  Iterable<MessageStream> streams() {
    return streams.values();
  }

  /// Puts a connection in force, unless its id is already.
  ///
  /// @param at where the record lies
  /// @return what is wrong with the record, or null
  @Nullable String define(BagRecord record, MemorySegment bytes, Location at) {
    Map<String, byte[]> fields = BagRecord.fields(bytes, record.dataAt, record.dataBytes);
    if (fields == null) {
      return "fields that do not fit";
    }
    String topic = text(fields, "topic");
    String type = text(fields, "type");
    String md5 = text(fields, "md5sum");
    String content = topic + " " + type + " " + md5;
    String before = contents.putIfAbsent(record.conn, content);
    if (before != null) {
      if (!before.equals(content)) {
        defects.add(
            Defect.of(
                DefectKind.CHANNEL_REDEFINED,
                at,
                new Evidence.Change("connection " + record.conn, before, content, "the same")));
      }
      return null;
    }
    if (contents.size() > MAX_CONNECTIONS) {
      return "more than " + MAX_CONNECTIONS + " connections";
    }
    byId.put(record.conn, streamOf(topic, type, md5, fields, at));
    return null;
  }

  private MessageStream streamOf(
      String topic, String type, String md5, Map<String, byte[]> fields, Location at) {
    String key = topic + " " + type + " " + md5;
    MessageStream known = streams.get(key);
    if (known != null) {
      return known;
    }
    byte[] definition = fields.getOrDefault("message_definition", new byte[0]);
    definitionBytes += definition.length;
    boolean kept = definitionBytes <= MAX_ALL_DEFINITION_BYTES && definition.length > 0;
    PayloadProfile profile =
        PayloadProfile.of(
            topic, "ros1", type, kept ? "ros1msg" : "", kept ? definition : new byte[0]);
    String other = topics.putIfAbsent(topic, type);
    String name = other == null ? topic : topic + " (" + type + " " + md5 + ")";
    if (other != null) {
      defects.add(
          Defect.of(
              DefectKind.TOPIC_SHARED,
              at,
              new Evidence.Change("type of topic " + topic, other, type, "one type a topic")));
    }
    Evidence fault = profile.schemaFault();
    if (fault != null) {
      defects.add(Defect.of(DefectKind.SCHEMA_UNPARSABLE, at.withStream(name), fault));
    }
    MessageStream stream = new MessageStream(name, "ros1", type, profile, options, file);
    streams.put(key, stream);
    return stream;
  }

  private static String text(Map<String, byte[]> fields, String name) {
    return new String(fields.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }
}
