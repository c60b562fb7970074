package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.payload.RosDefinitions;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.ReadOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The topics of a database as streams, in order of the table.
///
/// ```text
/// topics              id, name, type, serialization_format, offered_qos_profiles
///                     [, type_description_hash]                  from schema version 4 on
/// message_definitions id, topic_type, encoding, encoded_message_definition,
///                     type_description_hash                      from schema version 4 on
/// messages            id, topic_id, timestamp (ns), data
/// schema              schema_version, ros_distro                 from schema version 3 on
/// ```
///
/// Where a database has no definitions, those of common types are known ([RosDefinitions]).
final class Topics {
  private static final int MAX_TOPICS = 1 << 16;
  private static final int MAX_NAME_BYTES = 1 << 12;

  /// Longest definition that is kept, and all of them together; as for MCAP.
  private static final int MAX_DEFINITION_BYTES = 4 << 20;

  private static final long MAX_ALL_DEFINITION_BYTES = 64L << 20;

  private final Database database;
  private final ReadOptions options;
  private final Map<String, Definition> definitions = new HashMap<>();
  private final Map<Long, MessageStream> streams = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private long definitionBytes;

  private record Definition(String encoding, byte[] text) {}

  Topics(Database database, ReadOptions options) {
    this.database = database;
    this.options = options;
  }

  /// The streams by topic id.
  Map<Long, MessageStream> streams() {
    return streams;
  }

  /// Reads the tables.
  void read() {
    Integer definitionsRoot = database.tables.get("message_definitions");
    if (definitionsRoot != null) {
      database.rows(definitionsRoot, MAX_TOPICS, this::definition);
    }
    Integer root = database.tables.get("topics");
    boolean sound = root != null && database.rows(root, MAX_TOPICS, this::topic);
    if (!sound) {
      recover();
    }
  }

  /// Finds topics whose page the tree has lost.
  private void recover() {
    LeafReader reader = new LeafReader(database.pages);
    database.orphans(
        Topics::isTopic,
        (first, page) -> {
          if (reader.open(page) == null) {
            for (int cell = 0; cell < reader.cells(); cell++) {
              if (reader.read(cell) == null) {
                topic(reader);
              }
            }
          }
        });
  }

  private static boolean isTopic(LeafReader row) {
    return row.columns >= 5
        && row.isText(1)
        && row.isText(2)
        && row.isText(3)
        && row.isText(4)
        && !row.isText(0)
        && row.serialTypes[3] < 13 + 2 * 32;
  }

  private void definition(LeafReader row) {
    String type = row.text(1, MAX_NAME_BYTES, database.charset);
    String encoding = row.text(2, MAX_NAME_BYTES, database.charset);
    byte[] text = row.bytes(3, MAX_DEFINITION_BYTES);
    if (type == null
        || encoding == null
        || text == null
        || definitionBytes + text.length > MAX_ALL_DEFINITION_BYTES) {
      return;
    }
    definitionBytes += text.length;
    byte[] utf8 =
        database.charset.equals(StandardCharsets.UTF_8)
            ? text
            : new String(text, database.charset).getBytes(StandardCharsets.UTF_8);
    definitions.putIfAbsent(type, new Definition(encoding, utf8));
  }

  private void topic(LeafReader row) {
    String name = row.text(1, MAX_NAME_BYTES, database.charset);
    String type = row.text(2, MAX_NAME_BYTES, database.charset);
    String format = row.text(3, MAX_NAME_BYTES, database.charset);
    if (name == null || type == null || format == null) {
      return;
    }
    long id = row.rowid;
    if (streams.containsKey(id)) {
      return;
    }
    Definition definition = definitions.get(type);
    if (definition == null || definition.text().length == 0) {
      String known = RosDefinitions.ros2(type);
      definition =
          known == null
              ? new Definition("", new byte[0])
              : new Definition("ros2msg", known.getBytes(StandardCharsets.UTF_8));
    }
    PayloadProfile profile =
        PayloadProfile.of(name, format, type, definition.encoding(), definition.text());
    String unique = name;
    if (!names.add(unique)) {
      database.defects.add(
          Defect.of(
              DefectKind.TOPIC_SHARED,
              Location.file(database.pages.name).withStream(name),
              new Evidence.Violation("topics named " + name, "2 or more", "one")));
      unique = name + " (topic " + id + ")";
      names.add(unique);
    }
    if (profile.schemaFault() != null) {
      database.defects.add(
          Defect.of(
              DefectKind.SCHEMA_UNPARSABLE,
              Location.file(database.pages.name).withStream(unique),
              profile.schemaFault()));
    }
    streams.put(id, new MessageStream(unique, format, type, profile, options, database.pages.name));
  }
}
