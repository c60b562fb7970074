package dev.lockstep.synth;

import dev.lockstep.codec.Compressor;
import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.codec.ZstdEncoder;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes a complete MCAP file: chunks with message indexes, or none; attachments, metadata,
/// summary with every index and statistic, summary offsets, footer. Memory is one chunk, plus 60
/// bytes for each chunk and stream of it. One thread.
public final class McapOutput implements RecordingOutput {
  private static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', 0x30, '\r', '\n'};
  private static final String LIBRARY = "lockstep-synth";
  private static final int MESSAGE_HEAD_BYTES = 22;
  private static final int RECORD_HEAD_BYTES = 9;

  /// zstd's own default level.
  private static final int ZSTD_LEVEL = 3;

  private final McapSettings settings;
  private final FileChannel file;
  private final List<Channel> channels = new ArrayList<>();
  private final List<String> schemaKeys = new ArrayList<>();
  private final List<byte[]> schemaBodies = new ArrayList<>();
  private final List<byte[]> chunkIndexes = new ArrayList<>();
  private final List<byte[]> attachmentIndexes = new ArrayList<>();
  private final List<byte[]> metadataIndexes = new ArrayList<>();
  private final CRC32 dataCrc = new CRC32();
  private final @Nullable Compressor compressor;
  private ByteBuffer chunk = direct(1 << 16);
  private ByteBuffer compressed = direct(0);
  private ByteBuffer pending = direct(1 << 16);
  private long written;
  private long messages;
  private long chunkStartNs = Long.MAX_VALUE;
  private long chunkEndNs = Long.MIN_VALUE;
  private long startNs = Long.MAX_VALUE;
  private long endNs = Long.MIN_VALUE;

  /// A stream with what is known of it in the file and in the open chunk.
  private static final class Channel {
    final int id;
    final byte[] body;
    final int schema;
    boolean declared;
    long messages;
    int indexed;
    long[] times = new long[16];
    long[] offsets = new long[16];

    Channel(int id, byte[] body, int schema) {
      this.id = id;
      this.body = body;
      this.schema = schema;
    }

    void index(long logTimeNs, long offset) {
      if (indexed == times.length) {
        times = Arrays.copyOf(times, indexed * 2);
        offsets = Arrays.copyOf(offsets, indexed * 2);
      }
      times[indexed] = logTimeNs;
      offsets[indexed++] = offset;
    }
  }

  /// Creates or replaces a file.
  ///
  /// @throws IOException if it cannot be written
  public McapOutput(Path path, McapSettings settings) throws IOException {
    this.settings = settings;
    compressor =
        switch (settings.compression()) {
          case "lz4" -> new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT);
          case "zstd" -> new ZstdEncoder(ZSTD_LEVEL, true);
          default -> null;
        };
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    write(ByteBuffer.wrap(MAGIC));
    record(0x01, new Body().string(settings.profile()).string(LIBRARY).bytes());
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean chunked() {
    return settings.chunkBytes() > 0;
  }

  @Override
  public int stream(StreamSpec spec) {
    int schema = spec.schema().name().isEmpty() ? 0 : schema(spec);
    int id = channels.size() + 1;
    byte[] body =
        new Body()
            .u16(id)
            .u16(schema)
            .string(spec.topic())
            .string(spec.schema().messageEncoding())
            .map(spec.metadata())
            .bytes();
    channels.add(new Channel(id, body, schema));
    return id - 1;
  }

  private int schema(StreamSpec spec) {
    String data = new String(spec.schema().data(), StandardCharsets.ISO_8859_1);
    String key = spec.schema().name() + '\0' + spec.schema().encoding() + '\0' + data;
    int known = schemaKeys.indexOf(key);
    if (known >= 0) {
      return known + 1;
    }
    schemaKeys.add(key);
    schemaBodies.add(
        new Body()
            .u16(schemaKeys.size())
            .string(spec.schema().name())
            .string(spec.schema().encoding())
            .block(spec.schema().data())
            .bytes());
    return schemaKeys.size();
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    Channel channel = channels.get(stream);
    declare(channel);
    int length = payload.remaining();
    ByteBuffer out = room(RECORD_HEAD_BYTES + MESSAGE_HEAD_BYTES + length);
    if (chunked()) {
      channel.index(logTimeNs, out.position());
      chunkStartNs = Math.min(chunkStartNs, logTimeNs);
      chunkEndNs = Math.max(chunkEndNs, logTimeNs);
    }
    out.put((byte) 0x05).putLong(MESSAGE_HEAD_BYTES + length);
    out.putShort((short) channel.id).putInt(sequence).putLong(logTimeNs).putLong(publishTimeNs);
    out.put(payload.duplicate());
    channel.messages++;
    messages++;
    startNs = Math.min(startNs, logTimeNs);
    endNs = Math.max(endNs, logTimeNs);
    if (!chunked()) {
      flush();
    } else if (chunk.position() >= settings.chunkBytes()) {
      closeChunk();
    }
  }

