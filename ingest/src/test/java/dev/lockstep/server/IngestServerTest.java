package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.client.SendClient;
import dev.lockstep.client.SendListener;
import dev.lockstep.client.SendOptions;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.session.SessionLimits;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.McapFraming;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The endpoint over real sockets, on loopback.
class IngestServerTest {
  static final SourceFormat MCAP =
      Formats.ALL.stream().filter(f -> f.name().equals("mcap")).findFirst().orElseThrow();
  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final StoreOptions STORE =
      new StoreOptions(2, 1 << 20, 16 << 20, 1L << 30, 1L << 30, 1L << 30, 100, 0);

  @TempDir private Path folder;
  private Path root;
  private IngestServer server;
  private byte[] clean;
  private byte[] faulty;

  @BeforeEach
  void start() throws IOException {
    root = folder.resolve("store");
    clean = Files.readAllBytes(Path.of("../fixtures/mcap/clean-lz4/drive.mcap"));
    faulty = Files.readAllBytes(Path.of("../fixtures/mcap/demo-drive/drive.mcap"));
    server = open(ServerOptions.of(LOOPBACK, root).withStore(STORE));
  }

  private static IngestServer open(ServerOptions options) throws IOException {
    return new IngestServer(
        options,
        new Engine(Checks.ALL, EngineOptions.defaults()),
        MCAP,
        new ServiceMonitor("serve", InstantSource.system()),
        StoreLog.NONE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void reopen(ServerOptions options) throws IOException {
    server.close();
    server = open(options);
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.address());
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p -> p.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @Test
  void aWholeRecordingIsStoredCheckedAndSealed() throws Exception {
    try (RawClient client = connect()) {
      ServerLine ok = client.hello(RawClient.spool("run", 0, clean));
      assertThat(ok.type()).isEqualTo("ok");
      assertThat(ok.durable()).isZero();
      client.send(clean);
      ServerLine done = client.answer();
      assertThat(done)
          .isEqualTo(
              new ServerLine(
                  "done", 0, clean.length, null, true, sha256(clean), "clean", "", 0, ""));
      assertThat(client.isAtEnd()).isTrue();
    }
    Path part = files("00000.mcap").getFirst();
    assertThat(Files.readAllBytes(part)).isEqualTo(clean);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(part)))
        .isEqualTo("r--r--r--");
    assertThat(ManifestFiles.of(part)).exists();
    assertThat(Files.readString(ManifestFiles.verdictOf(part)))
        .contains("\"verdict\" : \"clean\"", sha256(clean));
    assertThat(files(".arrivals")).hasSize(1);
    assertThat(files("stream.json"))
        .singleElement()
        .satisfies(file ->
            assertThat(Files.readString(file))
                .isEqualTo("{\"session\":\"run\",\"stream\":\"all\"}\n"));
  }

