package dev.lockstep.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file far larger than the memory of most machines, made of one hole and a few written bytes.
final class HugeFileTest {
  private static final long LENGTH = 20L << 30;
  private static final long MIB = 1L << 20;

  /// Each fault may make the system read megabytes ahead, so few of them.
  private static final long STRIDE_BYTES = 256 * MIB;

  private static final Path SMAPS = Path.of("/proc/self/smaps_rollup");

  /// What the heap and the compiler may take or give back meanwhile.
  private static final long NOISE_KIB = 128 * 1024;

  private static Path sparseFile(Path folder) throws IOException {
    Path path = folder.resolve("huge.bin");
    long freeBefore = Files.getFileStore(folder).getUsableSpace();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(LENGTH);
      file.seek(LENGTH - 8);
      file.writeLong(0x0102030405060708L);
    } catch (IOException e) {
      abort("no file of 20 GiB can be made in " + folder + ": " + e.getMessage());
    }
    long taken = freeBefore - Files.getFileStore(folder).getUsableSpace();
    assumeTrue(taken < LENGTH / 2, "the file system of " + folder + " has no sparse files");
    return path;
  }

  private static long kibibytes(List<String> rollup, String field) {
    for (String line : rollup) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError(field + " not in " + rollup);
  }

  private static long privateKibibytes() throws IOException {
    List<String> rollup = Files.readAllLines(SMAPS);
    return Math.max(kibibytes(rollup, "Anonymous"), kibibytes(rollup, "Private_Dirty"));
  }

  @Test
  void takesNoPrivateMemoryHoweverLargeTheFile(@TempDir Path folder) throws IOException {
    assumeTrue(Files.isReadable(SMAPS), SMAPS + " is not there");
    Path path = sparseFile(folder);
    long before = privateKibibytes();
    try (MappedFile file = MappedFile.open(path)) {
      MemorySegment segment = file.segment();
      assertThat(segment.byteSize()).isEqualTo(LENGTH);
      long sum = 0;
      for (long offset = 0; offset < LENGTH; offset += STRIDE_BYTES) {
        sum += segment.get(ValueLayout.JAVA_BYTE, offset);
      }
      assertThat(sum).isZero();
      assertThat(segment.get(ValueLayout.JAVA_BYTE, LENGTH - 1)).isEqualTo((byte) 8);
      assertThat(privateKibibytes() - before).isLessThan(NOISE_KIB);
    }
  }

  @Test
  void sumsRangesBeyondTwoGibibytes(@TempDir Path folder) throws IOException {
    Path path = sparseFile(folder);
    long length = (2L << 30) + 12_345;
    try (MappedFile file = MappedFile.open(path)) {
      MemorySegment segment = file.segment();
      int tail32 = Crc32.of(segment, LENGTH - 20, 20);
      int tail32c = Crc32c.of(segment, LENGTH - 20, 20);
      MemorySegment zeros = MemorySegment.ofArray(new byte[1 << 20]);
      int hole32 = 0;
      int hole32c = 0;
      for (long left = length - 20; left > 0; left -= MIB) {
        long part = Math.min(MIB, left);
        hole32 = Crc32.combine(hole32, Crc32.of(zeros, 0, part), part);
        hole32c = Crc32c.combine(hole32c, Crc32c.of(zeros, 0, part), part);
      }
      assertThat(Crc32.of(segment, LENGTH - length, length))
          .isEqualTo(Crc32.combine(hole32, tail32, 20));
      assertThat(Crc32c.of(segment, LENGTH - length, length))
          .isEqualTo(Crc32c.combine(hole32c, tail32c, 20));
    }
  }
}
