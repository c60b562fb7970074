package dev.lockstep.source.mcap;

import java.util.Arrays;

/// Which chunks hold the messages of one channel, and how many each.
final class ChannelChunks {
  private static final ChannelChunks NONE = new ChannelChunks();

  private int size;
  private int[] chunks = new int[0];
  private int[] firsts = new int[1];

  private ChannelChunks() {}

  /// The chunks of every channel, by its id.
  static ChannelChunks[] of(SummaryIndex summary) {
    ChannelChunks[] all = new ChannelChunks[McapLayout.CHANNELS];
    Arrays.fill(all, NONE);
    for (int c = 0; c < summary.chunks.size(); c++) {
      IndexedChunk chunk = summary.chunks.get(c);
      for (int i = 0; i < chunk.channelCount(); i++) {
        if (chunk.messages(i) > 0) {
          int channel = chunk.channel(i);
          if (all[channel] == NONE) {
            all[channel] = new ChannelChunks();
          }
          all[channel].add(c, chunk.messages(i));
        }
      }
    }
    return all;
  }

  private void add(int chunk, int messages) {
    if (size == chunks.length) {
      int room = Math.max(16, size * 2);
      chunks = Arrays.copyOf(chunks, room);
      firsts = Arrays.copyOf(firsts, room + 1);
    }
    chunks[size++] = chunk;
    // More cannot be told apart; no channel comes near.
    firsts[size] = (int) Math.min(Integer.MAX_VALUE - 8L, (long) firsts[size - 1] + messages);
  }

  /// Messages of the channel.
  int messages() {
    return firsts[size];
  }

  /// Number of the chunk that holds the channel's `nth` messages.
  int chunk(int nth) {
    return chunks[nth];
  }

  /// First message of the channel in its `nth` chunk; behind the last, their number.
  int first(int nth) {
    return firsts[nth];
  }

  /// The chunk of the channel, from 0, that holds message `i`.
  int holding(int i) {
    int found = Arrays.binarySearch(firsts, 0, size, i);
    return found >= 0 ? found : -found - 2;
  }

  /// Which chunk of the channel, from 0, that of number `chunk` is; negative if it is none.
  int nth(int chunk) {
    return Arrays.binarySearch(chunks, 0, size, chunk);
  }
}
