package dev.lockstep.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs several commands in one process, for the launcher: the JVM learns from it what a start
/// needs, and it learns from one process only, which has to begin as every start does.
final class Rehearsal {
  /// Stands between two commands.
  private static final String NEXT = "+++";

  private Rehearsal() {}

  /// Gives the highest exit code.
  static int run(String... args) {
    int worst = 0;
    List<String> rest = Arrays.asList(args);
    while (!rest.isEmpty()) {
      int end = rest.indexOf(NEXT);
      List<String> command = new ArrayList<>(rest.subList(0, end < 0 ? rest.size() : end));
      String[] line = command.toArray(new String[0]);
      worst = Math.max(worst, Main.start(line));
      rest = end < 0 ? List.of() : rest.subList(end + 1, rest.size());
    }
    return worst;
  }
}