  /// The buffer that data records go to, with room: the open chunk or what is written next.
  private ByteBuffer room(int bytes) {
    if (chunked()) {
      chunk = grown(chunk, bytes);
      return chunk;
    }
    pending = grown(pending, bytes);
    return pending;
  }

  private static ByteBuffer grown(ByteBuffer buffer, int bytes) {
    return buffer.remaining() >= bytes
        ? buffer
        : direct(Math.max(buffer.capacity() * 2, buffer.position() + bytes)).put(buffer.flip());
  }

  private void declare(Channel channel) throws IOException {
    if (channel.declared) {
      return;
    }
    boolean schemaDeclared = channel.schema == 0;
    for (Channel other : channels) {
      schemaDeclared |= other.declared && other.schema == channel.schema;
    }
    if (!schemaDeclared) {
      put(0x03, schemaBodies.get(channel.schema - 1));
    }
    put(0x04, channel.body);
    channel.declared = true;
    if (!chunked()) {
      flush();
    }
  }

  private void put(int opcode, byte[] body) {
    ByteBuffer out = room(RECORD_HEAD_BYTES + body.length);
    out.put((byte) opcode).putLong(body.length).put(body);
  }

  private void closeChunk() throws IOException {
    if (chunk.position() == 0) {
      return;
    }
    chunk.flip();
    int plainBytes = chunk.remaining();
    int crc = 0;
    if (settings.chunkCrc()) {
      CRC32 sum = new CRC32();
      sum.update(chunk.duplicate());
      crc = (int) sum.getValue();
    }
    ByteBuffer records = compressor == null ? chunk : compress(compressor);
    String codec = compressor == null ? "" : settings.compression();
    boolean empty = chunkStartNs > chunkEndNs;
    long start = empty ? 0 : chunkStartNs;
    long end = empty ? 0 : chunkEndNs;
    int recordsBytes = records.remaining();
    byte[] head =
        new Body()
            .u64(start)
            .u64(end)
            .u64(plainBytes)
            .u32(crc)
            .string(codec)
            .u64(recordsBytes)
            .bytes();
    long chunkAt = written;
    pending = grown(pending, RECORD_HEAD_BYTES + head.length);
    pending.put((byte) 0x06).putLong(head.length + recordsBytes).put(head);
    flush();
    write(records);
    long chunkLength = written - chunkAt;
    long indexAt = written;
    Body offsets = new Body();
    for (Channel channel : channels) {
      if (channel.indexed > 0) {
        offsets.u16(channel.id).u64(written);
        messageIndex(channel);
      }
    }
    byte[] offsetsBytes = offsets.bytes();
    chunkIndexes.add(
        new Body()
            .u64(start)
            .u64(end)
            .u64(chunkAt)
            .u64(chunkLength)
            .block(offsetsBytes)
            .u64(written - indexAt)
            .string(codec)
            .u64(recordsBytes)
            .u64(plainBytes)
            .bytes());
    chunk.clear();
    chunkStartNs = Long.MAX_VALUE;
    chunkEndNs = Long.MIN_VALUE;
  }

  private ByteBuffer compress(Compressor with) {
    int most = Math.toIntExact(with.maxCompressedBytes(chunk.remaining()));
    if (compressed.capacity() < most) {
      compressed = direct(most);
    }
    compressed.clear();
    long length = with.compress(MemorySegment.ofBuffer(chunk), MemorySegment.ofBuffer(compressed));
    return compressed.limit((int) length);
  }

  private void messageIndex(Channel channel) throws IOException {
    int entriesBytes = channel.indexed * 2 * Long.BYTES;
    int bodyBytes = Short.BYTES + Integer.BYTES + entriesBytes;
    pending = grown(pending, RECORD_HEAD_BYTES + bodyBytes);
    pending.put((byte) 0x07).putLong(bodyBytes).putShort((short) channel.id).putInt(entriesBytes);
    for (int i = 0; i < channel.indexed; i++) {
      pending.putLong(channel.times[i]).putLong(channel.offsets[i]);
    }
    channel.indexed = 0;
    flush();
  }

  @Override
  public void attachment(
      long logTimeNs, long createTimeNs, String name, String mediaType, byte[] data)
      throws IOException {
    closeChunk();
    byte[] covered =
        new Body()
            .u64(logTimeNs)
            .u64(createTimeNs)
            .string(name)
            .string(mediaType)
            .u64(data.length)
            .raw(data)
            .bytes();
    CRC32 crc = new CRC32();
    crc.update(covered);
    long at = written;
    record(0x09, new Body().raw(covered).u32((int) crc.getValue()).bytes());
    attachmentIndexes.add(
        new Body()
            .u64(at)
            .u64(written - at)
            .u64(logTimeNs)
            .u64(createTimeNs)
            .u64(data.length)
            .string(name)
            .string(mediaType)
            .bytes());
  }

