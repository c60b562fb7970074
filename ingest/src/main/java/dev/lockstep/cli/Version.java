package dev.lockstep.cli;

import dev.lockstep.BuildInfo;

/// The text of `--version`: what a bug report has to say about the program and its machine.
final class Version {

  private Version() {}

  /// One line, for example `lockstep 0.1.0 (Java 25.0.3+9-LTS, Linux amd64)`.
  static String text() {
    return "lockstep "
        + BuildInfo.version()
        + " (Java "
        + System.getProperty("java.runtime.version")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + ")";
  }
}
