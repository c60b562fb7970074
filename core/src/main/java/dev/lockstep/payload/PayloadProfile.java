package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a stream's messages are, by its schema, and how they are read. Immutable.
///
/// @param modality kind of sensor that the schema speaks of
/// @param stamped whether messages carry a stamp of the sensor
/// @param labelled whether messages may carry labelled boxes
/// @param reader reads one message
/// @param examined kinds of defect that every message is examined for
/// @param notExamined why more could not be examined (`no schema`), or null where the payload is
///   fully understood
/// @param schemaFault why the schema cannot be parsed, or null
public record PayloadProfile(
    Modality modality,
    boolean stamped,
    boolean labelled,
    PayloadReader reader,
    Set<DefectKind> examined,
    @Nullable String notExamined,
    @Nullable Evidence schemaFault) {

  /// Longest schema that is parsed (judged: the largest known are some hundred KiB).
  private static final int MAX_SCHEMA_BYTES = 16 << 20;

  /// Encodings that are not interpreted and in which no message takes no bytes.
  private static final Set<String> NEVER_EMPTY = Set.of("cbor", "msgpack", "flatbuffer");

  /// Copies the set.
  public PayloadProfile {
    examined = Set.copyOf(examined);
  }

  /// The profile of a stream in a message container (MCAP, rosbag).
  ///
  /// @param topic name of the stream, used only where the schema leaves the modality open
  /// @param messageEncoding `cdr`, `ros1`, `protobuf`, `json`; others are opaque
  /// @param schemaName full name of the message type; empty if there is none
  /// @param schemaEncoding `ros2msg`, `ros2idl`, `ros1msg`, `protobuf`, `jsonschema`, ...
  /// @param schemaData the schema itself
  public static PayloadProfile of(
      String topic,
      String messageEncoding,
      String schemaName,
      String schemaEncoding,
      byte[] schemaData) {
    MessageKind kind = MessageKind.of(schemaName);
    if (schemaData.length > MAX_SCHEMA_BYTES) {
      return opaque(kind, topic, schemaName, "schema is longer than the limit", null);
    }
    return switch (messageEncoding) {
      case "cdr" -> cdr(kind, topic, schemaName, schemaEncoding, schemaData);
      case "ros1" -> ros1(kind, topic, schemaName, schemaEncoding, schemaData);
      case "protobuf" -> protobuf(kind, topic, schemaName, schemaEncoding, schemaData);
      case "json" -> json(kind, topic, schemaName, schemaEncoding, schemaData);
      case "" -> opaque(kind, topic, schemaName, "message encoding is not given", null);
      default ->
          opaque(
              kind,
              topic,
              schemaName,
              "message encoding " + Texts.quoted(messageEncoding) + " is not interpreted",
              null,
              NEVER_EMPTY.contains(messageEncoding));
    };
  }

  /// The profile of sweeps that are files of nothing but points of little-endian float32.
  ///
  /// @param fields number of values of a point
  /// @param x which of them, from 0, is x
  /// @param y which is y
  /// @param z which is z
  /// @param time which is the point's time, -1 if none
  public static PayloadProfile ofPoints(int fields, int x, int y, int z, int time) {
    int at = time < 0 ? -1 : time * Float.BYTES;
    return new PayloadProfile(
        Modality.LIDAR,
        false,
        false,
        new FloatCloudReader(
            fields * Float.BYTES, x * Float.BYTES, y * Float.BYTES, z * Float.BYTES, at),
        PayloadFile.CLOUD_XYZI_F32.examined(),
        null,
        null);
  }

  /// The profile of messages that are files of their own, without any container.
  public static PayloadProfile ofFile(PayloadFile file) {
    return new PayloadProfile(
        file.modality(), false, false, file.reader(), file.examined(), null, null);
  }

  /// The profile of H.264 or H.265 frames as MP4 files hold them.
  ///
  /// @param prefixBytes bytes of the length in front of each NAL unit, 1 to 4
  public static PayloadProfile ofVideo(boolean h265, int prefixBytes) {
    return LengthPrefixed.profile(h265, prefixBytes);
  }

  /// The profile of VP8 or VP9 frames.
  public static PayloadProfile ofVpx(boolean vp9) {
    return Vpx.profile(vp9);
  }

  /// The profile as the stream's first message shows it, where the schema leaves open whether there
  /// are stamps and boxes (JSON); otherwise the same.
  ///
  /// @param bytes holds the message at `[offsetBytes, offsetBytes + lengthBytes)`
  public PayloadProfile seen(MemorySegment bytes, long offsetBytes, int lengthBytes) {
    if (!(reader instanceof JsonReader json) || json.stampsInside() || lengthBytes == 0) {
      return this;
    }
    PayloadFacts facts = new PayloadFacts();
    reader.read(bytes, offsetBytes, lengthBytes, facts);
    if (facts.unreadable) {
      return this;
    }
    Modality seen =
        modality == Modality.OTHER && !facts.boxes().isEmpty() ? Modality.LABELS : modality;
    boolean hasStamp = stamped && facts.stampNs != Times.NONE;
    return new PayloadProfile(seen, hasStamp, labelled, reader, examined, notExamined, schemaFault);
  }

  private static PayloadProfile cdr(
      MessageKind kind, String topic, String schemaName, String schemaEncoding, byte[] schemaData) {
    RosType type = null;
    String reason = null;
    Evidence fault = null;
    String text = new String(schemaData, StandardCharsets.UTF_8);
    try {
      switch (schemaEncoding) {
        case "ros2msg", "ros2idl" -> {
          if (text.isBlank()) {
            reason = "schema is empty";
            if (kind.content().needsBytes()) {
              // A type of that name has members, and nothing of its messages can be examined.
              fault = new Evidence.Violation("schema of " + schemaName, "empty", "its definition");
            }
          } else if (schemaEncoding.equals("ros2idl")) {
            type = IdlSchema.parse(schemaName, text);
          } else {
            type = RosMsgSchema.parse(schemaName, text);
            reason = type == null ? "definitions of actions are not interpreted" : null;
          }
        }
        case "" -> reason = "no schema";
        default ->
            reason = "schema encoding " + Texts.quoted(schemaEncoding) + " is not interpreted";
      }
    } catch (SchemaException e) {
      fault = e.evidence();
      reason = "schema cannot be parsed";
    }
    CdrReader reader = new CdrReader(kind, schemaName, type, false);
    Set<DefectKind> examined = EnumSet.of(DefectKind.PAYLOAD_EMPTY, DefectKind.CDR_MALFORMED);
    return ros(kind, topic, schemaName, type, reader, examined, reason, fault);
  }

  private static PayloadProfile ros1(
      MessageKind kind, String topic, String schemaName, String schemaEncoding, byte[] schemaData) {
    if (!schemaEncoding.equals("ros1msg")) {
      return opaque(kind, topic, schemaName, "no ros1msg schema", null);
    }
    try {
      String text = new String(schemaData, StandardCharsets.UTF_8);
      RosType type = RosMsgSchema.parse(schemaName, text, true);
      if (type == null) {
        return opaque(kind, topic, schemaName, "definition of a service", null);
      }
      CdrReader reader = new CdrReader(kind, schemaName, type, true);
      Set<DefectKind> examined = EnumSet.of(DefectKind.ROS1_MALFORMED);
      return ros(kind, topic, schemaName, type, reader, examined, null, null);
    } catch (SchemaException e) {
      return opaque(kind, topic, schemaName, "schema cannot be parsed", e.evidence());
    }
  }

  private static PayloadProfile ros(
      MessageKind kind,
      String topic,
      String schemaName,
      @Nullable RosType type,
      CdrReader reader,
      Set<DefectKind> examined,
      @Nullable String reason,
      @Nullable Evidence fault) {
    if (type != null) {
      addContent(examined, kind);
    }
    boolean labelled = type != null && kind.content() == MessageKind.Content.BOXES;
    return new PayloadProfile(
        modality(kind, topic, schemaName),
        reader.stamped(),
        labelled,
        reader,
        examined,
        reason,
        fault);
  }

  private static PayloadProfile protobuf(
      MessageKind kind, String topic, String schemaName, String schemaEncoding, byte[] schemaData) {
    if (!schemaEncoding.equals("protobuf")) {
      return opaque(kind, topic, schemaName, "no protobuf schema", null);
    }
    try {
      ProtoType.Parsed parsed = ProtoType.parse(schemaName, schemaData, kind);
      ProtoReader reader = new ProtoReader(kind, parsed.type());
      Set<DefectKind> examined = EnumSet.of(DefectKind.PROTOBUF_MALFORMED);
      addContent(examined, kind);
      boolean labelled = kind.content() == MessageKind.Content.BOXES;
      if (labelled) {
        examined.remove(DefectKind.PAYLOAD_EMPTY);
      }
      String missing = parsed.missing();
      Evidence fault =
          missing == null
              ? null
              : new Evidence.Violation("protobuf schema", "no message " + missing, "all imports");
      return new PayloadProfile(
          modality(kind, topic, schemaName),
          reader.stamped(),
          labelled,
          reader,
          examined,
          null,
          fault);
    } catch (SchemaException e) {
      return opaque(kind, topic, schemaName, "schema cannot be parsed", e.evidence());
    }
  }

  private static PayloadProfile json(
      MessageKind kind, String topic, String schemaName, String schemaEncoding, byte[] schemaData) {
    JsonSchemas schema = null;
    Evidence fault = null;
    String reason = null;
    if (schemaEncoding.equals("jsonschema") && schemaData.length > 0) {
      try {
        schema = JsonSchemas.parse(new String(schemaData, StandardCharsets.UTF_8));
      } catch (SchemaException e) {
        fault = e.evidence();
        reason = "schema cannot be parsed";
      }
    } else {
      reason = "no schema";
    }
    boolean known = MessageKind.isKnown(schemaName);
    boolean inside = kind.finder().stampsInside();
    boolean stamped = kind.stamped() && (inside || JsonReader.mayBeStamped(schema));
    boolean labelled = !known || kind.content() == MessageKind.Content.BOXES;
    Set<DefectKind> examined = EnumSet.of(DefectKind.PAYLOAD_EMPTY, DefectKind.JSON_INVALID);
    if (schema != null) {
      examined.add(DefectKind.JSON_SCHEMA);
    }
    if (labelled) {
      examined.add(DefectKind.BOX_INVALID);
    }
    if (labelled && inside) {
      examined.add(DefectKind.LABEL_MALFORMED);
    }
    return new PayloadProfile(
        modality(kind, topic, schemaName),
        stamped,
        labelled,
        new JsonReader(schema, stamped, labelled, kind),
        examined,
        reason,
        fault);
  }

  private static PayloadProfile opaque(
      MessageKind kind,
      String topic,
      String schemaName,
      String reason,
      @Nullable Evidence schemaFault) {
    return opaque(kind, topic, schemaName, reason, schemaFault, false);
  }

  private static PayloadProfile opaque(
      MessageKind kind,
      String topic,
      String schemaName,
      String reason,
      @Nullable Evidence schemaFault,
      boolean neverEmpty) {
    return new PayloadProfile(
        modality(kind, topic, schemaName),
        false,
        false,
        new OpaqueReader(neverEmpty),
        neverEmpty ? Set.of(DefectKind.PAYLOAD_EMPTY) : Set.of(),
        reason,
        schemaFault);
  }

  private static Modality modality(MessageKind kind, String topic, String schemaName) {
    return kind.modality() == Modality.OTHER && !MessageKind.isKnown(schemaName)
        ? MessageKind.guess(topic, schemaName)
        : kind.modality();
  }

  private static void addContent(Set<DefectKind> examined, MessageKind kind) {
    switch (kind.content()) {
      case PLAIN -> {}
      case CLOUD -> {
        examined.add(DefectKind.CLOUD_LAYOUT);
        examined.add(DefectKind.CLOUD_NOT_FINITE);
      }
      case IMAGE -> {
        examined.add(DefectKind.IMAGE_LAYOUT);
        examined.add(DefectKind.IMAGE_WITHOUT_PICTURE);
      }
      case COMPRESSED_IMAGE -> {
        examined.add(DefectKind.IMAGE_TRUNCATED);
        examined.add(DefectKind.IMAGE_MALFORMED);
        examined.add(DefectKind.IMAGE_WITHOUT_PICTURE);
        examined.add(DefectKind.ZERO_PAGES);
      }
      case VIDEO -> {
        examined.add(DefectKind.VIDEO_MALFORMED);
        examined.add(DefectKind.ZERO_PAGES);
      }
      case BOXES -> {
        examined.add(DefectKind.BOX_INVALID);
        if (kind.finder().stampsInside()) {
          examined.add(DefectKind.LABEL_MALFORMED);
        }
      }
      // Not each message is looked into: who gathers what they say counts them.
      case PROJECTION, TRANSFORMS -> {}
    }
    if (kind.content().needsBytes() || kind.content() == MessageKind.Content.BOXES) {
      examined.add(DefectKind.PAYLOAD_EMPTY);
    }
  }
}
