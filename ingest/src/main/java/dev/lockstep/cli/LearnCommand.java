package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.rig.RigSurvey;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import dev.lockstep.rig.AutowareText;
import dev.lockstep.rig.RigFile;
import dev.lockstep.rig.RigMerge;
import dev.lockstep.rig.RigText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep learn`: makes a rig profile of good drives.
@Command(
    name = "learn",
    description = {
      "Learns from good drives what a rig records: streams, periods, jitter, phases against the"
          + " LiDAR, sizes, directions, calibration. 'lockstep check --rig FILE' judges others by"
          + " it.",
      "Prints how far sensors lie from the LiDAR, and the parameters of Autoware and"
          + " tier4_perception_dataset that follow."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 learned",
      "  1 learned, but a drive has findings of severity error",
      "  2 wrong usage",
      "  4 reading or writing failed, worth another try",
      "  70 internal fault"
    })
final class LearnCommand implements Callable<Integer> {
  private static final double MS = 1e6;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "GOOD_DRIVE",
      description = "Recordings; of several, what they have in common is learned.")
  private List<Path> drives = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the profile to FILE. Without: print it, and nothing else.")
  private @Nullable Path output;

  @Option(names = "--layout", paramLabel = "FILE", description = LayoutOption.DESCRIPTION)
  private @Nullable String layout;

  @Option(names = "--schema", description = "Show the JSON Schema of rig profiles.")
  private boolean schema;

  /// What one drive shows.
  private record Learned(
      String name, RigProfile profile, List<RigSurvey.Offset> offsets, long errors) {}

  @Override
  public Integer call() {
    if (schema) {
      System.out.print(RigFile.schema());
      return ExitCode.CLEAN;
    }
    if (drives.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: GOOD_DRIVE");
    }
    String described = layout;
    LayoutOption search = Usage.of(spec, () -> LayoutOption.of(described));
    List<Recording> recordings = new ArrayList<>();
    for (Path drive : drives) {
      List<Recording> found = Usage.of(spec, () -> search.find(drive)).recordings();
      if (found.isEmpty()) {
        List<String> names = Formats.ALL.stream().map(f -> f.name()).toList();
        throw new ParameterException(
            spec.commandLine(),
            drive + ": no recording found (formats: " + String.join(", ", names) + ")");
      }
      recordings.addAll(found);
    }
    List<Learned> learned = new ArrayList<>();
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withAllKept())) {
      for (Recording recording : recordings) {
        Learned each = learn(engine, recording);
        if (!each.profile.streams().isEmpty()) {
          learned.add(each);
        }
      }
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    if (learned.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "no stream with messages to learn from in what was given");
    }
    return write(learned);
  }

  private static Learned learn(Engine engine, Recording recording) throws IOException {
    try (RecordingRun run =
        engine.open(
            recording.path(),
            recording.name(),
            recording.format(),
            finding -> {},
            (done, total) -> {})) {
      run.advance(run.available(), true);
      RecordingResult result = run.finish();
      RigProfile profile = RigSurvey.learn(run.alignment());
      return new Learned(
          recording.name(),
          profile,
          RigSurvey.offsets(run.alignment(), profile.reference()),
          result.findings().stream().map(Finding::severity).filter(Severity.ERROR::equals).count());
    }
  }

  private int write(List<Learned> learned) {
    RigMerge.Merged merged = RigMerge.of(learned.stream().map(Learned::profile).toList());
    String yaml = RigText.of(merged.profile());
    Path file = output;
    try {
      if (file == null) {
        System.out.print(yaml);
      } else {
        WholeFile.write(file, out -> out.write(yaml.getBytes(StandardCharsets.UTF_8)));
        System.out.print(text(learned, merged.profile()));
      }
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    merged.notes().forEach(Messages::warning);
    long errors = 0;
    for (Learned each : learned) {
      errors += each.errors;
      if (each.errors > 0) {
        Messages.warning(
            each.name + ": " + each.errors + " findings of severity error: is it a good drive?");
      }
    }
    return errors > 0 ? ExitCode.FINDINGS : ExitCode.CLEAN;
  }

  private static String text(List<Learned> learned, RigProfile profile) {
    StringBuilder text = new StringBuilder();
    for (Learned each : learned) {
      if (!each.offsets.isEmpty()) {
        text.append("# offsets from ")
            .append(each.profile.reference())
            .append(" in ")
            .append(each.name)
            .append(": median of stamp minus nearest stamp, ms\n");
        for (RigSurvey.Offset offset : each.offsets) {
          text.append(
              String.format(
                  Locale.ROOT,
                  "%s: %.3f  # of %d%n",
                  offset.stream(),
                  offset.medianNs() / MS,
                  offset.count()));
        }
      }
    }
    return text.append(AutowareText.of(profile)).toString();
  }
}
