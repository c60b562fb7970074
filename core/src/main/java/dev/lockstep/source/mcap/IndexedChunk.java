package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A chunk as the summary describes it.
///
/// @param span the chunk
/// @param indexes where the message index of each channel begins in the file
record IndexedChunk(ChunkSpan span, Map<Integer, Long> indexes) {

  /// Reads the chunk index entry that `fields` stand on, and the head of the chunk that it names.
  ///
  /// @param file the whole file
  /// @param limit end of the data section
  /// @return null if entry and chunk contradict each other
  static @Nullable IndexedChunk read(Fields fields, MemorySegment file, long limit) {
    fields.skip(2L * Long.BYTES);
    long offset = fields.i64();
    long length = fields.i64();
    long mapEnd = fields.u32() + fields.position();
    Map<Integer, Long> indexes = new TreeMap<>();
    while (!fields.broken() && fields.position() < mapEnd) {
      indexes.put(fields.u16(), fields.i64());
    }
    if (fields.broken()
        || offset < McapLayout.MAGIC_BYTES
        || length <= McapLayout.RECORD_HEAD_BYTES + McapLayout.CHUNK_FIXED_BYTES
        || length > limit - offset
        || (file.get(McapLayout.U8, offset) & 0xFF) != McapLayout.CHUNK
        || file.get(McapLayout.U64, offset + McapLayout.LENGTH_OFFSET)
            != length - McapLayout.RECORD_HEAD_BYTES) {
      return null;
    }
    for (long at : indexes.values()) {
      if (at < offset || at > limit - McapLayout.RECORD_HEAD_BYTES) {
        return null;
      }
    }
    Fields head = new Fields();
    ChunkSpan span = ChunkSpan.read(file, offset, length, ChunkSpan.State.WHOLE, head);
    return head.broken() ? null : new IndexedChunk(span, indexes);
  }

  /// Messages of a channel, by the length of their index; -1 if that is no message index.
  long messages(MemorySegment file, int channel) {
    Long at = indexes.get(channel);
    if (at == null) {
      return 0;
    }
    long length = file.get(McapLayout.U64, at + McapLayout.LENGTH_OFFSET);
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    if ((file.get(McapLayout.U8, at) & 0xFF) != McapLayout.MESSAGE_INDEX
        || length < McapLayout.MESSAGE_INDEX_HEAD_BYTES
        || length > file.byteSize() - body
        || (file.get(McapLayout.U16, body) & 0xFFFF) != channel) {
      return -1;
    }
    long array = Integer.toUnsignedLong(file.get(McapLayout.U32, body + Short.BYTES));
    return array % McapLayout.MESSAGE_INDEX_ENTRY_BYTES == 0
            && array <= length - McapLayout.MESSAGE_INDEX_HEAD_BYTES
        ? array / McapLayout.MESSAGE_INDEX_ENTRY_BYTES
        : -1;
  }

  /// Where the entries of a channel's message index begin in the file.
  long entriesAt(int channel) {
    Long at = indexes.get(channel);
    return (at == null ? 0 : at)
        + McapLayout.RECORD_HEAD_BYTES
        + McapLayout.MESSAGE_INDEX_HEAD_BYTES;
  }
}
