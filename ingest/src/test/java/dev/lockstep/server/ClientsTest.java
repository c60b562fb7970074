package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The small clients beside the protocol page, as they stand, against a real server.
class ClientsTest {
  private static final Path CLEAN = Path.of("../fixtures/mcap/clean-lz4/drive.mcap");
  private static final int FIRST_BYTES = 77_777;

  @TempDir private Path folder;
  private IngestServer server;

  @BeforeEach
  void start() throws IOException {
    StoreOptions store =
        new StoreOptions(2, 1 << 20, 16 << 20, 1L << 30, 1L << 30, 1L << 30, 100, 0);
    server =
        new IngestServer(
            ServerOptions.of(IngestServerTest.LOOPBACK, folder.resolve("store")).withStore(store),
            new Engine(Checks.ALL, EngineOptions.defaults()),
            IngestServerTest.MCAP,
            new ServiceMonitor("serve", InstantSource.system()),
            StoreLog.NONE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void pythonResumesWhatWasBegun() throws Exception {
    assumeTrue(works("python3", "--version"), "there is no python3");
    resume(List.of("python3", "clients/python/send.py"));
  }

  @Test
  void cppResumesWhatWasBegun() throws Exception {
    assumeTrue(works("g++", "--version"), "there is no g++");
    Path program = folder.resolve("send");
    String[] compile = {
      "g++",
      "-std=c++17",
      "-O1",
      "-Wall",
      "-Werror",
      "-o",
      program.toString(),
      "clients/cpp/send.cpp"
    };
    assertThat(run(List.of(compile))).isZero();
    resume(List.of(program.toString()));
  }

  /// Part of the stream is there already, from a connection that broke.
  private void resume(List<String> client) throws Exception {
    byte[] content = Files.readAllBytes(CLEAN);
    try (RawClient first = new RawClient(server.address())) {
      first.hello(RawClient.spool("run", 0, content) + ",\"size\":" + content.length);
      first.send(content, 0, FIRST_BYTES);
      first.awaitDurable(FIRST_BYTES);
    }
    List<String> command = new java.util.ArrayList<>(client);
    command.addAll(
        List.of(
            CLEAN.toString(),
            "127.0.0.1",
            Integer.toString(server.address().getPort()),
            "run",
            "all"));
    assertThat(run(command)).isZero();
    assertThat(server.stats().receivedBytes()).isEqualTo(content.length);
    try (RawClient again = new RawClient(server.address())) {
      ServerLine done = again.hello(RawClient.spool("run", 0, content));
      assertThat(done.type()).isEqualTo("done");
      assertThat(done.verdict()).isEqualTo("clean");
    }
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      return run(List.of(command)) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("does not end: " + command);
    }
    return process.exitValue();
  }
}
