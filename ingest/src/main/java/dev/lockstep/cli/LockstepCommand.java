package dev.lockstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The root command. To add a command, add its name and class to [#COMMANDS]: that line is all,
/// since commands inherit the exit codes and the options `--help` and `--version` from here.
final class LockstepCommand implements Runnable {

  /// Every command by its name, in the order of the help.
  private static final Map<String, Supplier<Object>> COMMANDS = commands();

  /// Makes the lists that options with several values go to. The parser's own factory, which serves
  /// the rest, begins by looking through the whole jar for classes of another language.
  static final IFactory FACTORY =
      new IFactory() {
        @Override
        public <K> K create(Class<K> type) throws Exception {
          return type == List.class
              ? type.cast(new ArrayList<>())
              : CommandLine.defaultFactory().create(type);
        }
      };

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this, FACTORY);

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> all = new LinkedHashMap<>();
    all.put("agreement", AgreementCommand::new);
    all.put("audit", AuditCommand::new);
    all.put("check", () -> new CheckCommand().spec());
    all.put("checks", ChecksCommand::new);
    all.put("conformance", ConformanceCommand::new);
    all.put("explain", ExplainCommand::new);
    all.put("info", InfoCommand::new);
    all.put("inject", InjectCommand::new);
    all.put("labels", LabelsCommand::new);
    all.put("layout", LayoutCommand::new);
    all.put("learn", LearnCommand::new);
    all.put("queue", QueueCommand::new);
    all.put("repro", ReproCommand::new);
    all.put("seal", SealCommand::new);
    all.put("send", SendCommand::new);
    all.put("serve", ServeCommand::new);
    all.put("shadow", ShadowCommand::new);
    all.put("synth", SynthCommand::new);
    all.put("trace", TraceCommand::new);
    all.put("verify", VerifyCommand::new);
    all.put("watch", WatchCommand::new);
    return all;
  }

  /// The parser for a command line that begins with `args`.
  ///
  /// Where the first names a command, only that one is made: the parser examines the classes of its
  /// commands by reflection, and for all of them that takes longer than a small check.
  static CommandLine commandLine(String... args) {
    CommandLine root = new CommandLine(new LockstepCommand().spec(), FACTORY);
    Supplier<Object> named = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (named != null) {
      root.addSubcommand(args[0], named.get());
    } else {
      COMMANDS.forEach((name, command) -> root.addSubcommand(name, command.get()));
    }
    for (Class<Long> type : List.of(long.class, Long.class)) {
      root.registerConverter(type, word -> number(word, "a whole number", Long::valueOf));
    }
    for (Class<Integer> type : List.of(int.class, Integer.class)) {
      root.registerConverter(type, word -> number(word, "a whole number", Integer::valueOf));
    }
    for (Class<Double> type : List.of(double.class, Double.class)) {
      root.registerConverter(type, word -> number(word, "a number", Double::valueOf));
    }
    // The parser's own way to make a path is by reflection, which takes longer to set up than a
    // path takes to check.
    return root.registerConverter(Path.class, Path::of)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(LockstepCommand::wrongUsage);
  }

  private static <N> N number(String word, String expected, Function<String, N> read) {
    try {
      return read.apply(word);
    } catch (NumberFormatException e) {
      boolean digits = word.matches("[+-]?\\d+");
      throw new TypeConversionException(
          word + (digits ? " is too large" : "") + " (expected " + expected + ")");
    }
  }

  /// Declared in code, as [CheckCommand] is, and for the same reason.
  private CommandSpec spec() {
    spec.name("lockstep")
        .versionProvider(() -> new String[] {Version.text()})
        .exitCodeOnInvalidInput(ExitCode.USAGE)
        .exitCodeOnExecutionException(ExitCode.INTERNAL)
        .scopeType(ScopeType.INHERIT);
    spec.usageMessage()
        .description(
            "Checks that the sensor streams and labels of a recording are in step:"
                + " in time, in bytes and in meaning.")
        .synopsisSubcommandLabel("COMMAND");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .scopeType(ScopeType.INHERIT)
            .description("Show this help message and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .scopeType(ScopeType.INHERIT)
            .description("Print version information and exit.")
            .build());
    return spec;
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
    command.getErr().println(name + ": " + words(e));
    command.getErr().println("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  private static String words(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && e.getCommandLine().getParent() == null
        && !unmatched.isUnknownOption()) {
      return "unknown command: "
          + unmatched.getUnmatched().getFirst()
          + " (expected one of "
          + String.join(", ", COMMANDS.keySet())
          + ")";
    }
    // So begins what the parser says about options that exclude each other.
    return String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
  }
}
