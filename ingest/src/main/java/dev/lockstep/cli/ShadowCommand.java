package dev.lockstep.cli;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.RunCost;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.engine.CostMeter;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.LabelLogMatch;
import dev.lockstep.shadow.LabelSource;
import dev.lockstep.shadow.ShadowRun;
import dev.lockstep.shadow.ShadowShare;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    description =
        "Compares exported labels with the labels that they were made from; without an export,"
            + " reads a recording in two ways and compares.",
    footer = {
      "",
      "Exit codes:",
      "  0 both say the same",
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
      description = "The export: a label file, or a recording with labels.")
  private @Nullable Path export;

  @Option(
      names = "--label-log",
      paramLabel = "PATH",
      description =
          "Label log (or label file) between the two: it is compared with the labels of RAW, and"
              + " the export with it. Its rows are given the sensor messages of RAW by stamps.")
  private @Nullable Path labelLog;

  @Option(
      names = "--all-sets",
      description =
          "With --export: it has to hold every label set of RAW. Default: sets that it lacks are"
              + " told at level info, unless it lacks all.")
  private boolean allSets;

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      description = "Without --export: which share of the blocks is read twice. Default: 100%%.")
  private String share = "100%";

  @Option(names = "--seed", paramLabel = "N", description = ShadowOption.SEED)
  private long seed;

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
    if (original == null) {
      throw new ParameterException(spec.commandLine(), "needs RAW");
    }
    ShadowShare twice = Usage.of(spec, () -> ShadowShare.parse(share, seed));
    Severity limit = Usage.of(spec, () -> Quantities.severity("--fail-on", failOn));
    List<Output> renderings = Usage.of(spec, () -> Output.parse(outputs, verbose));
    Path known = baseline;
    Set<String> fingerprints =
        known == null ? Set.of() : Usage.of(spec, () -> Baseline.read(known));
    Path log = labelLog == null && exported == null ? LabelledFormat.labelsOf(original) : labelLog;
    List<LabelSource> chain = new ArrayList<>();
    for (Path step : Stream.of(original, log, exported).filter(Objects::nonNull).toList()) {
      chain.add(Usage.of(spec, () -> LabelFile.source(step)));
    }
    SourceFormat labelled = chain.getFirst().recording();
    SourceFormat format = labelled == null ? null : LabelledFormat.without(labelled);
    if (format == null && exported == null) {
      throw new ParameterException(
          spec.commandLine(), "needs --export: " + original + " is a label file, not a recording");
    }

    List<ExportCheck> checks =
        Checks.ALL.stream()
            .filter(ExportCheck.class::isInstance)
            .map(ExportCheck.class::cast)
            .toList();
    Run run;
    try {
      List<RecordingResult> all = new ArrayList<>();
      CostMeter meter = null;
      if (exported == null && format != null) {
        meter = new CostMeter();
        all.add(readTwice(original, format, twice, meter));
      }
      if (log != null && format != null) {
        all.add(new LabelLogMatch(shadowChecks()).run(original, format, chain.get(1)));
      }
      for (int n = 1; n < chain.size() && exported != null; n++) {
        all.add(
            new ShadowRun(checks, allSets)
                .run(chain.get(n - 1), chain.get(n), chain.get(n).path().toString()));
      }
      List<RecordingResult> results = new ArrayList<>();
      long left = 0;
      for (RecordingResult each : all) {
        RecordingResult fresh = each.without(fingerprints);
        left += (long) each.findings().size() - fresh.findings().size();
        results.add(fresh);
      }
      RunCost cost =
          meter == null || format == null
              ? null
              : CheckCommand.cost(
                  meter,
                  results.subList(0, 1),
                  List.of(new Recording(original, format, original.toString())),
                  List.of());
      run = new Run(BuildInfo.version(), results, List.of(), left, cost);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    return Output.write(renderings, run, limit);
  }

  private static List<ShadowCheck> shadowChecks() {
    return Checks.ALL.stream()
        .filter(ShadowCheck.class::isInstance)
        .map(ShadowCheck.class::cast)
        .toList();
  }

  /// Reads a recording by the rules about integrity, which say what is damaged anyway, and a share
  /// of it a second time.
  private static RecordingResult readTwice(
      Path path, SourceFormat format, ShadowShare share, CostMeter meter) throws IOException {
    List<Check> checks =
        Checks.ALL.stream()
            .filter(check -> check instanceof ShadowCheck || check.card().family().equals("INT"))
            .toList();
    EngineOptions options = EngineOptions.defaults().withShadow(share);
    try (Engine engine = new Engine(checks, options, meter)) {
      return engine.check(path, path.toString(), format);
    }
  }
}
