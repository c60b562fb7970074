package dev.lockstep.source.mcap;

import dev.lockstep.source.DamagedIndexException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A chunk as the summary describes it. The chunk itself and its message indexes are looked at, and
/// held against the summary, when they are needed: in a large file each is a page of its own.
final class IndexedChunk {
  private static final int OFFSET_AT = 16;
  private static final int LENGTH_AT = 24;
  private static final int MAP_AT = 32;
  private static final int MAP_ENTRY_BYTES = 10;
  private static final int INDEX_OVERHEAD_BYTES =
      McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_INDEX_HEAD_BYTES;

  private final long offset;
  private final long length;
  private final int[] channels;
  private final long[] indexesAt;
  private final int[] counts;
  private @Nullable ChunkSpan span;

  private IndexedChunk(long offset, long length, int[] channels, long[] indexesAt, int[] counts) {
    this.offset = offset;
    this.length = length;
    this.channels = channels;
    this.indexesAt = indexesAt;
    this.counts = counts;
  }

  /// Reads the body of a chunk index record, which is `[at, at + bodyBytes)` of `summary`.
  ///
  /// How many messages a channel has in the chunk follows from where the next message index begins;
  /// where indexes do not lie one behind the other, they are asked.
  ///
  /// @param file the whole file
  /// @param limit end of the data section
  /// @return null if it contradicts itself or what it names
  static @Nullable IndexedChunk read(
      ByteBuffer summary, int at, int bodyBytes, MemorySegment file, long limit) {
    int mapEnd = MAP_AT + Integer.BYTES;
    long mapBytes = bodyBytes < mapEnd ? -1 : Integer.toUnsignedLong(summary.getInt(at + MAP_AT));
    if (mapBytes < 0
        || mapBytes % MAP_ENTRY_BYTES != 0
        || mapBytes > bodyBytes - mapEnd - Long.BYTES) {
      return null;
    }
    long offset = summary.getLong(at + OFFSET_AT);
    long length = summary.getLong(at + LENGTH_AT);
    int count = (int) mapBytes / MAP_ENTRY_BYTES;
    int[] channels = new int[count];
    long[] indexesAt = new long[count];
    for (int i = 0; i < count; i++) {
      int entry = at + mapEnd + i * MAP_ENTRY_BYTES;
      int channel = summary.getShort(entry) & 0xFFFF;
      long index = summary.getLong(entry + Short.BYTES);
      // Nearly always in order already.
      int slot = i;
      while (slot > 0 && indexesAt[slot - 1] > index) {
        indexesAt[slot] = indexesAt[slot - 1];
        channels[slot] = channels[slot - 1];
        slot--;
      }
      indexesAt[slot] = index;
      channels[slot] = channel;
    }
    if (offset < McapLayout.MAGIC_BYTES
        || length <= McapLayout.RECORD_HEAD_BYTES + McapLayout.CHUNK_FIXED_BYTES
        || length > limit - offset
        || count > 0
            && (indexesAt[0] < offset || indexesAt[count - 1] > limit - INDEX_OVERHEAD_BYTES)) {
      return null;
    }
    IndexedChunk chunk = new IndexedChunk(offset, length, channels, indexesAt, new int[count]);
    long indexBytes = summary.getLong(at + mapEnd + (int) mapBytes);
    return chunk.count(indexBytes) || chunk.ask(file) ? chunk : null;
  }

  /// Counts by where the message indexes begin, which take `indexBytes` behind the chunk.
  private boolean count(long indexBytes) {
    for (int i = 0; i < counts.length; i++) {
      long next = i + 1 < counts.length ? indexesAt[i + 1] : end() + indexBytes;
      long entries = next - indexesAt[i] - INDEX_OVERHEAD_BYTES;
      if (i == 0 && indexesAt[0] != end()
          || entries < 0
          || entries > Integer.MAX_VALUE
          || entries % McapLayout.MESSAGE_INDEX_ENTRY_BYTES != 0) {
        return false;
      }
      counts[i] = (int) entries / McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
    }
    return true;
  }

  /// Counts by the message indexes themselves.
  boolean ask(MemorySegment file) {
    for (int i = 0; i < counts.length; i++) {
      long count = stored(file, i);
      if (count < 0 || count > Integer.MAX_VALUE) {
        return false;
      }
      counts[i] = (int) count;
    }
    return true;
  }

  /// Number of entries in a message index; -1 if there is none of that channel.
  private long stored(MemorySegment file, int i) {
    long at = indexesAt[i];
    long length = file.get(McapLayout.U64, at + McapLayout.LENGTH_OFFSET);
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    if ((file.get(McapLayout.U8, at) & 0xFF) != McapLayout.MESSAGE_INDEX
        || length < McapLayout.MESSAGE_INDEX_HEAD_BYTES
        || length > file.byteSize() - body
        || (file.get(McapLayout.U16, body) & 0xFFFF) != channels[i]) {
      return -1;
    }
    long array = Integer.toUnsignedLong(file.get(McapLayout.U32, body + Short.BYTES));
    return array % McapLayout.MESSAGE_INDEX_ENTRY_BYTES == 0
            && array <= length - McapLayout.MESSAGE_INDEX_HEAD_BYTES
        ? array / McapLayout.MESSAGE_INDEX_ENTRY_BYTES
        : -1;
  }

  long offset() {
    return offset;
  }

  /// First byte behind the chunk.
  long end() {
    return offset + length;
  }

  /// Number of channels with a message index.
  int channelCount() {
    return channels.length;
  }

  /// Id of the channel of message index `i`.
  int channel(int i) {
    return channels[i];
  }

  /// Messages of the channel of message index `i`.
  int messages(int i) {
    return counts[i];
  }

  /// The chunk with the fields of its head.
  ///
  /// @param name the file's name
  /// @throws DamagedIndexException if there is no such chunk
  ChunkSpan span(MemorySegment file, String name) throws DamagedIndexException {
    ChunkSpan known = span;
    if (known == null) {
      Fields head = new Fields();
      boolean there =
          (file.get(McapLayout.U8, offset) & 0xFF) == McapLayout.CHUNK
              && file.get(McapLayout.U64, offset + McapLayout.LENGTH_OFFSET)
                  == length - McapLayout.RECORD_HEAD_BYTES;
      if (there) {
        known = ChunkSpan.read(file, offset, length, ChunkSpan.State.WHOLE, head);
      }
      if (known == null || head.broken()) {
        throw new DamagedIndexException(
            name + ": no chunk of " + length + " bytes at byte " + offset);
      }
      span = known;
    }
    return known;
  }

  /// Where the entries of a channel's message index begin in the file.
  ///
  /// @param name the file's name
  /// @throws DamagedIndexException if there are not as many as the summary says
  long entriesAt(MemorySegment file, int channel, String name) throws DamagedIndexException {
    for (int i = 0; i < channels.length; i++) {
      if (channels[i] == channel && stored(file, i) == counts[i]) {
        return indexesAt[i] + INDEX_OVERHEAD_BYTES;
      }
    }
    throw new DamagedIndexException(
        name + ": the chunk at byte " + offset + " has not the message index that was announced");
  }
}
