package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.catalog.Checks;
import dev.lockstep.conformance.ConformanceSuite;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The small clients beside the protocol page, as they stand, against a real server.
class ClientsTest {
  private static final Path CLEAN = Path.of("../fixtures/mcap/clean-lz4/drive.mcap");
  private static final int FIRST_BYTES = 77_777;
  private static final int SCENARIOS_AT_ONCE = 4;

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

  @ParameterizedTest
  @ValueSource(strings = {"python", "cpp"})
  void theyResumeWhatWasBegun(String language) throws Exception {
    resume(command(language));
  }

  private List<String> command(String language) throws Exception {
    if (language.equals("python")) {
      assumeTrue(works("python3", "--version"), "there is no python3");
      return List.of("python3", "clients/python/send.py");
    }
    assumeTrue(works("g++", "--version"), "there is no g++");
    String program = folder.resolve("send").toString();
    List<String> compile = List.of("g++", "-std=c++17", "-O1", "-Wall", "-Werror", "-o", program);
    assertThat(run(Stream.concat(compile.stream(), Stream.of("clients/cpp/send.cpp")).toList()))
        .isZero();
    return List.of(program);
  }

  /// They are to be read and copied: 40 lines each, in all.
  @Test
  void theyAreShort() throws IOException {
    for (String client : List.of("clients/python/send.py", "clients/cpp/send.cpp")) {
      assertThat(Files.readAllLines(Path.of(client)))
          .as(client)
          .hasSizeBetween(20, 40)
          .allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
    }
  }

  /// With a server that does everything that may happen to a connection.
  @ParameterizedTest
  @ValueSource(strings = {"python", "cpp"})
  void theyCopeWithWhateverTheServerDoes(String language) throws Exception {
    List<String> client = command(language);
    assertThat(
            new ConformanceSuite(CLEAN, 1)
                .run(
                    (file, port, session, stream) ->
                        run(
                            Stream.concat(
                                    client.stream(),
                                    Stream.of(
                                        file.toString(),
                                        "127.0.0.1",
                                        Integer.toString(port),
                                        session,
                                        stream))
                                .toList()),
                    verdict -> {},
                    SCENARIOS_AT_ONCE))
        .hasSizeGreaterThan(10)
        .allSatisfy(verdict -> assertThat(verdict.problem()).as(verdict.name()).isNull());
  }

  /// Part of the stream is there already, from a connection that broke.
  private void resume(List<String> client) throws Exception {
    byte[] content = Files.readAllBytes(CLEAN);
    try (RawClient first = new RawClient(server.address())) {
      first.hello(RawClient.spool("run", 0, content) + ",\"size\":" + content.length);
      first.send(content, 0, FIRST_BYTES);
      first.awaitDurable(FIRST_BYTES);
    }
    List<String> command = new ArrayList<>(client);
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
