package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.Golden;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
  private static final CheckCard CRC =
      card("INT007", "stored-checksum-wrong", Severity.ERROR, "A stored checksum does not match.");
  private static final CheckCard ORDER =
      card("TIM001", "stamps-decrease", Severity.ERROR, "Stamps run backwards.");
  private static final CheckCard FLIP =
      card("LAB001", "category-flips", Severity.WARNING, "A category changes and changes back.");
  private static final CheckCard OFFSET =
      card("TIM010", "clock-steps", Severity.ERROR, "A clock jumps.");
  private static final CheckCard ABSENT =
      card("INT016", "checksums-absent", Severity.INFO, "Bytes without a stored checksum.");

  private static CheckCard card(String id, String name, Severity severity, String summary) {
    return new CheckCard(id, name, severity, summary, List.of());
  }

  private static final Finding CRC_FINDING =
      new Finding(
          CRC,
          "chunk checksum does not match",
          Severity.ERROR,
          Location.bytes("drive.mcap", 4096, 1_048_576),
          Evidence.Mismatch.ofCrc("chunk CRC-32", 0x1A2B3C4D, 0x99887766),
          null);
  private static final Finding FLIP_FINDING =
      new Finding(
          FLIP,
          "category changes and changes back",
          Severity.WARNING,
          Location.stream("labels <3d> & \u0001").withTrack("car-7").withFrames(40, 42),
          new Evidence.Change("category", "car", "truck", "3 of 200 frames"),
          null);
  private static final Finding OFFSET_FINDING =
      new Finding(
          OFFSET,
          "clock jumps",
          Severity.ERROR,
          Location.stream("/lidar")
              .withMessages(17, 17)
              .withStamps(1_700_000_037_000_000_123L, 1_700_000_037_000_000_123L),
          new Evidence.OutOfRange("step", 37.000012, null, 0.005, "s"),
          new Cause("tai-utc", "the clock counts TAI, which is 37 s ahead of UTC"));
  private static final Finding ABSENT_FINDING =
      new Finding(
          ABSENT,
          "bytes are under no checksum",
          Severity.INFO,
          Location.RECORDING,
          new Evidence.OutOfRange("protected share", 62.5, 100, null, "%"),
          null);

  private static Run run() {
    StreamInfo lidar =
        StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "PointCloud2");
    StreamInfo empty = StreamInfo.of(1, "/rosout", Modality.OTHER, StampSource.LOG_TIME, "cdr", "");
    RecordingResult faulty =
        new RecordingResult(
            "logs/day 1/drive.mcap",
            "mcap",
            List.of(
                new StreamSummary(
                    lidar,
                    200,
                    1_000_000,
                    1_700_000_000_000_000_123L,
                    1_700_000_020_000_000_123L,
                    1_700_000_000_010_000_000L,
                    1_700_000_020_010_000_000L,
                    101_000_000L,
                    101_000_000L,
                    "lidar_top",
                    0,
                    0),
                new StreamSummary(
                    empty, 0, 0, Times.NONE, Times.NONE, Times.NONE, Times.NONE, 0, 0, "", 0, 0)),
            List.of(new RecordingResult.LabelSummary("labels <3d> & \u0001", 1400, 7, 2)),
            List.of(),
            List.of(
                new CheckResult(CRC, "", new Outcome.Found(3), List.of(CRC_FINDING), 3),
                new CheckResult(ABSENT, "", new Outcome.Found(1), List.of(ABSENT_FINDING), 1),
                new CheckResult(ORDER, "/lidar", new Outcome.Passed(199), List.of(), 0),
                new CheckResult(ORDER, "/rosout", new Outcome.Skipped("no messages"), List.of(), 0),
                new CheckResult(OFFSET, "/lidar", new Outcome.Found(1), List.of(OFFSET_FINDING), 1),
                new CheckResult(
                    OFFSET, "/rosout", new Outcome.Broken("it failed: \"x\""), List.of(), 0),
                new CheckResult(
                    FLIP, "labels <3d> & \u0001", new Outcome.Found(1), List.of(FLIP_FINDING), 1)),
            List.of(
                new Measurement("TIM010", "/lidar", "step", 37.000012, "s"),
                new Measurement("INT016", "", "protected-share", 0.625, "")),
            new Coverage(1_600_000, 1_000_000, 120, 0, "chunk CRC-32"),
            List.of("319 of 320 messages reached"));
    RecordingResult clean =
        new RecordingResult(
            "clean.mcap",
            "mcap",
            List.of(),
            List.of(),
            List.of(),
            List.of(new CheckResult(CRC, "", new Outcome.Passed(4), List.of(), 0)),
            List.of(),
            new Coverage(999, 999, 0, 0, "data CRC-32"),
            List.of());
    return new Run("1.2.3", List.of(faulty, clean), List.of("logs/readme.txt"), 2);
  }

  private static byte[] render(Report report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.write(run(), out);
    return out.toByteArray();
  }

  @Test
  void namesWithLineFeedsStayInTheirLine() {
    Finding finding =
        new Finding(
            CRC,
            "chunk checksum does not match",
            Severity.ERROR,
            Location.bytes("a\nerror INT001 b.mcap", 0, 8).withStream("/x\n/y"),
            Evidence.Mismatch.ofCrc("CRC of 'z\nz'", 1, 2),
            null);
    assertThat(FindingText.of(finding).lines()).hasSize(2);
  }

  @Test
  void textIsWhatItWas() throws IOException {
    Golden.assertMatches(ReportTest.class, "report.txt", render(new TextReport(false, false)));
  }

  @Test
  void textWithOutcomesIsWhatItWas() throws IOException {
    Golden.assertMatches(
        ReportTest.class, "report-outcomes.txt", render(new TextReport(false, true)));
  }

  @Test
  void colorsOnlyAddSequences() throws IOException {
    String colored = new String(render(new TextReport(true, false)), StandardCharsets.UTF_8);
    assertThat(colored).contains("\u001b[1;31merror\u001b[0m INT007");
    assertThat(colored.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(new String(render(new TextReport(false, false)), StandardCharsets.UTF_8));
  }

  @Test
  void jsonIsWhatItWasAndKeepsNanoseconds() throws IOException {
    byte[] json = render(JsonReport.document());
    Golden.assertMatches(ReportTest.class, "report.json", json);
    JsonNode stream = new ObjectMapper().readTree(json).at("/recordings/0/streams/0");
    assertThat(stream.get("first_stamp_ns").longValue()).isEqualTo(1_700_000_000_000_000_123L);
  }

  @Test
  void jsonLinesAreWhatTheyWere() throws IOException {
    byte[] lines = render(JsonReport.lines());
    Golden.assertMatches(ReportTest.class, "report.jsonl", lines);
    ObjectMapper mapper = new ObjectMapper();
    for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
      assertThat(mapper.readTree(line).get("id").textValue()).hasSize(Finding.FINGERPRINT_DIGITS);
    }
  }

  @Test
  void sarifIsWhatItWas() throws IOException {
    byte[] sarif = render(new SarifReport());
    Golden.assertMatches(ReportTest.class, "report.sarif", sarif);
    JsonNode run = new ObjectMapper().readTree(sarif).at("/runs/0");
    assertThat(run.at("/results")).hasSize(4);
    assertThat(run.at("/results/0/locations/0/physicalLocation/artifactLocation/uri").textValue())
        .isEqualTo("logs/day%201/drive.mcap");
  }

  @Test
  void junitIsWhatItWasAndWellFormed() throws Exception {
    byte[] xml = render(new JunitReport());
    Golden.assertMatches(ReportTest.class, "report.junit.xml", xml);
    Document document =
        DocumentBuilderFactory.newDefaultNSInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml));
    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(8);
    assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(3);
  }

  @Test
  void htmlIsWhatItWasAndNeedsNothingElse() throws Exception {
    byte[] html = render(new HtmlReport());
    Golden.assertMatches(ReportTest.class, "report.html", html);
    String text = new String(html, StandardCharsets.UTF_8);
    assertThat(text)
        .doesNotContain("<script", "http:", "https:", "url(", "@import")
        .contains("labels &lt;3d&gt; &amp; \uFFFD");
    Document page =
        DocumentBuilderFactory.newDefaultNSInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(html));
    Set<String> ids = new TreeSet<>();
    NodeList elements = page.getElementsByTagName("*");
    for (int i = 0; i < elements.getLength(); i++) {
      String id = ((Element) elements.item(i)).getAttribute("id");
      assertThat(id.isEmpty() || ids.add(id)).as("id %s stands once", id).isTrue();
    }
    NodeList links = page.getElementsByTagName("a");
    assertThat(links.getLength()).as("two recordings, one finding with a stamp").isEqualTo(3);
    for (int i = 0; i < links.getLength(); i++) {
      assertThat(ids).contains(((Element) links.item(i)).getAttribute("href").substring(1));
    }
  }

  @Test
  void htmlMarksAFindingWhereItLiesInTime() throws IOException {
    String html = new String(render(new HtmlReport()), StandardCharsets.UTF_8);
    // The stream lasts from 0 to 20 s; the finding bears a stamp of 37 s and lies at the edge.
    assertThat(html)
        .contains("<rect class=\"lane\" x=\"230.0\" y=\"6\" width=\"954.0\" height=\"10\">")
        .contains("<rect class=\"error\" x=\"1182.0\" y=\"6\" width=\"4.0\" height=\"10\">");
  }

  @Test
  void htmlSaysHowFarAwayAStreamLiesThatTheOthersDoNotMeet() throws IOException {
    RecordingResult one = run().recordings().getFirst();
    StreamSummary lidar = one.streams().getFirst();
    List<StreamSummary> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long offNs = i == 1 ? 37 * Times.SECOND : 0;
      streams.add(
          new StreamSummary(
              StreamInfo.of(i, "/s" + i, Modality.LIDAR, StampSource.HEADER, "cdr", ""),
              lidar.messages(),
              lidar.bytes(),
              lidar.firstStampNs() + offNs,
              lidar.lastStampNs() + offNs,
              lidar.firstLogTimeNs(),
              lidar.lastLogTimeNs(),
              0,
              0,
              "",
              0,
              0));
    }
    RecordingResult apart =
        new RecordingResult(
            "apart.mcap",
            "mcap",
            streams,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            one.coverage(),
            List.of());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new HtmlReport().write(new Run("1.2.3", List.of(apart), List.of(), 0), out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("begins 37 s after the begin of this axis")
        .containsOnlyOnce("begins");
  }

  private static String arrow(ArrowReport report) throws IOException {
    StringBuilder text = new StringBuilder();
    try (RootAllocator allocator = new RootAllocator();
        ArrowFileReader reader =
            new ArrowFileReader(
                new ByteArrayReadableSeekableByteChannel(render(report)), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      new TreeMap<>(root.getSchema().getCustomMetadata())
          .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
      root.getSchema().getFields().forEach(field -> text.append(field).append('\n'));
      while (reader.loadNextBatch()) {
        for (int row = 0; row < root.getRowCount(); row++) {
          text.append('\n');
          for (FieldVector column : root.getFieldVectors()) {
            text.append(column.getName()).append(": ").append(column.getObject(row)).append('\n');
          }
        }
      }
    }
    return text.toString();
  }

  @Test
  void arrowFindingsAreWhatTheyWereAndKeepNanoseconds() throws IOException {
    String table = arrow(ArrowReport.findings());
    Golden.assertMatches(
        ReportTest.class, "findings.arrow.txt", table.getBytes(StandardCharsets.UTF_8));
    assertThat(table).contains("first_stamp_ns: 1700000037000000123\n", "track: car-7\n");
    assertThat(render(ArrowReport.findings())).isEqualTo(render(ArrowReport.findings()));
  }

  @Test
  void arrowMeasurementsAreWhatTheyWere() throws IOException {
    String table = arrow(ArrowReport.measurements());
    Golden.assertMatches(
        ReportTest.class, "measurements.arrow.txt", table.getBytes(StandardCharsets.UTF_8));
    assertThat(table).contains("value: 37.000012\n");
  }

  @Test
  void theBaselineTakesOutKnownFindingsOnly() {
    RecordingResult before = run().recordings().getFirst();
    RecordingResult after =
        before.without(Set.of(OFFSET_FINDING.fingerprint(), "0123456789abcdef"));
    assertThat(after.findings()).doesNotContain(OFFSET_FINDING).hasSize(3);
    assertThat(after.results().get(4).outcome()).isEqualTo(new Outcome.Passed(1));
  }

  @Test
  void fingerprintsIgnorePathsAndValuesButNotPlaces() {
    Finding moved =
        new Finding(
            CRC,
            "other words",
            Severity.WARNING,
            CRC_FINDING.location(),
            Evidence.Mismatch.ofCrc("chunk CRC-32", 1, 2),
            null);
    assertThat(moved.fingerprint()).isEqualTo(CRC_FINDING.fingerprint());
    Finding elsewhere =
        new Finding(
            CRC,
            CRC_FINDING.title(),
            CRC_FINDING.severity(),
            Location.bytes("drive.mcap", 8192, 1_048_576),
            CRC_FINDING.evidence(),
            null);
    assertThat(elsewhere.fingerprint()).isNotEqualTo(CRC_FINDING.fingerprint());
  }
}
