package dev.lockstep.bench.engine;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.checksum.Crc32;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthRun;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One check of a recording of some 64 MB in the page cache, on one thread.
///
/// Floors: `touch` maps the file and reads a word of each cache line; `sum` is its CRC-32. Between
/// them and `check` lie the formats and the rules: `containerOnly` leaves out payloads and labels.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class EngineBenchmark {
  private static final long BYTES = 64_000_000;
  private static final int CACHE_LINE_BYTES = 64;

  /// Sensors as they are recorded (sweeps and images), in each compression; or messages of 100
  /// bytes.
  @Param({"none", "lz4", "zstd", "small"})
  public String drive;

  private Path file;
  private Engine all;
  private Engine containers;

  /// Makes the recording.
  @Setup
  public void make() throws IOException {
    file = Files.createTempFile("lockstep-bench", ".mcap");
    boolean small = drive.equals("small");
    BulkDrive bulk =
        small ? BulkDrive.ofMessages(1, BYTES / 100, 100) : BulkDrive.ofBytes(1, BYTES);
    McapSettings settings = BulkDrive.settings(small ? "none" : drive);
    SynthRun.bulk(file, bulk, settings);
    EngineOptions options = EngineOptions.defaults().withThreads(1);
    all = new Engine(Checks.ALL, options);
    containers = new Engine(Checks.ALL, options.withoutPayloads());
  }

  /// Removes it.
  @TearDown
  public void remove() throws IOException {
    all.close();
    containers.close();
    Files.delete(file);
  }

  /// Floor: the bytes come in.
  @Benchmark
  public long touch() throws IOException {
    try (MappedFile mapped = MappedFile.open(file)) {
      MemorySegment segment = mapped.segment();
      long sum = 0;
      for (long at = 0; at + Long.BYTES <= segment.byteSize(); at += CACHE_LINE_BYTES) {
        sum += segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      }
      return sum;
    }
  }

  /// Floor: the bytes come in and are summed.
  @Benchmark
  public int sum() throws IOException {
    try (MappedFile mapped = MappedFile.open(file)) {
      return Crc32.of(mapped.segment());
    }
  }

  /// Container and recorder times only.
  @Benchmark
  public RecordingResult containerOnly() throws IOException {
    return containers.check(file, drive, new McapFormat());
  }

  /// Everything.
  @Benchmark
  public RecordingResult check() throws IOException {
    return all.check(file, drive, new McapFormat());
  }
}
