package dev.lockstep.source.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashManifestTest {
  @TempDir Path folder;

  private DashManifest read(String text) throws IOException, DashManifest.Unusable {
    Path file = folder.resolve("manifest.mpd");
    Files.writeString(file, text);
    return DashManifest.read(file);
  }

  private static String mpd(String inside) {
    return "<MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'"
        + " mediaPresentationDuration='PT10.001S'><Period><AdaptationSet>"
        + inside
        + "</AdaptationSet></Period></MPD>";
  }

  @Test
  void fillsTemplatesByNumbersOfAnAdaptationSet() throws Exception {
    DashManifest manifest =
        read(
            mpd(
                "<SegmentTemplate media='$RepresentationID$/$Number%05d$-$$.m4s' timescale='1000'"
                    + " initialization='$RepresentationID$/init-$Bandwidth$.mp4' duration='4000'"
                    + " startNumber='7'/>"
                    + "<Representation id='hi' bandwidth='9000'/><Representation id='lo'/>"));
    assertThat(manifest.complete()).isTrue();
    assertThat(manifest.representations())
        .containsExactly(
            new DashManifest.Representation(
                "hi",
                List.of("hi/init-9000.mp4", "hi/00007-$.m4s", "hi/00008-$.m4s", "hi/00009-$.m4s"),
                10.001),
            new DashManifest.Representation(
                "lo",
                List.of("lo/init-.mp4", "lo/00007-$.m4s", "lo/00008-$.m4s", "lo/00009-$.m4s"),
                10.001));
  }

  @Test
  void followsTimelines() throws Exception {
    DashManifest manifest =
        read(
            mpd(
                "<Representation id='v'><SegmentTemplate media='$Time$.m4s' timescale='10'>"
                    + "<SegmentTimeline><S t='5' d='20' r='1'/><S d='10'/><S t='60' d='25' r='-1'/>"
                    + "</SegmentTimeline></SegmentTemplate></Representation>"));
    assertThat(manifest.representations())
        .containsExactly(
            new DashManifest.Representation(
                "v", List.of("5.m4s", "25.m4s", "45.m4s", "60.m4s", "85.m4s"), 10, 10.001));
  }

  @Test
  void takesListsAsTheyAre() throws Exception {
    DashManifest manifest =
        read(
            mpd(
                "<Representation id='v'><SegmentList duration='4' timescale='2'>"
                    + "<Initialization sourceURL='i.mp4'/><SegmentURL media='a.m4s'/>"
                    + "<SegmentURL media='b.m4s'/></SegmentList></Representation>"));
    assertThat(manifest.representations())
        .containsExactly(
            new DashManifest.Representation("v", List.of("i.mp4", "a.m4s", "b.m4s"), 4));
  }

  @Test
  void saysWhyAManifestCannotBeUsed() {
    assertThatThrownBy(() -> read("<MPD><Period>")).hasMessage("line 1: no well-formed XML");
    assertThatThrownBy(() -> read("<HTML/>")).hasMessage("root element HTML (expected MPD)");
    assertThatThrownBy(() ->
            read(
                mpd(
                    "<Representation id='v'><SegmentTemplate media='$Number$'><SegmentTimeline>"
                        + "<S d='1' r='99999999999'/></SegmentTimeline></SegmentTemplate>"
                        + "</Representation>")))
        .hasMessage("more than 1000000 segments");
    assertThatThrownBy(() ->
            read(
                mpd(
                    "<Representation id='v'><SegmentTemplate media='x' duration='-4'/>"
                        + "</Representation>")))
        .hasMessage("duration is -4 (expected a whole number)");
    // Entities are not followed, whatever they name.
    assertThatThrownBy(() ->
            read(
                "<!DOCTYPE MPD [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><MPD>&x;</MPD>"
                    + "<unclosed>"))
        .isInstanceOf(DashManifest.Unusable.class);
  }

  @Test
  void namesSegmentsThatNoNeighbourMisses() throws IOException {
    List<byte[]> files = Clips.clip().writer().segments(5);
    Files.write(folder.resolve("init.mp4"), files.getFirst());
    for (int i = 1; i < files.size() - 2; i++) {
      Files.write(folder.resolve(i + ".m4s"), files.get(i));
    }
    Files.writeString(
        folder.resolve("manifest.mpd"),
        mpd(
            "<SegmentTemplate media='$Number$.m4s' initialization='init.mp4' timescale='1000'>"
                + "<SegmentTimeline><S d='250' r='11'/></SegmentTimeline></SegmentTemplate>"
                + "<Representation id='v'/>"));
    ReaderDriver.Read read = new ReaderDriver(new Mp4Format()).read(folder);
    assertThat(read.messages("video/1").size()).isEqualTo(50);
    assertThat(
            read.defects(Severity.INFO).stream()
                .map(d -> d.kind() + ": " + FindingText.evidence(d.evidence()))
                .toList())
        .containsExactly(
            "FILE_MISSING: files of representation v 2 missing: 11.m4s, 12.m4s (expected 13 files"
                + " of 3 s)");
  }
}
