package dev.lockstep.ops;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a command that gets the alerts as JSON on its standard input. No shell is involved, and
/// nothing of an alert becomes part of the command.
public final class ExecSink implements AlertSink {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<String> command;

  /// A sink that runs `command`, program and arguments.
  public ExecSink(List<String> command) {
    this.command = List.copyOf(command);
  }

  @Override
  public String name() {
    return "exec";
  }

  @Override
  public void deliver(List<Alert> alerts) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(AlertJson.own(alerts));
    } catch (IOException e) {
      // A command that does not read its input is judged by how it ends.
    }
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            command.getFirst() + " runs for more than " + LIMIT.toSeconds() + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          command.getFirst() + " ended with " + process.exitValue() + " (expected 0)");
    }
  }
}
