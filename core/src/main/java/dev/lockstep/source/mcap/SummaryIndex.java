package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the summary of a complete file says, where it is enough to find every message: schemas,
/// channels and chunk indexes whose message indexes count as many messages as the statistics.
final class SummaryIndex {
  /// Chunks in the order of the file.
  final List<IndexedChunk> chunks = new ArrayList<>();

  /// Channels in order of their ids.
  final Map<Integer, Records.Channel> channels = new TreeMap<>();

  final Map<Integer, Records.Schema> schemas = new LinkedHashMap<>();

  /// Messages of each channel.
  final Map<Integer, Long> messages = new TreeMap<>();

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
    if (start < McapLayout.MAGIC_BYTES || start >= footer) {
      return null;
    }
    SummaryIndex index = new SummaryIndex();
    return index.walk(file, start, footer) && index.counts(file) ? index : null;
  }

  private boolean walk(MemorySegment file, long start, long footer) {
    Fields fields = new Fields();
    RecordProbe probe = new RecordProbe(file, footer, false);
    long at = start;
    while (at < footer) {
      if (!probe.hasHead(at) || !probe.headCredible(at) || !probe.fits(at)) {
        return false;
      }
      fields.at(file, at + McapLayout.RECORD_HEAD_BYTES, probe.length(at));
      switch (probe.opcode(at)) {
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
        case McapLayout.CHUNK_INDEX -> {
          IndexedChunk chunk = IndexedChunk.read(fields, file, start);
          if (chunk == null) {
            return false;
          }
          chunks.add(chunk);
        }
        default -> {}
      }
      if (fields.broken()) {
        return false;
      }
      at += McapLayout.RECORD_HEAD_BYTES + probe.length(at);
    }
    chunks.sort((a, b) -> Long.compare(a.span().offset(), b.span().offset()));
    return true;
  }

  private boolean counts(MemorySegment file) {
    long sum = 0;
    for (IndexedChunk chunk : chunks) {
      for (int channel : chunk.indexes().keySet()) {
        long count = chunk.messages(file, channel);
        if (count < 0 || !channels.containsKey(channel)) {
          return false;
        }
        messages.merge(channel, count, Long::sum);
        sum += count;
      }
    }
    return sum == statedMessages && chunks.size() == statedChunks && !chunks.isEmpty();
  }
}
