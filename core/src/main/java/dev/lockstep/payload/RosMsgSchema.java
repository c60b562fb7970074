package dev.lockstep.payload;

import dev.lockstep.payload.RosType.Field;
import dev.lockstep.payload.RosType.Kind;
import dev.lockstep.payload.RosType.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parses `ros2msg` and `ros1msg` schemas: the text of a `.msg`, then of every type it uses, each
/// after a line of `=` and a line `MSG: package/Type`.
///
/// The text of a `.srv` stands for the event that service introspection records: its info, at most
/// one request, at most one response. Types of `builtin_interfaces` and `std_msgs/Header` are known
/// even where a writer left them out.
final class RosMsgSchema {
  /// A type used within types used within types: no real message comes near (judged).
  private static final int MAX_DEPTH = 64;

  private static final Pattern FIELD =
      Pattern.compile(
          "(?<type>[A-Za-z][A-Za-z0-9_/]*)(?:<=(?<length>[0-9]{1,10}))?"
              + "(?<array>\\[(?:<=)?[0-9]{0,10}])?\\s+(?<name>[A-Za-z_][A-Za-z0-9_]*)"
              + "\\s*(?<rest>\\S.*)?");
  private static final Pattern SECTION = Pattern.compile("(?:MSG|IDL|SRV):\\s*(?<name>\\S+)\\s*");

  private static final Map<String, Kind> PRIMITIVES =
      Map.ofEntries(
          Map.entry("bool", Kind.BOOL),
          Map.entry("byte", Kind.UINT8),
          Map.entry("char", Kind.UINT8),
          Map.entry("uint8", Kind.UINT8),
          Map.entry("int8", Kind.INT8),
          Map.entry("uint16", Kind.UINT16),
          Map.entry("int16", Kind.INT16),
          Map.entry("uint32", Kind.UINT32),
          Map.entry("int32", Kind.INT32),
          Map.entry("uint64", Kind.UINT64),
          Map.entry("int64", Kind.INT64),
          Map.entry("float32", Kind.FLOAT32),
          Map.entry("float64", Kind.FLOAT64),
          Map.entry("string", Kind.STRING),
          Map.entry("wstring", Kind.OPAQUE));

  private static final Map<String, List<String>> WELL_KNOWN =
      Map.of(
          RosType.TIME,
          List.of("int32 sec", "uint32 nanosec"),
          "builtin_interfaces/Duration",
          List.of("int32 sec", "uint32 nanosec"),
          RosType.HEADER,
          List.of("builtin_interfaces/Time stamp", "string frame_id"),
          "service_msgs/ServiceEventInfo",
          List.of(
              "uint8 event_type",
              "builtin_interfaces/Time stamp",
              "uint8[16] client_gid",
              "int64 sequence_number"));

  private static final List<String> ROS1_HEADER =
      List.of("uint32 seq", "time stamp", "string frame_id");

  private static final Map<String, String> ROS1_PRIMITIVES =
      Map.of("time", RosType.TIME, "duration", "builtin_interfaces/Duration");

  private final Map<String, List<String>> sections = new HashMap<>();
  private final Map<String, RosType> types = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private final boolean ros1;

  private RosMsgSchema(boolean ros1) {
    this.ros1 = ros1;
  }

  /// The type that `text` defines for `schemaName`; null for definitions that do not say how their
  /// messages are laid out (actions).
  ///
  /// @throws SchemaException if it cannot be parsed
  static @Nullable RosType parse(String schemaName, String text) throws SchemaException {
    return parse(schemaName, text, false);
  }

  /// The same.
  ///
  /// @param ros1 whether `time` and `duration` are primitives and headers begin with a counter
  static @Nullable RosType parse(String schemaName, String text, boolean ros1)
      throws SchemaException {
    RosMsgSchema schema = new RosMsgSchema(ros1);
    String name = RosType.normal(schemaName);
    schema.split(name, text);
    List<String> main = schema.sections.getOrDefault(name, List.of());
    long dashes = main.stream().filter("---"::equals).count();
    if (dashes == 0) {
      return schema.type(name, "");
    }
    if (dashes == 1 && name.endsWith("_Event")) {
      return schema.serviceEvent(name, main);
    }
    return null;
  }

