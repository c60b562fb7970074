package dev.lockstep.report;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.RecordingResult.LabelSummary;
import dev.lockstep.check.Run;
import dev.lockstep.check.RunCost;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One page to open in a browser, to attach to a ticket or to keep with a recording: the verdicts,
/// each stream over time with what was found on it, findings worst first, and how every check
/// ended.
///
/// The page holds all that it needs: no script, no font and no request to anywhere.
public final class HtmlReport implements Report {
  private static final String STYLE = "report.css";
  private static final long NS_PER_MICROSECOND = 1000;

  @Override
  public void write(Run run, OutputStream out) throws IOException {
    HtmlPage page = new HtmlPage(out);
    page.open("html", "lang", "en").open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    page.text("title", "Lockstep: " + TextReport.totals(run));
    page.text("style", style()).close();
    page.open("body").open("main");
    page.open("header").text("h1", "Lockstep");
    page.text("p", TextReport.totals(run), "class", "soft").close();
    if (run.recordings().size() > 1) {
      contents(page, run);
    }
    for (int i = 0; i < run.recordings().size(); i++) {
      section(page, run.recordings().get(i), "r" + (i + 1));
    }
    if (!run.unclaimed().isEmpty()) {
      page.open("section").text("h2", "Files of no known format, not examined");
      for (String file : run.unclaimed()) {
        page.text("p", file, "class", "mono");
      }
      page.close();
    }
    RunCost cost = run.cost();
    if (cost != null) {
      page.open("section").text("h2", "Cost");
      lines(page, CostText.of(cost));
      page.close();
    }
    page.text(
            "footer",
            "Lockstep "
                + run.version()
                + ". `lockstep explain ID` tells what a check looks for, when it stays silent and"
                + " where its limits come from.")
        .close()
        .close()
        .close();
    page.flush();
  }

