package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;
import static dev.lockstep.source.matroska.MatroskaWriter.block;
import static dev.lockstep.source.matroska.MatroskaWriter.element;
import static dev.lockstep.source.matroska.MatroskaWriter.joined;
import static dev.lockstep.source.matroska.MatroskaWriter.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.mp4.Mp4Format;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatroskaReaderTest {
  @TempDir Path folder;

  private ReaderDriver.Read read(byte[] file) throws IOException {
    Path path = folder.resolve("clip.mkv");
    Files.write(path, file);
    return new ReaderDriver(new MatroskaFormat()).read(path);
  }

  private static List<String> defects(ReaderDriver.Read read) {
    return read.defects(Severity.INFO).stream()
        .map(d -> d.severity().label() + " " + d.kind() + ": " + FindingText.evidence(d.evidence()))
        .toList();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] track(int number, int type, String codec, byte[]... more) {
    return element(
        TRACK_ENTRY,
        joined(
            element(TRACK_NUMBER, number(number)),
            element(TRACK_TYPE, number(type)),
            element(CODEC_ID, text(codec)),
            joined(more)));
  }

  /// A file of one track of sound, each frame of which lasts 20 ms, and these clusters.
  private static byte[] sound(byte[]... clusters) {
    byte[] track = track(2, SOUND, "A_OPUS", element(DEFAULT_DURATION, number(20_000_000)));
    return joined(
        element(EBML, new byte[0]),
        element(SEGMENT, joined(element(TRACKS, track), joined(clusters))));
  }

  private static byte[] cluster(int ticks, byte[]... blocks) {
    return element(CLUSTER, joined(element(TIMESTAMP, number(ticks)), joined(blocks)));
  }

  private static byte[] simple(int track, int ticks, int flags, byte... content) {
    return element(SIMPLE_BLOCK, block(track, ticks, flags, content));
  }

  private static List<String> frames(byte[] file, MessageBatch rows) {
    List<String> frames = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int at = (int) rows.positionsBytes()[row];
      frames.add(
          rows.stampsNs()[row] / Times.MILLISECOND
              + " "
              + new String(file, at, rows.lengthsBytes()[row], StandardCharsets.US_ASCII));
    }
    return frames;
  }

  @Test
  void readsEveryFrameOfEitherForm() throws IOException {
    VideoClip clip = new VideoClip(3, 60, 25);
    for (byte[] file : List.of(clip.matroska().file(7), clip.matroska().live(7))) {
      ReaderDriver.Read read = read(file);
      assertThat(read.defects()).isEmpty();
      MessageBatch rows = read.messages("video/1");
      assertThat(rows.size()).isEqualTo(60);
      for (int i = 0; i < 60; i++) {
        assertThat(rows.stampsNs()[i]).isEqualTo(50L * i * Times.MILLISECOND);
        int at = (int) rows.positionsBytes()[i];
        assertThat(Arrays.copyOfRange(file, at, at + rows.lengthsBytes()[i]))
            .isEqualTo(clip.samples().get(i).data());
        assertThat(rows.flags()[i]).isEqualTo(i % 25 == 0 ? MessageBatch.KEYFRAME : (byte) 0);
      }
    }
  }

  /// A file of one track of sound that tells how long it is.
  private static byte[] told(double ms, byte[]... clusters) {
    byte[] track = track(2, SOUND, "A_OPUS", element(DEFAULT_DURATION, number(20_000_000)));
    byte[] length = java.nio.ByteBuffer.allocate(8).putDouble(ms).array();
    return joined(
        element(EBML, new byte[0]),
        element(
            SEGMENT,
            joined(
                element(INFO, element(DURATION, length)),
                element(TRACKS, track),
                joined(clusters))));
  }

  @Test
  void comparesTheLengthWithTheFrames() throws IOException {
    byte[][] clusters = new byte[60][];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = cluster(200 * i, simple(2, 0, 0, text("aa")));
    }
    assertThat(read(told(11_820, clusters)).defects()).isEmpty();
    assertThat(defects(read(told(9_000, clusters))))
        .singleElement()
        .satisfies(one ->
            assertThat(one)
                .contains("Duration, against the last frame, ms stored 9000, computed 11800"));
    assertThat(defects(read(told(Double.NaN, clusters))))
        .singleElement()
        .satisfies(one -> assertThat(one).contains("Duration NaN"));
  }

  @Test
  void readsFramesOfEachLacing() throws IOException {
    byte[] xiph = simple(2, 0, 0x02, joined(new byte[] {2, 3, 1}, text("aaabcc")));
    byte[] equal = simple(2, 60, 0x04, joined(new byte[] {2}, text("ddeeff")));
    // 2 bytes, then one more, then the rest.
    byte[] ebml =
        simple(2, 120, 0x06, joined(new byte[] {2, (byte) 0x82, (byte) 0xC0}, text("gghhhi")));
    byte[] file =
        sound(cluster(1000, xiph, equal), cluster(2000, simple(2, -500, 0, text("j")), ebml));
    ReaderDriver.Read read = read(file);
    assertThat(defects(read)).isEmpty();
    assertThat(frames(file, read.messages("audio/2")))
        .containsExactly(
            "1000 aaa",
            "1020 b",
            "1040 cc",
            "1060 dd",
            "1080 ee",
            "1100 ff",
            "1500 j",
            "2120 gg",
            "2140 hhh",
            "2160 i");
  }

  @Test
  void tellsOfLacingAndTracksThatCannotBe() throws IOException {
    byte[] beyond = simple(2, 0, 0x02, (byte) 1, (byte) 200, (byte) 'x');
    byte[] uneven = simple(2, 0, 0x04, (byte) 1, (byte) 'x', (byte) 'y', (byte) 'z');
    byte[] stray = simple(7, 0, 0, (byte) 'x');
    byte[] tiny = element(SIMPLE_BLOCK, new byte[] {(byte) 0x82, 0});
    byte[] file = sound(cluster(0, beyond, uneven, stray, tiny, simple(2, 5, 0, text("k"))));
    ReaderDriver.Read read = read(file);
    assertThat(defects(read))
        .containsExactlyInAnyOrder(
            "error RECORD_MALFORMED: lacing of a block sizes beyond its end (expected frames"
                + " inside)",
            "error RECORD_MALFORMED: lacing of a block sizes beyond its end (expected frames"
                + " inside)",
            "error RECORD_MALFORMED: head of a block 2 bytes (expected track, time and flags)",
            "error CHANNEL_UNKNOWN: track of a block 7 (expected one that Tracks lists)");
    MessageBatch rows = read.messages("audio/2");
    assertThat(frames(file, rows)).containsExactly("5 k");
    assertThat(rows.flags()[0] & MessageBatch.AFTER_LOSS).isNotZero();
  }

  @Test
  void goesOnAtTheNextClusterBehindDamage() throws IOException {
    VideoClip clip = new VideoClip(3, 60, 25);
    byte[] file = clip.matroska().file(10);
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String id = "\u001FC\u00B6u";
    int second = text.indexOf(id, text.indexOf(id) + 1);
    file[second] = 0;
    ReaderDriver.Read read = read(file);
    assertThat(defects(read))
        .contains(
            "error RECORD_LENGTH: element in the segment no id and size (expected an element)");
    MessageBatch rows = read.messages("video/1");
    assertThat(rows.size()).isEqualTo(50);
    assertThat(rows.stampsNs()[10]).isEqualTo(1000L * Times.MILLISECOND);
    assertThat(rows.flags()[10] & MessageBatch.AFTER_LOSS).isNotZero();
    assertThat(read.coverage().lostBytes()).isPositive();
  }

  @Test
  void aClusterWithAWrongSizeIsReadUpToTheNext() throws IOException {
    byte[] file = new VideoClip(3, 60, 25).matroska().file(10);
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String id = "\u001FC\u00B6u";
    int second = text.indexOf(id, text.indexOf(id) + 1);
    file[second + 5] = 0x7F;
    ReaderDriver.Read read = read(file);
    assertThat(read.messages("video/1").size()).isEqualTo(60);
    assertThat(defects(read)).anyMatch(d -> d.startsWith("error RECORD_LENGTH: size of Cluster"));
  }

  @Test
  void aCutFileIsNamedAsThatAndReadUpToTheCut() throws IOException {
    byte[] file = new VideoClip(3, 60, 25).matroska().file(10);
    for (int cut = 40; cut < file.length; cut += 371) {
      ReaderDriver.Read read = read(Arrays.copyOf(file, cut));
      assertThat(defects(read))
          .as("cut at " + cut)
          .first()
          .asString()
          .startsWith("error FILE_TRUNCATED: Segment");
    }
    ReaderDriver.Read half = read(Arrays.copyOf(file, file.length / 2));
    assertThat(half.messages("video/1").size()).isBetween(10, 59);
  }

  @Test
  void blocksWithoutTheTimeOfTheirClusterHaveNone() throws IOException {
    byte[] file = sound(element(CLUSTER, simple(2, 5, 0, text("k"))));
    ReaderDriver.Read read = read(file);
    assertThat(read.messages("audio/2").stampsNs()[0]).isEqualTo(Times.NONE);
    assertThat(defects(read))
        .containsExactly(
            "error TIME_OUT_OF_RANGE: times of blocks 1 are none (expected a cluster's Timestamp in"
                + " front of them)");
  }

  @Test
  void clustersWithoutTracksAreNamedAsThat() throws IOException {
    byte[] file =
        joined(
            element(EBML, new byte[0]), element(SEGMENT, cluster(0, simple(1, 0, 0, text("x")))));
    assertThat(defects(read(file)))
        .contains("error MOVIE_MISSING: Tracks absent, before 1 clusters (expected one)");
  }

  @Test
  void holdsMarksAgainstFramesOfVp8AndVp9() throws IOException {
    byte key = (byte) 0x80;
    byte[] vp9Key = {(byte) 0x82, 0x49, (byte) 0x83, 0x42, 0};
    byte[] vp9Delta = {(byte) 0x86, 0, 0};
    byte[] file =
        joined(
            element(EBML, new byte[0]),
            element(
                SEGMENT,
                joined(
                    element(TRACKS, track(1, VIDEO, "V_VP9")),
                    cluster(
                        0,
                        simple(1, 0, key, vp9Key),
                        simple(1, 40, 0, vp9Delta),
                        simple(1, 80, key, vp9Delta),
                        simple(1, 120, 0, vp9Key),
                        simple(1, 160, 0, (byte) 0x12)))));
    ReaderDriver.Read read = read(file);
    assertThat(read.streams().getFirst().encoding()).isEqualTo("vp9");
    assertThat(defects(read))
        .containsExactlyInAnyOrder(
            "error KEYFRAME_MARK: keyframe mark set, on a frame that refers to others (expected a"
                + " frame that decoding can begin at)",
            "warning KEYFRAME_MARK: keyframe mark absent, on a keyframe (expected a mark)",
            "error VIDEO_MALFORMED: frame marker of the VP9 frame 12 (expected 80 to BF)");
  }

  @Test
  void readsARealVideo() throws IOException {
    Path path = SharedData.path("video", "torchcodec", "test", "resources", "av1_video.mkv");
    ReaderDriver.Read read = new ReaderDriver(new MatroskaFormat()).read(path);
    assertThat(read.defects(Severity.INFO)).isEmpty();
    MessageBatch rows = read.messages("video/1");
    assertThat(rows.size()).isEqualTo(125);
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.stampsNs()[row]).isEqualTo(40L * row * Times.MILLISECOND);
    }
    assertThat(read.coverage().protectedShare()).isGreaterThan(0.98);
  }

  /// What other tools make of a real video has the same frames at the same times, to a millisecond.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/usr/bin/ffmpeg | -v error -y -i IN -map 0:3 -c copy OUT",
        "/usr/bin/ffmpeg | -v error -y -i IN -map 0:3 -c copy -f matroska -live 1 OUT",
        "/usr/bin/mkvmerge | -q --no-audio --video-tracks 2 -o OUT IN",
        "/usr/bin/mkvmerge | -q --no-audio --video-tracks 2 --engage no_simpleblocks -o OUT IN"
      })
  void readsWhatOtherToolsWrite(String tool, String arguments)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of(tool)), tool + " is not installed");
    Path in = SharedData.path("video", "torchcodec", "test", "resources", "nasa_13013.mp4");
    Path out = folder.resolve("out.mkv");
    List<String> command = new ArrayList<>(List.of(tool));
    for (String word : arguments.split(" ", -1)) {
      command.add(word.equals("IN") ? in.toString() : word.equals("OUT") ? out.toString() : word);
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();

    MessageBatch before = new ReaderDriver(new Mp4Format()).read(in).messages("video/4");
    ReaderDriver.Read read = new ReaderDriver(new MatroskaFormat()).read(out);
    assertThat(read.defects(Severity.WARNING)).isEmpty();
    MessageBatch rows = read.messages(0);
    assertThat(rows.size()).isEqualTo(before.size());
    long shift = rows.stampsNs()[0] - before.stampsNs()[0];
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.lengthsBytes()[row]).isEqualTo(before.lengthsBytes()[row]);
      assertThat(rows.digests()[row]).isEqualTo(before.digests()[row]);
      assertThat(Math.abs(rows.stampsNs()[row] - before.stampsNs()[row] - shift))
          .isLessThanOrEqualTo(Times.MILLISECOND);
    }
  }
}
