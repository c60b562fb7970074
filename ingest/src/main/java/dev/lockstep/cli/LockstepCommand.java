package dev.lockstep.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root command. To add a command, add its class to `subcommands`: that line is all, since
/// commands inherit the exit codes and the options `--help` and `--version` from here.
@Command(
    name = "lockstep",
    description =
        "Checks that the sensor streams and labels of a recording are in step:"
            + " in time, in bytes and in meaning.",
    synopsisSubcommandLabel = "COMMAND",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = LockstepCommand.VersionLine.class,
    exitCodeOnInvalidInput = ExitCode.USAGE,
    exitCodeOnExecutionException = ExitCode.INTERNAL,
    subcommands = {
      CheckCommand.class,
      ChecksCommand.class,
      ConformanceCommand.class,
      ExplainCommand.class,
      InfoCommand.class,
      InjectCommand.class,
      SealCommand.class,
      SendCommand.class,
      ServeCommand.class,
      SynthCommand.class,
      WatchCommand.class
    })
final class LockstepCommand implements Runnable {

  @Spec private CommandSpec spec;

  /// The parser for a whole command line.
  static CommandLine commandLine() {
    return new CommandLine(new LockstepCommand())
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(LockstepCommand::wrongUsage);
  }

  /// Runs when no command was named.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /// Says what is wrong in one line; the whole help would bury it.
  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + e.getMessage());
    command.getErr().println("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  static final class VersionLine implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {Version.text()};
    }
  }
}