  @Test
  void helloAfterDoneGivesTheSameDoneAgain() throws Exception {
    ServerLine first;
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean);
      first = client.answer();
    }
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.spool("run", 0, clean))).isEqualTo(first);
    }
    reopen(ServerOptions.of(LOOPBACK, root).withStore(STORE));
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.spool("run", 0, clean))).isEqualTo(first);
    }
  }

  @Test
  void anotherFileUnderTheNameOfASealedOneIsNotTakenForIt() throws Exception {
    Path first = Files.write(folder.resolve("a.mcap"), clean);
    byte[] changed = clean.clone();
    changed[clean.length / 2] ^= 1;
    Path same = Files.write(folder.resolve("b.mcap"), changed);
    Path longer = Files.write(folder.resolve("c.mcap"), faulty);
    int part = 0;
    for (Path file : List.of(first, same, longer)) {
      SendOptions options = SendOptions.of(server.address(), "run", "all");
      for (SendOptions each : List.of(options, options.whileGrowing())) {
        SendClient.Sent sent = new SendClient(each, SendListener.NONE).send(file, () -> true);
        assertThat(sent.part()).isEqualTo(part);
        assertThat(sent.sha256()).isEqualTo(sha256(Files.readAllBytes(file)));
      }
      part++;
    }
  }

  @Test
  void findingsAreThoseOfCheckHoweverTheBytesCome() throws Exception {
    Path copy = Files.write(folder.resolve("00000.mcap"), faulty);
    List<String> expected;
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      expected =
          engine.check(copy, "x", MCAP).findings().stream().map(Finding::fingerprint).toList();
    }
    Random random = new Random(7);
    long durable = 0;
    for (boolean more = true; more; ) {
      try (RawClient client = connect()) {
        durable = client.hello(RawClient.spool("run", durable, faulty)).durable();
        int to = (int) Math.min(faulty.length, durable + 1 + random.nextInt(600_000));
        for (int at = (int) durable; at < to; ) {
          int end = Math.min(to, at + 1 + random.nextInt(50_000));
          client.send(faulty, at, end);
          at = end;
        }
        client.awaitDurable(to);
        durable = to;
        if (to == faulty.length) {
          assertThat(client.answer().verdict()).isEqualTo("faulty");
          more = false;
        }
      }
    }
    List<String> found = new ArrayList<>();
    new ObjectMapper()
        .readTree(files(".verdict.json").getFirst().toFile())
        .get("findings")
        .forEach(finding -> found.add(finding.get("id").asText()));
    assertThat(found).isNotEmpty().isEqualTo(expected);
  }

  @Test
  void findingsComeToThoseWhoAskForThem() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, faulty) + ",\"subscribe\":\"findings\"");
      client.send(faulty);
      int findings = 0;
      ServerLine line = client.line();
      while (!line.type().equals("done")) {
        findings += line.type().equals("finding") ? 1 : 0;
        line = client.line();
      }
      assertThat(findings).isPositive();
    }
  }

  @Test
  void aLiveStreamOpensANewPartForEachConnection() throws Exception {
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.live("run")).part()).isZero();
      client.send(clean, 0, 50_000);
      client.awaitDurable(50_000);
    }
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.live("run")).part()).isEqualTo(1);
      client.send(clean);
      ServerLine done = client.answer();
      assertThat(done.part()).isEqualTo(1);
      assertThat(done.complete()).isTrue();
    }
    try (RawClient client = connect()) {
      ServerLine cut = client.hello(RawClient.spool("run", 0, clean) + ",\"part\":0");
      assertThat(cut.type()).isEqualTo("done");
      assertThat(cut.complete()).isFalse();
      assertThat(cut.durable()).isEqualTo(50_000);
      assertThat(cut.verdict()).isEqualTo("faulty");
    }
  }

  @Test
  void aLiveStreamThatIsShutDownIsSealedAndSaysSo() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.live("run"));
      client.send(clean, 0, 10_000);
      client.socket.shutdownOutput();
      ServerLine done = client.answer();
      assertThat(done.complete()).isFalse();
      assertThat(done.durable()).isEqualTo(10_000);
      assertThat(done.verdict()).isEqualTo("faulty");
    }
  }

  @Test
  void aSpoolThatIsShutDownGetsItsLastAckAndWaits() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean, 0, 10_000);
      client.socket.shutdownOutput();
      client.awaitDurable(10_000);
      assertThat(client.isAtEnd()).isTrue();
    }
    try (RawClient client = connect()) {
      ServerLine ok = client.hello(RawClient.spool("run", 10_000, clean));
      assertThat(ok.durable()).isEqualTo(10_000);
      assertThat(HexFormat.of().toHexDigits(ok.tailCrc32c()))
          .isEqualTo(RawClient.tail(clean, 10_000));
    }
  }

  /// Another store than the one that the client knew, without any quota.
  @Test
  void aStoreThatHasNothingSaysSo() throws Exception {
    StoreOptions unlimited =
        new StoreOptions(1, 1 << 20, 1 << 22, 1L << 40, Long.MAX_VALUE, Long.MAX_VALUE, 100, 0);
    reopen(ServerOptions.of(LOOPBACK, root.resolveSibling("other")).withStore(unlimited));
    try (RawClient client = connect()) {
      ServerLine gap = client.hello(RawClient.spool("run", 100_000, clean));
      assertThat(gap.code()).isEqualTo("gap");
      assertThat(gap.durable()).isZero();
    }
  }

  @Test
  void theServersOffsetIsTheTruth() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean, 0, 100_000);
      client.awaitDurable(100_000);
    }
    try (RawClient client = connect()) {
      ServerLine gap = client.hello(RawClient.spool("run", 100_001, clean));
      assertThat(gap.code()).isEqualTo("gap");
      assertThat(gap.durable()).isEqualTo(100_000);
      assertThat(gap.message()).isEqualTo("offset 100001 (expected at most 100000)");
    }
    byte[] other = clean.clone();
    other[99_990] ^= 1;
    try (RawClient client = connect()) {
      ServerLine diverged = client.hello(RawClient.spool("run", 100_000, other));
      assertThat(diverged.code()).isEqualTo("diverged");
      assertThat(diverged.part()).isZero();
    }
    try (RawClient client = connect()) {
      // A client that lost count resumes all the same.
      ServerLine ok = client.hello(RawClient.spool("run", 60_000, clean));
      assertThat(ok.durable()).isEqualTo(100_000);
      client.send(clean, 100_000, clean.length);
      assertThat(client.answer().sha256()).isEqualTo(sha256(clean));
    }
  }

  @Test
  void aStreamThatStartsOverIsNotTakenForTheRest() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean, 0, 100_000);
      client.awaitDurable(100_000);
    }
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean, 0, 5_000);
      assertThat(client.answer().code()).isEqualTo("diverged");
    }
    try (RawClient client = connect()) {
      byte[] hello =
          ("MCAPIN/1 {" + RawClient.spool("run", 0, clean) + "}\nxxxx")
              .getBytes(StandardCharsets.UTF_8);
      client.send(hello);
      assertThat(client.line().code()).isEqualTo("gap");
    }
  }

  @Test
  void aNewerConnectionFencesTheOlder() throws Exception {
    try (RawClient older = connect();
        RawClient newer = connect()) {
      older.hello(RawClient.spool("run", 0, clean));
      older.send(clean, 0, 70_000);
      older.awaitDurable(1);
      ServerLine ok = newer.hello(RawClient.spool("run", 0, clean));
      assertThat(older.answer().code()).isEqualTo("fenced");
      assertThat(ok.durable()).isBetween(1L, 70_000L);
      newer.send(clean, (int) ok.durable(), clean.length);
      assertThat(newer.answer().sha256()).isEqualTo(sha256(clean));
    }
  }

  @Test
  void aDivergedClientOpensANewPart() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean, 0, 20_000);
      client.awaitDurable(20_000);
    }
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.spool("run", 0, faulty) + ",\"part\":2").code())
          .isEqualTo("gap");
    }
    try (RawClient client = connect()) {
      ServerLine ok = client.hello(RawClient.spool("run", 0, faulty) + ",\"part\":1");
      assertThat(ok.part()).isEqualTo(1);
      client.send(faulty);
      assertThat(client.answer().sha256()).isEqualTo(sha256(faulty));
    }
  }

  @Test
  void anAnnouncedSizeTakesAnyBytes() throws Exception {
    byte[] damaged = Arrays.copyOf(faulty, faulty.length / 2);
    Arrays.fill(damaged, 1000, 1100, (byte) 0);
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, damaged) + ",\"size\":" + damaged.length);
      client.send(damaged);
      ServerLine done = client.answer();
      assertThat(done.complete()).isTrue();
      assertThat(done.sha256()).isEqualTo(sha256(damaged));
      assertThat(done.verdict()).isEqualTo("faulty");
    }
  }

  @Test
  void bytesBehindTheEndAreRefusedAndThePartIsSealed() throws Exception {
    byte[] longer = Arrays.copyOf(clean, clean.length + 5);
    try (RawClient client = connect()) {
      client.hello(RawClient.live("run"));
      client.send(longer);
      ServerLine error = client.answer();
      assertThat(error.code()).isEqualTo("malformed");
      assertThat(error.message())
          .isEqualTo("bytes behind the end of the part, at byte " + clean.length);
    }
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.spool("run", 0, clean)).sha256()).isEqualTo(sha256(clean));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00, malformed, 'opcode 0, at byte 8'",
    "FF0000000010000000, limit,"
        + " 'record of 68719476736 bytes (expected at most 268435456), at byte 8'",
    "06FFFFFFFFFFFFFFFF, limit,"
        + " 'record of 18446744073709551615 bytes (expected at most 268435456), at byte 8'",
    "020000000000000000, malformed, 'footer of 0 bytes (expected 20), at byte 8'",
  })
  void whatIsNoMcapIsRefusedWithThePlace(String record, String code, String message)
      throws Exception {
    byte[] bad = Arrays.copyOf(HexFormat.of().parseHex("894d434150300d0a" + record), 40);
    try (RawClient client = connect()) {
      client.hello(RawClient.live("run"));
      client.send(bad);
      ServerLine error = client.answer();
      assertThat(error.code()).isEqualTo(code);
      assertThat(error.message()).isEqualTo(message);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aChunkThatUnpacksToTooMuchIsRefusedBeforeItIsStored() throws Exception {
    byte[] bomb =
        HexFormat.of()
            .parseHex(
                "894d434150300d0a"
                    + "06"
                    + "0001000000000000"
                    + "0000000000000000"
                    + "0000000000000000"
                    + "0000001000000000");
    try (RawClient client = connect()) {
      client.hello(RawClient.live("run"));
      client.send(bomb);
      ServerLine error = client.answer();
      assertThat(error.code()).isEqualTo("limit");
      assertThat(error.message())
          .isEqualTo(
              "chunk of 256 bytes unpacks to 268435456 (expected at most 200 times as many), at"
                  + " byte 8");
    }
  }

  @Test
  void longHellosAreRefused() throws Exception {
    try (RawClient client = connect()) {
      client.send(
          ("MCAPIN/1 {" + " ".repeat(Hello.MAX_LINE_BYTES)).getBytes(StandardCharsets.UTF_8));
      ServerLine error = client.line();
      assertThat(error.code()).isEqualTo("limit");
      assertThat(error.message()).isEqualTo("hello line: more than 4096 bytes");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void otherProtocolsAreToldAtOnce() throws Exception {
    try (RawClient client = connect()) {
      client.send("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.line().message()).isEqualTo("first bytes: not \"MCAPIN/1 \", at byte 0");
    }
  }

  @Test
  void slowHellosAndIdleStreamsEnd() throws Exception {
    SessionLimits impatient = SessionLimits.DEFAULT.withTimes(1, 1);
    reopen(ServerOptions.of(LOOPBACK, root).withStore(STORE).withLimits(impatient));
    try (RawClient client = connect()) {
      client.send("MCAPIN/1 ".getBytes(StandardCharsets.UTF_8));
      assertThat(client.line().code()).isEqualTo("limit");
    }
    try (RawClient client = connect()) {
      ServerLine first = client.hello(RawClient.live("run"));
      if (first.type().equals("ok")) {
        assertThat(client.answer().code()).isEqualTo("limit");
      }
    }
  }

  @Test
  void tokensDecideWhoWritesWhat() throws Exception {
    Path tokens = folder.resolve("tokens");
    Files.writeString(
        tokens,
        "# devices\nsecret car7_\nsha256:"
            + sha256("other".getBytes(StandardCharsets.UTF_8))
            + "\n");
    reopen(ServerOptions.of(LOOPBACK, root).withStore(STORE).withTokens(tokens));
    for (String[] attempt :
        new String[][] {
          {"car7_run", "", "err"},
          {"car7_run", ",\"token\":\"\"", "err"},
          {"car7_run", ",\"token\":\"wrong\"", "err"},
          {"car8_run", ",\"token\":\"secret\"", "err"},
          {"car7_run", ",\"token\":\"secret\"", "ok"},
          {"any", ",\"token\":\"other\"", "ok"},
        }) {
      try (RawClient client = connect()) {
        ServerLine line = client.hello(RawClient.live(attempt[0]) + attempt[1]);
        assertThat(line.type()).as("%s %s", attempt[0], attempt[1]).isEqualTo(attempt[2]);
        assertThat(line.code()).isEqualTo(attempt[2].equals("ok") ? "" : "auth");
      }
    }
    Files.writeString(tokens, "new\n");
    try (RawClient client = connect()) {
      assertThat(client.hello(RawClient.live("any") + ",\"token\":\"other\"").code())
          .isEqualTo("auth");
    }
  }

  @Test
  void quotasAreKept() throws Exception {
    reopen(
        ServerOptions.of(LOOPBACK, root)
            .withStore(new StoreOptions(2, 1 << 20, 1 << 20, 60_000, 80_000, 1 << 20, 100, 0)));
    try (RawClient client = connect()) {
      ServerLine error = client.hello(RawClient.spool("a", 0, clean) + ",\"size\":60001");
      assertThat(error.code()).isEqualTo("quota");
      assertThat(error.retryAfterSeconds()).isPositive();
    }
    try (RawClient client = connect()) {
      client.hello(RawClient.live("a"));
      client.send(clean);
      ServerLine error = client.answer();
      assertThat(error.code()).isEqualTo("quota");
      assertThat(error.message()).isEqualTo("part: more than 60000 bytes");
    }
  }

  @Test
  void tooManyConnectionsAreTurnedAway() throws Exception {
    reopen(ServerOptions.of(LOOPBACK, root).withStore(STORE).withConnections(8, 2));
    try (RawClient one = connect();
        RawClient two = connect()) {
      one.hello(RawClient.live("a"));
      two.hello(RawClient.live("b"));
      try (RawClient three = connect()) {
        assertThat(three.line().code()).isEqualTo("quota");
      }
      assertThat(server.stats().refusals(ErrorCode.QUOTA)).isEqualTo(1);
    }
  }

  @Test
  void nobodyIsLetInWhenTheDiskIsFull() throws Exception {
    reopen(
        ServerOptions.of(LOOPBACK, root)
            .withStore(
                new StoreOptions(2, 1 << 20, 1 << 20, 1 << 30, 1 << 30, 1 << 30, 9, 1L << 60)));
    try (RawClient client = connect()) {
      ServerLine error = client.hello(RawClient.live("a"));
      assertThat(error.code()).isEqualTo("storage");
      assertThat(error.message()).startsWith("free space: ");
      assertThat(server.problem()).startsWith("free space: ");
    }
  }

  @Test
  void aPartGoesOnAfterTheServerStoppedAndStarted() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.spool("run", 0, clean));
      client.send(clean, 0, 33_333);
      client.awaitDurable(33_333);
      reopen(ServerOptions.of(LOOPBACK, root).withStore(STORE));
      assertThat(client.answer().code()).isEqualTo("storage");
    }
    try (RawClient client = connect()) {
      ServerLine ok = client.hello(RawClient.spool("run", 33_333, clean));
      assertThat(ok.durable()).isEqualTo(33_333);
      client.send(clean, 33_333, clean.length);
      ServerLine done = client.answer();
      assertThat(done.sha256()).isEqualTo(sha256(clean));
      assertThat(done.verdict()).isEqualTo("clean");
    }
  }

  @Test
  void stoppingSealsLiveParts() throws Exception {
    try (RawClient client = connect()) {
      client.hello(RawClient.live("run"));
      client.send(clean, 0, 40_000);
      client.awaitDurable(40_000);
      server.close();
    }
    assertThat(files(".seal.json")).hasSize(1);
    server = open(ServerOptions.of(LOOPBACK, root).withStore(STORE));
  }

  @Test
  void oneStoreHasOneServer() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> open(ServerOptions.of(LOOPBACK, root))))
        .isInstanceOf(IOException.class)
        .hasMessage(root + ": is in use by another server");
  }

  @Test
  void framingLimitsCanBeSet() throws Exception {
    reopen(
        ServerOptions.of(LOOPBACK, root)
            .withStore(STORE)
            .withLimits(
                SessionLimits.DEFAULT.withRecords(new McapFraming.Limits(100, 1 << 20, 200))));
    try (RawClient client = connect()) {
      client.hello(RawClient.live("run"));
      client.send(clean);
      assertThat(client.answer().code()).isEqualTo("limit");
    }
  }
}
