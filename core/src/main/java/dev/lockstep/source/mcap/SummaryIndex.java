package dev.lockstep.source.mcap;

import dev.lockstep.model.Order;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the summary of a complete file says, where it is enough to find every message: schemas,
/// channels and chunk indexes whose message indexes count as many messages as the statistics.
///
/// Only the summary is read, in one piece, unless chunk indexes leave open how many messages there
/// are.
final class SummaryIndex {
  /// Longest summary that is read. Judged: a million chunks of ten channels take 200 MB.
  private static final long MAX_BYTES = 1L << 30;

  /// Chunks in the order of the file.
  final List<IndexedChunk> chunks = new ArrayList<>();

  /// Channels in order of their ids.
  final Map<Integer, Records.Channel> channels = new TreeMap<>();

  final Map<Integer, Records.Schema> schemas = new LinkedHashMap<>();

  private long statedMessages = -1;
  private long statedChunks = -1;

  private SummaryIndex() {}

  /// Reads the summary of `file`; null where it does not find every message.
  static @Nullable SummaryIndex read(MemorySegment file) {
    if (file.byteSize() < McapLayout.FILE_TAIL_BYTES || !Anchors.endsWithFooter(file)) {
      return null;
    }
    long footer = file.byteSize() - McapLayout.FILE_TAIL_BYTES;
    long start = file.get(McapLayout.U64, footer + McapLayout.RECORD_HEAD_BYTES);
    if (start < McapLayout.MAGIC_BYTES || start >= footer || footer - start > MAX_BYTES) {
      return null;
    }
    SummaryIndex index = new SummaryIndex();
    return index.walk(file, start, footer) && index.agrees(file) ? index : null;
  }

  private boolean walk(MemorySegment file, long start, long footer) {
    ByteBuffer summary =
        ByteBuffer.wrap(file.asSlice(start, footer - start).toArray(ValueLayout.JAVA_BYTE))
            .order(ByteOrder.LITTLE_ENDIAN);
    Fields fields = new Fields();
    RecordProbe probe = new RecordProbe(file, footer, false);
    int at = 0;
    while (at < summary.limit()) {
      int body = at + McapLayout.RECORD_HEAD_BYTES;
      if (body > summary.limit()) {
        return false;
      }
      long length = summary.getLong(at + McapLayout.LENGTH_OFFSET);
      if (length < 0 || length > summary.limit() - body) {
        return false;
      }
      int opcode = summary.get(at) & 0xFF;
      if (opcode == McapLayout.CHUNK_INDEX) {
        IndexedChunk chunk = IndexedChunk.read(summary, body, (int) length, file, start);
        if (chunk == null) {
          return false;
        }
        chunks.add(chunk);
      } else if (!probe.headCredible(start + at)
          || !define(opcode, file, start + body, length, fields)) {
        return false;
      }
      at = body + (int) length;
    }
    chunks.sort(Order.byLong(IndexedChunk::offset));
    return true;
  }

  private boolean define(int opcode, MemorySegment file, long body, long length, Fields fields) {
    fields.at(file, body, length);
    switch (opcode) {
      case McapLayout.SCHEMA -> {
        Records.Schema schema = Records.Schema.read(fields);
        schemas.put(schema.id(), schema);
      }
      case McapLayout.CHANNEL -> {
        Records.Channel channel = Records.Channel.read(fields);
        channels.put(channel.id(), channel);
      }
      case McapLayout.STATISTICS -> {
        statedMessages = fields.i64();
        fields.skip(Short.BYTES + 3L * Integer.BYTES);
        statedChunks = fields.u32();
      }
      default -> {}
    }
    return !fields.broken();
  }

  /// Whether chunks and messages are as many as the statistics say.
  private boolean agrees(MemorySegment file) {
    if (chunks.isEmpty() || chunks.size() != statedChunks) {
      return false;
    }
    if (messages() == statedMessages) {
      return true;
    }
    // Message indexes may be longer than their entries.
    for (IndexedChunk chunk : chunks) {
      if (!chunk.ask(file)) {
        return false;
      }
    }
    return messages() == statedMessages;
  }

  /// Messages by the message indexes, -1 if one is of no channel, or a chunk has two of one.
  private long messages() {
    int[] last = new int[McapLayout.CHANNELS];
    channels.keySet().forEach(channel -> last[channel] = -1);
    long sum = 0;
    for (int c = 0; c < chunks.size(); c++) {
      IndexedChunk chunk = chunks.get(c);
      for (int i = 0; i < chunk.channelCount(); i++) {
        int before = last[chunk.channel(i)];
        if (before == 0 || before == c + 1) {
          return -1;
        }
        last[chunk.channel(i)] = c + 1;
        sum += chunk.messages(i);
      }
    }
    return sum;
  }
}
