package dev.lockstep.shadow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The definitions of an MCAP file as a second read takes them, and the layout that it goes by
/// (specification of version `0`, "Records"), written down a second time on purpose.
final class McapRecords {
  static final long MAGIC = 0x0A0D_3050_4143_4D89L;
  static final int HEAD_BYTES = 9;
  static final int MESSAGE_HEAD_BYTES = 22;

  /// Footer record and the magic behind it.
  static final int TAIL_BYTES = HEAD_BYTES + 20 + Long.BYTES;

  static final int FOOTER = 0x02;
  static final int SCHEMA = 0x03;
  static final int CHANNEL = 0x04;
  static final int MESSAGE = 0x05;
  static final int CHUNK = 0x06;
  static final int MESSAGE_INDEX = 0x07;
  static final int CHUNK_INDEX = 0x08;
  static final int STATISTICS = 0x0B;
  static final int DATA_END = 0x0F;

  /// A stream and how its stamps and labels are told.
  record Stream(String name, RawStamp stamp, boolean detections) {}

  private record Schema(String name, String encoding, String text) {}

  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<Integer, Stream> channels = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /// Takes the body of a Schema record.
  void schema(ByteBuffer body) {
    int id = u16(body);
    schemas.putIfAbsent(id, new Schema(text(body), text(body), text(body)));
  }

  /// Takes the body of a Channel record: each is a stream by the name of its topic, or of topic and
  /// channel where others have the topic already.
  void channel(ByteBuffer body) {
    int id = u16(body);
    int schemaId = u16(body);
    if (channels.containsKey(id)) {
      return;
    }
    String topic = text(body);
    String encoding = text(body);
    Schema schema = schemas.getOrDefault(schemaId, new Schema("", "", ""));
    String name = names.add(topic) ? topic : topic + " (channel " + id + ")";
    names.add(name);
    boolean detections =
        encoding.equals("cdr")
            && schema.name().startsWith("vision_msgs/")
            && (schema.name().endsWith("/Detection3DArray")
                || schema.name().endsWith("/Detection2DArray"));
    channels.put(
        id, new Stream(name, RawStamp.of(encoding, schema.encoding(), schema.text()), detections));
  }

  /// Whether a channel was defined.
  boolean knows(int channel) {
    return channels.containsKey(channel);
  }

  /// The stream of a channel; one without a definition is named by its number.
  Stream stream(int channel) {
    return channels.getOrDefault(
        channel, new Stream("(channel " + channel + ")", RawStamp.UNKNOWN, false));
  }

  static int u16(ByteBuffer body) {
    return Short.toUnsignedInt(body.getShort());
  }

  /// A text with its length in front.
  ///
  /// @throws java.nio.BufferUnderflowException if there are fewer bytes
  static String text(ByteBuffer body) {
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new java.nio.BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Number of detections of a ROS 2 Detection2DArray or Detection3DArray: what stands behind its
  /// header (encapsulation, stamp, frame name); -1 where it is too short.
  static int detections(ByteBuffer payload) {
    try {
      ByteBuffer p = payload.duplicate();
      boolean little = (p.get(p.position() + 1) & 1) != 0;
      p.order(little ? java.nio.ByteOrder.LITTLE_ENDIAN : java.nio.ByteOrder.BIG_ENDIAN);
      int origin = p.position() + Integer.BYTES;
      int at = origin + 2 * Integer.BYTES;
      int name = p.getInt(at);
      int behind = at + Integer.BYTES + name;
      int count = p.getInt(origin + ((behind - origin + 3) & ~3));
      return name < 0 || count < 0 ? -1 : count;
    } catch (IndexOutOfBoundsException e) {
      return -1;
    }
  }
}
