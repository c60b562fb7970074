package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.model.Severity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertDeliveryTest {
  private static final Duration SOON = Duration.ofMillis(1);

  private final FakeClock clock = new FakeClock();
  private final ServiceMonitor monitor = new ServiceMonitor("watch", clock);
  private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();
  private final ServiceLog log = new ServiceLog(true, clock, logged::add);

  @TempDir Path folder;

  private record Request(String path, String timestamp, String signature, byte[] body) {}

  /// A receiver that refuses the first `refusals` requests.
  private static HttpServer receiver(BlockingQueue<Request> requests, int refusals)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger seen = new AtomicInteger();
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean refused = seen.incrementAndGet() <= refusals;
            exchange.sendResponseHeaders(refused ? 503 : 204, -1);
            if (!refused) {
              requests.add(
                  new Request(
                      exchange.getRequestURI().getPath(),
                      exchange.getRequestHeaders().getFirst(HttpSink.TIMESTAMP_HEADER),
                      exchange.getRequestHeaders().getFirst(HttpSink.SIGNATURE_HEADER),
                      body));
            }
          }
        });
    server.start();
    return server;
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void raise() {
    monitor.finding("a.mcap", Samples.finding("/lidar", Severity.ERROR, 30), "network");
    monitor.alerts().tick();
  }

  private String metrics() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    monitor.metrics().write(text);
    return text.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aWebhookGetsASignedRequestAlsoIfItRefusedTheFirstOnes() throws Exception {
    BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    HttpServer server = receiver(requests, 3);
    HttpSink sink = HttpSink.webhook(address(server).resolve("/hook"), "secret", clock);
    try (AlertDispatcher dispatcher = new AlertDispatcher(monitor, sink, log, SOON)) {
      raise();
      Request request = requests.poll(60, TimeUnit.SECONDS);
      assertThat(dispatcher.drain(Duration.ofSeconds(60))).isTrue();
      assertThat(request.path()).isEqualTo("/hook");
      assertThat(request.timestamp()).isEqualTo(Long.toString(clock.millis() / 1000));
      // echo -n "$TIMESTAMP.$BODY" | openssl dgst -sha256 -hmac secret
      assertThat(request.signature())
          .isEqualTo(
              "sha256="
                  + HttpSink.signature(
                      "secret".getBytes(StandardCharsets.UTF_8),
                      request.timestamp(),
                      request.body()));
      JsonNode alert = new ObjectMapper().readTree(request.body()).get("alerts").get(0);
      assertThat(alert.get("state").asText()).isEqualTo("raised");
      assertThat(alert.get("name").asText()).isEqualTo("messages-dropped");
      assertThat(alert.get("attributed").asText()).isEqualTo("network");
      assertThat(metrics())
          .contains("lockstep_alert_deliveries_total{outcome=\"delivered\"} 1.0")
          .contains("lockstep_alert_deliveries_total{outcome=\"failed\"} 3.0");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theSignatureIsTheHmacThatOthersCompute() {
    // printf '1.{}' | openssl dgst -sha256 -hmac key
    assertThat(
            HttpSink.signature(
                "key".getBytes(StandardCharsets.UTF_8), "1", "{}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(SIGNATURE);
  }

  private static final String SIGNATURE =
      "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224";

  @Test
  void alertmanagerGetsItsOwnForm() throws Exception {
    BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    HttpServer server = receiver(requests, 0);
    try (AlertDispatcher dispatcher =
        new AlertDispatcher(monitor, HttpSink.alertmanager(address(server), clock), log, SOON)) {
      raise();
      Request raised = requests.poll(60, TimeUnit.SECONDS);
      assertThat(raised.path()).isEqualTo("/api/v2/alerts");
      JsonNode alert = new ObjectMapper().readTree(raised.body()).get(0);
      assertThat(alert.get("labels").get("alertname").asText()).isEqualTo("messages-dropped");
      assertThat(alert.has("endsAt")).isFalse();
      clock.advance(60_000);
      monitor.alerts().tick();
      JsonNode cleared =
          new ObjectMapper().readTree(requests.poll(60, TimeUnit.SECONDS).body()).get(0);
      assertThat(cleared.get("labels")).isEqualTo(alert.get("labels"));
      assertThat(cleared.has("endsAt")).isTrue();
      assertThat(dispatcher.drain(Duration.ofSeconds(60))).isTrue();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aProgramGetsAlertsOnItsInputAndFailsByItsExitCode() throws Exception {
    Path program = folder.resolve("hook");
    Path taken = folder.resolve("taken");
    Files.writeString(program, "#!/bin/sh\ncat > '" + taken + "'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    List<Alert> alerts =
        List.of(new Alert("f", true, "disk-low", "error", "", "disk", Samples.HOSTILE, 1, 0));
    new ExecSink(List.of(program.toString())).deliver(alerts);
    JsonNode alert = new ObjectMapper().readTree(taken.toFile()).get("alerts").get(0);
    assertThat(alert.get("summary").asText()).isEqualTo(Samples.HOSTILE);
    Files.writeString(program, "#!/bin/sh\nexit 3\n");
    assertThatThrownBy(() -> new ExecSink(List.of(program.toString())).deliver(alerts))
        .isInstanceOf(IOException.class)
        .hasMessage(program + " ended with 3 (expected 0)");
  }

  @Test
  void aReceiverThatIsAwayHoldsNobodyUpAndTheNewestAlertsWait() throws Exception {
    BlockingQueue<List<Alert>> delivered = new LinkedBlockingQueue<>();
    BlockingQueue<Boolean> open = new LinkedBlockingQueue<>();
    AlertSink sink =
        new AlertSink() {
          private boolean away = true;

          @Override
          public String name() {
            return "away";
          }

          @Override
          public void deliver(List<Alert> alerts) throws InterruptedException {
            if (away) {
              away = !open.take();
            }
            delivered.add(alerts);
          }
        };
    try (AlertDispatcher dispatcher = new AlertDispatcher(monitor, sink, log, SOON)) {
      int all = AlertDispatcher.MAX_WAITING + 200;
      for (int i = 0; i < all; i++) {
        monitor.finding("a.mcap", Samples.finding("/lidar", Severity.ERROR, i), "");
        monitor.alerts().tick();
        clock.advance(60_000);
        monitor.alerts().tick();
      }
      open.add(true);
      assertThat(dispatcher.drain(Duration.ofSeconds(60))).isTrue();
      int count = 0;
      Alert last = null;
      for (List<Alert> batch : delivered) {
        count += batch.size();
        last = batch.getLast();
      }
      assertThat(count).isBetween(AlertDispatcher.MAX_WAITING, AlertDispatcher.MAX_WAITING + 50);
      assertThat(last.raised()).isFalse();
      assertThat(metrics()).contains("lockstep_alert_deliveries_total{outcome=\"dropped\"}");
    }
  }
}
