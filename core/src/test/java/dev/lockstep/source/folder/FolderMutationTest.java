package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.synth.EurocFolder;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever the bytes of layout, tables and arrays are: no exception, and defects that say where.
class FolderMutationTest {
  private static final int ROUNDS = 400;

  @TempDir private Path root;

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] result = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> {
        for (int i = 0; i <= random.nextInt(4); i++) {
          result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> result = Arrays.copyOf(result, random.nextInt(result.length));
      case 2 -> {
        int at = random.nextInt(result.length);
        int length = Math.min(result.length - at, 1 + random.nextInt(20));
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, result, at, length);
      }
      case 3 -> {
        // A piece twice.
        int at = random.nextInt(result.length);
        int length = Math.min(result.length - at, 1 + random.nextInt(60));
        byte[] longer = Arrays.copyOf(result, result.length + length);
        System.arraycopy(result, at, longer, at + length, result.length - at);
        result = longer;
      }
      default -> {
        String[] words = {
          "-", "{", "}", "[", ":", "\t", "999999999999", "*", "'", "\n", ",", "|", "e9"
        };
        byte[] word = words[random.nextInt(words.length)].getBytes(StandardCharsets.UTF_8);
        int at = random.nextInt(result.length);
        int length = Math.min(word.length, result.length - at);
        System.arraycopy(word, 0, result, at, length);
      }
    }
    return result;
  }

  private void survives(Path file, long seed) throws IOException {
    byte[] sound = Files.readAllBytes(file);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Files.write(file, mutate(sound, random));
      RecordedReading reading;
      try {
        reading = RecordedReading.of(new FolderFormat(LabelFormats.ALL), root);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(file + ", seed " + seed + ", round " + round, e);
      }
      for (Defect defect : reading.defects()) {
        boolean located = defect.location().file() != null || defect.location().stream() != null;
        assertThat(located).as("%s, seed %d, round %d: %s", file, seed, round, defect).isTrue();
      }
    }
    Files.write(file, sound);
    assertThat(MappedFile.openCount()).isZero();
  }

  @Test
  void layouts() throws IOException {
    new EurocFolder(1, 2).write(root);
    for (String preset : FolderFormat.presets()) {
      Path layout = root.resolve("lockstep.yaml");
      Files.writeString(layout, FolderFormat.preset(preset));
      survives(layout, preset.hashCode());
    }
  }

  @Test
  void tables() throws IOException {
    new EurocFolder(1, 4).write(root);
    for (String name : List.of("mav0/cam0/data.csv", "mav0/imu0/data.csv")) {
      survives(root.resolve(name), name.hashCode());
    }
  }

  @Test
  void arrays() throws IOException {
    Trees.write(root, "t", Trees.npy(2, 1, 2, 3, 4, 5, 6));
    Files.writeString(
        root.resolve("lockstep.yaml"),
        """
        unit: s
        streams:
          - {stream: a, modality: imu, stamps: {npy: t}}
          - {stream: b, modality: imu, stamps: {npy: t, together: true, column: 1}}
          - {stream: c, modality: imu, stamps: {npy: t, unit: gps-week}}
        """);
    survives(root.resolve("t"), 7);
  }

  @Test
  void clouds() throws IOException {
    String head =
        "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 1\nPOINTS 2\nDATA ";
    Files.writeString(
        root.resolve("lockstep.yaml"),
        "streams:\n"
            + "  - {stream: p, modality: lidar, files: '*.pcd', stamps: {name: '{stamp}.pcd'}}\n");
    for (String kind :
        List.of(
            "ascii\n1 2 3\n4 5 6\n",
            "binary\n" + "\1".repeat(24),
            "binary_compressed\n\4\0\0\0\30\0\0\0abcd")) {
      Files.writeString(root.resolve("1.pcd"), head + kind);
      survives(root.resolve("1.pcd"), kind.hashCode());
    }
  }

  @Test
  void aPatternThatTakesForeverEnds() throws IOException {
    Trees.write(root, "c/" + "a".repeat(200) + ".png", Trees.png(1));
    RecordedReading reading =
        RecordedReading.of(
            FolderFormat.of(
                "streams:\n"
                    + "  - {stream: a, modality: camera, files: c/*.png, stamps: {regex:"
                    + " '(?<stamp>(a+)+)+b'}}\n",
                "x",
                LabelFormats.ALL),
            root);
    assertThat(reading.defectText()).startsWith("error LAYOUT_BROKEN: ");
  }

  @Test
  void linesOfAnyLengthAreRead() throws IOException {
    StringBuilder table = new StringBuilder();
    int[] lengths = {
      0, 1, TextRows.WINDOW - 30, TextRows.WINDOW - 1, TextRows.WINDOW, 3 * TextRows.WINDOW, 5
    };
    for (int i = 0; i < lengths.length; i++) {
      table.append(i + 1).append(',').append("x".repeat(lengths[i])).append('\n');
    }
    Trees.write(root, "a.csv", table.toString());
    RecordedReading reading =
        RecordedReading.of(
            FolderFormat.of(
                "streams:\n  - {stream: a, modality: imu, stamps: {list: a.csv}}\n",
                "x",
                LabelFormats.ALL),
            root);
    assertThat(reading.stampsNs("a")).containsExactly(1, 2, 3, 4, 5, 6, 7);
    long at = reading.read().messages("a").positionsBytes()[6];
    assertThat(table.substring((int) at)).isEqualTo("7,xxxxx\n");
  }
}
