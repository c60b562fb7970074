package dev.lockstep.cli;

import dev.lockstep.conformance.ClientUnderTest;
import dev.lockstep.conformance.ConformanceSuite;
import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.SynthRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep conformance`: tests a client of the ingest protocol.
@Command(
    name = "conformance",
    description = {
      "Tests a client of the ingest protocol: plays a server that drops connections, delays acks"
          + " and sends errors, and says what the client did wrong.",
      "CLIENT is its command line; {file}, {host}, {port}, {session} and {stream} in it are"
          + " replaced. It has to send the file in spool mode and exit with 0 once it is done."
    },
    footer = {
      "",
      "For example:",
      "  lockstep conformance python3 send.py {file} {host} {port} {session} {stream}",
      "",
      "Exit codes:",
      "  0 the client copes with everything",
      "  1 it does not",
      "  2 wrong usage",
      "  4 the client cannot be started",
      "  70 internal fault"
    })
final class ConformanceCommand implements Callable<Integer> {
  private static final int MESSAGES = 3_000;
  private static final int MESSAGE_BYTES = 1_000;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "CLIENT", description = "Command line of the client.")
  private List<String> command = List.of();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "What is sent. Default: a recording of 3 MB, made for it.")
  private @Nullable Path file;

  @Option(
      names = "--timeout-s",
      paramLabel = "N",
      description = "A client that takes longer for one scenario is ended. Default: 60.")
  private long timeoutSeconds = 60;

  @Option(names = "--seed", paramLabel = "N", description = "Decides where it is cut off.")
  private long seed = 1;

  @Override
  public Integer call() throws InterruptedException {
    if (command.stream().noneMatch(word -> word.contains("{port}"))) {
      throw new ParameterException(
          spec.commandLine(), "CLIENT: has no {port} (nor could it know where to connect)");
    }
    Path made = null;
    try {
      Path sent = file;
      if (sent == null) {
        made = Files.createTempFile("lockstep-conformance", ".mcap");
        SynthRun.bulk(
            made, BulkDrive.ofMessages(seed, MESSAGES, MESSAGE_BYTES), BulkDrive.settings("none"));
        sent = made;
      }
      boolean passed =
          new ConformanceSuite(sent, seed)
              .run(client(), ConformanceCommand::print).stream()
                  .allMatch(verdict -> verdict.problem() == null);
      return passed ? ExitCode.CLEAN : ExitCode.FINDINGS;
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    } finally {
      delete(made);
    }
  }

  private static void delete(@Nullable Path made) {
    try {
      if (made != null) {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
    }
  }

  private static void print(ConformanceSuite.Verdict verdict) {
    String problem = verdict.problem();
    System.out.printf(
        "%-4s  %-20s  %s%s%n",
        problem == null ? "pass" : "FAIL",
        verdict.name(),
        verdict.words(),
        problem == null ? "" : ": " + problem);
  }

  private ClientUnderTest client() {
    return (sent, port, session, stream) -> {
      List<String> words =
          command.stream()
              .map(word ->
                  word.replace("{file}", sent.toString())
                      .replace("{host}", "127.0.0.1")
                      .replace("{port}", Integer.toString(port))
                      .replace("{session}", session)
                      .replace("{stream}", stream))
              .toList();
      Process process =
          new ProcessBuilder(words)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return -1;
      }
      return process.exitValue();
    };
  }
}
