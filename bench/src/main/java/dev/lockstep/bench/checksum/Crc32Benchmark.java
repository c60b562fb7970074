package dev.lockstep.bench.checksum;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MemoryBudget;
import dev.lockstep.mapped.MemoryBudgetException;
import dev.lockstep.mapped.OffHeap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The CRC of one message after another in memory of 16 MiB, small ones and sweeps.
///
/// Floors: `copy` touches the bytes and no more; `jdkReusedView` is the JDK's checksum over one
/// direct buffer, which may not be used on mapped files (a fault in it ends the process). Naive:
/// `jdkNewView` makes the buffer for each message.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class Crc32Benchmark {
  private static final int MEMORY_BYTES = 16 << 20;

  /// Length of a message.
  @Param({"100", "4096", "1500000"})
  public int messageBytes;

  private OffHeap memory;
  private MemorySegment segment;
  private ByteBuffer view;
  private final CRC32 reused = new CRC32();
  private byte[] target;
  private int position;

  /// Fills the memory with noise.
  @Setup
  public void fill() throws MemoryBudgetException {
    memory = OffHeap.allocate(MEMORY_BYTES, new MemoryBudget(MEMORY_BYTES));
    segment = memory.segment();
    view = segment.asByteBuffer();
    target = new byte[messageBytes];
    byte[] noise = new byte[MEMORY_BYTES];
    RandomGeneratorFactory.of("L64X128MixRandom").create(1).nextBytes(noise);
    MemorySegment.copy(noise, 0, segment, ValueLayout.JAVA_BYTE, 0, noise.length);
  }

  /// Frees the memory.
  @TearDown
  public void free() {
    memory.close();
  }

  private int next() {
    position += messageBytes;
    if (position > MEMORY_BYTES - messageBytes) {
      position = 0;
    }
    return position;
  }

  /// Floor: the bytes are read once.
  @Benchmark
  public byte[] copy() {
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, next(), target, 0, messageBytes);
    return target;
  }

  /// Floor: the JDK's sum in place.
  @Benchmark
  public long jdkReusedView() {
    int from = next();
    reused.reset();
    reused.update(view.limit(from + messageBytes).position(from));
    return reused.getValue();
  }

  /// Naive: a view for each message.
  @Benchmark
  public long jdkNewView() {
    CRC32 crc = new CRC32();
    crc.update(segment.asSlice(next(), messageBytes).asByteBuffer());
    return crc.getValue();
  }

  /// Ours.
  @Benchmark
  public int crc32() {
    return Crc32.of(segment, next(), messageBytes);
  }

  /// Ours, the other polynomial.
  @Benchmark
  public int crc32c() {
    return Crc32c.of(segment, next(), messageBytes);
  }

  /// Ours: what it takes to add a message's sum to that of its block.
  @Benchmark
  public int combine() {
    return Crc32c.combine(next(), 0x12345678, messageBytes);
  }
}
