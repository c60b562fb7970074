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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The topics of a database as streams, in order of the table; while it grows, those of each state
/// of it that is [#take]n.
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

  private final String file;
  private final ReadOptions options;
  private final Map<Long, Topic> topics = new LinkedHashMap<>();
  private final Map<Long, MessageStream> streams = new LinkedHashMap<>();

  private record Definition(String encoding, byte[] text) {}

  private record Row(long id, String name, String type, String format) {}

  /// What a state of the database says.
  record Content(List<Row> rows, Map<String, Definition> definitions) {}

  /// A topic and what is wrong with it.
  ///
  /// @param defined whether the database has its definition
  private record Topic(MessageStream stream, boolean defined, List<Defect> defects) {}

  /// No topics yet.
  ///
  /// @param file name of the database
  Topics(String file, ReadOptions options) {
    this.file = file;
    this.options = options;
  }

  /// The streams by topic id.
  Map<Long, MessageStream> streams() {
    return streams;
  }

  /// What is wrong with the topics.
  List<Defect> defects() {
    return topics.values().stream().flatMap(topic -> topic.defects().stream()).toList();
  }

  /// Reads the tables.
  static Content read(Database database) {
    Tables tables = new Tables(database);
    tables.read();
    return new Content(tables.rows, tables.definitions);
  }

  /// Reads the tables of one database.
  private static final class Tables {
    private final Database database;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Definition> definitions = new HashMap<>();
    private long definitionBytes;

    Tables(Database database) {
      this.database = database;
    }

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
      if (name != null && type != null && format != null) {
        rows.add(new Row(row.rowid, name, type, format));
      }
    }
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

  /// Takes what a later state of the database says. Topics that have messages stay as they are; so
  /// do others, unless their definition has come meanwhile.
  void take(Content content) {
    Map<Long, Topic> before = new LinkedHashMap<>(topics);
    topics.clear();
    streams.clear();
    Set<String> names = new HashSet<>();
    for (Row row : content.rows()) {
      if (!topics.containsKey(row.id())) {
        Topic known = before.remove(row.id());
        Topic topic = topic(row, known, content.definitions().get(row.type()), names);
        names.add(topic.stream().name());
        topics.put(row.id(), topic);
      }
    }
    before.forEach((id, topic) -> {
      if (topic.stream().messages() > 0) {
        topics.put(id, topic);
      }
    });
    topics.forEach((id, topic) -> streams.put(id, topic.stream()));
  }

  private Topic topic(
      Row row, @Nullable Topic known, @Nullable Definition stored, Set<String> names) {
    boolean defined = stored != null && stored.text().length > 0;
    if (known != null && (known.stream().messages() > 0 || known.defined() || !defined)) {
      names.add(row.name());
      return known;
    }
    Definition definition = stored;
    if (definition == null || !defined) {
      String text = RosDefinitions.ros2(row.type());
      definition =
          text == null
              ? new Definition("", new byte[0])
              : new Definition("ros2msg", text.getBytes(StandardCharsets.UTF_8));
    }
    PayloadProfile profile =
        PayloadProfile.of(
            row.name(), row.format(), row.type(), definition.encoding(), definition.text());
    List<Defect> defects = new ArrayList<>();
    String unique = row.name();
    if (!names.add(unique)) {
      defects.add(
          Defect.of(
              DefectKind.TOPIC_SHARED,
              Location.file(file).withStream(unique),
              new Evidence.Violation("topics named " + unique, "2 or more", "one")));
      unique = unique + " (topic " + row.id() + ")";
    }
    if (profile.schemaFault() != null) {
      defects.add(
          Defect.of(
              DefectKind.SCHEMA_UNPARSABLE,
              Location.file(file).withStream(unique),
              profile.schemaFault()));
    }
    MessageStream stream =
        new MessageStream(unique, row.format(), row.type(), profile, options, file);
    return new Topic(stream, defined, List.copyOf(defects));
  }
}
