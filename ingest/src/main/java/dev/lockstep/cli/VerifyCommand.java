package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.lineage.RootFile;
import dev.lockstep.lineage.RootKeys;
import dev.lockstep.lineage.RootVerifier;
import dev.lockstep.lineage.RootVerifier.Difference;
import dev.lockstep.lineage.RootVerifier.Verified;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.Probe;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep verify`: checks a copy against the root file that lies beside it.
@Command(
    name = "verify",
    description = {
      "Checks a copy of a recording against its root file (NAME.root.json, made by 'seal --root'):"
          + " root and signature, manifest, every block of the data, every file that the root"
          + " names.",
    },
    footer = {
      "",
      "Exit codes:",
      "  0 as it was sealed",
      "  1 something differs",
      "  2 wrong usage, or there is no root file",
      "  3 as it was sealed, but part of the data could not be examined",
      "  4 reading failed, worth another try",
      "  70 internal fault"
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "The recording, or its root file.")
  private Path path = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "PUB.pem",
      description = "Ed25519 public key that must have signed the root.")
  private @Nullable Path key;

  @Override
  public Integer call() {
    Path recording = recording();
    Path rootFile = Usage.of(spec, () -> ManifestFiles.rootOf(recording));
    if (!Files.exists(rootFile)) {
      throw new ParameterException(
          spec.commandLine(), path + ": no root file " + rootFile + " (made by 'seal --root')");
    }
    Path pem = key;
    PublicKey publicKey = pem == null ? null : Usage.of(spec, () -> RootKeys.readPublic(pem));
    String name = recording.toString();
    try (Engine engine =
            new Engine(
                Checks.select(List.of("INT040", "INT041"), List.of()), EngineOptions.defaults());
        ProgressLine progress = ProgressLine.onTerminal()) {
      SourceFormat format =
          Files.exists(recording)
              ? new RecordingFinder(Formats.ALL).claim(Probe.of(recording))
              : null;
      Verified verified =
          RootVerifier.verify(recording, name, format, publicKey, engine, progress.of(name));
      progress.clear();
      RootFile root = verified.root();
      return print(
          name, verified, root == null ? List.of() : RootVerifier.unnamed(root, recording));
    } catch (IOException e) {
      Messages.error(name + ": " + Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }

  private Path recording() {
    String text = path.toString();
    return text.endsWith(ManifestFiles.ROOT_SUFFIX)
        ? Path.of(text.substring(0, text.length() - ManifestFiles.ROOT_SUFFIX.length()))
        : path;
  }

  private int print(String name, Verified verified, List<String> unnamed) {
    RecordingResult data = verified.data();
    System.out.println(name + (verified.same() ? ": as it was sealed" : ": differs"));
    for (Difference difference : verified.differences()) {
      System.out.println("  " + difference.file() + ": " + difference.what());
    }
    if (data != null) {
      for (Finding finding : data.findings()) {
        System.out.println("  " + FindingText.of(finding).replace("\n", "\n  "));
      }
    }
    RootFile root = verified.root();
    if (root != null) {
      System.out.println("  root " + root.root() + " by " + root.tool() + ", " + signed(verified));
      System.out.println("  files under the root: " + root.files().size());
    }
    if (data != null) {
      System.out.printf(
          "  blocks compared with the manifest: %d, with %d payload bytes%n",
          data.coverage().manifestBlocks(), data.coverage().manifestBytes());
    }
    System.out.println(
        "  not under the root: bytes of the recording outside of its payloads ('check' examines"
            + " those), and files that 'seal --with' did not name");
    if (!unnamed.isEmpty()) {
      System.out.println(
          "  beside files under the root, and not under it: " + String.join(", ", unnamed));
    }
    if (!verified.same()) {
      return ExitCode.FINDINGS;
    }
    return Objects.requireNonNull(data).incomplete() ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
  }

  private static String signed(Verified verified) {
    return switch (verified.signed()) {
      case UNSIGNED -> "not signed: anybody could have made it";
      case UNCHECKED -> "signed (Ed25519), signature not checked (no --key)";
      case RIGHT -> "signature right for the key";
      case WRONG -> "signature wrong for the key";
    };
  }
}
