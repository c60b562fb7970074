package dev.lockstep.synth.fault;

import java.io.EOFException;
import java.io.IOException;
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

/// A file whose bytes are damaged in place. Where it is a whole MCAP file, its records are known by
/// place and kind; any other file is bytes.
final class FileImage implements AutoCloseable {
  /// Opcodes of MCAP records (specification, section "Records").
  static final int CHANNEL = 0x04;

  static final int MESSAGE = 0x05;
  static final int CHUNK = 0x06;
  static final int MESSAGE_INDEX = 0x07;
  static final int ATTACHMENT = 0x09;
  static final int DATA_END = 0x0F;

  static final int RECORD_HEAD_BYTES = 9;
  private static final int MESSAGE_HEAD_BYTES = 22;
  private static final int MAGIC_BYTES = 8;
  private static final long MAGIC = 0x0A0D_3050_4143_4D89L;

  /// Where a chunk's CRC lies in its body: behind two times and a size.
  private static final int CHUNK_CRC_OFFSET = 24;

  private final FileChannel channel;
  private final List<Entry> records = new ArrayList<>();

  private FileImage(FileChannel channel) {
    this.channel = channel;
  }

  /// A record of an MCAP file.
  ///
  /// @param opcode kind
  /// @param offset of its first byte in the file
  /// @param bodyBytes length behind its head
  record Entry(int opcode, long offset, long bodyBytes) {
    long bodyOffset() {
      return offset + RECORD_HEAD_BYTES;
    }

    long endOffset() {
      return bodyOffset() + bodyBytes;
    }
  }

  /// Where the records of a chunk lie.
  ///
  /// @param compressed whether they are compressed
  /// @param checked whether a CRC protects them
  record ChunkBody(
      Entry chunk, long offset, long lengthBytes, boolean compressed, boolean checked) {}

  /// A message that lies uncompressed in the file.
  ///
  /// @param offset of its payload
  /// @param checked whether a chunk CRC protects it
  record MessageBody(String topic, long index, long offset, long lengthBytes, boolean checked) {}

  static FileImage open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileImage image = new FileImage(channel);
    try {
      image.findRecords();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return image;
  }

  private void findRecords() throws IOException {
    long size = channel.size();
    if (size < MAGIC_BYTES || little(read(0, MAGIC_BYTES)).getLong() != MAGIC) {
      return;
    }
    long position = MAGIC_BYTES;
    while (position + RECORD_HEAD_BYTES <= size - MAGIC_BYTES) {
      ByteBuffer head = little(read(position, RECORD_HEAD_BYTES));
      int opcode = head.get() & 0xFF;
      long length = head.getLong();
      if (length < 0 || length > size - position - RECORD_HEAD_BYTES) {
        return;
      }
      records.add(new Entry(opcode, position, length));
      position += RECORD_HEAD_BYTES + length;
    }
  }

  /// All top-level records.
  List<Entry> records() {
    return records;
  }

  /// Top-level records of one kind.
  ///
  /// @throws InapplicableFaultException if there is none
  List<Entry> records(int opcode, String name) {
    List<Entry> found = records.stream().filter(record -> record.opcode == opcode).toList();
    if (found.isEmpty()) {
      throw new InapplicableFaultException("file has no " + name);
    }
    return found;
  }

  /// The records of a chunk.
  ChunkBody chunkBody(Entry chunk) throws IOException {
    // Behind the CRC: the name of the codec, then the byte count of the records, then they.
    ByteBuffer fixed = little(read(chunk.bodyOffset(), CHUNK_CRC_OFFSET + 2 * Integer.BYTES));
    boolean checked = fixed.getInt(CHUNK_CRC_OFFSET) != 0;
    int nameBytes = fixed.getInt(CHUNK_CRC_OFFSET + Integer.BYTES);
    long recordsAt =
        chunk.bodyOffset() + CHUNK_CRC_OFFSET + 2 * Integer.BYTES + nameBytes + Long.BYTES;
    long length = little(read(recordsAt - Long.BYTES, Long.BYTES)).getLong();
    return new ChunkBody(chunk, recordsAt, length, nameBytes > 0, checked);
  }

  /// All messages that lie uncompressed in the file, in order; none if a chunk is compressed.
  List<MessageBody> messages() throws IOException {
    List<MessageBody> found = new ArrayList<>();
    Map<Integer, String> topics = new HashMap<>();
    Map<Integer, Long> counts = new HashMap<>();
    for (Entry record : records) {
      if (record.opcode == CHUNK) {
        ChunkBody body = chunkBody(record);
        if (body.compressed) {
          return List.of();
        }
        long position = body.offset;
        while (position + RECORD_HEAD_BYTES <= body.offset + body.lengthBytes) {
          ByteBuffer head = little(read(position, RECORD_HEAD_BYTES));
          Entry inner = new Entry(head.get() & 0xFF, position, head.getLong());
          visit(inner, body.checked, topics, counts, found);
          position = inner.endOffset();
        }
      } else if (record.opcode == DATA_END) {
        break;
      } else {
        visit(record, false, topics, counts, found);
      }
    }
    return found;
  }

  private void visit(
      Entry record,
      boolean checked,
      Map<Integer, String> topics,
      Map<Integer, Long> counts,
      List<MessageBody> found)
      throws IOException {
    if (record.opcode == CHANNEL) {
      ByteBuffer body = little(read(record.bodyOffset(), (int) record.bodyBytes));
      int id = body.getShort() & 0xFFFF;
      body.getShort();
      byte[] topic = new byte[body.getInt()];
      body.get(topic);
      topics.put(id, new String(topic, StandardCharsets.UTF_8));
    } else if (record.opcode == MESSAGE) {
      int id = little(read(record.bodyOffset(), Short.BYTES)).getShort() & 0xFFFF;
      long index = counts.merge(id, 1L, Long::sum) - 1;
      found.add(
          new MessageBody(
              topics.getOrDefault(id, ""),
              index,
              record.bodyOffset() + MESSAGE_HEAD_BYTES,
              record.bodyBytes - MESSAGE_HEAD_BYTES,
              checked));
    }
  }

  /// Whether a CRC over the whole data section is stored.
  boolean dataChecked() throws IOException {
    for (Entry record : records) {
      if (record.opcode == DATA_END) {
        return little(read(record.bodyOffset(), Integer.BYTES)).getInt() != 0;
      }
    }
    return false;
  }

  long size() throws IOException {
    return channel.size();
  }

  byte[] read(long offset, int lengthBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("file ends before " + (offset + lengthBytes));
      }
    }
    return bytes.array();
  }

  void write(long offset, byte[] bytes) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    while (source.hasRemaining()) {
      channel.write(source, offset + source.position());
    }
  }

  void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
