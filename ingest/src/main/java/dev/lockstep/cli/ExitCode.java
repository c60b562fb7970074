package dev.lockstep.cli;

/// What the process tells its caller. Scripts depend on these numbers: they never change.
public final class ExitCode {

  /// All selected checks ran and found nothing at or above the chosen severity.
  public static final int CLEAN = 0;

  /// Findings at or above the chosen severity.
  public static final int FINDINGS = 1;

  /// The command line or the rig profile is wrong.
  public static final int USAGE = 2;

  /// Done, but part of the data could not be examined.
  public static final int INCOMPLETE = 3;

  /// Reading or writing failed; another try may succeed.
  public static final int INPUT_OUTPUT = 4;

  /// No usable Java: given by the launcher, before any of this code runs. 69 is `EX_UNAVAILABLE` of
  /// BSD `sysexits.h`.
  public static final int UNAVAILABLE = 69;

  /// A defect of the program itself. 70 is `EX_SOFTWARE` of BSD `sysexits.h`.
  public static final int INTERNAL = 70;

  private ExitCode() {}
}
