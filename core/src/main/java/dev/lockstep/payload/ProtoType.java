package dev.lockstep.payload;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A protobuf message type, as far as walking a message needs it. Not changed after it was parsed.
final class ProtoType {
  /// Field of no particular interest.
  static final int NO_SLOT = -1;

  /// Field that holds a header: a message with a stamp of its own.
  static final int HEADER = Scratch.SLOTS;

  private static final String TIMESTAMP = ".google.protobuf.Timestamp";

  /// Largest field number that is looked up directly.
  private static final int MAX_DIRECT = 255;

  final String name;

  private int[] numbers = {};
  private byte[] direct = {};

  private Field[] fields = {};

  private ProtoType(String name) {
    this.name = name;
  }

  /// One field.
  ///
  /// @param wire wire type of a single value
  /// @param elementBytes bytes of an element that can be packed (0: varint), -1 where it cannot
  /// @param type type of a message or group, null for other fields and for types that the schema
  ///   does not define
  /// @param slot where its value goes, or [#NO_SLOT]
  /// @param declared what a single value is
  /// @param repeated whether there may be many values
  record Field(
      String name,
      int number,
      int wire,
      int elementBytes,
      @Nullable ProtoType type,
      int slot,
      FieldDescriptorProto.Type declared,
      boolean repeated) {}

  /// What a schema defines.
  ///
  /// @param missing name of a type that is used and not defined, or null
  record Parsed(ProtoType type, @Nullable String missing) {}

  /// The type named `name` in a serialized `FileDescriptorSet`.
  ///
  /// @throws SchemaException if it cannot be parsed
  static Parsed parse(String name, byte[] descriptorSet, MessageKind kind) throws SchemaException {
    FileDescriptorSet set;
    try {
      set = FileDescriptorSet.parseFrom(descriptorSet);
    } catch (InvalidProtocolBufferException e) {
      throw new SchemaException(
          "protobuf schema", descriptorSet.length + " bytes", "a serialized FileDescriptorSet");
    }
    Compiler compiler = new Compiler();
    for (FileDescriptorProto file : set.getFileList()) {
      String scope = file.getPackage().isEmpty() ? "." : "." + file.getPackage() + ".";
      compiler.collect(scope, file.getMessageTypeList());
    }
    DescriptorProto root = compiler.definitions.get("." + name);
    if (root == null) {
      throw new SchemaException("protobuf schema", "no message " + name, "its descriptor");
    }
    ProtoType type = new ProtoType(name);
    compiler.fill(type, root, compiler.slots(name, root, kind), true);
    return new Parsed(type, compiler.missing);
  }

  /// The field of that number, or null.
  @Nullable Field field(int number) {
    if (number >= 0 && number < direct.length) {
      int index = direct[number];
      return index < 0 ? null : fields[index];
    }
    int index = Arrays.binarySearch(numbers, number);
    return index < 0 ? null : fields[index];
  }

  /// The field of that name, or null.
  @Nullable Field field(String fieldName) {
    for (Field field : fields) {
      if (field.name.equals(fieldName)) {
        return field;
      }
    }
    return null;
  }

  /// The fields, by number.
  List<Field> fields() {
    return List.of(fields);
  }

  /// Whether a field goes to `slot`, in the type itself or in its header.
  boolean has(int slot) {
    for (Field field : fields) {
      if (field.slot == slot
          || (field.slot == HEADER && field.type != null && field.type.has(slot))) {
        return true;
      }
    }
    return false;
  }

  private void setFields(List<Field> unsorted) {
    fields = unsorted.toArray(new Field[0]);
    Arrays.sort(fields, (a, b) -> Integer.compare(a.number, b.number));
    numbers = Arrays.stream(fields).mapToInt(Field::number).toArray();
    int largest = numbers.length == 0 ? 0 : numbers[numbers.length - 1];
    if (largest <= MAX_DIRECT && numbers.length < Byte.MAX_VALUE) {
      direct = new byte[largest + 1];
      Arrays.fill(direct, (byte) -1);
      for (int i = 0; i < numbers.length; i++) {
        if (numbers[i] >= 0) {
          direct[numbers[i]] = (byte) i;
        }
      }
    }
  }

  private static final class Compiler {
    /// Keys: full names with the leading dot.
    final Map<String, DescriptorProto> definitions = new HashMap<>();

    private final Map<String, ProtoType> types = new HashMap<>();
    @Nullable String missing;

    void collect(String scope, List<DescriptorProto> messages) {
      for (DescriptorProto message : messages) {
        String full = scope + message.getName();
        definitions.putIfAbsent(full, message);
        collect(full + ".", message.getNestedTypeList());
      }
    }

    /// Full name of a type named in the message `scope`: descriptors that were not made by the
    /// compiler leave the resolution of names to the reader.
    private String resolve(String name, String scope) {
      if (name.startsWith(".")) {
        return name;
      }
      for (String at = "." + scope; ; at = at.substring(0, at.lastIndexOf('.'))) {
        String full = at + "." + name;
        if (at.isEmpty() || definitions.containsKey(full)) {
          return full;
        }
      }
    }

