package dev.lockstep.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A command that is timed, and its times so far.
final class Contender {
  private final String name;
  private final List<String> command;
  private final Path folder;
  private final List<Long> wallNs = new ArrayList<>();
  private final List<Long> cpuNs = new ArrayList<>();
  private int exit;

  /// @param folder working directory of the command
  Contender(String name, Path folder, List<String> command) {
    this.name = name;
    this.command = List.copyOf(command);
    this.folder = folder;
  }

  String name() {
    return name;
  }

  /// Runs the command once; the first run of a contender warms the page cache and is not counted.
  ///
  /// @throws IOException if it cannot be started or says that it failed
  void run(boolean counted) throws IOException, InterruptedException {
    // The shell's `times` is the one portable way to learn what a finished process has used.
    List<String> line =
        new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/null 2>&1; c=$?; times; exit $c", "sh"));
    line.addAll(command);
    Path output = Files.createTempFile("times", ".txt");
    try {
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(line)
              .directory(folder.toAbsolutePath().toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      exit = process.waitFor();
      long wall = System.nanoTime() - start;
      String[] times = Files.readString(output).strip().split("\\s+", -1);
      if (exit != 0 || times.length < 4) {
        throw new IOException(name + ": exit code " + exit + " of " + String.join(" ", command));
      }
      if (counted) {
        wallNs.add(wall);
        // Own user, own system, the children's user, the children's system.
        cpuNs.add(nanos(times[2]) + nanos(times[3]));
      }
    } finally {
      Files.delete(output);
    }
  }

  /// A time as the shell writes it: `1m2.345s`.
  static long nanos(String time) {
    int minutes = time.indexOf('m');
    double seconds =
        60 * Double.parseDouble(time.substring(0, minutes))
            + Double.parseDouble(time.substring(minutes + 1, time.length() - 1));
    return (long) (seconds * 1e9);
  }

  double medianWallSeconds() {
    return median(wallNs) / 1e9;
  }

  double leastWallSeconds() {
    return wallNs.stream().mapToLong(Long::longValue).min().orElse(0) / 1e9;
  }

  double medianCpuSeconds() {
    return median(cpuNs) / 1e9;
  }

  private static long median(List<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
