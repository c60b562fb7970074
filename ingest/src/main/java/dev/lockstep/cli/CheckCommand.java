package dev.lockstep.cli;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.model.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep check`: checks recordings and label sets, and says what is wrong with them.
@Command(
    name = "check",
    description = "Checks recordings and label sets: files, or folders in which they are found.",
    footer = {
      "",
      "Exit codes:",
      "  0 clean",
      "  1 findings at or above --fail-on",
      "  2 wrong usage",
      "  3 done, but part of the data could not be examined",
      "  4 reading or writing failed, worth another try",
      "  70 internal fault"
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Recordings, label files, or folders that hold some.")
  private List<Path> paths = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT[:FILE]",
      description =
          "Rendering: text, json, jsonl, junit or sarif; to FILE, or to standard output. Or"
              + " arrow:PREFIX, which makes PREFIX.findings.arrow and PREFIX.measurements.arrow."
              + " Repeatable. Default: text.")
  private List<String> outputs = List.of("text");

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "Least severity that exits with 1: error (default), warning or info.")
  private String failOn = "error";

  @Option(
      names = "--select",
      split = ",",
      paramLabel = "CHECK",
      description = "Only these checks: ids, families (TIM) or names.")
  private List<String> selected = List.of();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "CHECK",
      description = "Not these checks: ids, families or names.")
  private List<String> ignored = List.of();

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Leave out findings that FILE (a json or jsonl output) knows already.")
  private @Nullable Path baseline;

  @Option(
      names = "--quick",
      description = "Containers and recorder times only: payloads and labels are left out.")
  private boolean quick;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that scan. Default: one a core.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = {"-v", "--verbose"},
      description = "Text: list how every check ended on every stream.")
  private boolean verbose;

  @Override
  public Integer call() {
    Severity limit = severity();
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads: " + threads + " (expected at least 1)");
    }
    List<Output> renderings = new ArrayList<>();
    for (String output : outputs) {
      renderings.add(usage(() -> Output.parse(output, verbose)));
    }
    var checks = usage(() -> Checks.select(selected, ignored));
    Path known = baseline;
    Set<String> fingerprints = known == null ? Set.of() : usage(() -> Baseline.read(known));
    List<Recording> recordings = new ArrayList<>();
    List<String> unclaimed = new ArrayList<>();
    for (Path path : paths) {
      find(path, recordings, unclaimed);
    }

    EngineOptions options = EngineOptions.defaults().withThreads(threads);
    if (quick) {
      options = options.withoutPayloads();
    }
    List<RecordingResult> results = new ArrayList<>();
    long left = 0;
    boolean failed = false;
    try (Engine engine = new Engine(checks, options);
        ProgressLine progress = ProgressLine.onTerminal()) {
      for (Recording recording : recordings) {
        try {
          RecordingResult result =
              engine.check(
                  recording.path(),
                  recording.name(),
                  recording.format(),
                  finding -> {},
                  progress.of(recording.name()));
          RecordingResult fresh = result.without(fingerprints);
          left += (long) result.findings().size() - fresh.findings().size();
          results.add(fresh);
        } catch (IOException e) {
          failed = true;
          progress.clear();
          Messages.error(recording.name() + ": " + Messages.reason(e));
        }
      }
    }
    Run run = new Run(BuildInfo.version(), results, unclaimed, left);
    for (Output output : renderings) {
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

  private Severity severity() {
    for (Severity severity : Severity.values()) {
      if (severity.label().equals(failOn.toLowerCase(Locale.ROOT))) {
        return severity;
      }
    }
    throw new ParameterException(
        spec.commandLine(), "--fail-on: " + failOn + " (expected error, warning or info)");
  }

  private void find(Path path, List<Recording> recordings, List<String> unclaimed) {
    RecordingFinder.Found found = usage(() -> new RecordingFinder(Formats.ALL).find(path));
    if (found.recordings().isEmpty()) {
      List<String> names = Formats.ALL.stream().map(f -> f.name()).toList();
      throw new ParameterException(
          spec.commandLine(),
          path + ": no recording or label set found (formats: " + String.join(", ", names) + ")");
    }
    recordings.addAll(found.recordings());
    found.unclaimed().forEach(file -> unclaimed.add(file.toString()));
  }

  /// Runs what the command line asks for; what is wrong with it is wrong usage.
  private <T> T usage(Callable<T> asked) {
    try {
      return asked.call();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), Messages.reason(e), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
