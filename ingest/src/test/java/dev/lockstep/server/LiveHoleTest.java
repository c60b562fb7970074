package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowedRecording;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.Severity;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client that keeps nothing loses between two connections.
class LiveHoleTest {
  private static final int BROKEN_AT = 50_000;

  @TempDir private Path folder;
  private Path root;
  private IngestServer server;
  private byte[] clean;

  @BeforeEach
  void start() throws IOException {
    root = folder.resolve("store");
    clean = Files.readAllBytes(Path.of("../fixtures/mcap/clean-lz4/drive.mcap"));
    server = open();
  }

  private IngestServer open() throws IOException {
    StoreOptions store =
        new StoreOptions(2, 1 << 20, 16 << 20, 1L << 30, 1L << 30, 1L << 30, 100, 0);
    return new IngestServer(
        ServerOptions.of(IngestServerTest.LOOPBACK, root).withStore(store),
        new Engine(Checks.ALL, EngineOptions.defaults()),
        IngestServerTest.MCAP,
        new ServiceMonitor("serve", InstantSource.system()),
        StoreLog.NONE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void breakOff() throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      client.hello(RawClient.live("run"));
      client.send(clean, 0, BROKEN_AT);
      client.awaitDurable(BROKEN_AT);
    }
  }

  private String sendWhole(String more) throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      client.hello(RawClient.live("run") + more);
      client.send(clean);
      return client.answer().verdict();
    }
  }

  private Path part(String name) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p -> p.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private List<String> findings(Path part) throws IOException {
    List<String> found = new ArrayList<>();
    JsonNode verdict = new ObjectMapper().readTree(ManifestFiles.verdictOf(part).toFile());
    for (JsonNode finding : verdict.get("findings")) {
      found.add(finding.get("id").asText());
    }
    return found;
  }

  @Test
  void aHoleIsAFindingOfThePartBehindItThroughEveryDoor() throws Exception {
    breakOff();
    assertThat(sendWhole("")).isEqualTo("suspicious");
    Path part = part("00001.mcap");
    long from;
    long to;
    JsonNode hole =
        new ObjectMapper().readTree(part("00001.part.json").toFile()).get("interrupted");
    from = hole.get("from_ms").asLong();
    to = hole.get("to_ms").asLong();
    assertThat(from).isPositive().isLessThanOrEqualTo(to);
    assertThat(hole.get("part").asInt()).isZero();
    assertThat(hole.get("bytes").asLong()).isEqualTo(BROKEN_AT);

    List<Finding> followed = new ArrayList<>();
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      List<Finding> checked = engine.check(part, "x", IngestServerTest.MCAP).findings();
      assertThat(checked).hasSize(1);
      Finding finding = checked.getFirst();
      assertThat(finding.check().id()).isEqualTo("INT043");
      assertThat(finding.severity()).isEqualTo(Severity.WARNING);
      assertThat(finding.location().file()).isEqualTo("00001.mcap");
      assertThat(finding.evidence().observed())
          .isEqualTo(
              (to - from)
                  + " ms without a byte since "
                  + Instant.ofEpochMilli(from)
                  + ", behind byte 50000 of part 0");
      assertThat(findings(part)).containsExactly(finding.fingerprint());
      try (FollowedRecording watched =
          FollowedRecording.open(
              engine,
              part,
              "x",
              IngestServerTest.MCAP,
              followed::add,
              FollowOptions.findingsOnly())) {
        watched.advance(BROKEN_AT);
        assertThat(followed).as("while it grows").hasSize(1);
        assertThat(watched.complete().findings()).isEqualTo(checked);
      }
    }
    assertThat(server.stats().reconnects()).isEqualTo(1);
  }

  @Test
  void whatTheClientSaysItThrewAwayMakesItAnError() throws Exception {
    assertThat(sendWhole(",\"lost_bytes\":65536")).isEqualTo("faulty");
    assertThat(sendWhole("")).as("the part before ended whole").isEqualTo("clean");
    assertThat(sendWhole(",\"lost_bytes\":1")).isEqualTo("faulty");
  }

  @Test
  void aHoleOverARestartBeginsWithTheLastByteBeforeIt() throws Exception {
    breakOff();
    long left = System.currentTimeMillis();
    server.close();
    server = open();
    assertThat(sendWhole("")).isEqualTo("suspicious");
    JsonNode hole =
        new ObjectMapper().readTree(part("00001.part.json").toFile()).get("interrupted");
    assertThat(hole.get("from_ms").asLong()).isPositive().isLessThanOrEqualTo(left);
  }

  @Test
  void aNoteThatCannotBeReadIsNoReasonToSayThereIsNoHole() throws Exception {
    breakOff();
    sendWhole("");
    Path part = part("00001.mcap");
    Path copy = Files.copy(part, folder.resolve("a.mcap"));
    Files.writeString(folder.resolve("a.part.json"), "{\"interrupted\":3");
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      assertThat(engine.check(copy, "a", IngestServerTest.MCAP).results())
          .filteredOn(check -> check.check().id().equals("INT043"))
          .singleElement()
          .satisfies(check ->
              assertThat(check.outcome().toString())
                  .contains("the endpoint's note beside the recording cannot be read"));
    }
  }
}
