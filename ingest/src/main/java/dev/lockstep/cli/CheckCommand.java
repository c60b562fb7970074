package dev.lockstep.cli;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.RunCost;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.engine.CostMeter;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.Progress;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.Severity;
import dev.lockstep.plot.RecordingPlots;
import dev.lockstep.report.JsonReport;
import dev.lockstep.shadow.ShadowShare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// `lockstep check`: checks recordings and label sets, and says what is wrong with them.
final class CheckCommand implements Callable<Integer> {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this, LockstepCommand.FACTORY);

  private final PositionalParamSpec paths =
      PositionalParamSpec.builder()
          .arity("1..*")
          .required(true)
          .paramLabel("PATH")
          .type(List.class)
          .auxiliaryTypes(Path.class)
          .description("Recordings, label files, or folders that hold some.")
          .build();

  private final OptionSpec outputs =
      OptionSpec.builder("-o", "--output")
          .paramLabel("FORMAT[:FILE]")
          .type(List.class)
          .auxiliaryTypes(String.class)
          .initialValue(List.of("text"))
          .description(
              "Rendering: text, json, jsonl, junit, sarif or html; to FILE, or to standard output."
                  + " Or arrow:PREFIX, which makes PREFIX.findings.arrow and"
                  + " PREFIX.measurements.arrow. Repeatable. Default: text.")
          .build();

  private final OptionSpec failOn =
      OptionSpec.builder("--fail-on")
          .paramLabel("SEVERITY")
          .type(String.class)
          .initialValue("error")
          .description("Least severity that exits with 1: error (default), warning or info.")
          .build();

  private final OptionSpec selected =
      checks("--select", "Only these checks: ids, families (TIM) or names.");

  private final OptionSpec ignored =
      checks("--ignore", "Not these checks: ids, families or names.");

  private final OptionSpec layout =
      OptionSpec.builder("--layout")
          .paramLabel("FILE")
          .type(String.class)
          .description(LayoutOption.DESCRIPTION)
          .build();

  private final OptionSpec rig =
      OptionSpec.builder("--rig")
          .paramLabel("FILE")
          .type(Path.class)
          .description(RigOption.RIG)
          .build();

  private final OptionSpec require =
      OptionSpec.builder("--require")
          .paramLabel(RigOption.REQUIRE_LABEL)
          .type(List.class)
          .auxiliaryTypes(String.class)
          .initialValue(List.of())
          .description(RigOption.REQUIRE)
          .build();

  private final OptionSpec plot =
      OptionSpec.builder("--plot")
          .paramLabel("DIR")
          .type(Path.class)
          .description(
              "Write plots (SVG) to DIR: phases of cameras to the LiDAR, their distances from its"
                  + " beam, steps of each stream with findings. Of several recordings, to folders"
                  + " 1, 2, ... of DIR.")
          .build();

  private final OptionSpec baseline =
      OptionSpec.builder("--baseline")
          .paramLabel("FILE")
          .type(Path.class)
          .description("Leave out findings that FILE (a json or jsonl output) knows already.")
          .build();

  private final OptionSpec quick =
      OptionSpec.builder("--quick")
          .type(boolean.class)
          .description("Containers and recorder times only: payloads and labels are left out.")
          .build();

  private final OptionSpec threads =
      OptionSpec.builder("--threads")
          .paramLabel("N")
          .type(int.class)
          .initialValue(Runtime.getRuntime().availableProcessors())
          .description("Threads that scan. Default: one a core.")
          .build();

  private final OptionSpec verbose =
      OptionSpec.builder("-v", "--verbose")
          .type(boolean.class)
          .description("Text: list how every check ended on every stream.")
          .build();

  private final OptionSpec cost =
      OptionSpec.builder("--cost")
          .type(boolean.class)
          .description("Add what the run cost: CPU time by pass, bytes of manifest and findings.")
          .build();

  private final OptionSpec rates =
      OptionSpec.builder("--cost-rate")
          .splitRegex(",")
          .paramLabel("HZ")
          .type(List.class)
          .auxiliaryTypes(Double.class)
          .initialValue(List.of())
          .description(
              "With --cost: also what 30 days of streams at these rates store, one rate a stream.")
          .build();

  private final OptionSpec shadow =
      OptionSpec.builder("--shadow")
          .paramLabel("SHARE")
          .type(String.class)
          .description(ShadowOption.SHADOW)
          .build();

  private final OptionSpec shadowSeed =
      OptionSpec.builder("--shadow-seed")
          .paramLabel("N")
          .type(long.class)
          .initialValue(0L)
          .description(ShadowOption.SEED)
          .build();

  private static OptionSpec checks(String name, String description) {
    return OptionSpec.builder(name)
        .splitRegex(",")
        .paramLabel("CHECK")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .initialValue(List.of())
        .description(description)
        .build();
  }

  /// The command and its options.
  ///
  /// Declared in code: annotations are read through classes that are made at run time, which takes
  /// as long as a small check.
  CommandSpec spec() {
    spec.usageMessage()
        .description("Checks recordings and label sets: files, or folders in which they are found.")
        .footer(
            "",
            "Exit codes:",
            "  0 clean",
            "  1 findings at or above --fail-on",
            "  2 wrong usage",
            "  3 done, but part of the data could not be examined",
            "  4 reading or writing failed, worth another try",
            "  70 internal fault");
    spec.addPositional(paths);
    for (OptionSpec option :
        List.of(
            outputs,
            failOn,
            selected,
            ignored,
            layout,
            rig,
            require,
            plot,
            baseline,
            quick,
            threads,
            verbose,
            cost,
            rates,
            shadow,
            shadowSeed)) {
      spec.addOption(option);
    }
    return spec;
  }

  @Override
  public Integer call() {
    String least = failOn.getValue();
    Severity limit = Usage.of(spec, () -> Quantities.severity("--fail-on", least));
    int scanners = threads.getValue();
    if (scanners < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads: " + scanners + " (expected at least 1)");
    }
    List<Output> renderings =
        Usage.of(spec, () -> Output.parse(outputs.<List<String>>getValue(), isSet(verbose)));
    @Nullable Path profile = rig.getValue();
    var checks =
        Usage.of(
            spec,
            () ->
                RigOption.apply(
                    Checks.selectForRecordings(selected.getValue(), ignored.getValue()),
                    profile,
                    require.getValue()));
    @Nullable String twice = shadow.getValue();
    long seed = shadowSeed.getValue();
    @Nullable ShadowShare share = Usage.of(spec, () -> ShadowOption.of(twice, seed));
    if (share == null && !selected.<List<String>>getValue().isEmpty()) {
      checks.stream()
          .filter(ShadowCheck.class::isInstance)
          .findFirst()
          .filter(check -> checks.stream().allMatch(ShadowCheck.class::isInstance))
          .ifPresent(check -> {
            throw new ParameterException(
                spec.commandLine(),
                check.card().id()
                    + " compares two reads of a recording (expected --shadow with it)");
          });
    }
    @Nullable Path known = baseline.getValue();
    Set<String> fingerprints =
        known == null ? Set.of() : Usage.of(spec, () -> Baseline.read(known));
    @Nullable String described = layout.getValue();
    LayoutOption search = Usage.of(spec, () -> LayoutOption.of(described));
    List<Recording> recordings = new ArrayList<>();
    List<String> unclaimed = new ArrayList<>();
    boolean failed = false;
    for (Path path : paths.<List<Path>>getValue()) {
      failed |= !find(search, path, recordings, unclaimed);
    }

    EngineOptions options = EngineOptions.defaults().withThreads(scanners);
    if (isSet(quick)) {
      options = options.withoutPayloads();
    }
    options = options.withShadow(share);
    @Nullable Path plots = plot.getValue();
    if (plots != null) {
      options = options.withAllKept();
      Usage.of(spec, () -> Files.createDirectories(plots));
    }
    List<Double> hertz = rates.getValue();
    if (!hertz.isEmpty() && !isSet(cost)) {
      throw new ParameterException(spec.commandLine(), "--cost-rate needs --cost");
    }
    for (double rate : hertz) {
      if (!(rate > 0 && rate <= 1e9)) {
        throw new ParameterException(
            spec.commandLine(), "--cost-rate: " + rate + " (expected above 0, at most 1e9)");
      }
    }
    CostMeter meter = isSet(cost) ? new CostMeter() : null;
    List<RecordingResult> results = new ArrayList<>();
    long left = 0;
    try (Engine engine = new Engine(checks, options, meter);
        ProgressLine progress = ProgressLine.onTerminal()) {
      for (Recording recording : recordings) {
        try {
          @Nullable Path folder =
              plots == null || recordings.size() == 1
                  ? plots
                  : plots.resolve(String.valueOf(recordings.indexOf(recording) + 1));
          RecordingResult result = check(engine, recording, progress.of(recording.name()), folder);
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
    Run run =
        new Run(
            BuildInfo.version(),
            results,
            unclaimed,
            left,
            meter == null ? null : cost(meter, results, recordings, hertz));
    int exit = Output.write(renderings, run, limit);
    return failed ? ExitCode.INPUT_OUTPUT : exit;
  }

  private static RecordingResult check(
      Engine engine, Recording recording, Progress progress, @Nullable Path plots)
      throws IOException {
    try (RecordingRun run =
        engine.open(
            recording.path(), recording.name(), recording.format(), finding -> {}, progress)) {
      run.advance(run.available(), true);
      RecordingResult result = run.finish();
      if (plots != null) {
        Files.createDirectories(plots);
        for (var file : RecordingPlots.of(result, run.alignment()).entrySet()) {
          Files.writeString(plots.resolve(file.getKey()), file.getValue());
        }
      }
      return result;
    }
  }

  /// What a run cost.
  static RunCost cost(
      CostMeter meter,
      List<RecordingResult> results,
      List<Recording> recordings,
      List<Double> hertz) {
    long messages = 0;
    long names = 0;
    long streams = 0;
    long findings = 0;
    long findingsBytes = 0;
    long sinceNs = meter.threadCpuNs();
    for (RecordingResult result : results) {
      for (Finding finding : result.findings()) {
        String line = JsonReport.line(result.name(), finding);
        findingsBytes += line.getBytes(StandardCharsets.UTF_8).length + 1L;
        findings++;
      }
    }
    long findingsNs = meter.threadCpuNs() - sinceNs;
    for (RecordingResult result : results) {
      for (StreamSummary stream : result.streams()) {
        messages += stream.messages();
        names += stream.stream().name().length();
        streams++;
      }
    }
    long manifests = 0;
    for (Recording recording : recordings) {
      // A file that is gone by now takes no bytes.
      manifests += ManifestFiles.of(recording.path()).toFile().length();
    }
    RunCost cost =
        new RunCost(
            messages,
            meter.scanCpuNs(),
            meter.orderCpuNs(),
            meter.endCpuNs(),
            meter.shadowCpuNs(),
            manifests,
            findings,
            findingsBytes,
            findingsNs,
            null);
    int name = streams == 0 ? 0 : (int) (names / streams);
    return hertz.isEmpty()
        ? cost
        : cost.withMonth(hertz, ManifestFiles.bytesPerMessage(BlockLimits.DEFAULT, name));
  }

  private static boolean isSet(OptionSpec option) {
    return Boolean.TRUE.equals(option.getValue());
  }

  /// Adds what is at `path`; whether all of it could be looked at.
  private boolean find(
      LayoutOption search, Path path, List<Recording> recordings, List<String> unclaimed) {
    RecordingFinder.Found found = Usage.of(spec, () -> search.find(path));
    for (Path unreadable : found.unreadable()) {
      Messages.error(
          unreadable
              + (Files.exists(unreadable, LinkOption.NOFOLLOW_LINKS)
                  ? ": permission denied"
                  : ": cannot be opened (its name is not in the encoding of this locale)"));
    }
    if (found.recordings().isEmpty() && found.unreadable().isEmpty()) {
      List<String> names = Formats.ALL.stream().map(f -> f.name()).toList();
      throw new ParameterException(
          spec.commandLine(),
          path
              + ": no recording or label set found (formats: "
              + String.join(", ", names)
              + "; other folders: --layout, see 'lockstep layout'; other labels: as a label log,"
              + " see 'Your own data' in the README)");
    }
    recordings.addAll(found.recordings());
    found.unclaimed().forEach(file -> unclaimed.add(file.toString()));
    return found.unreadable().isEmpty();
  }
}
