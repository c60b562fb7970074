package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.manifest.ManifestWriter;
import dev.lockstep.model.Block;
import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep seal`: checks recordings and writes their block manifests in the same pass.
@Command(
    name = "seal",
    description = {
      "Checks recordings and writes a block manifest beside each (NAME.blocks.arrow): checksums"
          + " by which 'check' sees any later change, and names the message."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 all sealed",
      "  1 not all sealed: a recording has findings of severity error",
      "  2 wrong usage, or a manifest is there already; nothing was written",
      "  3 all sealed, but part of the data could not be examined",
      "  4 reading or writing failed, worth another try",
      "  70 internal fault"
    })
final class SealCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Recordings, or folders that hold some.")
  private List<Path> paths = List.of();

  @Option(
      names = "--block-messages",
      paramLabel = "N",
      description = "Most messages of a block, up to 4096. Default: 10.")
  private int blockMessages = BlockLimits.DEFAULT.messages();

  @Option(
      names = "--block-bytes",
      paramLabel = "N",
      description = "Most payload bytes of a block. Default: 16777216.")
  private long blockBytes = BlockLimits.DEFAULT.bytes();

  @Option(names = "--layout", paramLabel = "FILE", description = LayoutOption.DESCRIPTION)
  private @Nullable String layout;

  @Option(
      names = "--force",
      description = "Replace a manifest that is there; seal in spite of errors.")
  private boolean force;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that scan. Default: one a core.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    BlockLimits limits;
    EngineOptions options;
    try {
      limits = new BlockLimits(blockMessages, blockBytes);
      options = EngineOptions.defaults().withThreads(threads);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    // Looked at before the first is read: a long run must not end in a refusal.
    Map<Path, Recording> recordings = recordings();
    int exit = ExitCode.CLEAN;
    try (Engine engine = new Engine(Checks.ALL, options);
        ProgressLine progress = ProgressLine.onTerminal()) {
      for (Map.Entry<Path, Recording> each : recordings.entrySet()) {
        try {
          exit = worse(exit, seal(engine, each.getValue(), each.getKey(), limits, progress));
        } catch (IOException | UncheckedIOException e) {
          progress.clear();
          IOException cause =
              e instanceof UncheckedIOException u
                  ? Objects.requireNonNull(u.getCause())
                  : (IOException) e;
          Messages.error(each.getValue().name() + ": " + Messages.reason(cause));
          exit = worse(exit, ExitCode.INPUT_OUTPUT);
        }
      }
    }
    return exit;
  }

  /// Failed reading outranks findings, and those outrank what could not be examined.
  private static int worse(int a, int b) {
    List<Integer> ranks =
        List.of(ExitCode.CLEAN, ExitCode.INCOMPLETE, ExitCode.FINDINGS, ExitCode.INPUT_OUTPUT);
    return ranks.indexOf(a) >= ranks.indexOf(b) ? a : b;
  }

  private Map<Path, Recording> recordings() {
    Map<Path, Recording> recordings = new LinkedHashMap<>();
    try {
      LayoutOption search = LayoutOption.of(layout);
      for (Path path : paths) {
        List<Recording> found = search.find(path).recordings();
        if (found.isEmpty()) {
          throw new ParameterException(spec.commandLine(), path + ": no recording found");
        }
        for (Recording recording : found) {
          Path manifest = ManifestFiles.of(recording.path());
          if (!force && Files.exists(manifest)) {
            throw new ParameterException(
                spec.commandLine(),
                recording.name() + ": is sealed already by " + manifest + " (--force replaces it)");
          }
          recordings.putIfAbsent(manifest, recording);
        }
      }
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), Messages.reason(e), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return recordings;
  }

  private int seal(
      Engine engine, Recording recording, Path manifest, BlockLimits limits, ProgressLine progress)
      throws IOException {
    ManifestHeader header =
        new ManifestHeader(
            limits,
            ManifestFiles.name(recording.path()),
            recording.format().name(),
            ManifestFiles.sizeBytes(recording.path()));
    try (ManifestWriter writer = ManifestWriter.create(manifest, header)) {
      RecordingResult result =
          engine.check(
              recording.path(),
              recording.name(),
              recording.format(),
              finding -> {},
              progress.of(recording.name()),
              List.of(new BlockFeed(limits, block -> add(writer, block))));
      progress.clear();
      if (result.worst() == Severity.ERROR && !force) {
        System.out.println(
            recording.name() + ": not sealed, it has errors (--force seals in spite of them)");
        for (Finding finding : result.findings()) {
          if (finding.severity() == Severity.ERROR) {
            System.out.println("  " + FindingText.of(finding).replace("\n", "\n  "));
          }
        }
        return ExitCode.FINDINGS;
      }
      ManifestWriter.Written written = writer.commit();
      System.out.printf(
          "%s: sealed by %s: %d blocks, %d messages, %d payload bytes; manifest of %d bytes%n",
          recording.name(),
          manifest.getFileName(),
          written.blocks(),
          written.messages(),
          written.payloadBytes(),
          written.fileBytes());
      for (RecordingResult.LabelSummary labels : result.labelSets()) {
        // Labels that lie in files of their own are no messages: nobody may think them sealed.
        if (result.streams().stream().noneMatch(s -> s.stream().name().equals(labels.name()))) {
          System.out.println("  not in the manifest: labels " + labels.name());
        }
      }
      return result.incomplete() ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
    }
  }

  private static void add(ManifestWriter writer, Block block) {
    try {
      writer.add(block);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
