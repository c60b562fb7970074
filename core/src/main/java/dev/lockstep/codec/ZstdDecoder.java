package dev.lockstep.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Decompresses zstd frames, with or without content size, all checksums verified; frames that need
/// a dictionary or a window above 128 MiB are refused.
///
/// The work is done by the native library, which a fault would take down together with the process.
/// So it never sees mapped memory: such input is copied to a buffer of [#STAGING_BYTES] first, in
/// pieces where a frame is longer. The output must be native memory, as [dev.lockstep.mapped] gives
/// it, and must not be freed meanwhile.
///
/// Private memory: that buffer, made on first need, and 0.2 MiB of the library's; for a frame
/// longer than the buffer also its window, which is 8 MiB at most at the usual levels.
public final class ZstdDecoder implements Decompressor {
  /// Mapped frames up to this length are decompressed in one call, which is 6 % faster than in
  /// pieces; the usual chunks of recordings are below it.
  public static final int STAGING_BYTES = 4 << 20;

  /// The library's own limit where it decompresses in pieces, and that of the zstd command line
  /// tool.
  private static final int MAX_WINDOW_LOG = 27;

  /// Longest range that a buffer is made over.
  private static final long VIEW_BYTES = 1 << 30;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private Optional<ByteBuffer> staging = Optional.empty();

  @Override
  public Decompressed decompress(MemorySegment in, MemorySegment out)
      throws MalformedCompressionException {
    if (!out.isNative()) {
      throw new IllegalArgumentException("output: heap memory (expected native)");
    }
    long ip = 0;
    long op = 0;
    boolean checksummed = true;
    boolean first = true;
    while (first || startsFrame(in, ip)) {
      first = false;
      if (isSkippable(in, ip)) {
        ip = skip(in, ip, op);
        continue;
      }
      ZstdFrameHeader header = ZstdFrameHeader.read(in, ip, op);
      checkSupported(header, ip, op, out.byteSize() - op);
      long end = frameEnd(in, ip, header, op);
      op += frame(in, ip, end, header, out, op);
      ip = end;
      checksummed &= header.hasContentChecksum();
    }
    return new Decompressed(op, ip, checksummed);
  }

  @Override
  public void close() {
    context.close();
    staging = Optional.empty();
  }

  private static boolean isSkippable(MemorySegment in, long ip) {
    return in.byteSize() - ip >= Integer.BYTES
        && (in.get(INT, ip) & Lz4Layout.SKIPPABLE_MASK) == Lz4Layout.SKIPPABLE_MAGIC;
  }

  private static boolean startsFrame(MemorySegment in, long ip) {
    return isSkippable(in, ip)
        || (in.byteSize() - ip >= Integer.BYTES && in.get(INT, ip) == ZstdLayout.MAGIC);
  }

  private static long skip(MemorySegment in, long ip, long op)
      throws MalformedCompressionException {
    long left = in.byteSize() - ip - Lz4Layout.SKIPPABLE_HEAD_BYTES;
    if (left < 0) {
      throw new MalformedCompressionException(ip, "ends within a skippable frame's head", op);
    }
    long size = in.get(INT, ip + Integer.BYTES) & 0xFFFF_FFFFL;
    if (size > left) {
      throw new MalformedCompressionException(
          ip, "skippable frame: " + size + " bytes (" + left + " left)", op);
    }
    return ip + Lz4Layout.SKIPPABLE_HEAD_BYTES + size;
  }

  private static void checkSupported(ZstdFrameHeader header, long ip, long op, long room)
      throws MalformedCompressionException {
    if (header.dictionaryId() != 0) {
      throw new MalformedCompressionException(
          ip, "frame needs dictionary " + header.dictionaryId() + " (not supported)", op);
    }
    if (header.contentSizeBytes() > room) {
      throw new MalformedCompressionException(
          ip,
          "content size: "
              + header.contentSizeBytes()
              + " (the output takes "
              + room
              + " bytes more)",
          op);
    }
    if (header.windowBytes() > 1L << MAX_WINDOW_LOG) {
      throw new MalformedCompressionException(
          ip,
          "window: " + header.windowBytes() + " bytes (at most " + (1L << MAX_WINDOW_LOG) + ")",
          op);
    }
  }

  /// Follows the heads of the blocks to where the frame ends.
  private static long frameEnd(MemorySegment in, long start, ZstdFrameHeader header, long op)
      throws MalformedCompressionException {
    long ip = start + header.headerBytes();
    boolean last = false;
    while (!last) {
      long next = blockEnd(in, ip, op);
      last = (in.get(ValueLayout.JAVA_BYTE, ip) & 1) != 0;
      ip = next;
    }
    if (header.hasContentChecksum()) {
      if (in.byteSize() - ip < ZstdLayout.CHECKSUM_BYTES) {
        throw new MalformedCompressionException(ip, "ends within the content checksum", op);
      }
      ip += ZstdLayout.CHECKSUM_BYTES;
    }
    return ip;
  }

