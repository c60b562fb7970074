package dev.lockstep.payload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message type of ROS 2, from its `.msg` or IDL text.
///
/// @param name `package/Type`
/// @param fields members in order; constants left out
record RosType(String name, List<Field> fields) {
  /// Name of the type of ROS stamps.
  static final String TIME = "builtin_interfaces/Time";

  /// Name of the type of headers.
  static final String HEADER = "std_msgs/Header";

  RosType {
    fields = List.copyOf(fields);
  }

  /// What one element of a field is.
  enum Kind {
    BOOL(1),
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    UINT64(8),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8),
    STRING(0),
    STRUCT(0),
    /// Something whose coding writers disagree about (wide strings, unions, long double): nothing
    /// behind it can be found.
    OPAQUE(0);

    /// Bytes of an element, 0 if they vary.
    final int sizeBytes;

    Kind(int sizeBytes) {
      this.sizeBytes = sizeBytes;
    }
  }

  /// How many elements a field has.
  enum Shape {
    ONE,
    /// A number fixed by the type.
    ARRAY,
    /// A number given in the message.
    SEQUENCE
  }

  /// One member.
  ///
  /// @param type type of a [Kind#STRUCT]
  /// @param count elements of an array, upper bound of a sequence (0 for none)
  record Field(String name, Kind kind, @Nullable RosType type, Shape shape, long count) {
    static Field one(String name, Kind kind) {
      return new Field(name, kind, null, Shape.ONE, 1);
    }

    static Field struct(String name, RosType type) {
      return new Field(name, Kind.STRUCT, type, Shape.ONE, 1);
    }

    boolean isOne(Kind wanted) {
      return kind == wanted && shape == Shape.ONE;
    }

    boolean isOne(String wantedType) {
      return isOne(Kind.STRUCT) && type != null && type.name.equals(wantedType);
    }
  }

  /// The field named `name`, or null.
  @Nullable Field field(String name) {
    for (Field field : fields) {
      if (field.name.equals(name)) {
        return field;
      }
    }
    return null;
  }

  /// `package/Type` of a name that may carry `msg` in the middle or colons.
  static String normal(String name) {
    String[] parts = name.replace("::", "/").split("/", -1);
    return parts.length < 2 ? name : parts[0] + "/" + parts[parts.length - 1];
  }
}