  @Override
  public void metadata(String name, Map<String, String> texts) throws IOException {
    closeChunk();
    long at = written;
    record(0x0C, new Body().string(name).map(texts).bytes());
    metadataIndexes.add(new Body().u64(at).u64(written - at).string(name).bytes());
  }

  private void record(int opcode, byte[] body) throws IOException {
    pending = grown(pending, RECORD_HEAD_BYTES + body.length);
    pending.put((byte) opcode).putLong(body.length).put(body);
    flush();
  }

  private void flush() throws IOException {
    write(pending.flip());
    pending.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    written += bytes.remaining();
    if (settings.dataCrc()) {
      dataCrc.update(bytes.duplicate());
    }
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  @Override
  public long finish() throws IOException {
    for (Channel channel : channels) {
      declare(channel);
    }
    closeChunk();
    record(0x0F, new Body().u32(settings.dataCrc() ? (int) dataCrc.getValue() : 0).bytes());
    summary();
    return written;
  }

  @Override
  public void close() throws IOException {
    if (compressor != null) {
      compressor.close();
    }
    file.close();
  }

  private void summary() throws IOException {
    long start = written;
    Body offsets = new Body();
    Body summary = new Body();
    group(summary, offsets, start, 0x03, schemaBodies);
    group(summary, offsets, start, 0x04, channels.stream().map(channel -> channel.body).toList());
    group(summary, offsets, start, 0x0B, List.of(statistics()));
    group(summary, offsets, start, 0x08, chunkIndexes);
    group(summary, offsets, start, 0x0A, attachmentIndexes);
    group(summary, offsets, start, 0x0D, metadataIndexes);
    byte[] records = summary.bytes();
    long offsetsAt = start + records.length;
    byte[] covered =
        new Body()
            .raw(records)
            .raw(offsets.bytes())
            .u8(0x02)
            .u64(2 * Long.BYTES + Integer.BYTES)
            .u64(start)
            .u64(offsetsAt)
            .bytes();
    CRC32 crc = new CRC32();
    crc.update(covered);
    int sum = settings.summaryCrc() ? (int) crc.getValue() : 0;
    write(ByteBuffer.wrap(new Body().raw(covered).u32(sum).raw(MAGIC).bytes()));
  }

  private static void group(
      Body summary, Body offsets, long start, int opcode, List<byte[]> bodies) {
    if (bodies.isEmpty()) {
      return;
    }
    int from = summary.size();
    for (byte[] body : bodies) {
      summary.u8(opcode).u64(body.length).raw(body);
    }
    offsets.u8(0x0E).u64(1 + 2 * Long.BYTES).u8(opcode).u64(start + from);
    offsets.u64(summary.size() - from);
  }

  private byte[] statistics() {
    Body counts = new Body();
    for (Channel channel : channels) {
      if (channel.messages > 0) {
        counts.u16(channel.id).u64(channel.messages);
      }
    }
    return new Body()
        .u64(messages)
        .u16(schemaBodies.size())
        .u32(channels.size())
        .u32(attachmentIndexes.size())
        .u32(metadataIndexes.size())
        .u32(chunkIndexes.size())
        .u64(messages == 0 ? 0 : startNs)
        .u64(messages == 0 ? 0 : endNs)
        .block(counts.bytes())
        .bytes();
  }

  /// The body of a record that is small.
  private static final class Body {
    private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    private ByteBuffer room(int bytes) {
      if (out.remaining() < bytes) {
        int capacity = Math.max(out.capacity() * 2, out.position() + bytes);
        out =
            ByteBuffer.wrap(Arrays.copyOf(out.array(), capacity))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(out.position());
      }
      return out;
    }

    Body u8(int value) {
      room(1).put((byte) value);
      return this;
    }

    Body u16(int value) {
      room(2).putShort((short) value);
      return this;
    }

    Body u32(int value) {
      room(4).putInt(value);
      return this;
    }

    Body u64(long value) {
      room(8).putLong(value);
      return this;
    }

    Body raw(byte[] bytes) {
      room(bytes.length).put(bytes);
      return this;
    }

    /// With a 32-bit byte count in front.
    Body block(byte[] bytes) {
      return u32(bytes.length).raw(bytes);
    }

    Body string(String text) {
      return block(text.getBytes(StandardCharsets.UTF_8));
    }

    Body map(Map<String, String> texts) {
      Body entries = new Body();
      new TreeMap<>(texts).forEach((key, value) -> entries.string(key).string(value));
      return block(entries.bytes());
    }

    int size() {
      return out.position();
    }

    byte[] bytes() {
      return Arrays.copyOf(out.array(), out.position());
    }
  }
}
