package dev.lockstep.source.mcap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// The chunks of a file whose messages are asked for: decompressed ones stay until others push them
/// out, at most [#HELD_BYTES] or one.
final class ChunkShelf implements AutoCloseable {
  /// Bytes of decompressed chunks that are kept: messages of one instant lie in a few chunks.
  private static final long HELD_BYTES = 32L << 20;

  private final ScanContext context;
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  private record Held(IndexedChunk chunk, ChunkContent content) {}

  /// The records of a chunk.
  record Content(MemorySegment segment, long from, long to) {}

  /// A shelf with nothing on it; closes `context` when it is closed.
  ChunkShelf(ScanContext context) {
    this.context = context;
  }

  /// Name of the file.
  String name() {
    return context.name;
  }

  /// All bytes of the file.
  MemorySegment file() {
    return context.file.segment();
  }

  /// The records of a chunk.
  Content content(IndexedChunk chunk) throws IOException {
    long from = chunk.span().head().recordsOffset();
    if (chunk.span().plain()) {
      return new Content(file(), from, from + chunk.span().recordsLength());
    }
    for (Held each : held) {
      if (each.chunk().span().offset() == chunk.span().offset()) {
        return plain(each.content());
      }
    }
    long size = Math.max(0, chunk.span().head().uncompressedSize());
    while (!held.isEmpty() && size + heldBytes() > HELD_BYTES) {
      held.removeLast().content().close();
    }
    UnitDefects defects = new UnitDefects();
    ChunkContent content = ChunkContent.open(context, chunk.span(), defects);
    if (!content.whole()) {
      content.close();
      throw new IOException(
          context.name + ": the chunk at byte " + chunk.span().offset() + " cannot be read");
    }
    held.addFirst(new Held(chunk, content));
    return plain(content);
  }

  private static Content plain(ChunkContent content) {
    return new Content(content.segment(), content.from(), content.to());
  }

  private long heldBytes() {
    return held.stream().mapToLong(each -> each.content().to()).sum();
  }

  /// Payload bytes of the message record at `at`.
  long payloadLength(Content content, long at) throws IOException {
    long left = content.to() - at - McapLayout.RECORD_HEAD_BYTES;
    long length =
        left < McapLayout.MESSAGE_HEAD_BYTES
            ? -1
            : content.segment().get(McapLayout.U64, at + McapLayout.LENGTH_OFFSET);
    if (length < McapLayout.MESSAGE_HEAD_BYTES
        || length > left
        || (content.segment().get(McapLayout.U8, at) & 0xFF) != McapLayout.MESSAGE) {
      throw new IOException(context.name + ": a message index points to no message");
    }
    return length - McapLayout.MESSAGE_HEAD_BYTES;
  }

  @Override
  public void close() {
    held.forEach(each -> each.content().close());
    context.close();
  }
}
