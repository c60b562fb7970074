package dev.lockstep.shadow;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.model.Order;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads an MCAP file from its end: footer, summary, chunk index, message indexes, and of the
/// chunks only those that are wanted, message by message as the indexes say. A file without an
/// index is walked record by record.
///
/// Only decompression is shared with the first read. Used for one read.
final class McapSecondRead implements SecondRead {
  /// Longest chunk or message that is read; longer ones the first read leaves out, too.
  private static final int MAX_BYTES = 128 << 20;

  private static final int CHUNK_FIXED_BYTES = 28;

  private final Map<Integer, long[]> counts = new TreeMap<>();
  private final CRC32C crc32c = new CRC32C();
  private McapRecords records = new McapRecords();
  private ByteBuffer compressed = PlainFile.buffer(0);
  private ByteBuffer plain = PlainFile.buffer(0);
  private boolean indexed;

  /// A chunk as the summary tells of it.
  ///
  /// @param indexLengthBytes bytes of the message indexes behind it, 0 if there are none
  private record Chunk(long offset, long lengthBytes, long indexLengthBytes, boolean packed) {}

  /// What a summary says.
  private record Summary(List<Chunk> chunks, long messages) {}

  @Override
  public String read(Path recording, Told told) throws IOException {
    try (PlainFile file = new PlainFile(recording);
        Decompressors decompressors = new Decompressors();
        Decompressors summed = Decompressors.withoutContentSums()) {
      Walk walk = new Walk(file, told, decompressors, summed);
      String unindexed = walk.byIndex();
      if (unindexed != null) {
        counts.clear();
        records = new McapRecords();
        walk.byRecords();
      }
      indexed = unindexed == null;
      counts.forEach((channel, count) -> told.count(records.stream(channel).name(), count[0]));
      return unindexed == null
          ? "through summary, chunk index and message indexes"
          : "record by record, since " + unindexed;
    }
  }

  /// Whether the file was read by its indexes.
  boolean isIndexed() {
    return indexed;
  }

  /// One way through one file.
  private final class Walk {
    final PlainFile file;
    final Told told;
    final Decompressors decompressors;

    /// For chunks that have a CRC of their own.
    final Decompressors summed;

    Walk(PlainFile file, Told told, Decompressors decompressors, Decompressors summed) {
      this.file = file;
      this.told = told;
      this.decompressors = decompressors;
      this.summed = summed;
    }

    /// Reads by the index; returns why that cannot be done, or null if it was. Nothing has been
    /// told then.
    @Nullable String byIndex() throws IOException {
      Summary summary;
      try {
        summary = summary();
      } catch (BufferUnderflowException | IOException e) {
        return "its summary cannot be read";
      }
      if (summary == null) {
        return "it has no summary";
      }
      if (summary.messages() < 0) {
        return "its summary does not say how many messages there are";
      }
      List<Chunk> chunks = summary.chunks();
      for (Chunk chunk : chunks) {
        if (chunk.offset() >= 0 && chunk.lengthBytes() >= 0 && chunk.indexLengthBytes() >= 0) {
          told.extent(chunk.offset(), chunk.lengthBytes() + chunk.indexLengthBytes(), true);
        }
      }
      List<TreeMap<Long, Integer>> wanted = new ArrayList<>();
      long total = 0;
      try {
        for (Chunk chunk : chunks) {
          boolean want = wants(chunk);
          TreeMap<Long, Integer> messages = want ? new TreeMap<>() : null;
          total += index(chunk, messages);
          if (messages != null) {
            wanted.add(messages);
          }
        }
      } catch (BufferUnderflowException | IOException e) {
        return "its message indexes cannot be read";
      }
      if (total != summary.messages()) {
        return "its indexes know " + total + " of " + summary.messages() + " messages";
      }
      for (int channel : counts.keySet()) {
        if (!records.knows(channel)) {
          return "its summary does not define channel " + channel;
        }
      }
      int next = 0;
      for (Chunk chunk : chunks) {
        if (wants(chunk)) {
          chunk(chunk.offset(), chunk.lengthBytes(), wanted.get(next++));
        }
      }
      return null;
    }

