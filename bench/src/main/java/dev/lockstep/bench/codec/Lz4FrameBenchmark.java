package dev.lockstep.bench.codec;

import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.Lz4FrameDecoder;
import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.mapped.MemoryBudget;
import dev.lockstep.mapped.MemoryBudgetException;
import dev.lockstep.mapped.OffHeap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Decompression of 1 MiB of LiDAR points; an operation is the whole of it.
///
/// Floors: `copy` writes the result and no more; `nativeBlock` is the C library on one raw block,
/// without frames or checksums. Naive: the usual stream of lz4-java, which cannot read linked
/// blocks at all.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class Lz4FrameBenchmark {
  private static final int CONTENT_BYTES = 1 << 20;

  private OffHeap memory;
  private MemorySegment plain;
  private MemorySegment out;
  private MemorySegment linked;
  private MemorySegment linkedUnsummed;
  private byte[] independent;
  private byte[] block;
  private byte[] blockOut;
  private Lz4FrameDecoder decoder;
  private Lz4FrameEncoder encoder;

  /// Compresses the points in every form that is read.
  @Setup
  public void compress() throws MemoryBudgetException {
    long bytes = 5L * CONTENT_BYTES;
    memory = OffHeap.allocate(bytes, new MemoryBudget(bytes));
    byte[] content = PointSweeps.bytes(CONTENT_BYTES);
    plain = memory.segment().asSlice(0, CONTENT_BYTES);
    plain.copyFrom(MemorySegment.ofArray(content));
    out = memory.segment().asSlice(CONTENT_BYTES, CONTENT_BYTES + CONTENT_BYTES / 2);
    linked = encode(new Lz4FrameEncoder.Options(4, true, false, true, false));
    linkedUnsummed = encode(new Lz4FrameEncoder.Options(4, true, false, false, false));
    independent = encode(Lz4FrameEncoder.Options.DEFAULT).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment rest = memory.segment().asSlice(3L * CONTENT_BYTES);
    linked = rest.asSlice(0, linked.byteSize()).copyFrom(linked);
    block = LZ4Factory.nativeInstance().fastCompressor().compress(content);
    blockOut = new byte[CONTENT_BYTES];
    decoder = new Lz4FrameDecoder();
    encoder = new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT);
  }

  private MemorySegment encode(Lz4FrameEncoder.Options options) {
    try (Lz4FrameEncoder frames = new Lz4FrameEncoder(options)) {
      byte[] frame = new byte[(int) frames.maxCompressedBytes(CONTENT_BYTES)];
      MemorySegment target = MemorySegment.ofArray(frame);
      return target.asSlice(0, frames.compress(plain, target));
    }
  }

  /// Frees the memory.
  @TearDown
  public void free() {
    decoder.close();
    encoder.close();
    memory.close();
  }

  /// Floor: the result is written once.
  @Benchmark
  public MemorySegment copy() {
    return out.asSlice(0, CONTENT_BYTES).copyFrom(plain);
  }

  /// Floor: the C library, one block, no checksum.
  @Benchmark
  public int nativeBlock() {
    return LZ4Factory.nativeInstance()
        .safeDecompressor()
        .decompress(block, 0, block.length, blockOut, 0);
  }

  /// Naive: a stream over independent blocks, checksums verified.
  @Benchmark
  public int streamOfIndependentBlocks() throws IOException {
    try (LZ4FrameInputStream in = new LZ4FrameInputStream(new ByteArrayInputStream(independent))) {
      return in.readNBytes(blockOut, 0, CONTENT_BYTES);
    }
  }

  /// Ours: linked blocks, content checksum verified.
  @Benchmark
  public Decompressed linkedBlocks() throws MalformedCompressionException {
    return decoder.decompress(linked, out);
  }

  /// Ours: linked blocks without a checksum, as most recorders write them.
  @Benchmark
  public Decompressed linkedBlocksWithoutChecksum() throws MalformedCompressionException {
    return decoder.decompress(linkedUnsummed, out);
  }

  /// Ours: compression.
  @Benchmark
  public long encode() {
    return encoder.compress(plain, out);
  }
}
