package dev.lockstep.bench.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Clients that others wrote, against a server in a process of its own: the writer of `@mcap/core`
/// over a socket, and `nc` fed with a recording. What was stored must be what was sent, must have
/// been called clean, and must open in the reader of `@mcap/core`.
final class PeerClients {
  private static final int MESSAGES = 20_000;

  private PeerClients() {}

  /// Runs all of them and prints a table.
  ///
  /// @param modules a folder in which `@mcap/core` and `@mcap/support` are installed
  /// @throws IOException if one of them fails
  static void run(Path work, Path modules, PrintStream out)
      throws IOException, InterruptedException {
    Path script = extract(modules, "/dev/lockstep/bench/ingest/write-socket.mjs");
    Path reader = extract(modules, "/dev/lockstep/bench/speed/read-all.mjs");
    Path store = Files.createDirectories(work.resolve("store"));
    Path drive = Path.of("fixtures/mcap/clean-lz4/drive.mcap").toAbsolutePath();
    out.println("| client | last answer | stored bytes | messages that @mcap/core reads back |");
    out.println("|---|---|---|---|");
    try (ServerProcess server = ServerProcess.start(store, null)) {
      String port = Integer.toString(server.port());
      String answer =
          last(
              modules,
              "node",
              script.toString(),
              "127.0.0.1",
              port,
              "peers",
              "mcap-core",
              Integer.toString(MESSAGES));
      row(out, "`McapWriter` of @mcap/core", answer, stored(store, "mcap-core"), modules, reader);
      String hello = "MCAPIN/1 {\"session\":\"peers\",\"stream\":\"nc\",\"mode\":\"live\"}";
      answer =
          last(
              modules,
              "sh",
              "-c",
              "{ echo '" + hello + "'; cat '" + drive + "'; sleep 3; } | nc 127.0.0.1 " + port);
      Path kept = stored(store, "nc");
      if (Files.mismatch(drive, kept) >= 0) {
        throw new IOException("nc: stored bytes differ from byte " + Files.mismatch(drive, kept));
      }
      row(out, "`nc`", answer, kept, modules, reader);
    }
  }

  private static void row(
      PrintStream out, String name, String answer, Path stored, Path modules, Path reader)
      throws IOException, InterruptedException {
    if (!answer.contains("\"complete\":true") || !answer.contains("\"verdict\":\"clean\"")) {
      throw new IOException(name + ": " + answer);
    }
    String messages = last(modules, "node", reader.toString(), stored.toString());
    out.printf(
        "| %s | `%s` | %,d | %s |%n",
        name, answer.replaceAll("\"sha256\":\"[0-9a-f]+\"", "..."), Files.size(stored), messages);
  }

  private static Path extract(Path modules, String resource) throws IOException {
    Path file = modules.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = PeerClients.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in), file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file.toAbsolutePath();
  }

  /// The one part of a stream.
  private static Path stored(Path store, String stream) throws IOException {
    try (Stream<Path> all = Files.walk(store)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".mcap")).toList()) {
        if (Files.readString(file.resolveSibling("stream.json")).contains("\"" + stream + "\"")) {
          return file;
        }
      }
    }
    throw new IOException(stream + ": no part in " + store);
  }

  private static String last(Path folder, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(new ArrayList<>(Arrays.asList(command)))
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": failed, printed " + text);
    }
    List<String> lines = text.lines().toList();
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
