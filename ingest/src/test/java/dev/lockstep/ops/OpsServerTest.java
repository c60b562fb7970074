package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.model.Severity;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpsServerTest {
  private final FakeClock clock = new FakeClock();
  private final ServiceMonitor monitor = new ServiceMonitor("watch", clock);
  private OpsServer server;

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server = OpsServer.start(monitor, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String address() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /// A busy service with a bit of everything.
  private void feed() {
    for (int i = 1; i <= 8; i++) {
      monitor.streams(
          "p1", List.of(Samples.stream("/lidar", i * 10L, i / 4), Samples.stream("/imu", 7, 0)));
      monitor.streams("p2", List.of(Samples.stream(Samples.HOSTILE, i, 0)));
      clock.advance(1000);
      monitor.beat();
    }
    monitor.part(
        new PartStatus("p1", "drive_0.mcap", PartStatus.State.OPEN, 2000, 1500, 1000, "", 1));
    monitor.part(new PartStatus("p0", "older.mcap", PartStatus.State.SEALED, 9, 9, 9, "faulty", 3));
    monitor.connection(
        new ConnectionStatus("c1", "10.0.0.7:4711", "run3", "lidar", "0", 77, 70, 5));
    monitor.finding("drive_0.mcap", Samples.finding("/lidar", Severity.ERROR, 30), "network");
    monitor.raise(Samples.diskLow());
  }

  @Test
  void healthAndReadinessFollowTheService() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").body()).isEqualTo("ready\n");
    monitor.raise(Samples.diskLow());
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("disk-low: 5 bytes are free\n");
    monitor.clear(Samples.diskLow().key());
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    clock.advance(ServiceMonitor.DEAD_MILLIS);
    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    monitor.beat();
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreWhatPrometheusReads() throws Exception {
    feed();
    monitor.metrics().received(5);
    monitor.metrics().fsync(0.003);
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains("lockstep_received_bytes_total 5.0\n")
        .contains("lockstep_open_parts 1.0\n")
        .contains("lockstep_findings_total{rule=\"TIM008\",severity=\"error\"} 1.0\n")
        .contains("lockstep_sensor_rate_hertz{sensor=\"/lidar\"} 10.0\n")
        .contains("lockstep_sensor_offset_seconds{sensor=\"/lidar\"} 0.004\n")
        .contains("lockstep_fsync_duration_seconds_bucket{le=\"0.005\"} 1\n")
        .contains("lockstep_build_info{")
        .contains("sensor=\"/lidar\\\"><script>");
  }

  @Test
  void whatThePageShowsIsBounded() throws Exception {
    for (int i = 0; i < 2000; i++) {
      monitor.streams("p", List.of(Samples.stream("/s" + i, 1, 0)));
      monitor.finding("a", Samples.finding("/s" + i, Severity.ERROR, i), "");
      monitor.part(new PartStatus("p" + i, "p" + i, PartStatus.State.SEALED, 1, 1, 1, "clean", 0));
      monitor.connection(new ConnectionStatus("c" + i, "", "", "", "", 0, 0, 0));
    }
    JsonNode status = new ObjectMapper().readTree(get("/status.json").body());
    assertThat(status.get("sensors")).hasSize(ServiceMonitor.MAX_SENSORS);
    assertThat(status.get("findings")).hasSize(ServiceMonitor.MAX_FINDINGS);
    assertThat(status.get("parts")).hasSize(ServiceMonitor.MAX_PARTS);
    assertThat(status.get("connections")).hasSize(ServiceMonitor.MAX_CONNECTIONS);
    assertThat(status.get("findingsTotal").asInt()).isEqualTo(2000);
  }

  @Test
  void refusesOtherHostsMethodsAndPaths() throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ");
    assertThat(get("/etc/passwd").statusCode()).isEqualTo(404);
    String page = raw("GET / HTTP/1.1\r\nHost: LOCALHOST:1\r\nConnection: close\r\n\r\n");
    assertThat(page).startsWith("HTTP/1.1 200 ").contains("default-src 'none'");
    // The name of SVG is no address that anything is loaded from.
    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http://", "https://", "unsafe-inline");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// In a browser, so that the page's own policy, script and layout are what is tested.
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void aBrowserShowsTheStateOfTheService(String theme) throws Exception {
    Path browser = browser();
    assumeTrue(browser != null, "no Chromium on the PATH: the status page is not tested");
    feed();
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=1280,1200",
                "--virtual-time-budget=3000",
                "--blink-settings=preferredColorScheme=" + (theme.equals("dark") ? 0 : 1),
                "--dump-dom",
                address() + "/")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String dom = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(dom)
        .contains("in trouble", "/lidar", "drive_0.mcap", "older.mcap", "faulty", "run3")
        .contains("messages were dropped: 3 sweeps missing (slots 31..33)")
        .contains("attributed to network", "5 bytes are free")
        .contains("<path d=\"M")
        .contains("&lt;script&gt;window.hacked=1&lt;/script&gt;")
        .doesNotContain("<script>window.hacked");
  }

  private static Path browser() {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }
}
