package dev.lockstep.codec;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Compresses into zstd frames that tell their content's size.
///
/// The native library is given copies of the input, 1 MiB at a time, so that mapped input cannot
/// fault in it. The output must be native memory, as [dev.lockstep.mapped] gives it.
public final class ZstdEncoder implements Compressor {
  private static final int STAGING_BYTES = 1 << 20;

  /// Longest range that a buffer is made over.
  private static final long VIEW_BYTES = 1 << 30;

  private final int level;
  private final boolean contentChecksum;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);

  /// An encoder at `level` (1 to 22, 3 is zstd's own default), with a checksum of the content if
  /// `contentChecksum`.
  public ZstdEncoder(int level, boolean contentChecksum) {
    this.level = level;
    this.contentChecksum = contentChecksum;
  }

  @Override
  public long maxCompressedBytes(long lengthBytes) {
    // The library's bound (ZSTD_COMPRESSBOUND), rounded up for short inputs.
    return lengthBytes + (lengthBytes >>> 8) + 64;
  }

  @Override
  public long compress(MemorySegment in, MemorySegment out) {
    if (!out.isNative()) {
      throw new IllegalArgumentException("output: heap memory (expected native)");
    }
    long length = in.byteSize();
    if (out.byteSize() < maxCompressedBytes(length)) {
      throw new IllegalArgumentException(
          "output: "
              + out.byteSize()
              + " bytes (expected "
              + maxCompressedBytes(length)
              + " or more)");
    }
    // A reset forgets the settings too.
    context.reset();
    context.setLevel(level).setChecksum(contentChecksum).setPledgedSrcSize(length);
    long ip = 0;
    long op = 0;
    boolean finished = false;
    while (!finished) {
      int count = (int) Math.min(STAGING_BYTES, length - ip);
      MemorySegment.copy(in, ip, MemorySegment.ofBuffer(staging.clear()), 0, count);
      staging.limit(count);
      ip += count;
      EndDirective directive = ip == length ? EndDirective.END : EndDirective.CONTINUE;
      boolean done = false;
      while (!done) {
        ByteBuffer target =
            out.asSlice(op, Math.min(out.byteSize() - op, VIEW_BYTES)).asByteBuffer();
        boolean flushed = context.compressDirectByteBufferStream(target, staging, directive);
        op += target.position();
        done = directive == EndDirective.END ? flushed : !staging.hasRemaining();
      }
      finished = directive == EndDirective.END;
    }
    return op;
  }

  @Override
  public void close() {
    context.close();
  }
}
