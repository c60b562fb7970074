package dev.lockstep.cli;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.LabelSource;
import dev.lockstep.shadow.ShadowRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep shadow`: reads labels again and compares an export with what it was made from.
@Command(
    name = "shadow",
    description = "Compares exported labels with the labels that they were made from.",
    footer = {
      "",
      "Exit codes:",
      "  0 the export says the same",
      "  1 findings at or above --fail-on",
      "  2 wrong usage",
      "  3 done, but part of the data could not be examined",
      "  4 reading or writing failed, worth another try",
      "  70 internal fault"
    })
final class ShadowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RAW",
      description = "The original: a recording with labels, or a label file.")
  private @Nullable Path raw;

  @Option(
      names = "--export",
      paramLabel = "PATH",
      required = true,
      description = "The export: a label file, or a recording with labels.")
  private @Nullable Path export;

  @Option(
      names = "--label-log",
      paramLabel = "PATH",
      description =
          "Label log (or label file) between the two: it is compared with the labels of RAW, and"
              + " the export with it.")
  private @Nullable Path labelLog;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT[:FILE]",
      description = "Rendering, as of 'lockstep check'. Repeatable. Default: text.")
  private List<String> outputs = List.of("text");

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "Least severity that exits with 1: error (default), warning or info.")
  private String failOn = "error";

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Leave out findings that FILE (a json or jsonl output) knows already.")
  private @Nullable Path baseline;

  @Option(
      names = {"-v", "--verbose"},
      description = "Text: list how every check ended on every label set.")
  private boolean verbose;

  @Override
  public Integer call() {
    Path original = raw;
    Path exported = export;
    if (original == null || exported == null) {
      throw new ParameterException(spec.commandLine(), "needs RAW and --export");
    }
    Severity limit = Usage.of(spec, () -> Quantities.severity("--fail-on", failOn));
    List<Output> renderings = new ArrayList<>();
    for (String output : outputs) {
      renderings.add(Usage.of(spec, () -> Output.parse(output, verbose)));
    }
    Path known = baseline;
    Set<String> fingerprints =
        known == null ? Set.of() : Usage.of(spec, () -> Baseline.read(known));
    Path log = labelLog;
    List<LabelSource> chain = new ArrayList<>();
    for (Path step : log == null ? List.of(original, exported) : List.of(original, log, exported)) {
      chain.add(Usage.of(spec, () -> LabelFile.source(step)));
    }

    List<ExportCheck> checks =
        Checks.ALL.stream()
            .filter(ExportCheck.class::isInstance)
            .map(ExportCheck.class::cast)
            .toList();
    Run run;
    try {
      List<RecordingResult> results = new ArrayList<>();
      long left = 0;
      for (int n = 1; n < chain.size(); n++) {
        RecordingResult all =
            new ShadowRun(checks)
                .run(chain.get(n - 1), chain.get(n), chain.get(n).path().toString());
        RecordingResult fresh = all.without(fingerprints);
        left += (long) all.findings().size() - fresh.findings().size();
        results.add(fresh);
      }
      run = new Run(BuildInfo.version(), results, List.of(), left);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    return Output.write(renderings, run, limit);
  }
}
