package dev.lockstep.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Alignment;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.RigScene;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class RecordingPlotsTest {
  private static RecordingResult result(Finding... findings) {
    List<CheckResult> results = new ArrayList<>();
    for (Finding finding : findings) {
      results.add(new CheckResult(finding.check(), "", new Outcome.Found(1), List.of(finding), 1));
    }
    return new RecordingResult(
        "drive",
        "mcap",
        List.of(),
        List.of(),
        List.of(),
        results,
        List.of(),
        new Coverage(0, 0, 0, 0, "none"),
        List.of());
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document svg, String tag, String type) {
    List<Element> found = new ArrayList<>();
    NodeList all = svg.getElementsByTagName(tag);
    for (int i = 0; i < all.getLength(); i++) {
      if (((Element) all.item(i)).getAttribute("class").equals(type)) {
        found.add((Element) all.item(i));
      }
    }
    return found;
  }

  @Test
  void drawsPhaseAndDistanceFromTheBeamOfEachCamera() throws Exception {
    Map<String, String> plots =
        RecordingPlots.of(result(), RigScene.fourCameras(100).shift("/left", 3_000_000).build());
    assertThat(plots.keySet())
        .containsExactly(
            "lidar.phases.svg",
            "lidar.beam.svg",
            "lidar.steps.svg",
            "front.steps.svg",
            "left.steps.svg",
            "back.steps.svg",
            "right.steps.svg");
    List<Element> phases = elements(parsed(plots.get("lidar.phases.svg")), "g", "series");
    assertThat(phases)
        .extracting(g -> g.getElementsByTagName("desc").item(0).getTextContent())
        .containsExactly(
            "/front +0.00 ms", "/left -16.44 ms", "/back +2.78 ms", "/right -23.61 ms");
    assertThat(phases.get(1).getElementsByTagName("circle").getLength()).isEqualTo(200);
    List<Element> beam = elements(parsed(plots.get("lidar.beam.svg")), "g", "series");
    assertThat(beam.get(1).getElementsByTagName("desc").item(0).getTextContent())
        .isEqualTo("/left -3.00 ms");
    assertThat(beam.get(1).getElementsByTagName("circle").getLength()).isEqualTo(100);
  }

  @Test
  void marksWhatWasFound() throws Exception {
    Alignment alignment = RigScene.fourCameras(100).drop("/left", 50, 52).build();
    Finding finding =
        new Finding(
            Checks.named("TIM008").card(),
            "messages were dropped",
            Severity.ERROR,
            Location.stream("/left").withMessages(49, 50),
            new Evidence.Loss("images", 3, ""),
            null);
    Map<String, String> plots = RecordingPlots.of(result(finding), alignment);
    List<Element> marks = elements(parsed(plots.get("left.steps.svg")), "line", "finding");
    assertThat(marks)
        .singleElement()
        .satisfies(mark -> {
          assertThat(mark.getTextContent()).isEqualTo("TIM008 messages-dropped");
          // Message 50 lies 2.65 s behind the first of 9.95 s; the axis is 860 wide from 80 on.
          assertThat(Double.parseDouble(mark.getAttribute("x1"))).isBetween(300.0, 315.0);
        });
    assertThat(elements(parsed(plots.get("back.steps.svg")), "line", "finding")).isEmpty();
  }

  @Test
  void drawsEqualFilesOfEqualRecordings() {
    Alignment alignment = RigScene.fourCameras(100).build();
    assertThat(RecordingPlots.of(result(), RigScene.fourCameras(100).build()))
        .isEqualTo(RecordingPlots.of(result(), alignment));
  }

  @Test
  void staysWellFormedAndSmallWhateverStampsSay() throws Exception {
    long[] stamps = new long[100_000];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = i % 1000 == 7 ? Long.MIN_VALUE + 2 + i : i % 1000 == 8 ? Long.MAX_VALUE - i : i;
    }
    Alignment alignment =
        RigScene.of(30).camera("/a<&>\"\u0001", 0, 1).stamps("/a<&>\"\u0001", stamps).build();
    Map<String, String> plots = RecordingPlots.of(result(), alignment);
    assertThat(plots).hasSize(2);
    for (String svg : plots.values()) {
      assertThat(parsed(svg).getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(svg).doesNotContain("NaN", "Infinity").hasSizeLessThan(1_000_000);
    }
  }
}
