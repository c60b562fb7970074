package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.BuildInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LockstepCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpGoesToStandardOutput() {
    assertThat(run("--help")).isEqualTo(ExitCode.CLEAN);
    assertThat(out.toString()).startsWith("Usage: lockstep ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionNamesProgramAndJava() {
    assertThat(run("--version")).isEqualTo(ExitCode.CLEAN);
    assertThat(out.toString().strip())
        .isEqualTo(
            "lockstep %s (Java %s, %s %s)",
            BuildInfo.version(),
            System.getProperty("java.runtime.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  @Test
  void noCommandIsAUsageError() {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEqualTo("lockstep: Missing command\nTry 'lockstep --help'.\n");
  }

  @Test
  void unknownCommandIsAUsageError() {
    assertThat(run("chekc")).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("lockstep: unknown command: chekc (expected one of agreement, audit, check, ")
        .endsWith("watch)\nTry 'lockstep --help'.\n");
  }

  /// A full disk, or a pipe that nobody reads any more.
  @ParameterizedTest
  @ValueSource(strings = {"checks", "explain TIM001", "layout euroc", "check --help"})
  void resultsThatNobodyGetsAreNoSuccess(String words) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream full = new PrintStream(new Full(), true, StandardCharsets.UTF_8);
        PrintStream heard = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setOut(full);
      System.setErr(heard);
      assertThat(Main.run(words.split(" ", -1))).isEqualTo(ExitCode.INPUT_OUTPUT);
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualTo("lockstep: standard output cannot be written\n");
  }

  private static final class Full extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  private int run(String... args) {
    CommandLine commandLine = LockstepCommand.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }
}