  private static String style() throws IOException {
    try (InputStream css = HtmlReport.class.getResourceAsStream(STYLE)) {
      if (css == null) {
        throw new IllegalStateException(STYLE + " is not in the jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String anchor(String recording, int finding) {
    return recording + "-f" + (finding + 1);
  }

  private static void contents(HtmlPage page, Run run) throws IOException {
    page.open("nav").open("table").open("tr");
    for (String head : List.of("recording", "verdict")) {
      page.text("th", head);
    }
    for (Severity severity : worstFirst()) {
      page.text("th", severity.label(), "class", "number");
    }
    page.text("th", "content").close();
    for (int i = 0; i < run.recordings().size(); i++) {
      RecordingResult recording = run.recordings().get(i);
      page.open("tr").open("td").text("a", recording.name(), "href", "#r" + (i + 1)).close();
      page.open("td");
      verdict(page, recording);
      page.close();
      for (Severity severity : worstFirst()) {
        long found = recording.findings().stream().filter(f -> f.severity() == severity).count();
        page.text(
            "td",
            Long.toString(found),
            "class",
            "number" + (found > 0 ? " " + severity.label() : ""));
      }
      page.text("td", TextReport.describe(recording), "class", "soft").close();
    }
    page.close().close();
  }

  private static List<Severity> worstFirst() {
    return List.of(Severity.ERROR, Severity.WARNING, Severity.INFO);
  }

  private static void verdict(HtmlPage page, RecordingResult recording) throws IOException {
    String word = recording.verdict().label();
    page.text("span", word, "class", "chip " + word);
    if (recording.incomplete()) {
      page.text("span", "not all of it examined", "class", "chip warning");
    }
  }

  private static void section(HtmlPage page, RecordingResult recording, String id)
      throws IOException {
    List<Finding> findings = new ArrayList<>(recording.findings());
    findings.sort((a, b) -> b.severity().compareTo(a.severity()));
    page.open("section", "id", id).text("h2", recording.name());
    page.open("p");
    verdict(page, recording);
    page.text("span", TextReport.describe(recording), "class", "soft").close();
    StringBuilder sync = new StringBuilder();
    SyncText.append(sync, recording);
    lines(page, sync.toString());
    coverage(page, recording.coverage());
    List<String> anchors = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      anchors.add(anchor(id, i));
    }
    new FindingTimeline(recording, findings, anchors).write(page);
    findings(page, recording, findings, anchors);
    streams(page, recording);
    outcomes(page, recording);
    measurements(page, recording);
    for (String note : recording.notes()) {
      page.text("p", note, "class", "soft");
    }
    page.close();
  }

  private static void coverage(HtmlPage page, Coverage coverage) throws IOException {
    page.text("h3", "Protection");
    page.open("div", "class", "bar")
        .text("i", "", "style", "width:" + CoverageText.share(coverage) + "%")
        .close();
    String words =
        CoverageText.of(coverage).stream()
            .map(CoverageText.Line::phrase)
            .collect(Collectors.joining("; "));
    page.text("p", words, "class", "soft");
  }

  private static void findings(
      HtmlPage page, RecordingResult recording, List<Finding> findings, List<String> anchors)
      throws IOException {
    if (findings.isEmpty()) {
      return;
    }
    page.text("h3", "Findings");
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = findings.get(i);
      page.open("div", "class", "finding", "id", anchors.get(i));
      page.text("div", finding.severity().label(), "class", finding.severity().label());
      page.text("div", finding.check().id(), "class", "mono", "title", finding.check().summary());
      page.open("div").text("b", finding.check().name()).text(": " + FindingText.message(finding));
      Cause cause = finding.cause();
      if (cause != null) {
        page.text("p", "Likely cause: " + cause.sentence());
      }
      String place = FindingText.place(finding.location());
      page.text(
          "p",
          (place.isEmpty() ? "the recording as a whole" : place)
              + "; finding "
              + finding.fingerprint(),
          "class",
          "place");
      page.close().close();
    }
    for (CheckResult result : recording.results()) {
      String more = TextReport.more(result);
      if (!more.isEmpty()) {
        page.text("p", more, "class", "soft");
      }
    }
  }

  private static void streams(HtmlPage page, RecordingResult recording) throws IOException {
    if (!recording.streams().isEmpty()) {
      page.text("h3", "Streams");
      page.open("div", "class", "scroll").open("table").open("tr");
      for (String head : List.of("stream", "kind", "type")) {
        page.text("th", head);
      }
      for (String head :
          List.of("messages", "bytes", "mean period", "longest step", "first stamp, ns")) {
        page.text("th", head, "class", "number");
      }
      page.close();
      for (StreamSummary stream : recording.streams()) {
        page.open("tr").text("td", stream.stream().name(), "class", "mono");
        page.text("td", stream.stream().modality().label());
        page.text("td", stream.stream().schema(), "class", "soft");
        number(page, Long.toString(stream.messages()));
        number(page, TextReport.bytes(stream.bytes()));
        long periodNs = stream.meanPeriodNs();
        number(page, periodNs == 0 ? "" : Numbers.duration(rounded(periodNs)));
        long stepNs = stream.longestStampStepNs();
        number(page, stepNs == 0 ? "" : Numbers.duration(rounded(stepNs)));
        long firstNs = stream.firstStampNs();
        number(page, firstNs == Times.NONE ? "" : Long.toString(firstNs));
        page.close();
      }
      page.close().close();
    }
    if (!recording.labelSets().isEmpty()) {
      page.text("h3", "Label sets");
      for (LabelSummary set : recording.labelSets()) {
        page.open("p").text("span", set.name(), "class", "mono");
        page.text(
                ": "
                    + set.boxes()
                    + (set.boxes() == 1 ? " box" : " boxes")
                    + ", "
                    + TextReport.count(set.tracks(), "track")
                    + ", "
                    + set.categories()
                    + (set.categories() == 1 ? " category" : " categories"))
            .close();
      }
    }
  }

  /// Nanoseconds without digits that nobody reads.
  private static long rounded(long ns) {
    return ns < Times.MILLISECOND
        ? ns
        : (ns + NS_PER_MICROSECOND / 2) / NS_PER_MICROSECOND * NS_PER_MICROSECOND;
  }

  private static void number(HtmlPage page, String text) throws IOException {
    page.text("td", text, "class", "number");
  }

  private static void outcomes(HtmlPage page, RecordingResult recording) throws IOException {
    Map<String, Integer> ends = new TreeMap<>();
    for (CheckResult result : recording.results()) {
      ends.merge(result.outcome().label(), 1, Integer::sum);
    }
    StringBuilder counts = new StringBuilder("How every check ended:");
    String separator = " ";
    for (Map.Entry<String, Integer> end : ends.entrySet()) {
      counts.append(separator).append(end.getValue()).append(' ').append(end.getKey());
      separator = ", ";
    }
    page.open("details").text("summary", counts.toString()).open("table");
    @Nullable String check = null;
    for (CheckResult result : recording.results()) {
      boolean first = !result.check().id().equals(check);
      check = result.check().id();
      page.open("tr");
      page.text("td", first ? check : "", "class", "mono", "title", result.check().summary());
      page.text("td", first ? result.check().name() : "");
      page.text("td", result.subject(), "class", "mono");
      Outcome outcome = result.outcome();
      String color =
          outcome instanceof Outcome.Passed
              ? "clean"
              : outcome instanceof Outcome.Skipped ? "soft" : "error";
      page.text("td", TextReport.outcome(outcome), "class", color).close();
    }
    page.close().close();
  }

  private static void measurements(HtmlPage page, RecordingResult recording) throws IOException {
    List<Measurement> measured = recording.measurements();
    if (measured.isEmpty()) {
      return;
    }
    page.open("details").text("summary", TextReport.count(measured.size(), "measurement"));
    page.open("table");
    for (Measurement each : measured) {
      page.open("tr").text("td", each.check(), "class", "mono");
      page.text("td", each.subject(), "class", "mono").text("td", each.quantity());
      number(page, Numbers.text(each.value()) + (each.unit().isEmpty() ? "" : " " + each.unit()));
      page.close();
    }
    page.close().close();
  }

  private static void lines(HtmlPage page, String text) throws IOException {
    for (String line : text.lines().toList()) {
      page.text("p", line.strip(), "class", "soft");
    }
  }
}
