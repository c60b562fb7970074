package dev.lockstep.source.mcap;

import dev.lockstep.codec.Compressor;
import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.codec.ZstdEncoder;
import dev.lockstep.source.mcap.McapWriterOptions.Part;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes an MCAP file from front to back, to anything that takes bytes. The same calls with the
/// same options give the same bytes.
///
/// Schemas and channels are written in front of the first message that needs them, into its chunk.
/// Memory: one chunk, plain and compressed, and 60 bytes and 10 a channel for each chunk written.
/// Not safe for use by several threads. A writer that is not closed leaves a file without an end.
public final class McapWriter implements AutoCloseable {
  /// zstd's own default.
  private static final int ZSTD_LEVEL = 3;

  private static final int SMALL_BYTES = 4096;

  private final WritableByteChannel out;
  private final McapWriterOptions options;
  private final @Nullable Compressor compressor;
  private final List<Definition> schemas = new ArrayList<>();
  private final Map<Integer, OutputChannel> channels = new TreeMap<>();
  private final SummaryContent summary = new SummaryContent();
  private final CRC32 dataCrc = new CRC32();
  private final RecordBuffer record = new RecordBuffer(SMALL_BYTES);
  private RecordBuffer chunk;
  private ByteBuffer packed = ByteBuffer.allocateDirect(0);
  private long written;
  private long chunkStart;
  private long chunkEnd;
  private long chunkMessages;
  private boolean dataEnded;
  private boolean closed;

  /// A schema or channel: its record, and whether it has been written.
  private static final class Definition {
    final byte[] record;
    boolean inFile;

    Definition(byte[] record) {
      this.record = record;
    }
  }

  /// A channel with the messages of the open chunk.
  private static final class OutputChannel {
    final Definition definition;
    final int schemaId;
    long messages;
    int indexed;
    long[] times = new long[16];
    long[] offsets = new long[16];

    OutputChannel(Definition definition, int schemaId) {
      this.definition = definition;
      this.schemaId = schemaId;
    }

    void index(long time, long offset) {
      if (indexed == times.length) {
        times = Arrays.copyOf(times, indexed * 2);
        offsets = Arrays.copyOf(offsets, indexed * 2);
      }
      times[indexed] = time;
      offsets[indexed++] = offset;
    }
  }

  /// What the summary will say.
  private static final class SummaryContent {
    final RecordBuffer chunkIndexes = new RecordBuffer(SMALL_BYTES);
    final RecordBuffer attachmentIndexes = new RecordBuffer(SMALL_BYTES);
    final RecordBuffer metadataIndexes = new RecordBuffer(SMALL_BYTES);
    long messages;
    long chunks;
    long attachments;
    long metadata;
    long start;
    long end;
  }

