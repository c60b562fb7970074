package dev.lockstep.codec;

import static dev.lockstep.codec.Samples.offHeap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DecompressorsTest {
  private static final int LENGTH = 1_000_000;

  private static MemorySegment encode(Arena arena, String name, byte[] plain) {
    try (Compressor compressor =
        name.equals(Decompressors.LZ4)
            ? new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT)
            : new ZstdEncoder(3, true)) {
      MemorySegment out = arena.allocate(compressor.maxCompressedBytes(plain.length));
      return out.asSlice(0, compressor.compress(MemorySegment.ofArray(plain), out));
    }
  }

  @Test
  void knowsThreeNames() {
    assertThat(Decompressors.names()).containsExactly("bz2", "lz4", "zstd");
    try (Decompressors decompressors = new Decompressors();
        Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(
              () -> decompressors.decompress("snappy", MemorySegment.NULL, arena.allocate(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("compression: snappy (known: [bz2, lz4, zstd])");
    }
  }

  @Test
  void leavesContentSumsToACallerWhoHasAnother() throws Exception {
    byte[] plain = Samples.TEXT.bytes(100_000, 1);
    try (Arena arena = Arena.ofConfined();
        Decompressors all = new Decompressors();
        Decompressors few = Decompressors.withoutContentSums();
        Lz4FrameEncoder encoder = new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT)) {
      MemorySegment frame = arena.allocate(encoder.maxCompressedBytes(plain.length));
      frame = frame.asSlice(0, encoder.compress(MemorySegment.ofArray(plain), frame));
      MemorySegment out = arena.allocate(plain.length);
      assertThat(few.decompress("lz4", frame, out).outputBytes()).isEqualTo(plain.length);
      assertThat(few.decompress("lz4", frame, out).checksummed()).isFalse();
      assertThat(out.mismatch(MemorySegment.ofArray(plain))).isEqualTo(-1);
      // The last four bytes are the checksum of the content.
      long last = frame.byteSize() - 1;
      frame.set(ValueLayout.JAVA_BYTE, last, (byte) ~frame.get(ValueLayout.JAVA_BYTE, last));
      MemorySegment broken = frame;
      assertThatThrownBy(() -> all.decompress("lz4", broken, out))
          .hasMessageContaining("content checksum");
      assertThat(few.decompress("lz4", broken, out).outputBytes()).isEqualTo(plain.length);
      assertThatThrownBy(() -> few.decompress("lz4", broken.asSlice(0, last), out))
          .isInstanceOf(MalformedCompressionException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void servesManyThreads(String name) throws Exception {
    try (Arena arena = Arena.ofShared();
        Decompressors decompressors = new Decompressors();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] plain = Samples.TEXT.bytes(100_000 + i, i);
        MemorySegment frame = encode(arena, name, plain);
        results.add(
            threads.submit(() -> {
              MemorySegment out = arena.allocate(plain.length);
              for (int round = 0; round < 10; round++) {
                out.fill((byte) 0);
                decompressors.decompress(name, frame, out);
                assertThat(out.mismatch(MemorySegment.ofArray(plain))).isEqualTo(-1);
              }
              return null;
            }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
  }

  /// The library behind zstd would take the process down if it met the fault.
  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void reportsATruncatedFileAndLives(String name, @TempDir Path folder) throws Exception {
    byte[] plain = Samples.POINTS.bytes(LENGTH, 1);
    try (Arena arena = Arena.ofConfined();
        Decompressors decompressors = new Decompressors()) {
      MemorySegment frame = encode(arena, name, plain);
      Path path = folder.resolve("frame");
      byte[] stored = Samples.firstBytes(frame, frame.byteSize());
      MemorySegment out = arena.allocate(LENGTH);
      // Nothing left, some blocks left, all left but the end of the last block.
      long[] lengths = {0, 100_000, stored.length - 8192L};
      for (int round = 0; round < 30; round++) {
        long length = lengths[round % lengths.length];
        Files.write(path, stored);
        try (MappedFile file = MappedFile.open(path)) {
          file.guard(
              0,
              stored.length,
              () -> {
                Decompressed result = decompressors.decompress(name, file.segment(), out);
                assertThat(result.outputBytes()).isEqualTo(LENGTH);
              });
          try (RandomAccessFile shrinking = new RandomAccessFile(path.toFile(), "rw")) {
            shrinking.setLength(length);
          }
          MappedFaultException fault =
              catchThrowableOfType(
                  MappedFaultException.class,
                  () ->
                      file.guard(
                          0,
                          stored.length,
                          () -> decompressors.decompress(name, file.segment(), out)));
          assertThat(fault.offset()).isEqualTo(length);
        }
        Decompressed after = decompressors.decompress(name, frame, out);
        assertThat(after).isEqualTo(new Decompressed(LENGTH, stored.length, true));
        assertThat(out.mismatch(offHeap(arena, plain))).isEqualTo(-1);
      }
    }
  }
}
