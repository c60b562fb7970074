package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Clips.defects;
import static dev.lockstep.source.mp4.Clips.fragmented;
import static dev.lockstep.source.mp4.Clips.get;
import static dev.lockstep.source.mp4.Clips.progressive;
import static dev.lockstep.source.mp4.Clips.set;
import static dev.lockstep.source.mp4.Clips.typeAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.mp4.Mp4Writer.Sample;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.ReaderDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mp4ReaderTest {
  @TempDir Path folder;

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private List<DefectKind> kinds(byte[] file) throws IOException {
    return Clips.read(folder, file).defects(Severity.WARNING).stream().map(Defect::kind).toList();
  }

  @Test
  void readsEveryFrameOfEitherForm() throws IOException {
    VideoClip clip = Clips.clip();
    for (byte[] file : List.of(progressive(), fragmented())) {
      ReaderDriver.Read read = Clips.read(folder, file);
      assertThat(read.defects()).isEmpty();
      assertThat(read.streams()).hasSize(1);
      assertThat(read.streams().getFirst().name()).isEqualTo("video/1");
      assertThat(read.streams().getFirst().modality()).isEqualTo(Modality.VIDEO);
      assertThat(read.streams().getFirst().stampSource()).isEqualTo(StampSource.MEDIA_TIME);
      assertThat(read.streams().getFirst().encoding()).isEqualTo("h264");
      MessageBatch rows = read.messages(0);
      assertThat(rows.size()).isEqualTo(60);
      for (int i = 0; i < 60; i++) {
        assertThat(rows.stampsNs()[i]).isEqualTo(50L * i * Times.MILLISECOND);
        assertThat(rows.decodeTimesNs()[i]).isEqualTo(rows.stampsNs()[i]);
        int at = (int) rows.positionsBytes()[i];
        assertThat(Arrays.copyOfRange(file, at, at + rows.lengthsBytes()[i]))
            .isEqualTo(clip.samples().get(i).data());
        assertThat(rows.flags()[i]).isEqualTo(i % 25 == 0 ? MessageBatch.KEYFRAME : (byte) 0);
      }
      assertThat(read.coverage().totalBytes()).isEqualTo(file.length);
      assertThat(read.coverage().lostBytes()).isZero();
    }
  }

  @Test
  void readsTheSameInAnyNumberOfThreadsAndSteps() throws IOException {
    Path path = folder.resolve("clip.mp4");
    Files.write(path, new VideoClip(3, 700, 25).writer().progressive());
    int before = MappedFile.openCount();
    String whole = new ReaderDriver(new Mp4Format()).read(path).text();
    assertThat(
            new ReaderDriver(new Mp4Format()).threads(3).steps(10, 5000, 90_000).read(path).text())
        .isEqualTo(whole);
    assertThat(MappedFile.openCount()).isEqualTo(before);
  }

  @Test
  void withoutPayloadsTheTablesAloneAreRead() throws IOException {
    Path path = folder.resolve("clip.mp4");
    Files.write(path, progressive());
    ReaderDriver.Read read =
        new ReaderDriver(new Mp4Format()).options(ReadOptions.DEFAULT.containerOnly()).read(path);
    assertThat(read.messages(0).size()).isEqualTo(60);
    assertThat(read.messages(0).flags()[25]).isEqualTo(MessageBatch.KEYFRAME);
    assertThat(read.unexamined(DefectKind.VIDEO_MALFORMED))
        .containsExactly("payloads are left out of this run");
  }

  @Test
  void composesTimesOfFramesThatAreShownLater() throws IOException {
    VideoClip clip = Clips.clip();
    for (int i = 0; i < 60; i++) {
      Sample sample = clip.samples().get(i);
      int offset = VideoClip.FRAME_TICKS * (1 + (i % 2 == 0 ? 0 : 2));
      clip.samples().set(i, new Sample(sample.data(), sample.duration(), offset, sample.sync()));
    }
    for (byte[] file : List.of(clip.writer().progressive(), clip.writer().fragmented(7))) {
      MessageBatch rows = Clips.read(folder, file).messages(0);
      assertThat(rows.stampsNs()[4]).isEqualTo(250 * Times.MILLISECOND);
      assertThat(rows.stampsNs()[5]).isEqualTo(400 * Times.MILLISECOND);
      assertThat(rows.decodeTimesNs()[5]).isEqualTo(250 * Times.MILLISECOND);
    }
  }

  // ---- tables that contradict each other

  @Test
  void aFrameTooFewInTheTableOfSizes() throws IOException {
    assertThat(defects(folder, set(progressive(), "stsz", 0, 12, 59)))
        .containsExactly(
            "error COUNT_MISMATCH: samples in stsz, against stts, stsc and stco stored 59, computed"
                + " 60 @ video/1, clip.mp4, byte 582+260");
  }

  @Test
  void aMediaLengthThatTheFramesDoNotHave() throws IOException {
    assertThat(defects(folder, set(progressive(), "mdhd", 0, 20, 99_999)))
        .containsExactly(
            "warning COUNT_MISMATCH: duration in mdhd, against stts, ticks stored 99999, computed"
                + " 38400 @ video/1, clip.mp4, byte 530+24");
  }

  @Test
  void aTableThatIsLongerThanItsBox() throws IOException {
    assertThat(kinds(set(progressive(), "stco", 0, 8, 1000))).contains(DefectKind.RECORD_MALFORMED);
  }

  @Test
  void aTableThatIsNotThere() throws IOException {
    byte[] file = progressive();
    System.arraycopy(
        "free".getBytes(StandardCharsets.US_ASCII), 0, file, typeAt(file, "stco", 0), 4);
    assertThat(defects(folder, file))
        .containsExactly(
            "error RECORD_MALFORMED: table stco absent (expected one of 60 samples) @ video/1,"
                + " clip.mp4, byte 140+770");
  }

  @Test
  void chunksOutsideOfTheFile() throws IOException {
    byte[] file = progressive();
    assertThat(defects(folder, set(file, "stco", 0, 12 + 4 * 2, file.length + 7)))
        .containsExactly(
            "error SAMPLE_OUTSIDE: samples outside of the file 10 of 60 (expected samples inside of"
                + " mdat, in "
                + file.length
                + " bytes) @ video/1, frames 20..29, clip.mp4, byte 140+770");
  }

  @Test
  void chunksInTheTables() throws IOException {
    assertThat(defects(folder, set(progressive(), "stco", 0, 12 + 4 * 3, 100)))
        .anySatisfy(one ->
            assertThat(one)
                .startsWith("error SAMPLE_OUTSIDE: samples outside of any media data 3 of 60 "));
  }

  @Test
  void chunksThatShareTheirBytes() throws IOException {
    byte[] file = progressive();
    byte[] twice = set(file, "stco", 0, 12 + 4 * 3, get(file, "stco", 0, 12 + 4 * 2));
    assertThat(kinds(twice)).contains(DefectKind.SAMPLE_OVERLAP);
  }

  @Test
  void aKeyframeWithoutAMarkAndAMarkWithoutAKeyframe() throws IOException {
    assertThat(defects(folder, set(progressive(), "stss", 0, 12 + 4, 30)))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(
                        "warning KEYFRAME_MARK: keyframe mark absent, on an IDR frame (expected a"
                            + " mark) @ video/1, message 25, "),
            second ->
                assertThat(second)
                    .startsWith(
                        "error KEYFRAME_MARK: keyframe mark set, on a frame that refers to others"
                            + " (expected a frame that decoding can begin at) @ video/1, message"
                            + " 29, "));
  }

  @Test
  void aTableThatWasNotWrittenAnewWhenSomethingInFrontGrew() throws IOException {
    byte[] file = progressive();
    int mdat = typeAt(file, "mdat", 0) - 4;
    byte[] free = ByteBuffer.allocate(40).putInt(40).put("free".getBytes(UTF_8)).array();
    byte[] grown =
        joined(Arrays.copyOf(file, mdat), free, Arrays.copyOfRange(file, mdat, file.length));
    assertThat(defects(folder, grown).stream().filter(one -> !one.startsWith("info")))
        .singleElement()
        .satisfies(one ->
            assertThat(one)
                .startsWith("error SAMPLE_OUTSIDE: all samples, 40 bytes too far forward bytes "));
  }

  @Test
  void aTrackWithALengthAndWithoutFrames() throws IOException {
    byte[] none = progressive();
    for (String table : List.of("stts", "stsc", "stco", "stss")) {
      none = set(none, table, 0, 8, 0);
    }
    assertThat(defects(folder, set(none, "stsz", 0, 12, 0)))
        .singleElement()
        .satisfies(
            one -> assertThat(one).startsWith("error MEDIA_MISSING: samples of video/1 none "));
  }

  @Test
  void lengthsOfTrackAndMovieThatTheMediaDoesNotHave() throws IOException {
    byte[] file = progressive();
    int ticks = get(file, "mvhd", 0, 20);
    assertThat(defects(folder, set(file, "mvhd", 0, 20, 2 * ticks)))
        .containsExactly(
            "warning COUNT_MISMATCH: duration in mvhd, against the longest track, ms stored 6000,"
                + " computed 3000 @ clip.mp4, byte "
                + (typeAt(file, "mvhd", 0) - 4)
                + "+108");
    assertThat(defects(folder, set(file, "tkhd", 0, 24, ticks / 2)))
        .containsExactly(
            "warning COUNT_MISMATCH: duration in tkhd, against its media, ms stored 1500, computed"
                + " 3000 @ video/1, clip.mp4, byte "
                + (typeAt(file, "tkhd", 0) - 4)
                + "+92");
  }

  @Test
  void aTimescaleThatIsAnother() throws IOException {
    byte[] file = progressive();
    assertThat(defects(folder, set(file, "mdhd", 0, 16, 2 * get(file, "mdhd", 0, 16))))
        .singleElement()
        .satisfies(one -> assertThat(one).startsWith("warning COUNT_MISMATCH: duration in "));
  }

  // ---- the file as a whole

  @Test
  void aFileThatIsCutLosesItsLastFrames() throws IOException {
    byte[] file = progressive();
    List<String> found = defects(folder, Arrays.copyOf(file, file.length - 2000));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst())
        .startsWith("error FILE_TRUNCATED: box mdat ")
        .contains(" of 60 samples of video/1 lost");
  }

  @Test
  void aRecorderThatDiedBeforeTheTables() throws IOException {
    byte[] file = progressive();
    int moov = typeAt(file, "moov", 0) - 4;
    int mdat = typeAt(file, "mdat", 0) - 4;
    byte[] dead = joined(Arrays.copyOf(file, moov), Arrays.copyOfRange(file, mdat, file.length));
    assertThat(defects(folder, dead))
        .containsExactly(
            "error MOVIE_MISSING: box moov absent, before "
                + (file.length - mdat - 8)
                + " bytes of media data (expected the tables that a recorder writes when it ends) @"
                + " clip.mp4, byte 0+"
                + dead.length);
    assertThat(Clips.read(folder, dead).coverage().lostBytes()).isEqualTo(file.length - mdat - 8);
  }

  @Test
  void anEmptyFile() throws IOException {
    assertThat(kinds(new byte[0])).containsExactly(DefectKind.FILE_EMPTY);
  }

  @Test
  void bytesBehindTheLastBoxAndBoxesThatAreNone() throws IOException {
    assertThat(kinds(joined(progressive(), new byte[] {1, 2, 3})))
        .containsExactly(DefectKind.TRAILING_BYTES);
    assertThat(kinds(joined(progressive(), new byte[5000]))).containsExactly(DefectKind.ZERO_PAGES);
    byte[] noise = new byte[500];
    Arrays.fill(noise, (byte) 0x99);
    assertThat(kinds(joined(progressive(), noise))).containsExactly(DefectKind.RECORD_LENGTH);
  }

  @Test
  void aBoxThatIsLargerThanWhatHoldsIt() throws IOException {
    byte[] file = progressive();
    assertThat(kinds(set(file, "stbl", 0, -4, 0x7000_0000))).contains(DefectKind.RECORD_LENGTH);
  }

  // ---- frames

  @Test
  void lengthsOfUnitsThatDoNotSumUp() throws IOException {
    byte[] file = progressive();
    int frame = (int) Clips.read(folder, file).messages(0).positionsBytes()[7];
    ByteBuffer.wrap(file).putInt(frame, 1 << 20);
    assertThat(defects(folder, file))
        .satisfiesExactly(one ->
            assertThat(one)
                .startsWith(
                    "error VIDEO_MALFORMED: length of the NAL unit at byte 0 1048576 bytes"
                        + " (expected 1 to ")
                .contains("video/1, message 7, "));
  }

  @Test
  void aUnitWithItsForbiddenBitSet() throws IOException {
    byte[] file = progressive();
    int frame = (int) Clips.read(folder, file).messages(0).positionsBytes()[7];
    file[frame + 4] |= (byte) 0x80;
    assertThat(defects(folder, file).getFirst())
        .startsWith("error VIDEO_MALFORMED: NAL unit header at byte 4 C1 (expected forbidden");
  }

  // ---- fragments

  @Test
  void aFragmentThatIsLost() throws IOException {
    byte[] file = fragmented();
    int second = typeAt(file, "moof", 1) - 4;
    int third = typeAt(file, "moof", 2) - 4;
    byte[] holed =
        joined(Arrays.copyOf(file, second), Arrays.copyOfRange(file, third, file.length));
    List<String> found = defects(folder, holed);
    assertThat(found)
        .anySatisfy(one ->
            assertThat(one)
                .startsWith(
                    "error FRAGMENT_TIME: decode time of the fragment, against the end of the one"
                        + " before, ticks (fragment 3 after 1) stored 19200, computed 9600 @"
                        + " video/1, clip.mp4, byte "));
    assertThat(found).noneSatisfy(one -> assertThat(one).contains("FRAGMENT_SEQUENCE"));
    assertThat(Clips.read(folder, holed).messages(0).size()).isEqualTo(45);
  }

  private static byte[] fragment(byte[] file, int n) {
    int end = n == 3 ? file.length : typeAt(file, "moof", n + 1) - 4;
    return Arrays.copyOfRange(file, typeAt(file, "moof", n) - 4, end);
  }

  /// The fragments of those numbers behind the tables, as defects at warning and above.
  private List<String> ordered(int... fragments) throws IOException {
    byte[] file = fragmented();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, typeAt(file, "sidx", 0) - 4);
    for (int each : fragments) {
      out.writeBytes(fragment(file, each));
    }
    return defects(folder, out.toByteArray()).stream()
        .filter(one -> !one.startsWith("info"))
        .toList();
  }

  @Test
  void fragmentsThatAreExchangedRepeatedOrLostAreToldOnce() throws IOException {
    assertThat(ordered(0, 1, 2, 3)).isEmpty();
    assertThat(ordered(0, 2, 1, 3))
        .singleElement()
        .satisfies(one -> assertThat(one).contains("(fragment 3 after 1)"));
    assertThat(ordered(0, 1, 1, 2, 3))
        .singleElement()
        .satisfies(one -> assertThat(one).contains("(fragment 2 after 2)"));
    assertThat(ordered(1, 2, 3))
        .singleElement()
        .satisfies(one ->
            assertThat(one)
                .startsWith(
                    "warning FRAGMENT_SEQUENCE: number of the first fragment 2 (expected 1: its"
                        + " time says that 1 is missing)"));
  }

  @Test
  void anIndexThatPointsIntoBoxes() throws IOException {
    byte[] file = fragmented();
    int size = get(file, "sidx", 0, 28);
    assertThat(kinds(set(file, "sidx", 0, 28, size - 4))).containsExactly(DefectKind.SEGMENT_INDEX);
  }

  @Test
  void anIndexThatCountsOtherTimes() throws IOException {
    assertThat(defects(folder, set(fragmented(), "sidx", 0, 32, 50_000)))
        .containsExactly(
            "warning SEGMENT_INDEX: duration of reference 0 of sidx, against its samples, ticks"
                + " stored 50000, computed 9600 @ clip.mp4, byte 638+80");
  }

  @Test
  void aNumberThatIsLeftOutWhileTheTimeGoesOn() throws IOException {
    assertThat(defects(folder, set(fragmented(), "mfhd", 3, 8, 9)))
        .containsExactly(
            "info FRAGMENT_SEQUENCE: number of the fragment 9 (expected 4 (decode times go on)) @"
                + " clip.mp4, byte "
                + (typeAt(fragmented(), "mfhd", 3) - 4)
                + "+16");
  }

  @Test
  void aFragmentThatIsCut() throws IOException {
    byte[] file = fragmented();
    assertThat(defects(folder, Arrays.copyOf(file, file.length - 500)).getFirst())
        .startsWith("error FILE_TRUNCATED: box mdat ");
  }

  // ---- bounds

  /// A few bytes may claim 2^32 frames of no bytes, or of one byte, whose times alone fill a table.
  @Test
  void aTableThatClaimsMoreFramesThanAnybodyReadsIsBounded() throws IOException {
    for (int size : new int[] {0, 1}) {
      byte[] file = progressive();
      file = set(file, "stsz", 0, 8, size);
      file = set(file, "stsz", 0, 12, size == 0 ? 60 : 0x7FFF_FFFF);
      file = set(file, "stts", 0, 12, 0x7FFF_FFFF);
      file = set(file, "stsc", 0, 16, 0x7FFF_FFFF);
      ReaderDriver.Read read = Clips.read(folder, file);
      assertThat(read.messageCount()).isLessThan(40_000 * 6);
      assertThat(read.defects(Severity.ERROR)).isNotEmpty();
      if (size == 1) {
        assertThat(read.defects())
            .extracting(Defect::kind)
            .contains(DefectKind.SAMPLE_OUTSIDE, DefectKind.CHUNK_TOO_LARGE);
      }
    }
  }

  @Test
  void aRunThatClaimsMoreFramesThanTheFileHoldsIsBounded() throws IOException {
    byte[] file = set(fragmented(), "trun", 1, 8, 0x7FFF_FFFF);
    assertThat(kinds(file)).contains(DefectKind.RECORD_MALFORMED);
    assertThat(Clips.read(folder, file).messageCount()).isLessThan(200);
  }

  // ---- probing

  @Test
  void claimsByNameAndByContent() throws IOException {
    Path named = folder.resolve("a.MOV");
    Files.write(named, new byte[0]);
    Path unnamed = folder.resolve("video");
    Files.write(unnamed, progressive());
    Path other = folder.resolve("video.txt");
    Files.writeString(other, "no video at all");
    Path image = folder.resolve("image.heic");
    Files.write(image, "\0\0\0\30ftypheic\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(new Mp4Format().match(Probe.of(named)).claimed()).isTrue();
    assertThat(new Mp4Format().match(Probe.of(unnamed)).claimed()).isTrue();
    assertThat(new Mp4Format().match(Probe.of(other)).claimed()).isFalse();
    assertThat(new Mp4Format().match(Probe.of(image)).claimed()).isFalse();
    assertThat(new Mp4Format().match(Probe.of(folder)).claimed()).isFalse();
  }
}
