package dev.lockstep.cli;

import dev.lockstep.ops.AlertDispatcher;
import dev.lockstep.ops.AlertSink;
import dev.lockstep.ops.ExecSink;
import dev.lockstep.ops.HttpSink;
import dev.lockstep.ops.OpsServer;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceMonitor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that all services share: how they show themselves, whom they tell, how they log.
final class ServiceOptions {
  @Option(
      names = "--http",
      paramLabel = "[HOST:]PORT",
      description =
          "Serve status page, /metrics, /healthz and /readyz there; HOST is 127.0.0.1 by default."
              + " Off by default.")
  private @Nullable String http;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = "Post alerts as JSON to URL. Repeatable.")
  private List<String> webhooks = List.of();

  @Option(
      names = "--webhook-secret",
      paramLabel = "FILE",
      description =
          "Sign them with the secret that is the first line of FILE (HMAC-SHA256 of"
              + " TIMESTAMP.BODY in X-Lockstep-Signature).")
  private @Nullable Path secretFile;

  @Option(
      names = "--alertmanager",
      paramLabel = "URL",
      description = "Tell alerts to the Alertmanager at URL (API v2).")
  private @Nullable String alertmanager;

  @Option(
      names = "--alert-exec",
      paramLabel = "PROGRAM",
      description = "Run PROGRAM with alerts as JSON on its standard input.")
  private @Nullable String exec;

  @Option(
      names = "--alert-on",
      paramLabel = "SEVERITY",
      description = "Least severity of alerts: error (default), warning or info.")
  private String alertOn = "error";

  @Option(
      names = "--log",
      paramLabel = "FORMAT",
      description = "How to log to standard error: text (default) or json.")
  private String logFormat = "text";

  /// The running parts of a service's operations.
  record Running(@Nullable OpsServer server, List<AlertDispatcher> alerts)
      implements AutoCloseable {
    @Override
    public void close() {
      alerts.forEach(AlertDispatcher::close);
      if (server != null) {
        server.close();
      }
    }
  }

  /// The log.
  ///
  /// @throws IllegalArgumentException if the format is not known
  ServiceLog log() {
    boolean json =
        switch (logFormat) {
          case "text" -> false;
          case "json" -> true;
          default ->
              throw new IllegalArgumentException(
                  "--log: " + logFormat + " (expected text or json)");
        };
    return new ServiceLog(json, InstantSource.system(), System.err::println);
  }

  /// Starts what was asked for.
  ///
  /// @throws IllegalArgumentException if an option is wrong
  /// @throws IOException if the address cannot be bound or the secret not be read
  Running start(ServiceMonitor monitor, ServiceLog log) throws IOException {
    monitor.alerts().setLeast(Quantities.severity("--alert-on", alertOn));
    List<AlertSink> sinks = new ArrayList<>();
    InstantSource clock = InstantSource.system();
    String secret = secret();
    for (String webhook : webhooks) {
      sinks.add(HttpSink.webhook(URI.create(webhook), secret, clock));
    }
    if (alertmanager != null) {
      sinks.add(HttpSink.alertmanager(URI.create(alertmanager), clock));
    }
    if (exec != null) {
      sinks.add(new ExecSink(List.of(exec)));
    }
    InetSocketAddress address = address();
    @Nullable OpsServer server = null;
    if (address != null) {
      server = OpsServer.start(monitor, address);
      InetSocketAddress bound = server.address();
      log.info(
          "serving status", "url", "http://" + bound.getHostString() + ":" + bound.getPort() + "/");
    }
    return new Running(
        server, sinks.stream().map(sink -> new AlertDispatcher(monitor, sink, log)).toList());
  }

  private String secret() throws IOException {
    if (secretFile == null) {
      return "";
    }
    String first = SmallText.read(secretFile, "a secret").lines().findFirst().orElse("").strip();
    if (first.isEmpty()) {
      throw new IllegalArgumentException(
          "--webhook-secret: " + secretFile + " (expected a secret in its first line)");
    }
    return first;
  }

  private @Nullable InetSocketAddress address() {
    if (http == null) {
      return null;
    }
    int colon = http.lastIndexOf(':');
    String host = colon < 0 ? "127.0.0.1" : http.substring(0, colon);
    try {
      int port = Integer.parseInt(http.substring(colon + 1));
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("--http: " + http + " (expected HOST:PORT or PORT)", e);
    }
  }
}
