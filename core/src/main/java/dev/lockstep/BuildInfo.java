package dev.lockstep;

/// The version of this build, for `--version`, reports and manifests.
///
/// It never comes from the repository or the clock, so that equal sources give equal jars.
public final class BuildInfo {

  // A constant, held to the POM by a test: to read a resource, the jar with its ten thousand
  // entries
  // has to be opened, which takes longer than a small check.
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private BuildInfo() {}

  /// The version as the POM has it, for example `0.1.0-SNAPSHOT`.
  public static String version() {
    return VERSION;
  }
}