  /// Writes to `out`, from its present position on, which must be the beginning of the file.
  ///
  /// @throws IOException if the first bytes cannot be written
  public McapWriter(WritableByteChannel out, McapWriterOptions options) throws IOException {
    this.out = out;
    this.options = options;
    this.chunk = new RecordBuffer(Math.min(options.chunkBytes(), 1 << 20) + SMALL_BYTES);
    this.compressor =
        switch (options.compression()) {
          case "lz4" -> new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT);
          case "zstd" -> new ZstdEncoder(ZSTD_LEVEL, true);
          default -> null;
        };
    record.u64(McapLayout.MAGIC);
    int header = record.begin(McapLayout.HEADER);
    record.text(options.profile()).text(options.library()).end(header);
    writeRecord();
  }

  /// Creates or replaces the file at `path`.
  ///
  /// @throws IOException if it cannot be written
  public static McapWriter create(Path path, McapWriterOptions options) throws IOException {
    return new McapWriter(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE),
        options);
  }

  /// Defines a schema and returns its id, from 1 on.
  public int schema(String name, String encoding, byte[] data) {
    int id = schemas.size() + 1;
    RecordBuffer body = new RecordBuffer(data.length + SMALL_BYTES);
    int at = body.begin(McapLayout.SCHEMA);
    body.u16(id).text(name).text(encoding).u32(data.length).raw(data).end(at);
    schemas.add(new Definition(body.toArray()));
    return id;
  }

  /// Defines a channel and returns its id, from 1 on.
  ///
  /// @param schemaId its schema, or 0 for none
  public int channel(
      int schemaId, String topic, String messageEncoding, Map<String, String> metadata) {
    int id = channels.size() + 1;
    RecordBuffer body = new RecordBuffer(SMALL_BYTES);
    int at = body.begin(McapLayout.CHANNEL);
    body.u16(id).u16(schemaId).text(topic).text(messageEncoding).texts(metadata).end(at);
    channels.put(id, new OutputChannel(new Definition(body.toArray()), schemaId));
    return id;
  }

  /// Writes a message of a channel.
  ///
  /// @param sequence the sender's counter, 0 where it does not count
  /// @throws IOException if it cannot be written
  public void message(
      int channelId, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    OutputChannel channel = channel(channelId);
    boolean chunked = options.chunkBytes() > 0;
    RecordBuffer target = chunked ? chunk : record;
    define(channel, target);
    int at = target.begin(McapLayout.MESSAGE);
    target.u16(channelId).u32(sequence).u64(logTimeNs).u64(publishTimeNs);
    target.raw(payload.duplicate()).end(at);
    count(channel, logTimeNs);
    if (chunked) {
      channel.index(logTimeNs, at);
      chunkStart = chunkMessages == 0 ? logTimeNs : min(chunkStart, logTimeNs);
      chunkEnd = chunkMessages == 0 ? logTimeNs : max(chunkEnd, logTimeNs);
      chunkMessages++;
      if (chunk.size() >= options.chunkBytes()) {
        closeChunk();
      }
    } else {
      writeRecord();
    }
  }

  private void count(OutputChannel channel, long logTimeNs) {
    channel.messages++;
    summary.start = summary.messages == 0 ? logTimeNs : min(summary.start, logTimeNs);
    summary.end = summary.messages == 0 ? logTimeNs : max(summary.end, logTimeNs);
    summary.messages++;
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  /// Writes the definition of a channel now, behind the messages so far, even if none of its own
  /// follows.
  ///
  /// @throws IOException if it cannot be written
  public void define(int channelId) throws IOException {
    boolean chunked = options.chunkBytes() > 0;
    define(channel(channelId), chunked ? chunk : record);
    if (!chunked) {
      writeRecord();
    }
  }

  private OutputChannel channel(int channelId) {
    OutputChannel channel = channels.get(channelId);
    if (channel == null) {
      throw new IllegalArgumentException(
          "channel: " + channelId + " (defined: " + channels.keySet() + ")");
    }
    return channel;
  }

  private void define(OutputChannel channel, RecordBuffer target) {
    if (channel.definition.inFile) {
      return;
    }
    if (channel.schemaId > 0 && channel.schemaId <= schemas.size()) {
      Definition schema = schemas.get(channel.schemaId - 1);
      if (!schema.inFile) {
        target.raw(schema.record);
        schema.inFile = true;
      }
    }
    target.raw(channel.definition.record);
    channel.definition.inFile = true;
  }

  /// Ends the open chunk, so that all messages so far are in the file; does nothing if there are
  /// none.
  ///
  /// @throws IOException if it cannot be written
  public void closeChunk() throws IOException {
    if (chunk.size() == 0) {
      return;
    }
    ByteBuffer plain = chunk.written();
    int size = plain.remaining();
    int crc = options.has(Part.CHUNK_CRC) ? crcOf(plain) : 0;
    ByteBuffer records = compressor == null ? plain : compress(compressor, plain);
    long recordsLength = records.remaining();
    long start = chunkMessages == 0 ? 0 : chunkStart;
    long end = chunkMessages == 0 ? 0 : chunkEnd;
    long chunkAt = written;
    record.u8(McapLayout.CHUNK);
    record.u64(
        McapLayout.CHUNK_FIXED_BYTES
            + Integer.BYTES
            + options.compression().length()
            + Long.BYTES
            + recordsLength);
    record.u64(start).u64(end).u64(size).u32(crc);
    record.text(options.compression()).u64(recordsLength);
    writeRecord();
    write(records);
    long indexAt = written;
    RecordBuffer offsets = new RecordBuffer(channels.size() * 10 + 1);
    for (Map.Entry<Integer, OutputChannel> entry : channels.entrySet()) {
      OutputChannel channel = entry.getValue();
      if (channel.indexed > 0 && options.has(Part.MESSAGE_INDEXES)) {
        offsets.u16(entry.getKey()).u64(written);
        messageIndex(entry.getKey(), channel);
      }
      channel.indexed = 0;
    }
    int at = summary.chunkIndexes.begin(McapLayout.CHUNK_INDEX);
    summary.chunkIndexes.u64(start).u64(end).u64(chunkAt).u64(indexAt - chunkAt);
    summary.chunkIndexes.u32(offsets.size()).raw(offsets.written()).u64(written - indexAt);
    summary.chunkIndexes.text(options.compression()).u64(recordsLength).u64(size).end(at);
    summary.chunks++;
    chunk.clear();
    chunkMessages = 0;
  }

  private ByteBuffer compress(Compressor with, ByteBuffer plain) {
    MemorySegment in = MemorySegment.ofBuffer(plain);
    long room = with.maxCompressedBytes(in.byteSize());
    if (packed.capacity() < room) {
      packed = ByteBuffer.allocateDirect(Math.toIntExact(room));
    }
    packed.clear();
    long length = with.compress(in, MemorySegment.ofBuffer(packed));
    return packed.limit((int) length);
  }

  private void messageIndex(int channelId, OutputChannel channel) throws IOException {
    int at = record.begin(McapLayout.MESSAGE_INDEX);
    record.u16(channelId).u32((long) channel.indexed * McapLayout.MESSAGE_INDEX_ENTRY_BYTES);
    for (int i = 0; i < channel.indexed; i++) {
      record.u64(channel.times[i]).u64(channel.offsets[i]);
    }
    record.end(at);
    writeRecord();
  }

  /// Writes an attachment, behind the messages so far.
  ///
  /// @throws IOException if it cannot be written
  public void attachment(
      String name, String mediaType, long logTimeNs, long createTimeNs, byte[] data)
      throws IOException {
    closeChunk();
    long from = written;
    int at = record.begin(McapLayout.ATTACHMENT);
    record.u64(logTimeNs).u64(createTimeNs).text(name).text(mediaType);
    record.u64(data.length).raw(data);
    ByteBuffer summed = record.written().position(at + McapLayout.RECORD_HEAD_BYTES);
    record.u32(options.has(Part.ATTACHMENT_CRC) ? crcOf(summed) : 0).end(at);
    writeRecord();
    int index = summary.attachmentIndexes.begin(McapLayout.ATTACHMENT_INDEX);
    summary.attachmentIndexes.u64(from).u64(written - from).u64(logTimeNs).u64(createTimeNs);
    summary.attachmentIndexes.u64(data.length).text(name).text(mediaType).end(index);
    summary.attachments++;
  }

  /// Writes a metadata record, behind the messages so far.
  ///
  /// @throws IOException if it cannot be written
  public void metadata(String name, Map<String, String> metadata) throws IOException {
    closeChunk();
    long from = written;
    int at = record.begin(McapLayout.METADATA);
    record.text(name).texts(metadata).end(at);
    writeRecord();
    int index = summary.metadataIndexes.begin(McapLayout.METADATA_INDEX);
    summary.metadataIndexes.u64(from).u64(written - from).text(name).end(index);
    summary.metadata++;
  }

  /// Writes a record of an application's own, behind the messages so far.
  ///
  /// @param opcode 0x80 to 0xFF
  /// @throws IOException if it cannot be written
  public void privateRecord(int opcode, byte[] body) throws IOException {
    if (opcode < McapLayout.FIRST_PRIVATE || opcode > 0xFF) {
      throw new IllegalArgumentException("opcode: " + opcode + " (expected 128 to 255)");
    }
    closeChunk();
    record.u8(opcode).u64(body.length).raw(body);
    writeRecord();
  }

  /// Number of bytes written so far; messages of the open chunk come on top.
  public long writtenBytes() {
    return written;
  }

  /// Ends the file: data end, summary, footer; closes what it was written to.
  ///
  /// @throws IOException if it cannot be written
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (WritableByteChannel _ = out) {
      closeChunk();
      int at = record.begin(McapLayout.DATA_END);
      record.u32(options.has(Part.DATA_CRC) ? dataCrc.getValue() : 0).end(at);
      dataEnded = true;
      writeRecord();
      ending();
    } finally {
      if (compressor != null) {
        compressor.close();
      }
    }
  }

  /// Closes what it was written to and leaves the file without an end, as when writing failed.
  ///
  /// @throws IOException if it cannot be closed
  public void abandon() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (WritableByteChannel _ = out) {
      if (compressor != null) {
        compressor.close();
      }
    }
  }

  private void ending() throws IOException {
    long start = written;
    RecordBuffer end = new RecordBuffer(SMALL_BYTES);
    RecordBuffer offsets = new RecordBuffer(SMALL_BYTES);
    if (options.has(Part.REPEATED_DEFINITIONS)) {
      group(end, offsets, McapLayout.SCHEMA, start, schemas);
      group(
          end,
          offsets,
          McapLayout.CHANNEL,
          start,
          channels.values().stream().map(channel -> channel.definition).toList());
    }
    if (options.has(Part.STATISTICS)) {
      int from = end.size();
      statistics(end);
      offset(offsets, McapLayout.STATISTICS, start, from, end.size());
    }
    if (options.has(Part.RECORD_INDEXES)) {
      group(end, offsets, McapLayout.CHUNK_INDEX, start, summary.chunkIndexes);
      group(end, offsets, McapLayout.ATTACHMENT_INDEX, start, summary.attachmentIndexes);
      group(end, offsets, McapLayout.METADATA_INDEX, start, summary.metadataIndexes);
    }
    long summaryStart = end.size() > 0 ? start : 0;
    boolean withOffsets = options.has(Part.SUMMARY_OFFSETS) && offsets.size() > 0;
    long offsetStart = withOffsets ? start + end.size() : 0;
    if (withOffsets) {
      end.raw(offsets.written());
    }
    int footer = end.begin(McapLayout.FOOTER);
    end.u64(summaryStart).u64(offsetStart).u32(0).end(footer);
    ByteBuffer summed = end.written().limit(end.size() - Integer.BYTES);
    int crc = options.has(Part.SUMMARY_CRC) ? crcOf(summed) : 0;
    write(summed);
    record.u32(crc).u64(McapLayout.MAGIC);
    writeRecord();
  }

  private static void group(
      RecordBuffer end, RecordBuffer offsets, int opcode, long start, List<Definition> records) {
    int from = end.size();
    for (Definition definition : records) {
      // What was never used stands nowhere but here, as other writers have it.
      end.raw(definition.record);
    }
    offset(offsets, opcode, start, from, end.size());
  }

  private static void group(
      RecordBuffer end, RecordBuffer offsets, int opcode, long start, RecordBuffer records) {
    int from = end.size();
    end.raw(records.written());
    offset(offsets, opcode, start, from, end.size());
  }

  private static void offset(RecordBuffer offsets, int opcode, long start, int from, int to) {
    if (to > from) {
      int at = offsets.begin(McapLayout.SUMMARY_OFFSET);
      offsets.u8(opcode).u64(start + from).u64(to - (long) from).end(at);
    }
  }

  private void statistics(RecordBuffer end) {
    int at = end.begin(McapLayout.STATISTICS);
    long defined = channels.values().stream().filter(c -> c.definition.inFile).count();
    long counted = channels.values().stream().filter(c -> c.messages > 0).count();
    end.u64(summary.messages);
    end.u16((int) schemas.stream().filter(schema -> schema.inFile).count());
    end.u32(defined).u32(summary.attachments).u32(summary.metadata).u32(summary.chunks);
    end.u64(summary.start).u64(summary.end).u32(counted * 10);
    channels.forEach((id, channel) -> {
      if (channel.messages > 0) {
        end.u16(id).u64(channel.messages);
      }
    });
    end.end(at);
  }

  private static int crcOf(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private void writeRecord() throws IOException {
    write(record.written());
    record.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    if (options.has(Part.DATA_CRC) && !dataEnded) {
      dataCrc.update(bytes.duplicate());
    }
    written += bytes.remaining();
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
