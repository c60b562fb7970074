package dev.lockstep.synth;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.fault.Tape;
import java.io.EOFException;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a sound MCAP file so that faults can be planted in it: its layout, its streams and its
/// messages as a [Tape], its attachments and metadata as they are.
///
/// A damaged file is refused; judging one belongs to `source.mcap`. Holds one chunk at a time.
final class McapInput implements AutoCloseable {
  private static final long MAGIC = 0x0A0D_3050_4143_4D89L;
  private static final int MAGIC_BYTES = 8;
  private static final int RECORD_HEAD_BYTES = 9;
  private static final int MESSAGE_HEAD_BYTES = 22;

  /// Largest chunk or record that is held; as the default limit of reading.
  private static final int MAX_BYTES = 128 << 20;

  private static final int OFFSET_BITS = 28;

  private final FileChannel file;
  private final Decompressors codecs = new Decompressors();
  private final List<Long> chunks = new ArrayList<>();
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<Integer, Integer> streamOf = new LinkedHashMap<>();
  private final List<StreamSpec> streams = new ArrayList<>();
  private final List<ByteBuffer> extras = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private String profile = "";
  private String compression = "none";
  private int chunkBytes;
  private boolean chunkCrc;
  private int heldChunk = -1;
  private ByteBuffer held = ByteBuffer.allocate(0);

  private record Row(int stream, long key, long stampNs, long log, long publish, int sequence) {}

