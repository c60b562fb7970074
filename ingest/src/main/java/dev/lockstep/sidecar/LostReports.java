package dev.lockstep.sidecar;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what rosbag2 itself says it has lost, from the topic [#TOPIC] that it records beside the
/// others: `rosbag2_interfaces/msg/MessagesLostEvent` in CDR,
///
/// ```text
/// string node_name
/// MessagesLostEventTopicStat[] messages_lost_statistics
///   string topic_name
///   uint64 messages_lost_in_transport   since the last event
///   uint64 messages_lost_in_recorder    since the last event
/// ```
///
/// Goes over the file a second time, from where it stopped before, and is asked to only where that
/// topic has messages. Best effort: judging the file belongs to the checks, and at damage it stops.
final class LostReports {
  /// The topic, whatever stands in front of it.
  static final String TOPIC = "events/rosbag2_messages_lost";

  /// Largest record that is looked into; as the default limit of reading.
  private static final int MAX_RECORD_BYTES = 128 << 20;

  private static final int HEAD_BYTES = 9;
  private static final int MESSAGE_HEAD_BYTES = 22;
  private static final int CHANNEL = 0x04;
  private static final int MESSAGE = 0x05;
  private static final int CHUNK = 0x06;
  private static final int MAGIC_BYTES = 8;

  private final Path path;
  private final Map<Integer, String> topics = new HashMap<>();
  private final List<Report> found = new ArrayList<>();
  private long position = MAGIC_BYTES;
  private boolean stopped;

  /// A report.
  ///
  /// @param topic the topic that lost messages
  /// @param logTimeNs when it was recorded
  /// @param transport messages that never reached the recorder
  /// @param recorder messages that the recorder dropped
  record Report(String topic, long logTimeNs, long transport, long recorder) {}

  LostReports(Path path) {
    this.path = path;
  }

  /// Reads on up to `end`, which lies between two records, and gives what is new.
  ///
  /// @throws IOException if the file cannot be read
  List<Report> advance(long end) throws IOException {
    found.clear();
    if (stopped) {
      return List.of();
    }
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        Decompressors codecs = new Decompressors()) {
      while (position + HEAD_BYTES <= end) {
        ByteBuffer head = read(file, position, HEAD_BYTES);
        int opcode = head.get() & 0xFF;
        long length = head.getLong();
        if (length < 0 || length > end - position - HEAD_BYTES) {
          break;
        }
        if ((opcode == CHANNEL || opcode == MESSAGE || opcode == CHUNK)
            && length <= MAX_RECORD_BYTES) {
          record(opcode, read(file, position + HEAD_BYTES, (int) length), codecs);
        }
        position += HEAD_BYTES + length;
      }
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | MalformedCompressionException e) {
      stopped = true;
    }
    return List.copyOf(found);
  }

  private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new BufferUnderflowException();
      }
    }
    return bytes.flip();
  }

  private void record(int opcode, ByteBuffer body, Decompressors codecs)
      throws MalformedCompressionException {
    switch (opcode) {
      case CHANNEL -> {
        int id = body.getShort() & 0xFFFF;
        int _ = body.getShort();
        topics.put(id, string(body));
      }
      case MESSAGE -> message(body);
      case CHUNK -> chunk(body, codecs);
      default -> {}
    }
  }

  private void chunk(ByteBuffer body, Decompressors codecs) throws MalformedCompressionException {
    long _ = body.getLong();
    long _ = body.getLong();
    long plainBytes = body.getLong();
    int _ = body.getInt();
    String compression = string(body);
    long storedBytes = body.getLong();
    if (storedBytes != body.remaining() || plainBytes < 0 || plainBytes > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException("chunk");
    }
    ByteBuffer records = body;
    if (!compression.isEmpty()) {
      records = ByteBuffer.allocateDirect((int) plainBytes);
      var _ =
          codecs.decompress(
              compression, MemorySegment.ofBuffer(body), MemorySegment.ofBuffer(records));
    }
    records.order(ByteOrder.LITTLE_ENDIAN);
    while (records.remaining() >= HEAD_BYTES) {
      int opcode = records.get() & 0xFF;
      long length = records.getLong();
      if (length < 0 || length > records.remaining()) {
        throw new IllegalArgumentException("record");
      }
      if (opcode == CHANNEL || opcode == MESSAGE) {
        record(
            opcode,
            records.slice(records.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN),
            codecs);
      }
      records.position(records.position() + (int) length);
    }
  }

  private void message(ByteBuffer body) {
    String topic = topics.getOrDefault(body.getShort(0) & 0xFFFF, "");
    if (topic.endsWith(TOPIC) && body.remaining() > MESSAGE_HEAD_BYTES + Integer.BYTES) {
      long logTimeNs = body.getLong(6);
      event(body.slice(MESSAGE_HEAD_BYTES, body.remaining() - MESSAGE_HEAD_BYTES), logTimeNs);
    }
  }

  private void event(ByteBuffer encapsulated, long logTimeNs) {
    // The second byte of the encapsulation is odd for little endian; alignment counts behind it.
    boolean little = (encapsulated.get(1) & 1) != 0;
    ByteBuffer cdr =
        encapsulated
            .slice(Integer.BYTES, encapsulated.remaining() - Integer.BYTES)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    String _ = cdrString(cdr);
    align(cdr, Integer.BYTES);
    int count = cdr.getInt();
    for (int i = 0; i < count; i++) {
      String topic = cdrString(cdr);
      align(cdr, Long.BYTES);
      found.add(new Report(topic, logTimeNs, cdr.getLong(), cdr.getLong()));
    }
  }

  private static void align(ByteBuffer cdr, int size) {
    int at = cdr.position();
    cdr.position(at + (size - at % size) % size);
  }

  private static String cdrString(ByteBuffer cdr) {
    align(cdr, Integer.BYTES);
    String text = string(cdr);
    return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
  }

  private static String string(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException("string of " + length + " bytes");
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
