package dev.lockstep.cli;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.RootFile;
import dev.lockstep.lineage.RootKeys;
import dev.lockstep.lineage.RootVerifier;
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
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
          + " by which 'check' sees any later change, and names the message.",
      "With --root also a root file (NAME.root.json): one digest over the manifest and further"
          + " files, signed if wanted, by which 'verify' checks any copy. A manifest that is there"
          + " already is then kept, if the data agrees with it."
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

  @Option(names = "--root", description = "Write a root file beside each recording.")
  private boolean root;

  @Option(
      names = "--with",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "With --root: further files that the root covers, such as exported labels and a rig"
              + " profile; a folder stands for all files in it. Only for a single recording.")
  private List<Path> with = List.of();

  @Option(
      names = "--sign",
      paramLabel = "KEY.pem",
      description =
          "With --root: sign it with this Ed25519 key (openssl genpkey -algorithm ed25519 -out"
              + " KEY.pem; openssl pkey -in KEY.pem -pubout -out PUB.pem).")
  private @Nullable Path sign;

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
    if (!root && (sign != null || !with.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "--with and --sign need --root");
    }
    Path pem = sign;
    PrivateKey key = pem == null ? null : Usage.of(spec, () -> RootKeys.readPrivate(pem));
    Map<Path, Recording> recordings = recordings();
    if (!with.isEmpty() && recordings.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--with: "
              + recordings.size()
              + " recordings (expected one, whose root covers the files)");
    }
    for (Path file : with) {
      if (!Files.isReadable(file)) {
        throw new ParameterException(spec.commandLine(), "--with: " + file + ": cannot be read");
      }
    }
    int exit = ExitCode.CLEAN;
    try (Engine engine = new Engine(Checks.ALL, options);
        ProgressLine progress = ProgressLine.onTerminal()) {
      for (Map.Entry<Path, Recording> each : recordings.entrySet()) {
        try {
          Recording recording = each.getValue();
          boolean kept = root && !force && Files.exists(each.getKey());
          int sealed =
              kept
                  ? keep(engine, recording, progress)
                  : seal(engine, recording, each.getKey(), limits, progress);
          if (root && (sealed == ExitCode.CLEAN || sealed == ExitCode.INCOMPLETE)) {
            writeRoot(recording, key);
          }
          exit = worse(exit, sealed);
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
          Path rootFile = ManifestFiles.rootOf(recording.path());
          if (!force && root && Files.exists(rootFile)) {
            throw new ParameterException(
                spec.commandLine(),
                recording.name() + ": has a root already, " + rootFile + " (--force replaces it)");
          }
          if (!force && !root && Files.exists(manifest)) {
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
        return refuse(recording, result);
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

  private static int refuse(Recording recording, RecordingResult result) {
    System.out.println(
        recording.name() + ": not sealed, it has errors (--force seals in spite of them)");
    for (Finding finding : result.findings()) {
      if (finding.severity() == Severity.ERROR) {
        System.out.println("  " + FindingText.of(finding).replace("\n", "\n  "));
      }
    }
    return ExitCode.FINDINGS;
  }

  /// Checks a recording against the manifest that it has.
  private static int keep(Engine engine, Recording recording, ProgressLine progress)
      throws IOException {
    RecordingResult result =
        engine.check(
            recording.path(),
            recording.name(),
            recording.format(),
            finding -> {},
            progress.of(recording.name()));
    progress.clear();
    if (result.worst() == Severity.ERROR) {
      return refuse(recording, result);
    }
    System.out.printf(
        "%s: agrees with its manifest: %d blocks, %d payload bytes%n",
        recording.name(), result.coverage().manifestBlocks(), result.coverage().manifestBytes());
    return result.incomplete() ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
  }

  /// What was named, and what is read with the recording.
  private List<Path> covered(Recording recording) {
    List<Path> files = new ArrayList<>(with);
    Set<Path> named = new HashSet<>();
    with.forEach(file -> named.add(file.toAbsolutePath().normalize()));
    for (Path file : RootVerifier.readWith(recording.path(), recording.format())) {
      if (named.stream().noneMatch(file::startsWith)) {
        files.add(file);
      }
    }
    return files;
  }

  private void writeRoot(Recording recording, @Nullable PrivateKey key) throws IOException {
    RootFile made =
        Usage.of(
            spec,
            () ->
                RootFile.of(
                    recording.path(),
                    recording.format().name(),
                    covered(recording),
                    "lockstep " + BuildInfo.version(),
                    key));
    Path file = made.write(recording.path());
    int further = made.files().size() - 1;
    System.out.printf(
        "%s: root %s in %s over the manifest and %s, %s%n",
        recording.name(),
        made.root(),
        file.getFileName(),
        further == 1 ? "one further file" : further + " further files",
        key == null
            ? "not signed: it shows accidents, not whether somebody made it anew"
            : "signed (Ed25519)");
  }

  private static void add(ManifestWriter writer, Block block) {
    try {
      writer.add(block);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
