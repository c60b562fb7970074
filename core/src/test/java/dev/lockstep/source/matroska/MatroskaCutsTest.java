package dev.lockstep.source.matroska;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingCutter.Plan;
import dev.lockstep.source.RecordingCutter.Window;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.Cuts;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Faults of Matroska files are cut out: in clusters, blocks, cues, sums, lengths and frames.
class MatroskaCutsTest {
  private static final int FRAMES = 150;
  private static final VideoClip CLIP = new VideoClip(3, FRAMES, 25);
  private static final byte[] FILE = CLIP.matroska().file(10);
  private static final byte[] LIVE = CLIP.matroska().live(10);

  private static final String CLUSTER_ID = "\u001FC\u00B6u";
  private static final String CUES_ID = "\u001CS\u00BBk";

  private final Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  /// Something wrong with a file.
  enum Fault {
    // A cluster is an id of 4 bytes, a size of 4, a checksum of 6, and the time, E7 84 and 4 bytes.
    CLUSTER_TIME(FILE, file -> set(file, at(file, CLUSTER_ID, 7) + 16, 3_000_000)),
    CLUSTER_TIME_BACK(LIVE, file -> set(file, at(file, CLUSTER_ID, 7) + 14, 1_000)),
    FLIPPED_BIT(FILE, file -> flipped(file, at(file, CLUSTER_ID, 7) + 900)),
    WRONG_SUM(FILE, file -> set(file, at(file, CLUSTER_ID, 7) + 10, 0x12345678)),
    CLUSTER_SIZE(FILE, file -> set(file, at(file, CLUSTER_ID, 7) + 4, 0x1700_0000)),
    CLUSTER_SIZE_SHORT(FILE, file -> set(file, at(file, CLUSTER_ID, 7) + 4, 0x1000_0100)),
    CLUSTER_ID_LOST(FILE, file -> set(file, at(file, CLUSTER_ID, 7), 0)),
    BLOCK_SIZE(LIVE, file -> set(file, at(file, CLUSTER_ID, 7) + 19, 0x1700_0000)),
    // Nothing in place of the checksum, which would be what is wrong.
    CUE(
        FILE,
        file ->
            set(
                set(file, at(file, CUES_ID, 0) + 8, 0xEC84_0000),
                at(file, CUES_ID, 0) + 14 + 22 * 7 + 18,
                77)),
    TRUNCATED(FILE, file -> Arrays.copyOf(file, file.length * 2 / 3)),
    LIVE_TRUNCATED(LIVE, file -> Arrays.copyOf(file, file.length * 2 / 3)),
    TRAILING(FILE, file -> Arrays.copyOf(file, file.length + 5_000)),
    HEAD(FILE, file -> set(file, 0, 0x1A45_DFA2)),
    CLUSTER_LOST(LIVE, file -> without(file, 7)),
    CLUSTER_TWICE(LIVE, file -> twice(file, 7)),
    FRAME(LIVE, file -> damaged(file, at(file, CLUSTER_ID, 7) + 300)),
    ZEROS(FILE, file -> damaged(file, at(file, CLUSTER_ID, 7) - 300)),
    STRAY_TRACK(LIVE, file -> stray(file)),
    MARK(FILE, file -> marked(file));

    private final byte[] file;
    private final Damage damage;

    Fault(byte[] file, Damage damage) {
      this.file = file;
      this.damage = damage;
    }
  }

  private interface Damage {
    byte[] of(byte[] file);
  }

  private static int at(byte[] file, String id, int n) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(id);
    for (int i = 0; i < n; i++) {
      at = text.indexOf(id, at + 1);
    }
    // The first mention of Cues stands in SeekHead.
    return id.equals(CUES_ID) ? text.lastIndexOf(id) : at;
  }

  private static byte[] set(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).putInt(at, value);
    return changed;
  }

  private static byte[] flipped(byte[] file, int at) {
    byte[] changed = file.clone();
    changed[at] ^= 4;
    return changed;
  }

  private static byte[] damaged(byte[] file, int at) {
    byte[] changed = file.clone();
    Arrays.fill(changed, at, at + 700, (byte) 0);
    return changed;
  }

  private static byte[] without(byte[] file, int cluster) {
    int from = at(file, CLUSTER_ID, cluster);
    int to = at(file, CLUSTER_ID, cluster + 1);
    return ByteBuffer.allocate(file.length - (to - from))
        .put(file, 0, from)
        .put(file, to, file.length - to)
        .array();
  }

  private static byte[] twice(byte[] file, int cluster) {
    int from = at(file, CLUSTER_ID, cluster);
    int to = at(file, CLUSTER_ID, cluster + 1);
    return ByteBuffer.allocate(file.length + (to - from))
        .put(file, 0, to)
        .put(file, from, to - from)
        .put(file, to, file.length - to)
        .array();
  }

  private static int block(byte[] file, int kind) {
    int at = at(file, CLUSTER_ID, 7);
    while ((file[at] & 0xFF) != kind || (file[at + 5] & 0xFF) != 0x81) {
      at++;
    }
    return at;
  }

  private static byte[] stray(byte[] file) {
    byte[] changed = file.clone();
    changed[block(file, 0xA1) + 5] = (byte) 0x87;
    return changed;
  }

  private static byte[] marked(byte[] file) {
    byte[] changed = file.clone();
    changed[block(file, 0xA3) + 8] ^= (byte) 0x80;
    return changed;
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aFaultIsCutOut(Fault fault) throws IOException {
    Path file = folder.resolve("clip.mkv");
    Files.write(file, fault.damage.of(fault.file));
    List<Cuts.Made> cuts = Cuts.of(file, new MatroskaFormat(), engine, folder);
    assertThat(cuts).isNotEmpty();
    for (Cuts.Made made : cuts) {
      made.givesIt();
      assertThat(made.cut().bytes()).as(made.toString()).isLessThan(12_000);
    }
  }

  /// A cut that keeps all frames is as good as the file.
  @Test
  void aCutOfASoundFileIsSound() throws IOException {
    Path clip = folder.resolve("clip.mkv");
    for (byte[] file : List.of(FILE, LIVE)) {
      Files.write(clip, file);
      try (RecordingCutter cutter = new MatroskaFormat().cutter(clip)) {
        assertThat(cutter).isNotNull();
        Window all = cutter.whole();
        for (Window window : List.of(all, new Window(53, all.last()))) {
          Path into = Files.createDirectories(folder.resolve("of" + file.length + window.first()));
          Path cut = cutter.cut(new Plan(Set.of("video/1"), window, false), into);
          var read = new ReaderDriver(new MatroskaFormat()).read(cut);
          assertThat(read.defects()).isEmpty();
          assertThat(read.messages("video/1").size()).isEqualTo(FRAMES - (int) window.first());
          assertThat(window.equals(all) && Files.mismatch(clip, cut) >= 0).isFalse();
        }
      }
    }
  }

  @Test
  void aRealVideoIsCut() throws IOException {
    Path shared = SharedData.path("video", "torchcodec", "test", "resources", "av1_video.mkv");
    byte[] bytes = Files.readAllBytes(shared);
    bytes[bytes.length / 2] ^= 16;
    Path file = folder.resolve("real.mkv");
    Files.write(file, bytes);
    List<Cuts.Made> cuts = Cuts.of(file, new MatroskaFormat(), engine, folder);
    assertThat(cuts).isNotEmpty();
    for (Cuts.Made made : cuts) {
      made.givesIt();
      assertThat(made.cut().bytes()).as(made.toString()).isLessThan(bytes.length / 8);
    }
  }
}
