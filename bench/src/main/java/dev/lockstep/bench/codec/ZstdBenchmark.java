package dev.lockstep.bench.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.codec.ZstdDecoder;
import dev.lockstep.codec.ZstdEncoder;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.MemoryBudget;
import dev.lockstep.mapped.MemoryBudgetException;
import dev.lockstep.mapped.OffHeap;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
/// Floors: `copy` writes the result and no more; `library` is the C library in place, which may not
/// be used on mapped files. Naive: the library's call on arrays, which copies in and out. Ours
/// reads a mapped file.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ZstdBenchmark {
  private static final int CONTENT_BYTES = 1 << 20;
  private static final int LEVEL = 3;

  private OffHeap memory;
  private MemorySegment plain;
  private MemorySegment out;
  private MemorySegment frame;
  private byte[] frameArray;
  private Path path;
  private MappedFile mapped;
  private ZstdDecoder decoder;
  private ZstdDecompressCtx library;

  /// Compresses the points to memory and to a file.
  @Setup
  public void compress() throws MemoryBudgetException, IOException {
    long bytes = 4L * CONTENT_BYTES;
    memory = OffHeap.allocate(bytes, new MemoryBudget(bytes));
    plain = memory.segment().asSlice(0, CONTENT_BYTES);
    plain.copyFrom(MemorySegment.ofArray(PointSweeps.bytes(CONTENT_BYTES)));
    out = memory.segment().asSlice(CONTENT_BYTES, CONTENT_BYTES);
    MemorySegment rest = memory.segment().asSlice(2L * CONTENT_BYTES);
    try (ZstdEncoder encoder = new ZstdEncoder(LEVEL, false)) {
      frame = rest.asSlice(0, encoder.compress(plain, rest));
    }
    frameArray = frame.toArray(ValueLayout.JAVA_BYTE);
    path = Files.write(Files.createTempFile("zstd", ".bench"), frameArray);
    mapped = MappedFile.open(path);
    decoder = new ZstdDecoder();
    library = new ZstdDecompressCtx();
  }

  /// Frees memory and file.
  @TearDown
  public void free() throws IOException {
    decoder.close();
    library.close();
    mapped.close();
    Files.delete(path);
    memory.close();
  }

  /// Floor: the result is written once.
  @Benchmark
  public MemorySegment copy() {
    return out.copyFrom(plain);
  }

  /// Floor: the C library in place.
  @Benchmark
  public int library() {
    return library.decompressDirectByteBuffer(
        out.asByteBuffer(), 0, CONTENT_BYTES, frame.asByteBuffer(), 0, (int) frame.byteSize());
  }

  /// Naive: arrays in and out.
  @Benchmark
  public MemorySegment arrays() {
    byte[] input = mapped.segment().toArray(ValueLayout.JAVA_BYTE);
    return out.copyFrom(MemorySegment.ofArray(Zstd.decompress(input, CONTENT_BYTES)));
  }

  /// Ours, from a mapped file.
  @Benchmark
  public Decompressed mappedFile() throws MalformedCompressionException {
    return decoder.decompress(mapped.segment(), out);
  }
}
