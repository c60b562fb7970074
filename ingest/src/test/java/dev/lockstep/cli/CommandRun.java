package dev.lockstep.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;

/// One execution of the command line within this process, with both of its streams.
///
/// @param exit exit code
/// @param out standard output
/// @param err standard error
record CommandRun(int exit, String out, String err) {
  /// The fixtures, from the folder of this module.
  static final Path FIXTURES = Path.of("..", "fixtures");

  /// Runs `args`; each is turned to text.
  static CommandRun of(Object... args) {
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    try (PrintStream outNow = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errNow = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      System.setOut(outNow);
      System.setErr(errNow);
      CommandLine command = LockstepCommand.commandLine(texts);
      command
          .setOut(new PrintWriter(outNow, true, StandardCharsets.UTF_8))
          .setErr(new PrintWriter(errNow, true, StandardCharsets.UTF_8));
      int exit = command.execute(texts);
      return new CommandRun(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
