package dev.lockstep.bench.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// `lockstep serve` in a process of its own, which can be killed.
final class ServerProcess implements AutoCloseable {
  /// `USER_HZ`, which Linux has not changed on any machine of today.
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts a server on a free port, with the classes and the Java of this process.
  ///
  /// @param cache AOT cache to start from, or null
  static ServerProcess start(Path store, @Nullable Path cache, String... more) throws IOException {
    List<String> command = java();
    if (cache != null) {
      command.add("-XX:AOTCache=" + cache);
      // It will not live long enough for more.
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(serve(store, more));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(
                    store.resolveSibling(store.getFileName() + ".log").toFile()))
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("listening on ")) {
      process.destroyForcibly();
      throw new IOException("the server did not start: " + line);
    }
    return new ServerProcess(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Xlog:disable",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    return command;
  }

  private static List<String> serve(Path store, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.lockstep.cli.Main",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--min-free",
                "0B",
                "--store",
                store.toString()));
    command.addAll(List.of(more));
    return command;
  }

  /// Makes an AOT cache of a start, so that a thousand of them take less time; null where the class
  /// path holds folders, which the JVM does not cache.
  static @Nullable Path cache(Path folder) throws IOException {
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      if (Files.isDirectory(Path.of(entry))) {
        return null;
      }
    }
    Path cache = folder.resolve("serve.aot");
    Path store = Files.createDirectories(folder.resolve("training"));
    List<String> command = java();
    command.add("-XX:AOTCacheOutput=" + cache);
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(serve(store));
    Process training = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(training.getInputStream(), StandardCharsets.UTF_8))) {
      out.readLine();
      training.toHandle().destroy();
      while (out.readLine() != null) {
        // Until it has ended.
      }
      training.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Files.exists(cache) ? cache : null;
  }

  int port() {
    return port;
  }

  /// CPU time of its threads since they began, seconds by name without number; nothing where the
  /// system does not tell.
  Map<String, Double> cpuSeconds() throws IOException {
    Map<String, Double> seconds = new TreeMap<>();
    Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    if (!Files.isDirectory(tasks)) {
      return seconds;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String stat;
        try {
          stat = Files.readString(thread.resolve("stat"));
        } catch (NoSuchFileException e) {
          continue;
        }
        int nameEnd = stat.lastIndexOf(')');
        String name = stat.substring(stat.indexOf('(') + 1, nameEnd).replaceAll("[-0-9]+$", "");
        // proc(5): behind the name come 11 fields, then ticks in user mode and in the kernel.
        String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
        double ticks = Long.parseLong(fields[11]) + (double) Long.parseLong(fields[12]);
        seconds.merge(name, ticks / TICKS_PER_SECOND, Double::sum);
      }
    }
    return seconds;
  }

  /// `kill -9`, and waits until it is gone.
  void kill() {
    process.destroyForcibly();
    await();
  }

  private void await() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// SIGTERM, and waits until it is gone.
  @Override
  public void close() {
    process.destroy();
    await();
  }
}
