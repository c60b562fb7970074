package dev.lockstep.source.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.Cuts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Faults of videos are cut out: in tables, fragments, indices, lengths and frames.
class Mp4CutsTest {
  private static final VideoClip CLIP = new VideoClip(3, 600, 25);
  private static final byte[] PROGRESSIVE = CLIP.writer().progressive();
  private static final byte[] FRAGMENTED = CLIP.writer().fragmented(10);

  private final Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  /// Something wrong with a file.
  enum Fault {
    SIZES(PROGRESSIVE, file -> Clips.set(file, "stsz", 0, 16 + 4 * 333, 50_000)),
    SAMPLE_OUTSIDE(PROGRESSIVE, file -> Clips.set(file, "stco", 0, 12 + 4 * 30, 0x7FFF_0000)),
    CHUNK_MOVED(
        PROGRESSIVE,
        file ->
            Clips.set(
                file, "stco", 0, 12 + 4 * 30, Clips.get(file, "stco", 0, 12 + 4 * 30) - 100)),
    DELTA(PROGRESSIVE, Mp4CutsTest::longDelta),
    DELTAS_MISSING(
        PROGRESSIVE,
        file -> Clips.set(file, "stts", 0, 12, Clips.get(file, "stts", 0, 12) - 3)),
    DELTAS_SPARE(
        PROGRESSIVE,
        file -> Clips.set(file, "stts", 0, 12, Clips.get(file, "stts", 0, 12) + 7)),
    CHUNK_RUN(PROGRESSIVE, file -> Clips.set(file, "stsc", 0, 16, 11)),
    SYNC_ORDER(PROGRESSIVE, file -> Clips.set(file, "stss", 0, 12 + 4 * 9, 3)),
    SYNC_MARK(
        PROGRESSIVE,
        file ->
            Clips.set(file, "stss", 0, 12 + 4 * 9, Clips.get(file, "stss", 0, 12 + 4 * 9) + 4)),
    MOVIE_LENGTH(PROGRESSIVE, file -> Clips.set(file, "mvhd", 0, 20, 90_000)),
    TRACK_LENGTH(PROGRESSIVE, file -> Clips.set(file, "tkhd", 0, 24, 3_000)),
    MEDIA_LENGTH(PROGRESSIVE, file -> Clips.set(file, "mdhd", 0, 20, 3 * VideoClip.TIMESCALE)),
    TRUNCATED(PROGRESSIVE, file -> Arrays.copyOf(file, file.length * 2 / 3)),
    TRAILING(PROGRESSIVE, file -> Arrays.copyOf(file, file.length + 5)),
    ZEROS(PROGRESSIVE, file -> Arrays.copyOf(file, file.length + 5_000)),
    NO_MOVIE(PROGRESSIVE, file -> renamed(file, "moov", "free")),
    TABLE_TOO_LONG(PROGRESSIVE, file -> Clips.set(file, "stsz", 0, -4, 1 << 20)),
    SHIFTED(PROGRESSIVE, Mp4CutsTest::shifted),
    FRAME(PROGRESSIVE, file -> damaged(file, PROGRESSIVE.length * 2 / 3)),
    FRAGMENT_TIME(
        FRAGMENTED,
        file -> Clips.set(file, "tfdt", 31, 12, Clips.get(file, "tfdt", 31, 12) + 20_000)),
    FRAGMENT_TIME_BACK(FRAGMENTED, file -> Clips.set(file, "tfdt", 31, 12, 640)),
    FRAGMENT_NUMBER(FRAGMENTED, file -> Clips.set(file, "mfhd", 31, 8, 5)),
    FRAGMENT_LOST(FRAGMENTED, file -> without(file, 31)),
    FRAGMENT_TWICE(FRAGMENTED, file -> twice(file, 31)),
    RUN_OUTSIDE(FRAGMENTED, file -> Clips.set(file, "trun", 31, 12, 1 << 28)),
    RUN_COUNT(FRAGMENTED, file -> Clips.set(file, "trun", 31, 8, 5_000)),
    INDEX_SIZE(
        FRAGMENTED,
        file ->
            Clips.set(
                file,
                "sidx",
                0,
                28 + 12 * 30,
                Clips.get(file, "sidx", 0, 28 + 12 * 30) + 9)),
    INDEX_DURATION(
        FRAGMENTED, file -> Clips.set(file, "sidx", 0, 32 + 12 * 30, 7 * VideoClip.TIMESCALE)),
    FRAGMENT_FRAME(FRAGMENTED, file -> damaged(file, FRAGMENTED.length * 2 / 3)),
    FRAGMENTS_TRUNCATED(FRAGMENTED, file -> Arrays.copyOf(file, file.length * 2 / 3));

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

  private static byte[] longDelta(byte[] file) {
    VideoClip clip = new VideoClip(3, 600, 25);
    var sample = clip.samples().get(301);
    clip.samples()
        .set(301, new Mp4Writer.Sample(sample.data(), 9 * sample.duration(), 0, sample.sync()));
    return clip.writer().progressive();
  }

  private static byte[] renamed(byte[] file, String from, String to) {
    byte[] changed = file.clone();
    int at = Clips.typeAt(file, from, 0);
    for (int i = 0; i < 4; i++) {
      changed[at + i] = (byte) to.charAt(i);
    }
    return changed;
  }

  private static byte[] shifted(byte[] file) {
    byte[] changed = file;
    for (int chunk = 0; chunk < Clips.get(file, "stco", 0, 8); chunk++) {
      int skip = 12 + 4 * chunk;
      changed = Clips.set(changed, "stco", 0, skip, Clips.get(changed, "stco", 0, skip) + 24);
    }
    return changed;
  }

  private static byte[] damaged(byte[] file, int at) {
    byte[] changed = file.clone();
    Arrays.fill(changed, at, at + 700, (byte) 0);
    return changed;
  }

  private static byte[] without(byte[] file, int fragment) {
    int from = Clips.typeAt(file, "moof", fragment) - 4;
    int to = Clips.typeAt(file, "moof", fragment + 1) - 4;
    return ByteBuffer.allocate(file.length - (to - from))
        .put(file, 0, from)
        .put(file, to, file.length - to)
        .array();
  }

  private static byte[] twice(byte[] file, int fragment) {
    int from = Clips.typeAt(file, "moof", fragment) - 4;
    int to = Clips.typeAt(file, "moof", fragment + 1) - 4;
    return ByteBuffer.allocate(file.length + (to - from))
        .put(file, 0, to)
        .put(file, from, to - from)
        .put(file, to, file.length - to)
        .array();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aFaultIsCutOut(Fault fault) throws IOException {
    Path file = folder.resolve("clip.mp4");
    Files.write(file, fault.damage.of(fault.file));
    List<Cuts.Made> cuts = Cuts.of(file, new Mp4Format(), engine, folder);
    assertThat(cuts).isNotEmpty();
    for (Cuts.Made made : cuts) {
      System.out.println(fault + " " + made);
    }
  }
}
