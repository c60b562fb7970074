package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.BuildInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir private Path folder;
  private Path drive;
  private Path labels;
  private Path root;

  @BeforeEach
  void copyADrive() throws IOException {
    drive = folder.resolve("drive.mcap");
    labels = folder.resolve("export/labels.json");
    root = folder.resolve("drive.mcap.root.json");
    Files.copy(CommandRun.FIXTURES.resolve("mcap/clean-unchunked/drive.mcap"), drive);
    Files.createDirectory(folder.resolve("export"));
    Files.writeString(labels, "{\"boxes\": []}\n");
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  private static Path pem(Path file, String kind, Key key) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  @Test
  void aCopyAnywhereIsAsItWasSealed(@TempDir Path elsewhere) throws IOException {
    CommandRun seal = CommandRun.of("seal", "--root", "--with", labels.getParent(), "--", drive);
    assertThat(seal.err()).isEmpty();
    assertThat(seal.exit()).isEqualTo(ExitCode.CLEAN);
    byte[] first = Files.readAllBytes(root);
    Path copy = Files.createDirectory(elsewhere.resolve("copy"));
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(folder.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    CommandRun verify = CommandRun.of("verify", copy.resolve("drive.mcap"));
    assertThat(verify.err()).isEmpty();
    assertThat(verify.out())
        .isEqualTo(
            """
            %s: as it was sealed
              root %s by lockstep %s, not signed: anybody could have made it
              files under the root: 2
              blocks compared with the manifest: 57, with 417684 payload bytes
              not under the root: bytes of the recording outside of its payloads ('check' examines\
             those), and files that 'seal --with' did not name
            """,
            copy.resolve("drive.mcap"), rootIn(root), BuildInfo.version());
    assertThat(verify.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(CommandRun.of("verify", copy.resolve("drive.mcap.root.json")).exit())
        .isEqualTo(ExitCode.CLEAN);
    CommandRun again = CommandRun.of("seal", "--force", "--root", "--with", labels, "--", drive);
    assertThat(again.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(root).hasBinaryContent(first);
  }

  private static String rootIn(Path file) throws IOException {
    String text = Files.readString(file);
    int at = text.indexOf("\"root_sha256\" : \"") + "\"root_sha256\" : \"".length();
    return text.substring(at, at + 64);
  }

  @Test
  void namesTheBlockTheFileAndTheMessageThatDiffer() throws IOException {
    CommandRun.of("seal", "--root", "--with", labels, "--", drive);
    flip(labels, 3);
    flip(drive, 30_000);
    CommandRun run = CommandRun.of("verify", drive);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out())
        .startsWith(drive + ": differs\n  export/labels.json: SHA-256 stored ")
        .contains("INT040 block-differs: content was changed: CRC-32C of message");
    Files.delete(labels);
    assertThat(CommandRun.of("verify", drive).out()).contains("export/labels.json: missing\n");
    Files.delete(drive);
    CommandRun gone = CommandRun.of("verify", drive);
    assertThat(gone.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(gone.out()).contains("drive.mcap: missing, or no recording any more");
  }

  @Test
  void aChangedRootOrManifestIsFound() throws IOException {
    CommandRun.of("seal", "--root", drive);
    String text = Files.readString(root);
    Files.writeString(root, text.replace("\"format\" : \"mcap\"", "\"format\" : \"av2\""));
    CommandRun run = CommandRun.of("verify", drive);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out())
        .contains("drive.mcap.root.json: root SHA-256 stored ", "format stored av2, found mcap");
    Files.writeString(root, text.substring(0, 100));
    assertThat(CommandRun.of("verify", drive).out()).contains("root.json: no root file: no JSON");
    Files.writeString(root, text);
    flip(folder.resolve("drive.mcap.blocks.arrow"), 2_000);
    CommandRun manifest = CommandRun.of("verify", drive);
    assertThat(manifest.out()).contains("drive.mcap.blocks.arrow: SHA-256 stored ");
    assertThat(manifest.exit()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void whatWasLaidBesideIsTold() throws IOException {
    Path beside = folder.resolve("drive.mcap.labels.jsonl");
    Files.copy(CommandRun.FIXTURES.resolve("labels/label-log/drive.jsonl"), beside);
    // Labels of another drive: errors of theirs do not matter here.
    CommandRun seal = CommandRun.of("seal", "--root", "--force", "--with", labels, "--", drive);
    assertThat(seal.out()).contains("over the manifest and 2 further files");
    assertThat(CommandRun.of("verify", drive).exit()).isEqualTo(ExitCode.CLEAN);
    Files.writeString(labels.resolveSibling("more.json"), "{}");
    CommandRun more = CommandRun.of("verify", drive);
    assertThat(more.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(more.out())
        .contains("  beside files under the root, and not under it: export/more.json\n");
    Files.delete(beside);
    assertThat(CommandRun.of("verify", drive).out())
        .contains("differs\n  drive.mcap.labels.jsonl: missing\n");
    CommandRun.of("seal", "--root", "--force", drive);
    assertThat(CommandRun.of("verify", drive).exit()).isEqualTo(ExitCode.CLEAN);
    // What check would take for the labels of the recording.
    Files.copy(CommandRun.FIXTURES.resolve("labels/label-log/drive.jsonl"), beside);
    CommandRun added = CommandRun.of("verify", drive);
    assertThat(added.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(added.out())
        .contains(
            "differs\n"
                + "  drive.mcap.labels.jsonl: not under the root, and read with the recording\n");
  }

  @Test
  void aSignatureIsThatOfTheKeyOrWrong() throws IOException, NoSuchAlgorithmException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path key = pem(folder.resolve("key.pem"), "PRIVATE KEY", pair.getPrivate());
    Path pub = pem(folder.resolve("pub.pem"), "PUBLIC KEY", pair.getPublic());
    Path wrong = pem(folder.resolve("other.pem"), "PUBLIC KEY", other.getPublic());
    assertThat(CommandRun.of("seal", "--root", "--sign", key, drive).out())
        .contains("signed (Ed25519)");
    CommandRun right = CommandRun.of("verify", "--key", pub, drive);
    assertThat(right.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(right.out()).contains("signature right for the key");
    assertThat(CommandRun.of("verify", drive).out()).contains("signature not checked (no --key)");
    CommandRun forged = CommandRun.of("verify", "--key", wrong, drive);
    assertThat(forged.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(forged.out()).contains("signature is not one of this root by the given key");
    CommandRun.of("seal", "--root", "--force", drive);
    CommandRun unsigned = CommandRun.of("verify", "--key", pub, drive);
    assertThat(unsigned.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(unsigned.out()).contains("signature missing");
    assertThat(CommandRun.of("verify", "--key", key, drive).err())
        .contains("key.pem: no PEM block 'PUBLIC KEY'");
  }

  @Test
  void aManifestThatIsThereIsKeptForALaterRoot() throws IOException {
    CommandRun.of("seal", "--block-messages", "5", drive);
    byte[] manifest = Files.readAllBytes(folder.resolve("drive.mcap.blocks.arrow"));
    CommandRun run = CommandRun.of("seal", "--root", drive);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).startsWith(drive + ": agrees with its manifest: 114 blocks");
    assertThat(folder.resolve("drive.mcap.blocks.arrow")).hasBinaryContent(manifest);
    assertThat(CommandRun.of("seal", "--root", drive).err()).contains("has a root already");
    Files.delete(root);
    flip(drive, 30_000);
    CommandRun refused = CommandRun.of("seal", "--root", drive);
    assertThat(refused.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(refused.out()).contains("not sealed, it has errors");
    assertThat(root).doesNotExist();
  }

  @Test
  void wrongUsageIsSaid() {
    CommandRun none = CommandRun.of("verify", drive);
    assertThat(none.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(none.err()).contains("no root file ", "(made by 'seal --root')");
    assertThat(CommandRun.of("seal", "--with", labels, "--", drive).err())
        .contains("--with and --sign need --root");
    assertThat(CommandRun.of("seal", "--root", "--sign", labels, drive).err())
        .contains("labels.json: no PEM block 'PRIVATE KEY'");
    CommandRun absent = CommandRun.of("seal", "--root", "--with", folder.resolve("x"), "--", drive);
    assertThat(absent.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(absent.err()).contains("x: cannot be read");
  }
}