    /// Which fields of a message type are wanted, by name.
    Map<String, Integer> slots(String name, DescriptorProto root, MessageKind kind) {
      Map<String, Integer> slots = new HashMap<>();
      stampSlots(name, root, slots);
      if (!slots.containsValue(Scratch.STAMP)) {
        for (FieldDescriptorProto field : root.getFieldList()) {
          if (field.getName().equals("header") && isSingleMessage(field)) {
            String full = resolve(field.getTypeName(), name);
            DescriptorProto header = definitions.get(full);
            Map<String, Integer> inner = new HashMap<>();
            if (header != null) {
              stampSlots(full.substring(1), header, inner);
            }
            if (inner.containsValue(Scratch.STAMP)) {
              slots.put("header", HEADER);
            }
          }
        }
      }
      if (kind.content() != MessageKind.Content.PLAIN) {
        slots.put("width", Scratch.WIDTH);
        slots.put("height", Scratch.HEIGHT);
        slots.put("step", Scratch.ROW_STEP);
        slots.put("point_stride", Scratch.POINT_STEP);
        slots.put("fields", Scratch.FIELDS);
        slots.put("data", Scratch.DATA);
        slots.put("format", Scratch.FORMAT);
        slots.put("encoding", Scratch.FORMAT);
      }
      return slots;
    }

    private void stampSlots(String scope, DescriptorProto message, Map<String, Integer> slots) {
      for (FieldDescriptorProto field : message.getFieldList()) {
        boolean named = field.getName().equals("timestamp") || field.getName().equals("stamp");
        if (named
            && isSingleMessage(field)
            && resolve(field.getTypeName(), scope).equals(TIMESTAMP)) {
          slots.put(field.getName(), Scratch.STAMP);
        } else if (field.getName().equals("frame_id")
            && field.getType() == FieldDescriptorProto.Type.TYPE_STRING) {
          slots.put("frame_id", Scratch.FRAME_ID);
        }
      }
    }

    private static boolean isSingleMessage(FieldDescriptorProto field) {
      return field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE
          && field.getLabel() != FieldDescriptorProto.Label.LABEL_REPEATED;
    }

    void fill(
        ProtoType type, DescriptorProto definition, Map<String, Integer> slots, boolean outermost) {
      List<Field> fields =
          definition.getFieldList().stream()
              .map(field -> {
                int slot = slots.getOrDefault(field.getName(), NO_SLOT);
                ProtoType inner = null;
                if (field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE
                    || field.getType() == FieldDescriptorProto.Type.TYPE_GROUP) {
                  String full = resolve(field.getTypeName(), type.name);
                  inner = slot == HEADER && outermost ? header(full) : type(full, type.name);
                }
                return new Field(
                    field.getName(),
                    field.getNumber(),
                    wire(field.getType()),
                    elementBytes(field),
                    inner,
                    slot,
                    field.getType(),
                    field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED);
              })
              .toList();
      type.setFields(fields);
    }

    private @Nullable ProtoType header(String fullName) {
      DescriptorProto definition = definitions.get(fullName);
      if (definition == null) {
        return null;
      }
      Map<String, Integer> slots = new HashMap<>();
      stampSlots(fullName.substring(1), definition, slots);
      ProtoType type = new ProtoType(fullName.substring(1));
      fill(type, definition, slots, false);
      return type;
    }

    private @Nullable ProtoType type(String fullName, String usedIn) {
      ProtoType known = types.get(fullName);
      if (known != null) {
        return known;
      }
      DescriptorProto definition = definitions.get(fullName);
      if (definition == null) {
        missing = missing == null ? fullName + " (used in " + usedIn + ")" : missing;
        return null;
      }
      ProtoType type = new ProtoType(fullName.substring(1));
      types.put(fullName, type);
      fill(type, definition, Map.of(), false);
      return type;
    }

    private static int wire(FieldDescriptorProto.Type type) {
      return switch (type) {
        case TYPE_DOUBLE, TYPE_FIXED64, TYPE_SFIXED64 -> ProtoLayout.I64;
        case TYPE_FLOAT, TYPE_FIXED32, TYPE_SFIXED32 -> ProtoLayout.I32;
        case TYPE_STRING, TYPE_BYTES, TYPE_MESSAGE -> ProtoLayout.LEN;
        case TYPE_GROUP -> ProtoLayout.GROUP_BEGIN;
        case TYPE_INT64,
            TYPE_UINT64,
            TYPE_INT32,
            TYPE_BOOL,
            TYPE_UINT32,
            TYPE_ENUM,
            TYPE_SINT32,
            TYPE_SINT64 ->
            ProtoLayout.VARINT;
      };
    }

    private static int elementBytes(FieldDescriptorProto field) {
      if (field.getLabel() != FieldDescriptorProto.Label.LABEL_REPEATED) {
        return -1;
      }
      return switch (wire(field.getType())) {
        case ProtoLayout.VARINT -> 0;
        case ProtoLayout.I32 -> 4;
        case ProtoLayout.I64 -> 8;
        default -> -1;
      };
    }
  }
}
