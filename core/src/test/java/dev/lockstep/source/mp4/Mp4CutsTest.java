package dev.lockstep.source.mp4;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Faults of videos are cut out: in tables, fragments, indices, lengths and frames.
class Mp4CutsTest {
  private static final int FRAMES = 150;
  private static final VideoClip CLIP = new VideoClip(3, FRAMES, 25);
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
    SIZES(PROGRESSIVE, file -> Clips.set(file, "stsz", 0, 16 + 4 * 83, 50_000)),
    SAMPLE_OUTSIDE(PROGRESSIVE, file -> Clips.set(file, "stco", 0, 12 + 4 * 7, 0x7FFF_0000)),
    CHUNK_MOVED(
        PROGRESSIVE,
        file ->
            Clips.set(file, "stco", 0, 12 + 4 * 7, Clips.get(file, "stco", 0, 12 + 4 * 7) - 100)),
    DELTA(PROGRESSIVE, Mp4CutsTest::longDelta),
    DELTAS_MISSING(
        PROGRESSIVE, file -> Clips.set(file, "stts", 0, 12, Clips.get(file, "stts", 0, 12) - 3)),
    DELTAS_SPARE(
        PROGRESSIVE, file -> Clips.set(file, "stts", 0, 12, Clips.get(file, "stts", 0, 12) + 7)),
    CHUNK_RUN(PROGRESSIVE, file -> Clips.set(file, "stsc", 0, 16, 11)),
    SYNC_ORDER(PROGRESSIVE, file -> Clips.set(file, "stss", 0, 12 + 4 * 4, 3)),
    SYNC_MARK(
        PROGRESSIVE,
        file -> Clips.set(file, "stss", 0, 12 + 4 * 4, Clips.get(file, "stss", 0, 12 + 4 * 4) + 4)),
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
        file -> Clips.set(file, "tfdt", 7, 12, Clips.get(file, "tfdt", 7, 12) + 20_000)),
    FRAGMENT_TIME_BACK(FRAGMENTED, file -> Clips.set(file, "tfdt", 7, 12, 640)),
    FRAGMENT_NUMBER(FRAGMENTED, file -> Clips.set(file, "mfhd", 7, 8, 5)),
    FRAGMENT_LOST(FRAGMENTED, file -> without(file, 7)),
    FRAGMENT_TWICE(FRAGMENTED, file -> twice(file, 7)),
    RUN_OUTSIDE(FRAGMENTED, file -> Clips.set(file, "trun", 7, 12, 1 << 28)),
    RUN_COUNT(FRAGMENTED, file -> Clips.set(file, "trun", 7, 8, 5_000)),
    INDEX_SIZE(
        FRAGMENTED,
        file ->
            Clips.set(file, "sidx", 0, 28 + 12 * 7, Clips.get(file, "sidx", 0, 28 + 12 * 7) + 9)),
    INDEX_DURATION(
        FRAGMENTED, file -> Clips.set(file, "sidx", 0, 32 + 12 * 7, 7 * VideoClip.TIMESCALE)),
    FRAGMENT_FRAME(FRAGMENTED, file -> damaged(file, FRAGMENTED.length * 2 / 3)),
    FRAGMENTS_TRUNCATED(FRAGMENTED, file -> Arrays.copyOf(file, file.length * 2 / 3));

    private final byte[] file;
    private final Damage damage;

    /// Most bytes of a cut: some frames of a few hundred, and what tells of them.
    private final long most;

    Fault(byte[] file, Damage damage) {
      this(file, damage, 6_000);
    }

    Fault(byte[] file, Damage damage, long most) {
      this.file = file;
      this.damage = damage;
      this.most = most;
    }
  }

  private interface Damage {
    byte[] of(byte[] file);
  }

  private static byte[] longDelta(byte[] file) {
    VideoClip clip = new VideoClip(3, FRAMES, 25);
    var sample = clip.samples().get(91);
    clip.samples()
        .set(91, new Mp4Writer.Sample(sample.data(), 9 * sample.duration(), 0, sample.sync()));
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
      made.givesIt();
      assertThat(made.cut().bytes()).as(made.toString()).isLessThan(fault.most);
    }
  }

  /// Segments of 10 frames in a folder.
  private Path segments(String manifest) throws IOException {
    Path into = Files.createDirectories(folder.resolve("clip"));
    List<byte[]> files = CLIP.writer().segments(10);
    for (int i = 0; i < files.size(); i++) {
      Files.write(into.resolve(i == 0 ? "init.mp4" : "segment-" + i + ".m4s"), files.get(i));
    }
    if (!manifest.isEmpty()) {
      Files.writeString(into.resolve("clip.mpd"), manifest);
    }
    return into;
  }

  private static String manifest(String length, String segments) {
    return "<MPD mediaPresentationDuration='"
        + length
        + "'><Period><AdaptationSet><Representation id='v'><SegmentTemplate timescale='10'"
        + " initialization='init.mp4' media='segment-$Number$.m4s' "
        + segments
        + "</SegmentTemplate></Representation></AdaptationSet></Period></MPD>";
  }

  @ParameterizedTest
  @CsvSource({
    "segment-7.m4s, false, INT034",
    "segment-7.m4s, true, INT003",
    "init.mp4, false, INT003"
  })
  void aMissingFileOfAFolderIsCutOut(String file, boolean listed, String check) throws IOException {
    Path clip = segments(listed ? manifest("PT7.5S", "duration='5'>") : "");
    Files.delete(clip.resolve(file));
    cutOut(clip, check);
  }

  @ParameterizedTest
  @CsvSource({
    "PT6S, duration='5'>, INT012",
    "PT7.5S, ><SegmentTimeline><S d='4' r='14'/></SegmentTimeline>, INT012",
    "PT7.5S, <, INT028"
  })
  void aWrongManifestIsCutOut(String length, String listed, String check) throws IOException {
    cutOut(segments(manifest(length, listed)), check);
  }

  private void cutOut(Path clip, String check) throws IOException {
    List<Cuts.Made> cuts = Cuts.of(clip, new Mp4Format(), engine, folder);
    assertThat(cuts).isNotEmpty().allMatch(made -> made.target().check().equals(check));
    for (Cuts.Made made : cuts) {
      made.givesIt();
      assertThat(made.cut().bytes()).as(made.toString()).isLessThan(5_000);
    }
  }

  @Test
  void theListOfTimesBesideAVideoIsCutWithIt() throws IOException {
    Path file = folder.resolve("clip.mp4");
    Files.write(file, damaged(PROGRESSIVE, PROGRESSIVE.length / 2));
    StringBuilder times = new StringBuilder("# times\n");
    for (int i = 0; i < FRAMES; i++) {
      times.append(50 * i).append('\n');
    }
    Files.writeString(folder.resolve("clip_timestamps.txt"), times);
    for (Cuts.Made made : Cuts.of(file, new Mp4Format(), engine, folder)) {
      made.givesIt();
      Path list = made.cut().recording().resolveSibling("clip_timestamps.txt");
      long messages = made.cut().result().streams().getFirst().messages();
      assertThat(Files.readAllLines(list)).hasSize((int) messages + 1).startsWith("# times");
    }
  }

  /// A cut that keeps all frames is as good as the file.
  @Test
  void aCutOfASoundFileIsSound() throws IOException {
    Path clip = folder.resolve("clip.mp4");
    for (byte[] file : List.of(PROGRESSIVE, FRAGMENTED)) {
      Files.write(clip, file);
      try (RecordingCutter cutter = new Mp4Format().cutter(clip)) {
        assertThat(cutter).isNotNull();
        Window all = cutter.whole();
        Window some = new Window(all.first() + (all.last() - all.first()) / 3, all.last());
        for (Window window : List.of(all, some)) {
          Path into = Files.createDirectories(folder.resolve("of" + file.length + window.first()));
          Path cut = cutter.cut(new Plan(Set.of("video/1"), window, false), into);
          var read = new ReaderDriver(new Mp4Format()).read(cut);
          assertThat(read.defects()).isEmpty();
          long frames = read.messages("video/1").size();
          assertThat(frames).isEqualTo(window.equals(all) ? FRAMES : FRAMES - 50);
        }
      }
    }
  }

  @Test
  void realVideosAreCut() throws IOException {
    Path shared = SharedData.path("video", "mp4ff", "mp4", "testdata", "bbb_prog_10s.mp4");
    byte[] bytes = Files.readAllBytes(shared);
    Path file = folder.resolve("real.mp4");
    Files.write(file, Clips.set(bytes, "stco", 0, 12 + 4 * 20, 0x7FFF_0000));
    List<Cuts.Made> cuts = Cuts.of(file, new Mp4Format(), engine, folder);
    assertThat(cuts).isNotEmpty();
    for (Cuts.Made made : cuts) {
      made.givesIt();
      assertThat(made.cut().bytes()).as(made.toString()).isLessThan(bytes.length / 100);
    }
  }
}
