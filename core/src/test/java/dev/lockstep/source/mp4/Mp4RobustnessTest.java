package dev.lockstep.source.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files never make the reader throw, hang or grow, and are read the same twice.
class Mp4RobustnessTest {
  private static final int[] ATTACKS = {
    0, 1, 7, 8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x0100_0000, 0x4000_0000
  };

  @TempDir Path folder;

  /// Damage that follows from `seed`: single bits, whole numbers, pieces, ends.
  private static byte[] damaged(byte[] file, long seed, boolean headOnly) {
    Random random = new Random(seed);
    byte[] out = file.clone();
    int room = headOnly ? Math.min(file.length, 4096) : file.length;
    switch (random.nextInt(5)) {
      case 0 -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          out[random.nextInt(room)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> {
        if (room > 4) {
          int at = random.nextInt(room - 4);
          ByteBuffer.wrap(out).putInt(at, ATTACKS[random.nextInt(ATTACKS.length)]);
        }
      }
      case 2 -> out = Arrays.copyOf(out, random.nextInt(file.length + 1));
      case 3 -> {
        int from = random.nextInt(room);
        int to = Math.min(out.length, from + 1 + random.nextInt(64));
        Arrays.fill(out, from, to, (byte) random.nextInt(256));
      }
      default -> {
        int from = random.nextInt(room);
        int length = random.nextInt(200);
        byte[] shorter = new byte[Math.max(0, out.length - length)];
        System.arraycopy(out, 0, shorter, 0, Math.min(from, shorter.length));
        int rest =
            Math.min(shorter.length - Math.min(from, shorter.length), out.length - from - length);
        if (rest > 0) {
          System.arraycopy(out, from + length, shorter, from, rest);
        }
        out = shorter;
      }
    }
    return out;
  }

  private String readTwice(byte[] file, String what) throws IOException {
    Path path = folder.resolve("clip.mp4");
    Files.write(path, file);
    try {
      String once = new ReaderDriver(new Mp4Format()).read(path).text();
      assertThat(new ReaderDriver(new Mp4Format()).steps(file.length / 2).read(path).text())
          .as(what)
          .isEqualTo(once);
      return once;
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
  }

  @Test
  void ownClipsWithDamage() throws IOException {
    int before = MappedFile.openCount();
    for (byte[] file : List.of(Clips.progressive(), Clips.fragmented())) {
      for (long seed = 0; seed < 300; seed++) {
        readTwice(damaged(file, seed, seed % 2 == 0), "seed " + seed + " of " + file.length);
      }
    }
    assertThat(MappedFile.openCount()).isEqualTo(before);
  }

  @Test
  void filesOfOthersWithDamage() throws IOException {
    for (Path path : Mp4SharedDataTest.videos()) {
      byte[] file = Files.readAllBytes(path);
      for (long seed = 0; seed < (file.length > 100_000 ? 6 : 25); seed++) {
        readTwice(damaged(file, seed, seed % 3 != 0), path.getFileName() + " seed " + seed);
      }
    }
  }

  /// Every number in the boxes of a small file, set to what hurts most.
  @Test
  void everyLengthAndCountAttacked() throws IOException {
    byte[] file = Clips.progressive();
    int end = Clips.typeAt(file, "mdat", 0);
    for (int at = 0; at < end; at += 4) {
      for (int value : new int[] {0, 0x7FFF_FFFF, 0xFFFF_FFFF}) {
        byte[] attacked = file.clone();
        ByteBuffer.wrap(attacked).putInt(at, value);
        Files.write(folder.resolve("clip.mp4"), attacked);
        try {
          new ReaderDriver(new Mp4Format()).read(folder.resolve("clip.mp4"));
        } catch (RuntimeException e) {
          throw new AssertionError("byte " + at + " set to " + value, e);
        }
      }
    }
  }

  /// A cut behind the movie box alone leaves what might be an initialisation segment: a note.
  @Test
  void everyCutIsReported() throws IOException {
    for (byte[] file : List.of(Clips.progressive(), Clips.fragmented())) {
      List<Integer> cuts = new ArrayList<>();
      for (int cut = 1; cut < 1200; cut += 7) {
        cuts.add(cut);
      }
      for (int cut = 1201; cut < file.length; cut += 997) {
        cuts.add(cut);
      }
      for (int cut : cuts) {
        assertThat(Clips.read(folder, Arrays.copyOf(file, cut)).defects())
            .as("cut at " + cut + " of " + file.length)
            .isNotEmpty();
      }
    }
  }
}
