package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.ops.OpsServer;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.session.SessionLimits;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the endpoint does when nobody looks: clients that never come back, stores that are damaged.
@Timeout(120)
class UnattendedServerTest {
  private static final int PIECE = 40_000;
  private static final int ROUNDS = 24;

  @TempDir private Path folder;
  private Path root;
  private byte[] clean;
  private ServiceMonitor monitor;
  private IngestServer server;

  @BeforeEach
  void start() throws IOException {
    root = folder.resolve("store");
    clean = Files.readAllBytes(Path.of("../fixtures/mcap/clean-lz4/drive.mcap"));
    server = open(SessionLimits.DEFAULT);
  }

  private IngestServer open(SessionLimits limits) throws IOException {
    monitor = new ServiceMonitor("serve", InstantSource.system());
    StoreOptions store =
        new StoreOptions(2, 1 << 20, 16 << 20, 1L << 30, 1L << 30, 1L << 30, 1000, 0);
    return new IngestServer(
        ServerOptions.of(IngestServerTest.LOOPBACK, root).withStore(store).withLimits(limits),
        new Engine(Checks.ALL, EngineOptions.defaults()),
        IngestServerTest.MCAP,
        monitor,
        StoreLog.NONE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void send(String session, int to) throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      long from = client.hello(RawClient.spool(session, 0, clean)).durable();
      client.send(clean, (int) from, to);
      client.awaitDurable(to);
    }
  }

  @Test
  void aPartWhoseClientStaysAwayIsSealedAsItIs() throws Exception {
    server.close();
    server = open(SessionLimits.DEFAULT.withResume(1));
    send("run", PIECE);
    while (server.store().unsealedParts() > 0) {
      Thread.sleep(20);
    }
    try (RawClient client = new RawClient(server.address())) {
      ServerLine done = client.hello(RawClient.spool("run", PIECE, clean));
      assertThat(done.type()).isEqualTo("done");
      assertThat(done.complete()).isFalse();
      assertThat(done.durable()).isEqualTo(PIECE);
      assertThat(done.verdict()).isEqualTo("faulty");
    }
    try (OpsServer page = OpsServer.start(monitor, IngestServerTest.LOOPBACK)) {
      JsonNode part = status(page).get("parts").path(0);
      while (!part.path("state").asText().equals("sealed")) {
        Thread.sleep(20);
        part = status(page).get("parts").path(0);
      }
      assertThat(part.get("verdict").asText()).isEqualTo("faulty");
      assertThat(part.get("findings").asInt()).isPositive();
    }
  }

  private static JsonNode status(OpsServer page) throws IOException {
    String url = "http://127.0.0.1:" + page.address().getPort() + "/status.json";
    try (InputStream in = URI.create(url).toURL().openStream()) {
      return new ObjectMapper().readTree(in);
    }
  }

  @Test
  void theStatusHoldsOneConnectionAndOnePartHoweverOftenAClientReconnects() throws Exception {
    try (OpsServer page = OpsServer.start(monitor, IngestServerTest.LOOPBACK)) {
      for (int round = 1; round <= 4; round++) {
        send("run", round * PIECE);
      }
      try (RawClient client = new RawClient(server.address())) {
        client.hello(RawClient.spool("run", 4 * PIECE, clean));
        client.send(clean, 4 * PIECE, 5 * PIECE);
        client.awaitDurable(5 * PIECE);
        while (status(page).get("connections").path(0).path("durableBytes").asLong() < 5 * PIECE) {
          Thread.sleep(20);
        }
        JsonNode now = status(page);
        assertThat(now.get("connections")).hasSize(1);
        assertThat(now.get("parts")).hasSize(1);
        assertThat(now.get("parts").get(0).get("durableBytes").asLong()).isEqualTo(5 * PIECE);
        assertThat(now.get("parts").get(0).get("state").asText()).isEqualTo("open");
        client.send(clean, 5 * PIECE, clean.length);
        assertThat(client.answer().verdict()).isEqualTo("clean");
      }
      while (!status(page).get("connections").isEmpty()
          || !status(page).get("parts").get(0).get("state").asText().equals("sealed")) {
        Thread.sleep(20);
      }
      assertThat(status(page).get("parts")).hasSize(1);
      assertThat(status(page).get("parts").get(0).get("verdict").asText()).isEqualTo("clean");
    }
  }

  /// Whatever becomes of the files of a store, the next start takes streams.
  @Test
  void noDamageToTheStoreNeedsAPerson() throws Exception {
    long seed = 20_260_302;
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      send("run" + round, PIECE);
      server.close();
      String harm = damage(random);
      try {
        server = open(SessionLimits.DEFAULT);
        send("after" + round, PIECE);
      } catch (IOException e) {
        throw new AssertionError("seed " + seed + ", round " + round + ": " + harm, e);
      }
      assertThat(server.problem()).as("seed %d, round %d: %s", seed, round, harm).isNull();
    }
  }

  private String damage(Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(p -> Files.isRegularFile(p) && !p.endsWith("lock")).sorted().toList();
    }
    // The newest are those that are still in use.
    Path file = files.get(files.size() - 1 - random.nextInt(Math.min(12, files.size())));
    if (random.nextInt(4) == 0) {
      file = files.get(random.nextInt(files.size()));
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] content = Files.readAllBytes(file);
    int what = random.nextInt(5);
    switch (what) {
      case 0 -> Files.delete(file);
      case 1 -> Files.write(file, new byte[0]);
      case 2 -> Files.write(file, Arrays.copyOf(content, random.nextInt(content.length + 1)));
      case 3 -> Files.write(file, new byte[content.length]);
      default -> {
        random.nextBytes(content);
        Files.write(file, content);
      }
    }
    return file + ", " + List.of("deleted", "emptied", "cut", "zeroed", "garbled").get(what);
  }
}