    /// Whether a message of the chunk may be wanted: messages of plain chunks have places of their
    /// own.
    private boolean wants(Chunk chunk) {
      if (chunk.packed()) {
        return told.wants(chunk.offset());
      }
      long end = Math.min(file.lengthBytes(), chunk.offset() + chunk.lengthBytes());
      for (long at = Math.max(0, chunk.offset()); at < end; at += 1L << FirstRead.PIECE_BITS) {
        if (told.wants(at)) {
          return true;
        }
      }
      return end > chunk.offset() && told.wants(end - 1);
    }

    private @Nullable Summary summary() throws IOException {
      long end = file.lengthBytes() - McapRecords.TAIL_BYTES;
      if (end < Long.BYTES) {
        return null;
      }
      ByteBuffer tail = file.bytes(end, McapRecords.TAIL_BYTES);
      if (tail.getLong(McapRecords.TAIL_BYTES - Long.BYTES) != McapRecords.MAGIC
          || tail.get(0) != McapRecords.FOOTER) {
        return null;
      }
      long start = tail.getLong(McapRecords.HEAD_BYTES);
      long offsets = tail.getLong(McapRecords.HEAD_BYTES + Long.BYTES);
      if (start <= 0 || start >= end) {
        return null;
      }
      List<Chunk> chunks = new ArrayList<>();
      long messages = -1;
      long stop = offsets > start && offsets <= end ? offsets : end;
      for (long at = start; at + McapRecords.HEAD_BYTES <= stop; ) {
        ByteBuffer head = file.bytes(at, McapRecords.HEAD_BYTES);
        int opcode = head.get() & 0xFF;
        long length = head.getLong();
        if (length < 0 || length > stop - at - McapRecords.HEAD_BYTES || length > MAX_BYTES) {
          throw new BufferUnderflowException();
        }
        ByteBuffer body = file.bytes(at + McapRecords.HEAD_BYTES, (int) length);
        switch (opcode) {
          case McapRecords.SCHEMA -> records.schema(body);
          case McapRecords.CHANNEL -> records.channel(body);
          case McapRecords.CHUNK_INDEX -> chunks.add(chunkIndex(body));
          case McapRecords.STATISTICS -> messages = body.getLong();
          default -> {}
        }
        at += McapRecords.HEAD_BYTES + length;
      }
      chunks.sort(Order.byLong(Chunk::offset));
      return new Summary(chunks, messages);
    }

    private static Chunk chunkIndex(ByteBuffer body) {
      body.position(2 * Long.BYTES);
      long offset = body.getLong();
      long length = body.getLong();
      int map = body.getInt();
      if (map < 0 || map > body.remaining()) {
        throw new BufferUnderflowException();
      }
      body.position(body.position() + map);
      long indexes = body.getLong();
      return new Chunk(offset, length, indexes, !McapRecords.text(body).isEmpty());
    }

    /// Counts the messages of a chunk by its message indexes.
    ///
    /// @param messages takes offset and channel of each, in order of offsets; null to count only
    private long index(Chunk chunk, @Nullable Map<Long, Integer> messages) throws IOException {
      if (chunk.indexLengthBytes() < 0 || chunk.indexLengthBytes() > MAX_BYTES) {
        throw new BufferUnderflowException();
      }
      long from = chunk.offset() + chunk.lengthBytes();
      long size = chunk.indexLengthBytes();
      if (from < 0 || from > file.lengthBytes() - size) {
        throw new BufferUnderflowException();
      }
      // All indexes of a chunk by one call: far fewer bytes than a window of the file.
      compressed = file.exactly(from, (int) size, compressed);
      ByteBuffer all = compressed;
      long total = 0;
      while (all.hasRemaining()) {
        int opcode = all.get() & 0xFF;
        long length = all.getLong();
        if (opcode != McapRecords.MESSAGE_INDEX || length < 6 || length > all.remaining()) {
          throw new BufferUnderflowException();
        }
        int end = all.position() + (int) length;
        int channel = McapRecords.u16(all);
        int entries = all.getInt() / (2 * Long.BYTES);
        if (entries < 0 || (long) entries * 2 * Long.BYTES > length - 6) {
          throw new BufferUnderflowException();
        }
        for (int i = 0; i < entries && messages != null; i++) {
          messages.put(all.getLong(all.position() + (2 * i + 1) * Long.BYTES), channel);
        }
        counts.computeIfAbsent(channel, _ -> new long[1])[0] += entries;
        total += entries;
        all.position(end);
      }
      return total;
    }

