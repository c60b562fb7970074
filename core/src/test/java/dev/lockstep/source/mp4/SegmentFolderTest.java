package dev.lockstep.source.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.Probe;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFolderTest {
  @TempDir Path folder;

  /// 60 frames in segments of 5, named by `name` and numbers from 1.
  private void write(String init, String name, int... left) throws IOException {
    List<byte[]> files = Clips.clip().writer().segments(5);
    Files.write(folder.resolve(init), files.getFirst());
    for (int i = 1; i < files.size(); i++) {
      int number = i;
      if (Arrays.stream(left).noneMatch(l -> l == number)) {
        Files.write(folder.resolve(name.formatted(i)), files.get(i));
      }
    }
  }

  private ReaderDriver.Read read() throws IOException {
    return new ReaderDriver(new Mp4Format()).read(folder);
  }

  private boolean claimed() throws IOException {
    return new Mp4Format().match(Probe.of(folder)).claimed();
  }

  private static List<String> defects(ReaderDriver.Read read) {
    return read.defects(Severity.INFO).stream()
        .map(d ->
            d.severity().label()
                + " "
                + d.kind()
                + ": "
                + FindingText.evidence(d.evidence())
                + " @ "
                + FindingText.place(d.location()))
        .toList();
  }

  @Test
  void readsTheSameAsOneFileInTheOrderOfNumbers() throws IOException {
    write("init.mp4", "%d.m4s");
    assertThat(claimed()).isTrue();
    int before = MappedFile.openCount();
    ReaderDriver.Read read = read();
    assertThat(read.defects()).isEmpty();
    MessageBatch rows = read.messages("video/1");
    MessageBatch whole = Clips.read(folder, Clips.fragmented()).messages("video/1");
    assertThat(rows.size()).isEqualTo(60);
    for (int row = 0; row < 60; row++) {
      assertThat(rows.stampsNs()[row]).isEqualTo(whole.stampsNs()[row]);
      assertThat(rows.digests()[row]).isEqualTo(whole.digests()[row]);
      assertThat(rows.frameOrders()[row]).isEqualTo(whole.frameOrders()[row]);
      assertThat(rows.file(row)).isEqualTo(row / 5 + 1 + ".m4s");
    }
    assertThat(MappedFile.openCount()).isEqualTo(before);
  }

  @Test
  void aMissingSegmentIsAFindingInTheNextOne() throws IOException {
    write("init.mp4", "seg-%02d.m4s", 7);
    assertThat(defects(read()))
        .containsExactly(
            "error FRAGMENT_TIME: decode time of the fragment, against the end of the one before,"
                + " ticks (fragment 8 after 6) stored 22400, computed 19200 @ video/1,"
                + " seg-08.m4s, byte 72+20");
  }

  /// A manifest of one representation in twelve segments of 5 frames, 250 ms each.
  private void manifest(String duration, int last) throws IOException {
    Files.writeString(
        folder.resolve("m.mpd"),
        "<MPD type='static' mediaPresentationDuration='"
            + duration
            + "'><Period><AdaptationSet><Representation id='v'><SegmentTemplate timescale='1000'"
            + " initialization='init.mp4' media='$Number$.m4s' startNumber='1'><SegmentTimeline>"
            + "<S t='0' d='250' r='"
            + (last - 1)
            + "'/></SegmentTimeline></SegmentTemplate></Representation></AdaptationSet></Period>"
            + "</MPD>");
  }

  @Test
  void lengthsOfAManifestAreComparedAndASegmentThatItMissesIsToldOnce() throws IOException {
    write("init.mp4", "%d.m4s");
    manifest("PT3S", 12);
    assertThat(defects(read())).isEmpty();
    manifest("PT5S", 12);
    assertThat(defects(read()))
        .containsExactly(
            "warning COUNT_MISMATCH: duration that the manifest tells, against its lists of"
                + " segments, s stored 5, computed 3 @ m.mpd");
    manifest("PT2.5S", 10);
    assertThat(defects(read()))
        .containsExactly(
            "warning COUNT_MISMATCH: segments that representation v does not name 2: 11.m4s, 12.m4s"
                + " (expected none) @ m.mpd");
    manifest("PT3S", 12);
    Files.delete(folder.resolve("6.m4s"));
    assertThat(defects(read()).stream().filter(one -> !one.startsWith("info")))
        .singleElement()
        .satisfies(
            one -> assertThat(one).startsWith("error FILE_MISSING: files of representation"));
  }

  @Test
  void bytesOfASegmentLeadToItsFrames() throws IOException {
    write("init.mp4", "%d.m4s");
    MessageBatch rows = read().messages("video/1");
    try (RecordingIndex index = new Mp4Format().index(folder)) {
      long at = rows.positionsBytes()[7];
      assertThat(index.touching("2.m4s", new ByteRange(at + 1, 1)))
          .extracting(MessageAt::index)
          .containsExactly(7L);
      assertThat(index.touching("1.m4s", new ByteRange(at + 1, 1)))
          .extracting(MessageAt::index)
          .doesNotContain(7L);
    }
  }

  @Test
  void keepsRepresentationsApart() throws IOException {
    write("init-stream0.m4s", "chunk-stream0-%05d.m4s");
    write("init-stream10.m4s", "chunk-stream10-%05d.m4s", 3);
    Files.writeString(folder.resolve("manifest.mpd"), "<MPD/>");
    assertThat(claimed()).isTrue();
    ReaderDriver.Read read = read();
    assertThat(read.streams().stream().map(StreamInfo::name).toList())
        .containsExactly("stream0/video/1", "stream10/video/1");
    assertThat(read.messages("stream0/video/1").size()).isEqualTo(60);
    assertThat(read.messages("stream10/video/1").size()).isEqualTo(55);
    assertThat(defects(read)).hasSize(1).first().asString().contains("chunk-stream10-00004.m4s");
  }

  @Test
  void leavesFoldersOfOtherFilesAlone() throws IOException {
    write("init.mp4", "%d.m4s");
    Files.write(folder.resolve("drive.mcap"), new byte[8]);
    assertThat(claimed()).isFalse();
    Files.delete(folder.resolve("drive.mcap"));
    assertThat(claimed()).isTrue();
    // Two initialisations, of which neither names the segments.
    Files.copy(folder.resolve("init.mp4"), folder.resolve("other_init.mp4"));
    assertThat(claimed()).isFalse();
    Files.delete(folder.resolve("other_init.mp4"));
    // A whole video beside them, under either extension.
    for (String name : List.of("whole.mp4", "whole.m4v")) {
      Files.write(folder.resolve(name), Clips.progressive());
      assertThat(claimed()).isFalse();
      Files.delete(folder.resolve(name));
    }
    // A folder beside them, which would be overlooked.
    Files.createDirectory(folder.resolve("drive"));
    assertThat(claimed()).isFalse();
  }

  @Test
  void segmentsAreOneRecordingBeforeTheirInitialisationComes() throws IOException {
    write("init.mp4", "%d.m4s");
    Path init = folder.resolve("init.mp4");
    byte[] tables = Files.readAllBytes(init);
    Files.delete(init);
    assertThat(claimed()).isTrue();
    ReaderDriver.Read read = read();
    assertThat(defects(read))
        .containsExactly(
            "error FILE_MISSING: initialisation of the folder absent, 12 segments not read"
                + " (expected one that its segments belong to) @ init.mp4");
    assertThat(read.streams()).isEmpty();
    Files.write(init, tables);
    assertThat(read().defects()).isEmpty();
  }

  @Test
  void aBrokenInitialisationIsToldAndSegmentsAreNotRead() throws IOException {
    write("init.mp4", "%d.m4s");
    Files.write(folder.resolve("init.mp4"), new byte[] {0, 0, 0, 40, 'f', 't', 'y', 'p'});
    ReaderDriver.Read read = read();
    assertThat(defects(read)).first().asString().startsWith("error FILE_TRUNCATED: box ftyp");
    assertThat(read.streams()).isEmpty();
    assertThat(defects(read)).hasSize(13);
  }

  @Test
  void anInitialisationAloneIsNamedAsThat() throws IOException {
    Path init = folder.resolve("init.mp4");
    Files.write(init, Clips.clip().writer().segments(5).getFirst());
    assertThat(claimed()).isFalse();
    assertThat(defects(new ReaderDriver(new Mp4Format()).read(init)))
        .containsExactly(
            "info MEDIA_MISSING: media data none, this is an initialisation segment (expected"
                + " segments beside it, checked with their folder) @ init.mp4, byte 0+"
                + Files.size(init));
  }

  @Test
  void readsFoldersOfOthers() throws IOException {
    Path examples = SharedData.path("video", "mp4ff", "examples", "combine-segs", "testdata");
    for (String name : List.of("V300", "A48")) {
      Path path = examples.resolve(name);
      assertThat(new Mp4Format().match(Probe.of(path)).claimed()).isTrue();
      ReaderDriver.Read read = new ReaderDriver(new Mp4Format()).read(path);
      assertThat(read.defects(Severity.WARNING)).as(name).isEmpty();
      assertThat(read.messages(0).size()).as(name).isPositive();
    }
  }
}
