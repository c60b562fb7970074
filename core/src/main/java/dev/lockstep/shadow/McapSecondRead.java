package dev.lockstep.shadow;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.model.Times;
import dev.lockstep.shadow.McapSummary.Chunk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads an MCAP file from its end: footer, summary, chunk index, message indexes, and of the
/// chunks only those that are wanted, message by message as the indexes say; what lies between two
/// messages is walked record by record, so that none is passed over that no index lists. A file
/// without an index is walked record by record.
///
/// Of a share, only the indexes of wanted chunks are read: the summary says how many messages there
/// are, and no chunk lies between those that it lists. Only decompression is shared with the first
/// read. Used for one read.
final class McapSecondRead implements SecondRead {
  private static final int CHUNK_FIXED_BYTES = 28;

  /// Payloads without labels are read in parts of this length, which stay near the processor.
  private static final int PART_BYTES = 1 << 16;

  private final Map<Integer, long[]> counts = new TreeMap<>();
  private final CRC32C crc32c = new CRC32C();
  private McapRecords records = new McapRecords();
  private ByteBuffer compressed = PlainFile.buffer(0);
  private ByteBuffer plain = PlainFile.buffer(0);
  private int lastChannel = -1;
  private McapRecords.@Nullable Stream lastStream;
  private boolean indexed;

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
        lastChannel = -1;
        walk.byRecords();
      }
      indexed = unindexed == null;
      counts.forEach((channel, count) -> told.count(records.name(channel), count[0]));
      return unindexed == null
          ? "through summary, chunk index and message indexes"
          : "record by record, since " + unindexed;
    }
  }

  /// Whether the file was read by its indexes.
  boolean isIndexed() {
    return indexed;
  }

  private McapRecords.Stream stream(int channel) {
    McapRecords.Stream known = lastStream;
    if (known == null || channel != lastChannel) {
      known = records.stream(channel);
      lastStream = known;
      lastChannel = channel;
    }
    return known;
  }

  /// The records of a chunk, in the file or decompressed.
  ///
  /// @param base where they begin in the file
  /// @param memory the records, null where they are in the file
  /// @param place place of all of its messages, -1 where each has its own
  private record Content(long base, long lengthBytes, @Nullable ByteBuffer memory, long place) {
    /// The place of the message whose record begins at `at`.
    long position(long at) {
      return place >= 0
          ? place
          : base + at + McapRecords.HEAD_BYTES + McapRecords.MESSAGE_HEAD_BYTES;
    }
  }

  /// One way through one file.
  private final class Walk {
    final PlainFile file;
    final Told told;
    final Decompressors decompressors;

    /// For chunks that have a CRC of their own.
    final Decompressors summed;

    private final McapIndexes indexes;

    /// Where the bytes that were located last lie.
    private ByteBuffer near;

    /// Whether messages are counted as they come.
    private boolean counting;

    Walk(PlainFile file, Told told, Decompressors decompressors, Decompressors summed) {
      this.file = file;
      this.told = told;
      this.decompressors = decompressors;
      this.summed = summed;
      this.indexes = new McapIndexes(file);
      this.near = file.window();
    }

    /// Reads by the index; returns why that cannot be done, or null if it was. Nothing has been
    /// told then.
    @Nullable String byIndex() throws IOException {
      McapSummary summary;
      try {
        summary = McapSummary.read(file, records);
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
      String wrong =
          told.wantsAll() || !summary.countsChannels()
              ? indexes.countAll(summary, counts)
              : indexes.countListed(summary, counts);
      if (wrong != null) {
        return wrong;
      }
      for (int channel : counts.keySet()) {
        if (!records.knows(channel)) {
          return "its summary does not define channel " + channel;
        }
      }
      for (Chunk chunk : chunks) {
        if (wants(chunk)) {
          chunk(chunk.offset(), chunk.lengthBytes(), chunk);
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

    /// Goes from record to record.
    void byRecords() throws IOException {
      counting = true;
      long end = file.lengthBytes();
      Content whole = new Content(0, end, null, -1);
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
            case McapRecords.SCHEMA ->
                records.schema(file.bytes(body, McapRecords.bounded(length)));
            case McapRecords.CHANNEL ->
                records.channel(file.bytes(body, McapRecords.bounded(length)));
            case McapRecords.MESSAGE -> message(whole, at, -1);
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

    /// Reads a chunk that is wanted.
    ///
    /// @param listed what the summary says of it; null to go from record to record
    private void chunk(long offset, long lengthBytes, @Nullable Chunk listed) throws IOException {
      try {
        int count = listed == null ? 0 : indexes.read(listed);
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
        if (compression.isEmpty() && (listed != null || stored == 0)) {
          records(new Content(at, length, null, -1), count);
          return;
        }
        compressed = file.exactly(at, McapRecords.bounded(length), compressed);
        ByteBuffer content =
            compression.isEmpty()
                ? compressed
                : decompress(
                    stored == 0 ? decompressors : summed, compression, McapRecords.bounded(size));
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
        records(
            new Content(at, content.limit(), content, compression.isEmpty() ? -1 : offset), count);
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

    /// Tells of the wanted messages of a chunk: where the first `count` entries of its indexes say
    /// that they are, and of those between.
    private void records(Content content, int count) throws IOException {
      // Where the record behind the last message begins; -1 behind one that is not wanted.
      long next = 0;
      long passed = 0;
      for (int i = 0; i < count; i++) {
        long at = indexes.offset(i);
        if (at > content.lengthBytes() - McapRecords.HEAD_BYTES) {
          throw new BufferUnderflowException();
        }
        if (!told.wants(content.position(at))) {
          if (next >= 0) {
            between(content, next, at);
          }
          next = -1;
          passed = at;
          continue;
        }
        if (next < 0) {
          int head = locate(content, passed, McapRecords.HEAD_BYTES);
          next = passed + McapRecords.HEAD_BYTES + near.getLong(head + 1);
        }
        between(content, next, at);
        next = message(content, at, indexes.channel(i));
      }
      if (next >= 0) {
        between(content, next, content.lengthBytes());
      }
    }

    /// Goes from record to record between two places.
    private void between(Content content, long from, long to) throws IOException {
      long at = from;
      while (at < to) {
        if (to - at < McapRecords.HEAD_BYTES) {
          if (to == content.lengthBytes()) {
            return;
          }
          throw new BufferUnderflowException();
        }
        int head = locate(content, at, McapRecords.HEAD_BYTES);
        int opcode = near.get(head) & 0xFF;
        long length = near.getLong(head + 1);
        if (length < 0 || length > to - at - McapRecords.HEAD_BYTES) {
          throw new BufferUnderflowException();
        }
        if (opcode == McapRecords.MESSAGE) {
          message(content, at, -1);
        } else if (opcode == McapRecords.SCHEMA || opcode == McapRecords.CHANNEL) {
          int body = locate(content, at + McapRecords.HEAD_BYTES, McapRecords.bounded(length));
          ByteBuffer fields = near.slice(body, (int) length).order(near.order());
          if (opcode == McapRecords.SCHEMA) {
            records.schema(fields);
          } else {
            records.channel(fields);
          }
        }
        at += McapRecords.HEAD_BYTES + length;
      }
      if (at != to) {
        throw new BufferUnderflowException();
      }
    }

    /// Where in [#near] bytes of a chunk's records lie, until the next call.
    private int locate(Content content, long at, int lengthBytes) throws IOException {
      ByteBuffer memory = content.memory();
      if (at < 0 || at > content.lengthBytes() - lengthBytes) {
        throw new BufferUnderflowException();
      }
      if (memory != null) {
        near = memory;
        return (int) at;
      }
      int where = file.locate(content.base() + at, lengthBytes);
      near = file.window();
      return where;
    }

    /// Tells of the message whose record begins at `at`, if it is wanted.
    ///
    /// @param expected its channel as an index has it, -1 if none does
    /// @return where its record ends
    private long message(Content content, long at, int expected) throws IOException {
      int headBytes = McapRecords.HEAD_BYTES + McapRecords.MESSAGE_HEAD_BYTES;
      int head = locate(content, at, headBytes);
      long length = near.getLong(head + 1);
      if ((near.get(head) & 0xFF) != McapRecords.MESSAGE
          || length < McapRecords.MESSAGE_HEAD_BYTES
          || length > content.lengthBytes() - at - McapRecords.HEAD_BYTES) {
        throw new BufferUnderflowException();
      }
      int channel = Short.toUnsignedInt(near.getShort(head + McapRecords.HEAD_BYTES));
      if (expected >= 0 && channel != expected) {
        throw new BufferUnderflowException();
      }
      long end = at + McapRecords.HEAD_BYTES + length;
      if (counting) {
        counts.computeIfAbsent(channel, _ -> new long[1])[0]++;
      }
      long position = content.position(at);
      if (!told.wants(position)) {
        return end;
      }
      long logTime = near.getLong(head + McapRecords.HEAD_BYTES + 2 + 4);
      int payloadBytes = McapRecords.bounded(length) - McapRecords.MESSAGE_HEAD_BYTES;
      McapRecords.Stream stream = stream(channel);
      SecondLabels reader = stream.labels();
      int partBytes = reader == null ? Math.min(payloadBytes, PART_BYTES) : payloadBytes;
      long stampNs = Times.NONE;
      List<SecondLabels.Label> labels = null;
      crc32c.reset();
      for (int done = 0; done == 0 || done < payloadBytes; done += partBytes) {
        int bytes = Math.min(partBytes, payloadBytes - done);
        int from = locate(content, at + headBytes + done, bytes);
        if (done == 0) {
          stampNs = stream.stamp().read(near, from, bytes);
          labels = reader == null ? null : reader.read(near.slice(from, bytes).order(near.order()));
        }
        update(from, bytes);
        if (partBytes == 0) {
          break;
        }
      }
      told.message(
          new Message(
              stream.name(),
              position,
              payloadBytes,
              (int) crc32c.getValue(),
              logTime < 0 ? Times.NONE : logTime,
              stampNs,
              stream.stamp() != RawStamp.UNKNOWN,
              labels));
      return end;
    }

    private void update(int from, int bytes) {
      int limit = near.limit();
      crc32c.update(near.limit(from + bytes).position(from));
      near.limit(limit).position(0);
    }
  }
}