    /// Goes from record to record.
    void byRecords() throws IOException {
      long end = file.lengthBytes();
      long at = Long.BYTES;
      while (at + McapRecords.HEAD_BYTES <= end) {
        ByteBuffer head = file.bytes(at, McapRecords.HEAD_BYTES);
        int opcode = head.get() & 0xFF;
        long length = head.getLong();
        long body = at + McapRecords.HEAD_BYTES;
        if (length < 0 || length > end - body) {
          told.unreadable(at, end - at, "a record is longer than the file");
          return;
        }
        try {
          switch (opcode) {
            case McapRecords.SCHEMA -> records.schema(file.bytes(body, bounded(length)));
            case McapRecords.CHANNEL -> records.channel(file.bytes(body, bounded(length)));
            case McapRecords.MESSAGE -> message(body, length);
            case McapRecords.CHUNK -> {
              told.extent(at, McapRecords.HEAD_BYTES + length, false);
              chunk(at, McapRecords.HEAD_BYTES + length, null);
            }
            case McapRecords.DATA_END, McapRecords.FOOTER -> {
              return;
            }
            default -> {}
          }
        } catch (BufferUnderflowException e) {
          told.unreadable(at, McapRecords.HEAD_BYTES + length, "a record is too short");
        }
        at = body + length;
      }
    }

    private static int bounded(long length) {
      if (length > MAX_BYTES) {
        throw new BufferUnderflowException();
      }
      return (int) length;
    }

    private void message(long body, long length) throws IOException {
      ByteBuffer head = file.bytes(body, McapRecords.MESSAGE_HEAD_BYTES);
      int channel = Short.toUnsignedInt(head.getShort(0));
      counts.computeIfAbsent(channel, _ -> new long[1])[0]++;
      long payload = body + McapRecords.MESSAGE_HEAD_BYTES;
      if (told.wants(payload)) {
        tell(file.bytes(body, bounded(length)), payload);
      }
    }

    /// Tells of a message.
    private void tell(ByteBuffer body, long position) {
      int channel = McapRecords.u16(body);
      body.getInt();
      long logTime = body.getLong();
      body.getLong();
      ByteBuffer payload = body.slice();
      McapRecords.Stream stream = records.stream(channel);
      crc32c.reset();
      crc32c.update(payload.duplicate());
      told.message(
          new Message(
              stream.name(),
              position,
              payload.remaining(),
              (int) crc32c.getValue(),
              logTime < 0 ? Times.NONE : logTime,
              stream.stamp().read(payload),
              stream.stamp() != RawStamp.UNKNOWN,
              stream.labels() == null ? null : stream.labels().read(payload)));
    }

    /// Reads a chunk that is wanted.
    ///
    /// @param messages where its messages lie; null to go from record to record
    private void chunk(long offset, long lengthBytes, @Nullable Map<Long, Integer> messages)
        throws IOException {
      try {
        ByteBuffer head =
            file.bytes(
                offset,
                (int)
                    Math.min(lengthBytes, McapRecords.HEAD_BYTES + CHUNK_FIXED_BYTES + 4 + 64 + 8));
        if ((head.get() & 0xFF) != McapRecords.CHUNK) {
          throw new BufferUnderflowException();
        }
        head.position(McapRecords.HEAD_BYTES + 2 * Long.BYTES);
        long size = head.getLong();
        int stored = head.getInt();
        String compression = McapRecords.text(head);
        long length = head.getLong();
        long at = offset + head.position();
        if (length < 0 || length > offset + lengthBytes - at || size < 0) {
          throw new BufferUnderflowException();
        }
        boolean packed = !compression.isEmpty();
        if (messages != null && !packed) {
          for (var message : messages.entrySet()) {
            alone(at, length, message.getKey(), message.getValue());
          }
          return;
        }
        compressed = file.exactly(at, bounded(length), compressed);
        ByteBuffer content =
            packed
                ? decompress(stored == 0 ? decompressors : summed, compression, bounded(size))
                : compressed;
        if (stored != 0) {
          CRC32 sum = new CRC32();
          sum.update(content.duplicate());
          if ((int) sum.getValue() != stored) {
            told.unreadable(
                offset,
                lengthBytes,
                String.format("chunk CRC-32 0x%08X, stored 0x%08X", (int) sum.getValue(), stored));
            return;
          }
        }
        if (messages == null) {
          records(content, packed ? -1 : at, offset);
        } else {
          for (var message : messages.entrySet()) {
            indexed(content, message.getKey(), message.getValue(), offset);
          }
        }
      } catch (BufferUnderflowException e) {
        told.unreadable(offset, lengthBytes, "the chunk does not hold what it should");
      } catch (MalformedCompressionException e) {
        told.unreadable(offset, lengthBytes, String.valueOf(e.getMessage()));
      }
    }

