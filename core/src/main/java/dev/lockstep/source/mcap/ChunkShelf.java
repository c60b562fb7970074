package dev.lockstep.source.mcap;

import dev.lockstep.source.DamagedIndexException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// The chunks of an indexed file whose messages are asked for, and the messages in them: what is
/// decompressed stays until others push it out, at most [#HELD_BYTES] or one.
final class ChunkShelf implements AutoCloseable {
  /// Bytes of decompressed chunks that are kept: messages of one instant lie in a few chunks.
  private static final long HELD_BYTES = 32L << 20;

  private final ScanContext context;
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  private record Held(IndexedChunk chunk, ChunkContent content) {}

  /// The records of a chunk.
  record Content(MemorySegment segment, long from, long to) {}

  /// Where a message lies: its chunk and its offset there.
  record Place(IndexedChunk chunk, long offset, long logTimeNs) {}

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

  /// Where a chunk lies, held against what the summary says of it.
  ChunkSpan span(IndexedChunk chunk) throws IOException {
    return chunk.span(file(), context.name);
  }

  /// The records of a chunk; those of compressed ones stay until others push them out.
  Content content(IndexedChunk chunk) throws IOException {
    ChunkSpan span = span(chunk);
    long from = span.head().recordsOffset();
    if (span.plain()) {
      return new Content(file(), from, from + span.recordsLength());
    }
    for (Held each : held) {
      if (each.chunk() == chunk) {
        return plain(each.content());
      }
    }
    long size = Math.max(0, span.head().uncompressedSize());
    while (!held.isEmpty() && size + heldBytes() > HELD_BYTES) {
      held.removeLast().content().close();
    }
    UnitDefects defects = new UnitDefects();
    ChunkContent content = ChunkContent.open(context, span, defects);
    if (!content.whole()) {
      content.close();
      throw new DamagedIndexException(
          context.name + ": the chunk at byte " + chunk.offset() + " cannot be read");
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
      throw new DamagedIndexException(context.name + ": a message index points to no message");
    }
    return length - McapLayout.MESSAGE_HEAD_BYTES;
  }

  /// Where the record of a message begins in its chunk.
  long recordAt(Content content, Place place) throws IOException {
    long at = content.from() + place.offset();
    if (place.offset() < 0 || at > content.to() - McapLayout.RECORD_HEAD_BYTES) {
      throw new DamagedIndexException(context.name + ": a message index points past its chunk");
    }
    return at;
  }

  @Override
  public void close() {
    held.forEach(each -> each.content().close());
    context.close();
  }
}
