package dev.lockstep.cli;

import dev.lockstep.check.Run;
import dev.lockstep.model.Severity;
import dev.lockstep.report.ArrowReport;
import dev.lockstep.report.HtmlReport;
import dev.lockstep.report.JsonReport;
import dev.lockstep.report.JunitReport;
import dev.lockstep.report.Report;
import dev.lockstep.report.SarifReport;
import dev.lockstep.report.TextReport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A rendering and where it goes: one report to standard output, or one or more to a file each.
final class Output {
  private final String text;
  private final @Nullable Report printed;
  private final Map<Path, Report> files;

  private Output(String text, @Nullable Report printed, Map<Path, Report> files) {
    this.text = text;
    this.printed = printed;
    this.files = files;
  }

  /// Reads what `--output` was given, one or more.
  ///
  /// @throws IllegalArgumentException if there is no such format, or two go to one place
  static List<Output> parse(List<String> texts, boolean verbose) {
    List<Output> outputs = new ArrayList<>();
    Map<Path, String> taken = new HashMap<>();
    String printed = null;
    for (String text : texts) {
      Output output = parse(text, verbose);
      if (output.printed != null) {
        if (printed != null) {
          throw new IllegalArgumentException(
              "--output: " + printed + " and " + text + " go to standard output (expected one)");
        }
        printed = text;
      }
      for (Path file : output.files.keySet()) {
        String other = taken.putIfAbsent(file.toAbsolutePath().normalize(), text);
        if (other != null) {
          throw new IllegalArgumentException(
              "--output: " + other + " and " + text + " go to one file");
        }
      }
      outputs.add(output);
    }
    return outputs;
  }

  /// Reads `FORMAT[:FILE]`, or `arrow:PREFIX`.
  ///
  /// @throws IllegalArgumentException if there is no such format; the message lists what there is
  private static Output parse(String text, boolean verbose) {
    int colon = text.indexOf(':');
    String format = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
    String file = colon < 0 ? "" : text.substring(colon + 1);
    if (colon >= 0 && file.isEmpty()) {
      throw new IllegalArgumentException(
          "--output: " + text + " (expected a file behind the colon)");
    }
    if (format.equals("arrow")) {
      if (file.isEmpty()) {
        throw new IllegalArgumentException(
            "--output: arrow makes two files and needs a prefix for them: arrow:PREFIX");
      }
      Map<Path, Report> tables = new LinkedHashMap<>();
      tables.put(Path.of(file + ".findings.arrow"), ArrowReport.findings());
      tables.put(Path.of(file + ".measurements.arrow"), ArrowReport.measurements());
      return new Output(text, null, tables);
    }
    Report report =
        switch (format) {
          case "text" -> new TextReport(file.isEmpty() && Terminal.isColored(), verbose);
          case "json" -> JsonReport.document();
          case "jsonl" -> JsonReport.lines();
          case "junit" -> new JunitReport();
          case "sarif" -> new SarifReport();
          case "html" -> new HtmlReport();
          default ->
              throw new IllegalArgumentException(
                  "--output: "
                      + format
                      + " (expected text, json, jsonl, junit, sarif, html or arrow)");
        };
    return file.isEmpty()
        ? new Output(text, report, Map.of())
        : new Output(text, null, Map.of(Path.of(file), report));
  }

  /// Writes `run` everywhere, and tells on standard error where that was not possible.
  ///
  /// @return exit code: input and output, findings as bad as `limit`, incomplete, or clean
  static int write(List<Output> outputs, Run run, Severity limit) {
    boolean failed = false;
    for (Output output : outputs) {
      try {
        output.write(run);
      } catch (IOException e) {
        failed = true;
        Messages.error("output " + output + ": " + Messages.reason(e));
      }
    }
    if (failed) {
      return ExitCode.INPUT_OUTPUT;
    }
    if (run.reaches(limit)) {
      return ExitCode.FINDINGS;
    }
    return run.incomplete() ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
  }

  /// Writes `run`; a file appears whole or not at all.
  ///
  /// @throws IOException if it cannot be written
  private void write(Run run) throws IOException {
    if (printed != null) {
      OutputStream out = new BufferedOutputStream(System.out, 1 << 16);
      printed.write(run, out);
      out.flush();
      if (System.out.checkError()) {
        throw new IOException("standard output cannot be written");
      }
    }
    for (Map.Entry<Path, Report> each : files.entrySet()) {
      WholeFile.write(each.getKey(), out -> each.getValue().write(run, out));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