    private ByteBuffer decompress(Decompressors decompressors, String compression, int size)
        throws MalformedCompressionException {
      if (!Decompressors.names().contains(compression)) {
        throw new BufferUnderflowException();
      }
      if (plain.capacity() < size) {
        plain = PlainFile.buffer(Math.max(size, 2 * plain.capacity()));
      }
      plain.clear().limit(size);
      long done =
          decompressors
              .decompress(
                  compression, MemorySegment.ofBuffer(compressed), MemorySegment.ofBuffer(plain))
              .outputBytes();
      if (done != size) {
        throw new BufferUnderflowException();
      }
      return plain;
    }

    /// A message of a plain chunk where an index says that it is, if it is wanted.
    private void alone(long base, long recordsLength, long at, int channel) throws IOException {
      long position = base + at + McapRecords.HEAD_BYTES + McapRecords.MESSAGE_HEAD_BYTES;
      if (!told.wants(position)) {
        return;
      }
      if (at < 0 || at > recordsLength - McapRecords.HEAD_BYTES) {
        throw new BufferUnderflowException();
      }
      ByteBuffer head = file.bytes(base + at, McapRecords.HEAD_BYTES);
      requireMessage(head, recordsLength - at - McapRecords.HEAD_BYTES);
      int length = bounded(head.getLong(1));
      ByteBuffer body = file.bytes(base + at + McapRecords.HEAD_BYTES, length);
      requireChannel(body, channel);
      tell(body, position);
    }

    /// A message where an index says that it is.
    private void indexed(ByteBuffer content, long at, int channel, long chunk) {
      if (at < 0 || at > content.limit() - McapRecords.HEAD_BYTES) {
        throw new BufferUnderflowException();
      }
      ByteBuffer record = content.slice().order(ByteOrder.LITTLE_ENDIAN).position((int) at).slice();
      record.order(ByteOrder.LITTLE_ENDIAN);
      requireMessage(record, record.limit() - McapRecords.HEAD_BYTES);
      int length = (int) record.getLong(1);
      ByteBuffer body = record.slice(McapRecords.HEAD_BYTES, length).order(ByteOrder.LITTLE_ENDIAN);
      requireChannel(body, channel);
      tell(body, chunk);
    }

    private static void requireMessage(ByteBuffer head, long left) {
      long length = head.getLong(1);
      if ((head.get(0) & 0xFF) != McapRecords.MESSAGE
          || length < McapRecords.MESSAGE_HEAD_BYTES
          || length > left) {
        throw new BufferUnderflowException();
      }
    }

    private static void requireChannel(ByteBuffer body, int channel) {
      if (Short.toUnsignedInt(body.getShort(0)) != channel) {
        throw new BufferUnderflowException();
      }
    }

    /// Tells of a record of a chunk, if it is wanted.
    private void place(ByteBuffer body, long base, long chunk) {
      long position = base < 0 ? chunk : base + body.position() + McapRecords.MESSAGE_HEAD_BYTES;
      if (told.wants(position)) {
        tell(body, position);
      }
    }

    private void records(ByteBuffer content, long base, long chunk) {
      ByteBuffer record = content.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      while (record.remaining() >= McapRecords.HEAD_BYTES) {
        int opcode = record.get() & 0xFF;
        long length = record.getLong();
        if (length < 0 || length > record.remaining()) {
          throw new BufferUnderflowException();
        }
        int end = record.position() + (int) length;
        ByteBuffer body = record.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(end);
        switch (opcode) {
          case McapRecords.SCHEMA -> records.schema(body);
          case McapRecords.CHANNEL -> records.channel(body);
          case McapRecords.MESSAGE -> {
            int channel = Short.toUnsignedInt(body.getShort(body.position()));
            counts.computeIfAbsent(channel, _ -> new long[1])[0]++;
            place(body, base, chunk);
          }
          default -> {}
        }
        record.position(end);
      }
    }
  }
}
