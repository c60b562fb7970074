package dev.lockstep.cli;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.Incident;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.lineage.Reproduction;
import dev.lockstep.lineage.Routing;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.source.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep repro`: the smallest recording that still gives a finding, as an incident folder.
@Command(
    name = "repro",
    description = {
      "Cuts the smallest recording that still gives a finding, checks that it does, and writes a"
          + " folder for whoever has to look into it: the cut, the command, expected and actual"
          + " output, owner and due time."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 the folder is written and its recording gives the finding",
      "  1 the folder is written, but not even a copy of the whole recording gives the finding",
      "  2 wrong usage, or no such finding",
      "  4 reading or writing failed, worth another try",
      "  70 internal fault"
    })
final class ReproCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FINDING",
      description = "Id of the finding (or its beginning), or a check, for its first finding.")
  private String finding = "";

  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE|PATH",
      description = "Findings of an earlier run (json or jsonl output), or a recording to check.")
  private Path in = Path.of("");

  @Option(
      names = "--recording",
      paramLabel = "PATH",
      description = "Where the recording lies now, if not where the findings say.")
  private @Nullable Path moved;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "DIR",
      description = "Folder to write; must be empty or not exist.")
  private Path out = Path.of("");

  @Option(
      names = "--routing",
      paramLabel = "FILE",
      description = "YAML: owners by check, hours by severity.")
  private @Nullable Path routing;

  @Option(
      names = "--webhook-body",
      paramLabel = "FILE",
      description = "Write a body for a webhook too.")
  private @Nullable Path webhook;

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "When the incident begins (2026-03-01T12:00:00Z). Default: now.")
  private @Nullable String at;

  @Override
  public Integer call() {
    Path file = routing;
    Routing route = file == null ? null : Usage.of(spec, () -> Routing.read(file));
    Instant created = created();
    Usage.of(spec, this::requireEmptyFolder);
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      ReportedFinding target = Usage.of(spec, () -> target(engine));
      Path path = moved == null ? Path.of(target.recording()) : moved;
      Recording recording = Usage.of(spec, () -> TraceCommand.only(path));
      return write(engine, target, recording, route, created);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }

  private Instant created() {
    String text = at;
    if (text == null) {
      return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(), "--at: " + text + " (expected as 2026-03-01T12:00:00Z)", e);
    }
  }

  private Boolean requireEmptyFolder() throws IOException {
    if (Files.exists(out)) {
      if (!Files.isDirectory(out)) {
        throw new IllegalArgumentException("--out: " + out + " is no folder");
      }
      try (Stream<Path> entries = Files.list(out)) {
        if (entries.findAny().isPresent()) {
          throw new IllegalArgumentException("--out: " + out + " is not empty");
        }
      }
    }
    return true;
  }

  private ReportedFinding target(Engine engine) throws IOException {
    List<ReportedFinding> known;
    boolean recorded =
        Files.isDirectory(in) || new RecordingFinder(Formats.ALL).claim(Probe.of(in)) != null;
    if (recorded) {
      Recording recording = TraceCommand.only(in);
      known =
          engine.check(recording.path(), recording.name(), recording.format()).findings().stream()
              .map(each -> ReportedFinding.of(recording.name(), each))
              .toList();
    } else {
      known = ReportedFinding.read(in);
    }
    boolean check = finding.matches("[A-Z]{3}\\d{3}");
    List<ReportedFinding> meant =
        known.stream()
            .filter(each -> check ? each.check().equals(finding) : each.id().startsWith(finding))
            .toList();
    if (meant.isEmpty()) {
      throw new IllegalArgumentException(
          finding + ": no such finding among the " + known.size() + " in " + in);
    }
    boolean several = meant.stream().anyMatch(each -> !each.id().equals(meant.getFirst().id()));
    if (!check && several) {
      throw new IllegalArgumentException(
          finding + ": " + meant.size() + " findings in " + in + " begin so");
    }
    return meant.getFirst();
  }

  private int write(
      Engine engine,
      ReportedFinding target,
      Recording recording,
      @Nullable Routing route,
      Instant created)
      throws IOException {
    Path folder = Files.createDirectories(out);
    Path work = folder.resolve(".tried");
    Reproduction.Cut cut =
        Reproduction.of(
            recording.path(),
            recording.format(),
            engine,
            target,
            folder.resolve(Incident.CUT),
            work);
    Files.deleteIfExists(work);
    Incident incident =
        new Incident(
            "lockstep " + BuildInfo.version(),
            BuildInfo.version(),
            created,
            target,
            recording.name(),
            recording.format().name(),
            ManifestFiles.sizeBytes(recording.path()),
            cut,
            route == null ? null : route.owner(target.check()),
            route == null ? null : route.hoursFor(target.severity()));
    incident.write(folder);
    Path body = webhook;
    if (body != null) {
      incident.writeWebhookBody(folder, body);
    }
    System.out.println(target.text());
    String what =
        cut.whole()
            ? "no cut gives it: the whole recording is kept"
            : String.format(
                Locale.ROOT,
                "smallest cut that gives it: %d of %d bytes (%.3f %%), %s",
                cut.bytes(),
                incident.recordingBytes(),
                incident.share() * 100,
                cut.streams().isEmpty()
                    ? "no stream"
                    : "streams " + String.join(", ", cut.streams().stream().sorted().toList()));
    System.out.println(what + ", after " + cut.tries() + " tries");
    System.out.println("written to " + out);
    if (!incident.reproduced()) {
      System.out.println("a copy of the whole recording does not give it");
    }
    return incident.reproduced() ? ExitCode.CLEAN : ExitCode.FINDINGS;
  }
}
