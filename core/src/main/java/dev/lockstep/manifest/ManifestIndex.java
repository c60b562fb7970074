package dev.lockstep.manifest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// Which batch of a manifest holds which blocks and messages of a stream; one entry for each batch
/// in which the stream has blocks.
final class ManifestIndex {
  private final Map<String, Stream> streams = new LinkedHashMap<>();

  /// The part of a stream that one batch holds.
  ///
  /// @param batch number of the batch
  /// @param firstBlock index in the stream of the first block in it
  record Entry(int batch, int firstBlock) {}

  private static final class Stream {
    final IntArrayList batches = new IntArrayList();
    final IntArrayList firstBlocks = new IntArrayList();
    final LongArrayList firstMessages = new LongArrayList();
    int blocks;
    long messages;
    int chained;

    Entry entry(int at) {
      return new Entry(batches.get(at), firstBlocks.get(at));
    }
  }

  /// Adds a block that lies in `batch` and is the next of its stream.
  void add(String name, int batch, int messages, int chained) {
    Stream stream = streams.computeIfAbsent(name, _ -> new Stream());
    if (stream.batches.isEmpty() || stream.batches.getLast() != batch) {
      stream.batches.add(batch);
      stream.firstBlocks.add(stream.blocks);
      stream.firstMessages.add(stream.messages);
    }
    stream.blocks++;
    stream.messages += messages;
    stream.chained = chained;
  }

  List<String> streams() {
    return List.copyOf(streams.keySet());
  }

  int blocks(String name) {
    @Nullable Stream stream = streams.get(name);
    return stream == null ? 0 : stream.blocks;
  }

  long messages(String name) {
    @Nullable Stream stream = streams.get(name);
    return stream == null ? 0 : stream.messages;
  }

  /// Chained CRC of the last block, 0 where there is none.
  int chained(String name) {
    @Nullable Stream stream = streams.get(name);
    return stream == null ? 0 : stream.chained;
  }

  /// @throws IndexOutOfBoundsException if there is no such block
  Entry entryOfBlock(String name, int block) {
    @Nullable Stream stream = streams.get(name);
    if (stream == null || block < 0 || block >= stream.blocks) {
      throw new IndexOutOfBoundsException("block " + block + " of " + name);
    }
    int at = stream.firstBlocks.binarySearch(block);
    return stream.entry(at >= 0 ? at : -at - 2);
  }

  /// @throws IndexOutOfBoundsException if there is no such message
  Entry entryOfMessage(String name, long message) {
    @Nullable Stream stream = streams.get(name);
    if (stream == null || message < 0 || message >= stream.messages) {
      throw new IndexOutOfBoundsException("message " + message + " of " + name);
    }
    int at = stream.firstMessages.binarySearch(message);
    return stream.entry(at >= 0 ? at : -at - 2);
  }
}
