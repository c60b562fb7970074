package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `serve` and `send` as processes of their own, with the signals that end them.
@Timeout(120)
class ProcessesTest {
  private static final int HALF = 110_000;

  @TempDir private Path folder;
  private Path root;
  private byte[] clean;
  private final List<Process> processes = new ArrayList<>();

  private record Serving(Process process, InetSocketAddress address) {}

  @BeforeEach
  void read() throws IOException {
    root = folder.resolve("store");
    clean = Files.readAllBytes(Path.of("../fixtures/mcap/clean-lz4/drive.mcap"));
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.lockstep.cli.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(folder.resolve(arguments[0] + ".log").toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private Serving serve(int port) throws IOException {
    Process process =
        start(
            "serve",
            "--listen",
            "127.0.0.1:" + port,
            "--min-free",
            "0B",
            "--store",
            root.toString());
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line).startsWith("listening on ");
    int at = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    return new Serving(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
  }

  private Path stored(String name) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p -> p.endsWith(name)).findFirst().orElseThrow();
    }
  }

  @Test
  void sigtermDrainsAcknowledgesAndSeals() throws Exception {
    Serving serving = serve(0);
    try (RawClient live = new RawClient(serving.address());
        RawClient spool = new RawClient(serving.address())) {
      live.hello(RawClient.live("live"));
      live.send(clean, 0, HALF);
      spool.hello(RawClient.spool("spool", 0, clean));
      spool.send(clean, 0, HALF);
      live.awaitDurable(1);
      spool.awaitDurable(1);
      serving.process().destroy();
      // Whatever was taken is acknowledged before the end; then both are told why.
      assertThat(live.answer().code()).isEqualTo("storage");
      assertThat(spool.answer().code()).isEqualTo("storage");
    }
    assertThat(serving.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(serving.process().exitValue()).as("128 + SIGTERM").isEqualTo(143);
    assertThat(Files.readString(stored("00000.seal.json"))).contains("\"complete\":false");
    assertThat(stored("00000.mcap.verdict.json")).exists();

    Serving again = serve(0);
    try (RawClient spool = new RawClient(again.address())) {
      long durable = spool.hello(RawClient.spool("spool", 0, clean)).durable();
      assertThat(durable).isPositive();
      spool.send(clean, (int) durable, clean.length);
      assertThat(spool.answer().verdict()).isEqualTo("clean");
    }
  }

  /// The server is away, the sender is killed with bytes that nobody else has, and the next run
  /// brings both them and its own.
  @Test
  void whatAKilledSenderKeptIsSentByTheNext() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path kept = folder.resolve("kept.mcap");
    byte[] other = Files.readAllBytes(Path.of("../fixtures/mcap/demo-drive/drive.mcap"));
    String[] send = {"send", "-", "127.0.0.1:" + port, "--spool", kept.toString()};
    Process first = start(send);
    OutputStream pipe = first.getOutputStream();
    pipe.write(clean, 0, HALF);
    pipe.flush();
    while (!Files.exists(kept) || Files.size(kept) < HALF) {
      assertThat(first.isAlive()).isTrue();
      Thread.sleep(20);
    }
    first.toHandle().destroyForcibly();
    first.waitFor();

    Serving serving = serve(port);
    Process second = start(send);
    try (OutputStream whole = second.getOutputStream()) {
      whole.write(other);
    }
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("-: faulty, part 1, " + other.length + " bytes");
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(Files.readAllBytes(stored("00000.mcap"))).isEqualTo(Arrays.copyOf(clean, HALF));
    assertThat(Files.readAllBytes(stored("00001.mcap"))).isEqualTo(other);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).noneMatch(p -> p.getFileName().toString().startsWith("kept"));
    }

    Process third = start(send);
    try (OutputStream cut = third.getOutputStream()) {
      cut.write(clean, 0, HALF / 2);
    }
    assertThat(third.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(third.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .as("a part of its own, although the name was sealed before")
        .startsWith("-: unfinished, part 2, " + HALF / 2 + " bytes");
    assertThat(third.exitValue()).isEqualTo(3);
    serving.process().destroy();
  }
}
