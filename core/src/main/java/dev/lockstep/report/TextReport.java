package dev.lockstep.report;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.RunCost;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Text for people: a verdict, the findings worst first, and what was not examined.
public final class TextReport implements Report {
  private final boolean color;
  private final boolean outcomes;

  /// @param color whether severities and verdicts are coloured with ANSI sequences
  /// @param outcomes whether every check's end on every subject is listed, not only counted
  public TextReport(boolean color, boolean outcomes) {
    this.color = color;
    this.outcomes = outcomes;
  }

  @Override
  public void write(Run run, OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder();
    for (RecordingResult recording : run.recordings()) {
      append(text, recording);
      text.append('\n');
    }
    appendTotals(text, run);
    RunCost cost = run.cost();
    if (cost != null) {
      text.append(CostText.of(cost));
    }
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void append(StringBuilder text, RecordingResult recording) {
    text.append(line(recording.name()))
        .append(": ")
        .append(verdict(recording))
        .append("  (")
        .append(describe(recording))
        .append(")\n");
    List<Finding> findings = new ArrayList<>(recording.findings());
    findings.sort((a, b) -> b.severity().compareTo(a.severity()));
    for (Finding finding : findings) {
      String body = safe(FindingText.of(finding));
      String word = finding.severity().label();
      text.append("  ")
          .append(paint(word, colorOf(finding.severity())))
          .append(body.substring(word.length()).replace("\n", "\n  "))
          .append('\n');
    }
    for (CheckResult result : recording.results()) {
      String more = more(result);
      if (!more.isEmpty()) {
        text.append("  ").append(line(more)).append('\n');
      }
    }
    appendOutcomes(text, recording);
    SyncText.append(text, recording);
    for (CoverageText.Line said : CoverageText.of(recording.coverage())) {
      text.append("  ").append(said.about()).append(": ").append(line(said.words())).append('\n');
    }
    for (String note : recording.notes()) {
      text.append("  note: ").append(line(note)).append('\n');
    }
  }

  private void appendOutcomes(StringBuilder text, RecordingResult recording) {
    int passed = 0;
    int found = 0;
    int skipped = 0;
    int broken = 0;
    for (CheckResult result : recording.results()) {
      Outcome outcome = result.outcome();
      passed += outcome instanceof Outcome.Passed ? 1 : 0;
      found += outcome instanceof Outcome.Found ? 1 : 0;
      skipped += outcome instanceof Outcome.Skipped ? 1 : 0;
      broken += outcome instanceof Outcome.Broken ? 1 : 0;
    }
    text.append("  checks: ")
        .append(passed)
        .append(" passed, ")
        .append(found)
        .append(" found something, ")
        .append(skipped)
        .append(" could not apply");
    if (broken > 0) {
      text.append(", ").append(broken).append(" broken");
    }
    text.append('\n');
    for (CheckResult result : recording.results()) {
      if (outcomes || result.outcome() instanceof Outcome.Broken) {
        text.append("    ")
            .append(result.check().id())
            .append(' ')
            .append(result.check().name())
            .append(result.subject().isEmpty() ? "" : " on " + line(result.subject()))
            .append(": ")
            .append(line(outcome(result.outcome())))
            .append('\n');
      }
    }
  }

  /// An outcome in a few words.
  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed p -> "passed (" + p.examined() + " examined)";
      case Outcome.Found f -> "found " + f.findings();
      case Outcome.Skipped s -> "skipped: " + s.reason();
      case Outcome.Broken b -> "broken: " + b.cause();
    };
  }

  private String verdict(RecordingResult recording) {
    String word = recording.verdict().label().toUpperCase(Locale.ROOT);
    String painted = paint(word, colorOf(recording.worst()));
    return recording.incomplete() ? painted + ", not all of it examined" : painted;
  }

  /// Format, duration and counts of a recording in one line.
  static String describe(RecordingResult recording) {
    long messages = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (StreamSummary stream : recording.streams()) {
      messages += stream.messages();
      if (stream.firstStampNs() != Times.NONE) {
        first = Math.min(first, Math.min(stream.firstStampNs(), stream.lastStampNs()));
        last = Math.max(last, Math.max(stream.firstStampNs(), stream.lastStampNs()));
      }
    }
    StringBuilder text = new StringBuilder(recording.format());
    if (first <= last) {
      text.append(", ").append(Numbers.duration(Times.difference(last, first)));
    }
    text.append(", ")
        .append(count(recording.streams().size(), "stream"))
        .append(", ")
        .append(count(messages, "message"));
    long boxes = recording.labelSets().stream().mapToLong(l -> l.boxes()).sum();
    if (boxes > 0) {
      text.append(", ").append(boxes).append(boxes == 1 ? " box" : " boxes");
    }
    return text.append(", ").append(bytes(recording.coverage().totalBytes())).toString();
  }

  private static void appendTotals(StringBuilder text, Run run) {
    text.append(totals(run)).append('\n');
    if (!run.unclaimed().isEmpty()) {
      text.append(count(run.unclaimed().size(), "file"))
          .append(" of no known format not examined: ")
          .append(
              line(
                  String.join(
                      ", ", run.unclaimed().subList(0, Math.min(5, run.unclaimed().size())))))
          .append(run.unclaimed().size() > 5 ? ", ..." : "")
          .append('\n');
    }
  }

  /// How many findings of a check on a subject were not kept; empty where all were.
  static String more(CheckResult result) {
    long more = result.total() - result.findings().size();
    return more <= 0
        ? ""
        : "... and "
            + more
            + " more of "
            + result.check().id()
            + (result.subject().isEmpty() ? "" : " in " + result.subject());
  }

  /// How many recordings and findings there are, in one line.
  static String totals(Run run) {
    long faulty = run.recordings().stream().filter(r -> r.worst() == Severity.ERROR).count();
    long suspicious = run.recordings().stream().filter(r -> r.worst() == Severity.WARNING).count();
    long clean = run.recordings().size() - faulty - suspicious;
    StringBuilder text = new StringBuilder();
    text.append(count(run.recordings().size(), "recording"))
        .append(": ")
        .append(clean)
        .append(" clean, ")
        .append(suspicious)
        .append(" suspicious, ")
        .append(faulty)
        .append(" faulty; ")
        .append(count(run.count(Severity.ERROR), "error"))
        .append(", ")
        .append(count(run.count(Severity.WARNING), "warning"))
        .append(", ")
        .append(run.count(Severity.INFO))
        .append(" info");
    if (run.known() > 0) {
      text.append("; ").append(run.known()).append(" known from the baseline left out");
    }
    return text.toString();
  }

  /// Names come from files that may hold anything: control characters could command a terminal.
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text);
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      if (c < ' ' && c != '\n' || c == 0x7F) {
        safe.setCharAt(i, '\uFFFD');
      }
    }
    return safe.toString();
  }

  /// The same for what must stay within its line.
  static String line(String text) {
    return safe(text.replace('\n', '\uFFFD'));
  }

  /// A number with its noun, in the plural where that is due.
  static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  /// Bytes with a decimal unit, three digits.
  static String bytes(long n) {
    if (n < 1000) {
      return n + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB", "PB"};
    double value = n / 1e3;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return Numbers.fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0) + " " + units[unit];
  }

  private String paint(String word, String sequence) {
    return color ? "\u001b[" + sequence + "m" + word + "\u001b[0m" : word;
  }

  private static String colorOf(Severity severity) {
    return switch (severity) {
      case ERROR -> "1;31";
      case WARNING -> "1;33";
      case INFO -> "36";
    };
  }
}
