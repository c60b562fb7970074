package dev.lockstep.bench.robustness;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.lineage.Reproduction;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.Severity;
import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.Fault;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// How small `repro` cuts a recording for each finding that faults bring, and whether every cut
/// gives its finding.
@Command(
    name = "repro",
    mixinStandardHelpOptions = true,
    description =
        "Cuts the smallest case of each finding that a fault brings into a drive, or of each"
            + " finding of recordings; exit code 1 if one is not given by its cut.")
public final class CutSizes implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATH",
      description =
          "Recordings, or folders of them, in place of drives with faults. A finding that an"
              + " earlier one has, too, is left out.")
  private List<Path> paths = List.of();

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      description = "Payload of a bulk drive of large messages. Default: a drive of --seconds.")
  private long megabytes;

  @Option(names = "--seconds", paramLabel = "S", description = "Length of a drive. Default: 60.")
  private double seconds = 60;

  @Option(
      names = "--compression",
      split = ",",
      paramLabel = "NAME",
      description = "Compressions of the drives. Default: none,lz4,zstd.")
  private List<String> compressions = McapSettings.COMPRESSIONS;

  @Option(
      names = "--fault",
      split = ",",
      paramLabel = "NAME",
      description = "Faults to plant. Default: those in bytes.")
  private List<String> faults = List.of();

  @Option(
      names = "--formats",
      description =
          "A recording of each format with a fault in one place, in place of drives with faults.")
  private boolean formats;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "Of --formats, those whose names begin so.")
  private String format = "";

  @Option(names = "--folder", paramLabel = "DIR", description = "Where the drives are made.")
  private @Nullable Path folder;

  private final PrintStream out;
  private long lost;

  private CutSizes(PrintStream out) {
    this.out = out;
  }

  /// Runs the campaign; `--help` lists the options.
  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /// Runs a campaign that reports to `out`; 0 if every cut gives its finding.
  static int run(PrintStream out, String... args) {
    return new CommandLine(new CutSizes(out)).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    Path given = folder;
    Path work =
        given == null ? Files.createTempDirectory("lockstep-cuts") : Files.createDirectories(given);
    out.printf(
        "%-44s %-6s %12s %10s %8s %5s %6s  %s%n",
        "recording and fault",
        "check",
        "recording",
        "cut",
        "share",
        "tries",
        "CPU s",
        "reproduced");
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      Set<String> known = new HashSet<>();
      for (Path path : paths) {
        for (Recording each : new RecordingFinder(Formats.ALL).find(path).recordings()) {
          cuts(engine, each, each.name(), Set.of(), known, work);
        }
      }
      if (formats) {
        for (FormatCase each : FormatCase.all(seconds)) {
          if (each.name().startsWith(format)) {
            Path into = work.resolve("made");
            Folders.delete(into);
            FormatCase.Made made = each.writer().write(into);
            Set<String> checks = Set.copyOf(made.checks());
            cuts(engine, only(made.path()), each.name(), checks, new HashSet<>(), work);
            Folders.delete(into);
          }
        }
      } else if (paths.isEmpty()) {
        for (String compression : compressions) {
          drive(engine, compression, work);
        }
      }
    } finally {
      if (given == null) {
        Folders.delete(work);
      }
    }
    out.println(lost == 0 ? "every cut gives its finding" : lost + " findings are not given");
    return lost == 0 ? 0 : 1;
  }

  private void drive(Engine engine, String compression, Path work) throws IOException {
    Path drive = work.resolve("drive.mcap");
    if (megabytes > 0) {
      SynthRun.bulk(
          drive,
          BulkDrive.ofBytes(1, megabytes * 1_000_000),
          BulkDrive.settings(compression).withChunkBytes(1 << 20));
    } else {
      SynthRun.drive(
          drive,
          SynthOptions.DEFAULT.withSeed(1).withSeconds(seconds),
          McapSettings.DEFAULT.withCompression(compression));
    }
    Set<String> clean = new HashSet<>();
    engine
        .check(drive, "drive.mcap", only(drive).format())
        .findings()
        .forEach(finding -> clean.add(key(ReportedFinding.of("drive.mcap", finding))));
    List<String> planted =
        faults.isEmpty()
            ? Corruption.all().stream()
                .filter(fault -> fault.kind() == Fault.Kind.BYTES)
                .map(Fault::name)
                .toList()
            : faults;
    for (String fault : planted) {
      Path damaged = work.resolve("damaged");
      try {
        Injector.inject(drive, List.of(FaultSpec.parse(fault, 1)), damaged);
      } catch (InapplicableFaultException e) {
        out.printf("%-44s %s%n", compression + " " + fault, e.getMessage());
        continue;
      }
      Path file = damaged.resolve("drive.mcap");
      cuts(engine, only(file), compression + " " + fault, Set.of(), new HashSet<>(clean), work);
    }
  }

  private static Recording only(Path path) throws IOException {
    return new RecordingFinder(Formats.ALL).find(path).recordings().getFirst();
  }

  /// CPU time of this process: other work on the machine does not count.
  private static long cpuNs() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static String key(ReportedFinding finding) {
    return finding.check() + finding.message();
  }

  /// @param checks whose findings are cut out, by ids; all where it is empty
  /// @param known findings that are not
  private void cuts(
      Engine engine,
      Recording recording,
      String title,
      Set<String> checks,
      Set<String> known,
      Path work)
      throws IOException {
    long bytes = ManifestFiles.sizeBytes(recording.path());
    for (Finding finding :
        engine.check(recording.path(), recording.name(), recording.format()).findings()) {
      ReportedFinding target = ReportedFinding.of(recording.name(), finding);
      boolean meant = checks.isEmpty() || checks.contains(target.check());
      if (!known.add(key(target)) || finding.severity() == Severity.INFO || !meant) {
        continue;
      }
      long began = cpuNs();
      Reproduction.Cut cut =
          Reproduction.of(
              recording.path(),
              recording.format(),
              engine,
              target,
              work.resolve("cut"),
              work.resolve("tried"));
      boolean given = cut.finding() != null;
      lost += given ? 0 : 1;
      out.printf(
          Locale.ROOT,
          "%-44s %-6s %12d %10d %7.3f%% %5d %6.1f  %s%n",
          title,
          target.check(),
          bytes,
          cut.bytes(),
          100.0 * cut.bytes() / bytes,
          cut.tries(),
          (cpuNs() - began) * 1e-9,
          !given ? "NO: " + target.message() : cut.whole() ? "yes, whole" : "yes");
      out.flush();
    }
  }
}
