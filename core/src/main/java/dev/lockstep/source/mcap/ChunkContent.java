package dev.lockstep.source.mcap;

import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.BlockBuffers;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of one chunk as plain bytes: a part of the mapped file, or decompressed into a
/// buffer that is held until this is closed.
///
/// The stored size is not believed: where the content does not fit it, larger buffers are tried up
/// to the limit of the options.
final class ChunkContent implements AutoCloseable {
  /// First buffer for content whose stored size is impossible, and the factor to the next.
  private static final long FIRST_TRY_BYTES = 1 << 20;

  private static final int NEXT_TRY = 8;

  /// Compressions that MCAP knows.
  private static final List<String> COMPRESSIONS = List.of(Decompressors.LZ4, Decompressors.ZSTD);

  private final ScanContext context;
  private final ChunkSpan chunk;
  private final UnitDefects defects;

  private BlockBuffers.@Nullable Lease lease;
  private MemorySegment segment = MemorySegment.NULL;
  private long from;
  private long to;
  private boolean readable;
  private boolean whole;
  private boolean checksummed;
  private long unexaminedBytes;

  private ChunkContent(ScanContext context, ChunkSpan chunk, UnitDefects defects) {
    this.context = context;
    this.chunk = chunk;
    this.defects = defects;
  }

  /// Makes the content of `chunk` readable, as far as it goes; what is wrong is added to `defects`.
  static ChunkContent open(ScanContext context, ChunkSpan chunk, UnitDefects defects) {
    ChunkContent content = new ChunkContent(context, chunk, defects);
    try {
      content.load();
    } catch (RuntimeException | Error e) {
      content.close();
      throw e;
    }
    return content;
  }

  /// The segment that holds the records, from [#from()] to [#to()].
  MemorySegment segment() {
    return segment;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  /// Whether there is anything to scan.
  boolean readable() {
    return readable;
  }

  /// Whether all of the content is there.
  boolean whole() {
    return whole;
  }

  /// Whether a checksum of the compression itself protects the content and was right.
  boolean checksummed() {
    return checksummed;
  }

  /// Bytes of the file that were left out because of a limit.
  long unexaminedBytes() {
    return unexaminedBytes;
  }

  @Override
  public void close() {
    BlockBuffers.Lease held = lease;
    lease = null;
    if (held != null) {
      held.close();
    }
  }

  private void load() {
    boolean cut = chunk.state() == ChunkSpan.State.CUT;
    long size = chunk.head().uncompressedSize();
    if (chunk.plain()) {
      segment = context.segment();
      from = chunk.head().recordsOffset();
      to = from + chunk.recordsLength();
      readable = true;
      whole = !cut;
      sizeIs(chunk.recordsLength(), cut);
      return;
    }
    String compression = chunk.head().compression();
    if (!COMPRESSIONS.contains(compression)) {
      defect(
          DefectKind.CHUNK_UNREADABLE,
          new Evidence.Violation(
              "compression", "'" + compression + "'", String.join(" or ", COMPRESSIONS)));
      return;
    }
    long limit = context.options.maxBlockBytes();
    MemorySegment in =
        context.segment().asSlice(chunk.head().recordsOffset(), chunk.recordsLength());
    boolean credible = size >= 0 && size <= limit;
    long room = credible ? size : Math.min(limit, FIRST_TRY_BYTES);
    long lastDecoded = -1;
    while (true) {
      BlockBuffers.Lease mine = context.buffers.take(room);
      lease = mine;
      segment = mine.segment();
      try {
        Decompressed done = context.decompressors.decompress(compression, in, segment);
        to = done.outputBytes();
        checksummed = done.checksummed();
        readable = true;
        whole = true;
        if (done.inputBytes() < in.byteSize()) {
          trailing(done.inputBytes(), in.byteSize());
        }
        sizeIs(to, false);
        return;
      } catch (MalformedCompressionException e) {
        if (cut) {
          to = e.decodedBytes();
          readable = true;
          return;
        }
        if (room >= limit || lastDecoded == e.decodedBytes() && credible) {
          failed(e, size, limit);
          return;
        }
        lastDecoded = e.decodedBytes();
        close();
        room = Math.min(limit, Math.max(FIRST_TRY_BYTES, room * NEXT_TRY));
      }
    }
  }

  private void failed(MalformedCompressionException e, long size, long limit) {
    if (size < 0 || size > limit) {
      unexaminedBytes = chunk.length();
      defect(
          DefectKind.CHUNK_TOO_LARGE,
          new Evidence.Violation(
              "decompressed size",
              Long.toUnsignedString(size) + " bytes stored; " + e.what(),
              "at most " + limit));
    } else {
      long at = chunk.head().recordsOffset() + e.offset();
      defects.add(
          e.what().contains("checksum") ? DefectKind.FRAME_CHECKSUM : DefectKind.CHUNK_UNREADABLE,
          Location.bytes(context.name, chunk.offset(), chunk.length()),
          new Evidence.Violation(
              chunk.head().compression() + " frame",
              e.what() + " at byte " + at + " of the file",
              "a whole frame"));
    }
  }

  private void sizeIs(long actual, boolean cut) {
    long stored = chunk.head().uncompressedSize();
    if (stored != actual && !cut) {
      defect(
          DefectKind.CHUNK_SIZE,
          Evidence.Mismatch.ofCount("uncompressed size of the chunk", stored, actual));
    }
  }

  private void trailing(long used, long present) {
    long at = chunk.head().recordsOffset() + used;
    defects.add(
        DefectKind.CODEC_TRAILING,
        Location.bytes(context.name, at, present - used),
        new Evidence.Violation(
            "bytes behind the " + chunk.head().compression() + " frame",
            Long.toString(present - used),
            "0"));
  }

  private void defect(DefectKind kind, Evidence evidence) {
    defects.add(kind, Location.bytes(context.name, chunk.offset(), chunk.length()), evidence);
  }
}
