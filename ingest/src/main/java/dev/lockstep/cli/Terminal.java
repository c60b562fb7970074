package dev.lockstep.cli;

import java.io.Console;

/// Whether a person looks on.
final class Terminal {
  private Terminal() {}

  /// Whether standard input and output are a terminal.
  // Java 25 went back to a console that is null where there is no terminal (JDK-8351435).
  @SuppressWarnings("SystemConsoleNull")
  static boolean isInteractive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// Whether colours are wanted: at a terminal, unless declined (no-color.org).
  static boolean isColored() {
    String declined = System.getenv("NO_COLOR");
    return isInteractive() && (declined == null || declined.isEmpty());
  }
}
