package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before anything listens; the endpoint itself is tested in package `server`.
class ServeCommandTest {
  @TempDir private Path folder;

  @Test
  void tokensAreAMustOffLoopback() {
    CommandRun run = CommandRun.of("serve", "--listen", "0.0.0.0:0", "--store", folder);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .contains(
            "--listen: 0.0.0.0:0 is not loopback (expected --token-file or --tls-client-ca with"
                + " it)");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void wrongOptionsAreNamed() {
    for (String[] wrong :
        new String[][] {
          {"--listen", "nowhere", "--listen: nowhere (expected HOST:PORT"},
          {"--listen", "127.0.0.1:99999", "--listen: 127.0.0.1:99999 (expected HOST:PORT"},
          {"--min-free", "much", "--min-free: much (expected a number"},
          {"--tls-key", "key.pem", "TLS: --tls-cert and --tls-key go together"},
          {"--max-connections", "0", "expected at least 1"},
        }) {
      CommandRun run = CommandRun.of("serve", "--store", folder, wrong[0], wrong[1]);
      assertThat(run.exit()).as(wrong[0]).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).contains(wrong[2]);
    }
  }

  @Test
  void anEmptyFileOfTokensIsNoProtection() throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), "# nobody\n");
    CommandRun run =
        CommandRun.of(
            "serve", "--listen", "127.0.0.1:0", "--store", folder, "--token-file", tokens);
    assertThat(run.exit()).isEqualTo(ExitCode.INPUT_OUTPUT);
    assertThat(run.err()).contains(tokens + ": holds no token");
  }

  @Test
  void sendNamesWhatIsWrong() throws IOException {
    CommandRun missing = CommandRun.of("send", folder.resolve("no.mcap"), "127.0.0.1:1");
    assertThat(missing.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(missing.err()).contains("no.mcap: no such file");
    Path odd = Files.writeString(folder.resolve("a b.mcap"), "x");
    CommandRun name = CommandRun.of("send", odd, "127.0.0.1:1");
    assertThat(name.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(name.err()).contains("a b: no name (expected a letter or digit");
    Path file = Files.writeString(folder.resolve("a.mcap"), "x");
    CommandRun away = CommandRun.of("send", file, "127.0.0.1:1", "--patience-s", "0");
    assertThat(away.exit()).isEqualTo(ExitCode.INPUT_OUTPUT);
    assertThat(away.err()).contains("127.0.0.1:1", "gave up after");
    assertThat(CommandRun.of("send", "-", "127.0.0.1:1").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void conformanceNeedsAPort() {
    CommandRun run = CommandRun.of("conformance", "true");
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("CLIENT: has no {port}");
  }
}
