package dev.lockstep.shadow;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /// Longest record that is read; longer ones the first read leaves out, too.
  private static final int MAX_BYTES = 128 << 20;

  /// A stream and how its stamps and labels are told.
  record Stream(String name, RawStamp stamp, @Nullable SecondLabels labels) {}

  private record Schema(String name, String encoding, String text) {}

  private record Channel(String name, String encoding, Schema schema) {}

  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<Integer, Channel> channels = new HashMap<>();
  private final Map<Integer, Stream> streams = new HashMap<>();
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
    channels.put(id, new Channel(name, encoding, schema));
  }

  /// Whether a channel was defined.
  boolean knows(int channel) {
    return channels.containsKey(channel);
  }

  /// The name of the stream of a channel; one without a definition is named by its number.
  String name(int channel) {
    Channel known = channels.get(channel);
    return known == null ? "(channel " + channel + ")" : known.name();
  }

  /// The stream of a channel, as far as it has been defined when it is first asked for.
  ///
  /// Schemas are looked into here only: most of a small share's time would go into those of streams
  /// that it has nothing of.
  Stream stream(int channel) {
    return streams.computeIfAbsent(channel, this::resolve);
  }

  private Stream resolve(int id) {
    Channel channel = channels.get(id);
    if (channel == null) {
      return new Stream(name(id), RawStamp.UNKNOWN, null);
    }
    Schema schema = channel.schema();
    return new Stream(
        channel.name(),
        RawStamp.of(channel.encoding(), schema.encoding(), schema.text()),
        SecondLabels.of(schema.name(), schema.encoding(), channel.encoding(), schema.text()));
  }

  /// A length as it is read.
  ///
  /// @throws BufferUnderflowException if it is negative or longer than what is read
  static int bounded(long length) {
    if (length < 0 || length > MAX_BYTES) {
      throw new BufferUnderflowException();
    }
    return (int) length;
  }

  static int u16(ByteBuffer body) {
    return Short.toUnsignedInt(body.getShort());
  }

  /// A text with its length in front.
  ///
  /// @throws BufferUnderflowException if there are fewer bytes
  static String text(ByteBuffer body) {
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new java.nio.BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
