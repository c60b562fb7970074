package dev.lockstep.cli;

import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.review.RelabelQueue;
import dev.lockstep.review.RelabelQueue.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep queue`: which labels to redo first.
@Command(
    name = "queue",
    description = {
      "Ranks findings about labels for relabelling, those first that mend most.",
      "",
      "Findings of one track that overlap are one entry. Its value is the number of wrong labels"
          + " expected in it: an error is right with a chance of 0.9, a warning 0.6, an info 0.2"
          + " (judged)."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 nothing to redo",
      "  1 there is something",
      "  2 wrong usage",
      "  3 ranked, but part of the data could not be examined",
      "  4 reading failed, worth another try",
      "  70 internal fault"
    })
final class QueueCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FINDINGS|PATH",
      description = "What 'check' wrote as json or jsonl, or recordings to be checked now.")
  private Path path = Path.of("");

  @Option(
      names = "--budget",
      paramLabel = "N",
      description = "Entries to show, at least 1. Default: 20.")
  private int budget = 20;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text (default) or jsonl.")
  private String output = "text";

  private boolean incomplete;

  @Override
  public Integer call() {
    List<Recording> recordings = new ArrayList<>();
    List<ReportedFinding> findings =
        new ArrayList<>(
            Usage.of(
                spec,
                () -> {
                  if (budget < 1) {
                    throw new IllegalArgumentException(
                        "--budget: " + budget + " (expected at least 1)");
                  }
                  if (!output.equals("text") && !output.equals("jsonl")) {
                    throw new IllegalArgumentException(
                        "--output: " + output + " (expected text or jsonl)");
                  }
                  recordings.addAll(new RecordingFinder(Formats.ALL).find(path).recordings());
                  if (!recordings.isEmpty()) {
                    return List.of();
                  }
                  if (Files.isDirectory(path)) {
                    throw new IllegalArgumentException(path + ": no recording or label set found");
                  }
                  return ReportedFinding.read(path);
                }));
    for (Recording recording : recordings) {
      try {
        CheckedLabels checked = CheckedLabels.of(recording);
        checked.tellUnlisted(recording);
        findings.addAll(checked.findings());
        incomplete |= checked.incomplete();
      } catch (IOException e) {
        Messages.error(recording.name() + ": " + Messages.reason(e));
        return ExitCode.INPUT_OUTPUT;
      }
    }
    List<Entry> all = RelabelQueue.of(findings);
    List<Entry> shown = all.subList(0, Math.min(budget, all.size()));
    for (int i = 0; i < shown.size(); i++) {
      Entry entry = shown.get(i);
      System.out.print(output.equals("text") ? text(i + 1, entry) : json(i + 1, entry));
    }
    if (output.equals("text")) {
      System.out.printf(
          Locale.ROOT,
          "%d of %d entries, %.1f of %.1f expected wrong labels%n",
          shown.size(),
          all.size(),
          value(shown),
          value(all));
    }
    return !all.isEmpty() ? ExitCode.FINDINGS : incomplete ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
  }

  private static double value(List<Entry> entries) {
    return entries.stream().mapToDouble(Entry::value).sum();
  }

  private static String text(int rank, Entry entry) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d. %s%s%s%s: %.1f wrong labels expected of %d%n",
                rank,
                entry.recording().isEmpty() ? "" : entry.recording() + ", ",
                entry.set(),
                entry.track().isEmpty() ? "" : ", track " + entry.track(),
                place(entry),
                entry.value(),
                entry.labels()));
    for (ReportedFinding finding : entry.findings()) {
      text.append("   ").append(finding.headline()).append('\n');
      String cause = finding.json().path("cause").path("sentence").asText();
      text.append(cause.isEmpty() ? "" : "   likely cause: " + cause + "\n");
    }
    return text.toString();
  }

  private static String place(Entry entry) {
    if (entry.first() < 0) {
      return "";
    }
    String name = entry.frames() ? "frame" : "row";
    return entry.first() == entry.last()
        ? ", " + name + " " + entry.first()
        : ", " + name + "s " + entry.first() + ".." + entry.last();
  }

  private static String json(int rank, Entry entry) {
    return LineJson.of(json -> {
      json.writeNumberField("rank", rank);
      json.writeStringField("recording", entry.recording());
      json.writeStringField("set", entry.set());
      json.writeStringField("track", entry.track());
      json.writeNumberField(entry.frames() ? "first_frame" : "first_row", entry.first());
      json.writeNumberField(entry.frames() ? "last_frame" : "last_row", entry.last());
      json.writeNumberField("labels", entry.labels());
      json.writeNumberField("value", entry.value());
      json.writeArrayFieldStart("causes");
      for (String cause : entry.causes()) {
        json.writeString(cause);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("findings");
      for (ReportedFinding finding : entry.findings()) {
        json.writeString(finding.id());
      }
      json.writeEndArray();
    });
  }
}