  private static long blockEnd(MemorySegment in, long ip, long op)
      throws MalformedCompressionException {
    long left = in.byteSize() - ip - ZstdLayout.BLOCK_HEAD_BYTES;
    if (left < 0) {
      throw new MalformedCompressionException(ip, "ends within a block's head", op);
    }
    int head =
        (in.get(ValueLayout.JAVA_BYTE, ip) & 0xFF)
            | ((in.get(ValueLayout.JAVA_BYTE, ip + 1) & 0xFF) << 8)
            | ((in.get(ValueLayout.JAVA_BYTE, ip + 2) & 0xFF) << 16);
    int type = (head >>> 1) & 3;
    int size = head >>> 3;
    if (type == ZstdLayout.BLOCK_RESERVED) {
      throw new MalformedCompressionException(ip, "block type: 3 (expected 0 to 2)", op);
    }
    if (size > ZstdLayout.MAX_BLOCK_BYTES) {
      throw new MalformedCompressionException(
          ip, "block size: " + size + " (expected " + ZstdLayout.MAX_BLOCK_BYTES + " or less)", op);
    }
    int stored = type == ZstdLayout.BLOCK_REPEATED ? 1 : size;
    if (stored > left) {
      throw new MalformedCompressionException(
          ip, "block size: " + stored + " (" + left + " bytes left)", op);
    }
    return ip + ZstdLayout.BLOCK_HEAD_BYTES + stored;
  }

  /// Decodes the frame from `start` to `end` of `in` to `op` of `out`; returns its content's
  /// length.
  private long frame(
      MemorySegment in, long start, long end, ZstdFrameHeader header, MemorySegment out, long op)
      throws MalformedCompressionException {
    long length = end - start;
    boolean direct = in.isNative() && !in.isMapped();
    long room = out.byteSize() - op;
    if (length <= (direct ? VIEW_BYTES : STAGING_BYTES)) {
      ByteBuffer source = direct ? in.asSlice(start, length).asByteBuffer() : stage(in, start, end);
      ByteBuffer target = out.asSlice(op, Math.min(room, VIEW_BYTES)).asByteBuffer();
      try {
        return context.decompressDirectByteBuffer(
            target, 0, target.capacity(), source, source.position(), source.remaining());
      } catch (ZstdException e) {
        // Again, block by block, which finds the place and what is good before it.
      }
    }
    return frameByBlocks(in, start, end, header, out, op);
  }

  private long frameByBlocks(
      MemorySegment in,
      long start,
      long end,
      ZstdFrameHeader header,
      MemorySegment out,
      long outStart)
      throws MalformedCompressionException {
    context.reset();
    long ip = start;
    long op = outStart;
    long blockStart = start;
    boolean finished = false;
    while (ip < end) {
      long next = ip == start ? start + header.headerBytes() : blockEnd(in, ip, op);
      if (next + ZstdLayout.CHECKSUM_BYTES >= end) {
        next = end;
      }
      blockStart = ip;
      ByteBuffer source = stage(in, ip, next);
      boolean full = false;
      while (source.hasRemaining() || full) {
        MemorySegment free = out.asSlice(op, Math.min(out.byteSize() - op, VIEW_BYTES));
        ByteBuffer target = free.asByteBuffer();
        int before = source.remaining();
        try {
          finished = context.decompressDirectByteBufferStream(target, source);
        } catch (ZstdException e) {
          throw new MalformedCompressionException(blockStart, what(e), op);
        }
        op += target.position();
        if (target.position() == 0 && source.remaining() == before) {
          throw tooLong(blockStart, out, op);
        }
        full = !finished && !target.hasRemaining() && op < out.byteSize();
      }
      ip = next;
    }
    if (!finished) {
      throw tooLong(blockStart, out, op);
    }
    return op - outStart;
  }

  private static MalformedCompressionException tooLong(long offset, MemorySegment out, long op) {
    return new MalformedCompressionException(
        offset, "content: more than the " + out.byteSize() + " bytes of the output", op);
  }

  private static String what(ZstdException e) {
    // The library's binding gives codes of this call with their sign reversed.
    return Math.abs(e.getErrorCode()) == Zstd.errChecksumWrong()
        ? "content checksum does not match"
        : "zstd: " + e.getMessage();
  }

  private ByteBuffer stage(MemorySegment in, long from, long to) {
    ByteBuffer buffer = staging.orElseGet(() -> ByteBuffer.allocateDirect(STAGING_BYTES));
    staging = Optional.of(buffer);
    int length = (int) (to - from);
    MemorySegment.copy(in, from, MemorySegment.ofBuffer(buffer.clear()), 0, length);
    return buffer.limit(length);
  }
}