  /// Opens and indexes a file.
  ///
  /// @throws IOException if it cannot be read or is no sound MCAP file
  McapInput(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      index(path);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      close();
      throw new IOException("MCAP file is damaged: " + path, e);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void index(Path path) throws IOException {
    long size = file.size();
    if (size < 2 * MAGIC_BYTES || read(0, MAGIC_BYTES).getLong() != MAGIC) {
      throw new IOException(path + ": no MCAP file, which faults in messages need");
    }
    long position = MAGIC_BYTES;
    while (true) {
      ByteBuffer head = read(position, RECORD_HEAD_BYTES);
      int opcode = head.get() & 0xFF;
      long length = head.getLong();
      long body = position + RECORD_HEAD_BYTES;
      if (length < 0 || length > size - body) {
        throw new IOException("MCAP record at " + position + " is longer than the file");
      }
      switch (opcode) {
        case 0x01 -> profile = string(read(body, limited(length)));
        case 0x06 -> chunk(body, limited(length));
        case 0x05 -> message(read(body, limited(length)), plainKey(body));
        case 0x09, 0x0C -> extras.add(read(position, limited(RECORD_HEAD_BYTES + length)));
        case 0x0F -> {
          return;
        }
        default -> definition(opcode, read(body, limited(length)));
      }
      position = body + length;
    }
  }

  /// Messages outside chunks: the top bit tells them apart.
  private static long plainKey(long bodyOffset) {
    return Long.MIN_VALUE | bodyOffset;
  }

  private static int limited(long length) throws IOException {
    if (length > MAX_BYTES) {
      throw new IOException("MCAP record of " + length + " bytes (at most " + MAX_BYTES + ")");
    }
    return (int) length;
  }

  private void definition(int opcode, ByteBuffer body) {
    if (opcode == 0x03) {
      int id = body.getShort() & 0xFFFF;
      schemas.put(id, new Schema(string(body), string(body), "", block(body)));
    } else if (opcode == 0x04) {
      int id = body.getShort() & 0xFFFF;
      int schemaId = body.getShort() & 0xFFFF;
      String topic = string(body);
      String encoding = string(body);
      Map<String, String> metadata = map(body);
      Schema known = schemas.getOrDefault(schemaId, new Schema("", "", "", new byte[0]));
      Schema schema = new Schema(known.name(), known.encoding(), encoding, known.data());
      if (!streamOf.containsKey(id)) {
        streamOf.put(id, streams.size());
        streams.add(new StreamSpec(topic, schema, metadata));
      }
    }
  }

  private void chunk(long body, int length) throws IOException {
    int number = chunks.size();
    chunks.add(body);
    ByteBuffer records = hold(number, length);
    chunkBytes = Math.max(chunkBytes, records.limit());
    while (records.remaining() >= RECORD_HEAD_BYTES) {
      int opcode = records.get() & 0xFF;
      int inner = Math.toIntExact(records.getLong());
      int at = records.position();
      ByteBuffer part = records.slice(at, inner).order(ByteOrder.LITTLE_ENDIAN);
      if (opcode == 0x05) {
        message(part, ((long) number << OFFSET_BITS) | at);
      } else {
        definition(opcode, part);
      }
      records.position(at + inner);
    }
  }

  private void message(ByteBuffer body, long key) throws IOException {
    Integer stream = streamOf.get(body.getShort() & 0xFFFF);
    if (stream == null) {
      throw new IOException("MCAP message of a stream that is not defined");
    }
    int sequence = body.getInt();
    long log = body.getLong();
    long publish = body.getLong();
    byte[] payload = new byte[body.remaining()];
    body.get(payload);
    long stampNs = Tape.stampOf(streams.get(stream), payload);
    rows.add(new Row(stream, key, stampNs, log, publish, sequence));
  }

  /// The records of a chunk, decompressed.
  private ByteBuffer hold(int number, int lengthBytes) throws IOException {
    if (number != heldChunk) {
      ByteBuffer chunk = read(chunks.get(number), lengthBytes);
      chunk.position(2 * Long.BYTES);
      int plainBytes = limited(chunk.getLong());
      chunkCrc |= chunk.getInt() != 0;
      String codec = string(chunk);
      ByteBuffer stored = chunk.slice(chunk.position() + Long.BYTES, limited(chunk.getLong()));
      if (codec.isEmpty()) {
        held = stored;
      } else {
        compression = codec;
        held = ByteBuffer.allocateDirect(plainBytes);
        try {
          codecs.decompress(codec, MemorySegment.ofBuffer(stored), MemorySegment.ofBuffer(held));
        } catch (MalformedCompressionException e) {
          throw new IOException("MCAP chunk cannot be decompressed", e);
        }
      }
      heldChunk = number;
    }
    return held.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The messages, to be edited.
  Tape tape() {
    Tape tape = new Tape(streams, this::payload);
    for (Row row : rows) {
      tape.add(row.stream, row.key, row.stampNs, row.log, row.publish, row.sequence);
    }
    return tape;
  }

  private byte[] payload(long key) throws IOException {
    ByteBuffer body;
    if (key < 0) {
      long at = key & Long.MAX_VALUE;
      long length = read(at - Long.BYTES, Long.BYTES).getLong();
      body = read(at, limited(length));
    } else {
      int number = (int) (key >>> OFFSET_BITS);
      long length = read(chunks.get(number) - Long.BYTES, Long.BYTES).getLong();
      ByteBuffer records = hold(number, limited(length));
      int at = (int) key & ((1 << OFFSET_BITS) - 1);
      body = records.slice(at, (int) records.getLong(at - Long.BYTES));
    }
    byte[] payload = new byte[body.remaining() - MESSAGE_HEAD_BYTES];
    body.get(MESSAGE_HEAD_BYTES, payload);
    return payload;
  }

  /// A layout like that of the file.
  McapSettings settings() {
    return new McapSettings(compression, chunkBytes, chunkCrc, false, true, profile);
  }

  /// Copies attachments and metadata.
  void copyExtras(RecordingOutput out) throws IOException {
    for (ByteBuffer extra : extras) {
      ByteBuffer body = extra.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      int opcode = body.get() & 0xFF;
      body.getLong();
      if (opcode == 0x0C) {
        out.metadata(string(body), map(body));
      } else {
        long log = body.getLong();
        long create = body.getLong();
        String name = string(body);
        String mediaType = string(body);
        byte[] data = new byte[limited(body.getLong())];
        body.get(data);
        out.attachment(log, create, name, mediaType, data);
      }
    }
  }

  private ByteBuffer read(long offset, int lengthBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("MCAP file ends before " + (offset + lengthBytes));
      }
    }
    return bytes.flip();
  }

  private static byte[] block(ByteBuffer body) {
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    body.get(bytes);
    return bytes;
  }

  private static String string(ByteBuffer body) {
    return new String(block(body), StandardCharsets.UTF_8);
  }

  private static Map<String, String> map(ByteBuffer body) {
    ByteBuffer entries = ByteBuffer.wrap(block(body)).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, String> map = new LinkedHashMap<>();
    while (entries.hasRemaining()) {
      map.put(string(entries), string(entries));
    }
    return map;
  }

  @Override
  public void close() throws IOException {
    codecs.close();
    file.close();
  }
}