  private void split(String name, String text) throws SchemaException {
    List<String> lines = new ArrayList<>();
    sections.put(name, lines);
    boolean atSeparator = false;
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (atSeparator && !line.isEmpty()) {
        Matcher section = SECTION.matcher(line);
        if (!section.matches()) {
          throw new SchemaException("schema line " + number, line, "MSG: package/Type");
        }
        lines = new ArrayList<>();
        sections.putIfAbsent(RosType.normal(section.group("name")), lines);
        atSeparator = false;
      } else if (isSeparator(line)) {
        atSeparator = true;
      } else if (!line.isEmpty() && line.charAt(0) != '#') {
        lines.add(line);
      }
    }
  }

  /// Writers use 80 `=`; any long run is taken.
  private static boolean isSeparator(String line) {
    return line.length() >= 10 && line.chars().allMatch(c -> c == '=');
  }

  private RosType type(String name, String usedIn) throws SchemaException {
    RosType known = types.get(name);
    if (known != null) {
      return known;
    }
    List<String> lines = sections.get(name);
    if (lines == null) {
      lines = ros1 && name.equals(RosType.HEADER) ? ROS1_HEADER : WELL_KNOWN.get(name);
    }
    if (lines == null) {
      throw new SchemaException("type used in " + usedIn, name, "its definition in the schema");
    }
    return define(name, lines);
  }

  private RosType define(String name, List<String> lines) throws SchemaException {
    if (!open.add(name) || open.size() > MAX_DEPTH) {
      throw new SchemaException("type " + name, "contains itself", "no cycle");
    }
    List<Field> fields = new ArrayList<>();
    for (String line : lines) {
      Field field = field(name, line);
      if (field != null) {
        fields.add(field);
      }
    }
    open.remove(name);
    RosType type = new RosType(name, fields);
    types.put(name, type);
    return type;
  }

  private RosType serviceEvent(String name, List<String> lines) throws SchemaException {
    int cut = lines.indexOf("---");
    String base = name.substring(0, name.length() - "_Event".length());
    RosType request = define(base + "_Request", lines.subList(0, cut));
    RosType response = define(base + "_Response", lines.subList(cut + 1, lines.size()));
    return new RosType(
        name,
        List.of(
            Field.struct("info", type("service_msgs/ServiceEventInfo", name)),
            new Field("request", Kind.STRUCT, request, Shape.SEQUENCE, 1),
            new Field("response", Kind.STRUCT, response, Shape.SEQUENCE, 1)));
  }

  /// The field that a line declares, or null for a constant.
  private @Nullable Field field(String owner, String line) throws SchemaException {
    Matcher m = FIELD.matcher(line);
    if (!m.matches()) {
      throw new SchemaException("definition of " + owner, line, "type and name of a field");
    }
    String rest = m.group("rest");
    if (rest != null && rest.startsWith("=")) {
      return null;
    }
    String typeName = m.group("type");
    Kind kind = PRIMITIVES.get(typeName);
    RosType type = null;
    if (kind == null) {
      kind = Kind.STRUCT;
      type = type(resolve(owner, typeName), owner);
    }
    String array = m.group("array");
    String name = m.group("name");
    if (array == null) {
      return new Field(name, kind, type, Shape.ONE, 1);
    }
    String number = array.substring(array.startsWith("[<=") ? 3 : 1, array.length() - 1);
    if (number.isEmpty() || array.startsWith("[<=")) {
      return new Field(
          name, kind, type, Shape.SEQUENCE, number.isEmpty() ? 0 : Long.parseLong(number));
    }
    return new Field(name, kind, type, Shape.ARRAY, Long.parseLong(number));
  }

  private String resolve(String owner, String typeName) {
    String primitive = ROS1_PRIMITIVES.get(typeName);
    if (ros1 && primitive != null) {
      return primitive;
    }
    if (typeName.indexOf('/') >= 0) {
      return RosType.normal(typeName);
    }
    int slash = owner.indexOf('/');
    String sibling = slash < 0 ? typeName : owner.substring(0, slash + 1) + typeName;
    return typeName.equals("Header") && !sections.containsKey(sibling) ? RosType.HEADER : sibling;
  }
}
