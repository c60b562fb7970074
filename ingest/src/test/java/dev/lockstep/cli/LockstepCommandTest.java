package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.BuildInfo;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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

  private int run(String... args) {
    CommandLine commandLine = LockstepCommand.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }
}
