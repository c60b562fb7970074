package dev.lockstep.shadow;

import dev.lockstep.shadow.McapSummary.Chunk;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The message indexes of an MCAP file: how many messages each channel has, and where those of the
/// chunk that was read last begin.
final class McapIndexes {
  /// Bits of a channel in an entry; offsets have the others.
  private static final int CHANNEL_BITS = 16;

  private static final int PAIR_BYTES = 2 * Long.BYTES;

  private final PlainFile file;
  private ByteBuffer bytes = PlainFile.buffer(0);
  private long[] entries = {};

  McapIndexes(PlainFile file) {
    this.file = file;
  }

  /// Where in the records of its chunk message `i` begins, in order of offsets.
  long offset(int i) {
    return entries[i] >>> CHANNEL_BITS;
  }

  /// The channel of message `i`.
  int channel(int i) {
    return (int) entries[i] & (1 << CHANNEL_BITS) - 1;
  }

  /// Adds the messages of all indexes to `counts`, by channel; returns what is wrong with them, or
  /// null.
  @Nullable String countAll(McapSummary summary, Map<Integer, long[]> counts) {
    long total = 0;
    try {
      for (Chunk chunk : summary.chunks()) {
        total += walk(chunk, counts);
      }
    } catch (BufferUnderflowException | IOException e) {
      return "its message indexes cannot be read";
    }
    return total == summary.messages()
        ? null
        : "its indexes know " + total + " of " + summary.messages() + " messages";
  }

  /// Takes the counts of the summary if its chunks are all that hold messages; returns what is
  /// wrong, or null.
  @Nullable String countListed(McapSummary summary, Map<Integer, long[]> counts) {
    if (summary.messages() > 0
        && summary.chunks().stream().allMatch(chunk -> chunk.indexLengthBytes() == 0)) {
      return "it has no message indexes";
    }
    summary.counts().forEach((channel, count) -> counts.put(channel, new long[] {count}));
    long at = Long.BYTES;
    try {
      for (Chunk chunk : summary.chunks()) {
        if (chunk.lengthBytes() < 0
            || chunk.indexLengthBytes() < 0
            || chunk.endBytes() > summary.start()
            || !isFree(at, chunk.offset())) {
          return "its chunk index does not fit its chunks";
        }
        at = chunk.endBytes();
      }
      return isFree(at, summary.start())
          ? null
          : "its chunk index does not list all of its messages";
    } catch (BufferUnderflowException | IOException e) {
      return "its records cannot be read";
    }
  }

  /// Whether whole records without messages lie between two places, up to the end of the data.
  private boolean isFree(long from, long to) throws IOException {
    long at = from;
    while (at < to) {
      ByteBuffer head = file.bytes(at, McapRecords.HEAD_BYTES);
      int opcode = head.get() & 0xFF;
      long length = head.getLong();
      if (length < 0
          || length > to - at - McapRecords.HEAD_BYTES
          || opcode == McapRecords.MESSAGE
          || opcode == McapRecords.CHUNK) {
        return false;
      }
      at += McapRecords.HEAD_BYTES + length;
    }
    return at == to;
  }

  /// Reads the indexes of a chunk, for [#offset] and [#channel].
  ///
  /// @return how many messages they list
  /// @throws BufferUnderflowException if they are not what they should be
  int read(Chunk chunk) throws IOException {
    int total = walk(chunk, null);
    for (int i = 1; i < total; i++) {
      if (entries[i - 1] >= entries[i]) {
        Arrays.sort(entries, 0, total);
        break;
      }
    }
    return total;
  }

  /// Goes through the indexes of a chunk.
  ///
  /// @param counts to count their messages in by channel; null to keep them as entries
  private int walk(Chunk chunk, @Nullable Map<Integer, long[]> counts) throws IOException {
    int size = McapRecords.bounded(chunk.indexLengthBytes());
    long from = chunk.offset() + chunk.lengthBytes();
    if (from < 0 || from > file.lengthBytes() - size) {
      throw new BufferUnderflowException();
    }
    // All indexes of a chunk by one call: far fewer bytes than a window of the file.
    bytes = file.exactly(from, size, bytes);
    int total = 0;
    while (bytes.hasRemaining()) {
      int opcode = bytes.get() & 0xFF;
      long length = bytes.getLong();
      if (opcode != McapRecords.MESSAGE_INDEX || length < 6 || length > bytes.remaining()) {
        throw new BufferUnderflowException();
      }
      int end = bytes.position() + (int) length;
      int channel = McapRecords.u16(bytes);
      int count = bytes.getInt() / PAIR_BYTES;
      if (count < 0 || (long) count * PAIR_BYTES > length - 6) {
        throw new BufferUnderflowException();
      }
      if (counts == null) {
        keep(channel, count, total);
      } else {
        counts.computeIfAbsent(channel, _ -> new long[1])[0] += count;
      }
      total += count;
      bytes.position(end);
    }
    return total;
  }

  /// Keeps the `count` messages of a channel that the bytes list from here on behind `total`
  /// others.
  private void keep(int channel, int count, int total) {
    if (entries.length < total + count) {
      entries = Arrays.copyOf(entries, Math.max(total + count, 2 * entries.length));
    }
    for (int i = 0, at = bytes.position() + Long.BYTES; i < count; i++, at += PAIR_BYTES) {
      long offset = bytes.getLong(at);
      if (offset < 0 || offset >= 1L << Long.SIZE - CHANNEL_BITS - 1) {
        throw new BufferUnderflowException();
      }
      entries[total + i] = offset << CHANNEL_BITS | channel;
    }
  }
}
