package dev.lockstep.cli;

/// Entry point of the program.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    if (Boolean.getBoolean("lockstep.rehearsal")) {
      System.exit(Rehearsal.run(args));
    }
    if (asksForVersionOnly(args)) {
      System.out.println(Version.text());
      return;
    }
    int code = start(args);
    if (Boolean.getBoolean("lockstep.halt")) {
      // An exit asks first whether it is to be logged, and searches the whole jar for who might.
      System.out.flush();
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  /// Begins what can be done beside the parsing, and runs a command line to its exit code.
  static int start(String... args) {
    if (args.length > 1 && args[0].equals("check")) {
      HeadStart.begin(args);
    }
    return run(args);
  }

  /// The exit code; a virtual machine that dies of an error would end with that of findings.
  /// Results that did not reach standard output, on a full disk or behind a closed pipe, are no
  /// success.
  static int run(String... args) {
    try {
      int code = LockstepCommand.commandLine(args).execute(args);
      boolean done =
          code == ExitCode.CLEAN || code == ExitCode.FINDINGS || code == ExitCode.INCOMPLETE;
      if (done && System.out.checkError()) {
        Messages.error("standard output cannot be written");
        return ExitCode.INPUT_OUTPUT;
      }
      return code;
    } catch (Error e) {
      Messages.error("internal fault: " + e);
      e.printStackTrace();
      return ExitCode.INTERNAL;
    }
  }

  /// Scripts ask for the version often: it is answered before the option parser is loaded, which
  /// would take longer than everything else.
  private static boolean asksForVersionOnly(String[] args) {
    return args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
  }
}
