package dev.lockstep.bench.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts other programs of Lockstep as processes of their own.
final class Children {
  private Children() {}

  /// A process that runs `main` of a class on this class path.
  static ProcessBuilder java(String heap, String mainClass, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            heap,
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            mainClass));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /// `lockstep watch` over `folder`, with little patience.
  static ProcessBuilder watch(Path folder, Path state, Path out, Path err, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "watch",
                folder.toString(),
                "--state",
                state.toString(),
                "--settle",
                "1s",
                "--rescan",
                "1s",
                "--min-free",
                "1"));
    args.addAll(List.of(more));
    return java("-Xmx384m", "dev.lockstep.cli.Main", args.toArray(String[]::new))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
        .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
  }

  /// The same with the quick compiler only, for a process that lives too short to repay the other.
  static ProcessBuilder shortLived(ProcessBuilder process) {
    process.command().add(1, "-XX:TieredStopAtLevel=1");
    return process;
  }

  /// Waits for a process and complains where it failed.
  static void succeed(Process process, String what) throws IOException, InterruptedException {
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(what + " ended with " + exit + " (expected 0)");
    }
  }
}
