package dev.lockstep.shadow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Turns a ROS message into a tree by the text of its definition, for a second read: written apart
/// from the first read's decoder on purpose. Lists of bytes are passed over.
final class RosTree {
  /// Types within types; definitions cannot be without end. Judged.
  private static final int MAX_DEPTH = 32;

  private static final Pattern FIELD =
      Pattern.compile("([A-Za-z0-9_/]+)(?:<=\\d+)?(\\[(?:<=)?\\d*])?\\s+([A-Za-z0-9_]+)(?:\\s.*)?");
  private static final Pattern BAR = Pattern.compile("=+");
  private static final Map<String, Integer> SIZES =
      Map.ofEntries(
          Map.entry("bool", 1),
          Map.entry("byte", 1),
          Map.entry("char", 1),
          Map.entry("int8", 1),
          Map.entry("uint8", 1),
          Map.entry("int16", 2),
          Map.entry("uint16", 2),
          Map.entry("int32", 4),
          Map.entry("uint32", 4),
          Map.entry("float32", 4),
          Map.entry("int64", 8),
          Map.entry("uint64", 8),
          Map.entry("float64", 8));

  /// @param count elements of a list of fixed size, -1 of one with its length in front, -2 of none
  private record Field(String type, String name, int count) {}

  private static final List<Field> SEC_NSEC =
      List.of(new Field("int32", "sec", -2), new Field("uint32", "nanosec", -2));

  private final Map<String, List<Field>> types = new HashMap<>();
  private final boolean ros1;
  private ByteBuffer in = ByteBuffer.allocate(0);
  private int origin;

  /// @param ros1 whether messages are in the encoding of ROS 1, else in CDR
  RosTree(String definition, boolean ros1) {
    this.ros1 = ros1;
    String name = "";
    List<Field> fields = new ArrayList<>();
    types.put(name, fields);
    for (String raw : definition.split("\n", -1)) {
      int comment = raw.indexOf('#');
      String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
      if (line.startsWith("MSG:")) {
        name = plain(line.substring("MSG:".length()).strip());
        fields = new ArrayList<>();
        types.put(name, fields);
      } else if (!line.isEmpty() && !BAR.matcher(line).matches()) {
        Matcher field = FIELD.matcher(line);
        String behind = line.substring(line.indexOf(' ') + 1);
        boolean constant = behind.contains("=") && !behind.contains("\"");
        if (field.matches() && !constant) {
          fields.add(new Field(full(field.group(1), name), field.group(3), count(field.group(2))));
        }
      }
    }
  }

  private static int count(@Nullable String brackets) {
    if (brackets == null) {
      return -2;
    }
    String inner = brackets.substring(1, brackets.length() - 1);
    return inner.isEmpty() || inner.startsWith("<") ? -1 : Integer.parseInt(inner);
  }

  private static String plain(String type) {
    return type.replace("/msg/", "/");
  }

  private static String full(String type, String within) {
    if (SIZES.containsKey(type) || type.endsWith("string") || type.indexOf('/') >= 0) {
      return plain(type);
    }
    if (type.equals("Header")) {
      return "std_msgs/Header";
    }
    int slash = within.indexOf('/');
    return type.equals("time") || type.equals("duration") || slash < 0
        ? type
        : within.substring(0, slash + 1) + type;
  }

  /// The tree of a message.
  ///
  /// @throws BufferUnderflowException if the message is too short, or not as its definition says
  ObjectNode read(ByteBuffer payload) {
    in = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
    origin = 0;
    if (!ros1) {
      int kind = in.getShort(0) >>> Byte.SIZE & 0xFF;
      if (in.get(0) != 0 || kind > 1) {
        throw new BufferUnderflowException();
      }
      in.order(kind == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      origin = Integer.BYTES;
      in.position(origin);
    }
    return object("", 0);
  }

  private ObjectNode object(String type, int depth) {
    List<Field> fields = type.isEmpty() ? types.get("") : fields(type);
    if (fields == null || depth > MAX_DEPTH) {
      throw new BufferUnderflowException();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (fields.isEmpty() && !ros1) {
      // A struct without members has a byte of its own.
      in.get();
    }
    for (Field field : fields) {
      if (field.count() == -2) {
        one(node, field, depth);
      } else {
        list(node, field, depth);
      }
    }
    return node;
  }

  private @Nullable List<Field> fields(String type) {
    List<Field> known = types.get(type);
    if (known != null) {
      return known;
    }
    boolean time =
        type.equals("time")
            || type.equals("duration")
            || type.equals("builtin_interfaces/Time")
            || type.equals("builtin_interfaces/Duration");
    if (!time && type.indexOf('/') < 0) {
      // The message itself is in no package here: so are those that its definition names shortly.
      for (Map.Entry<String, List<Field>> entry : types.entrySet()) {
        if (entry.getKey().endsWith("/" + type)) {
          return entry.getValue();
        }
      }
    }
    return time ? SEC_NSEC : null;
  }

  private void list(ObjectNode node, Field field, int depth) {
    long count = field.count();
    if (count < 0) {
      align(Integer.BYTES);
      count = Integer.toUnsignedLong(in.getInt());
    }
    Integer size = SIZES.get(field.type());
    if (count > in.remaining() || size != null && count * size > in.remaining() + 8L) {
      throw new BufferUnderflowException();
    }
    if (size != null && size == 1) {
      in.position(in.position() + (int) count);
      return;
    }
    ArrayNode list = node.putArray(field.name());
    ObjectNode holder = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < count; i++) {
      one(holder, field, depth);
      list.add(holder.get(field.name()));
    }
  }

  private void one(ObjectNode node, Field field, int depth) {
    String name = field.name();
    Integer size = SIZES.get(field.type());
    if (size == null) {
      if (field.type().equals("string")) {
        node.put(name, text());
      } else {
        node.set(name, object(field.type(), depth + 1));
      }
      return;
    }
    align(size);
    switch (field.type()) {
      case "float64" -> node.put(name, in.getDouble());
      case "float32" -> node.put(name, in.getFloat());
      case "bool" -> node.put(name, in.get() != 0);
      case "int8", "byte" -> node.put(name, in.get());
      case "uint8", "char" -> node.put(name, in.get() & 0xFF);
      case "int16" -> node.put(name, in.getShort());
      case "uint16" -> node.put(name, in.getShort() & 0xFFFF);
      case "int32" -> node.put(name, in.getInt());
      case "uint32" -> node.put(name, Integer.toUnsignedLong(in.getInt()));
      default -> node.put(name, in.getLong());
    }
  }

  private String text() {
    align(Integer.BYTES);
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    // CDR counts the zero behind a text.
    int end = !ros1 && length > 0 && bytes[length - 1] == 0 ? length - 1 : length;
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private void align(int size) {
    if (!ros1) {
      int over = (in.position() - origin) & (size - 1);
      if (over != 0) {
        int to = in.position() + size - over;
        if (to > in.limit()) {
          throw new BufferUnderflowException();
        }
        in.position(to);
      }
    }
  }
}
