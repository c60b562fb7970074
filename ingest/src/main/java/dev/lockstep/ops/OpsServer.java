package dev.lockstep.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Serves what a [ServiceMonitor] holds, over HTTP.
///
/// ```text
/// /              the status page
/// /status.json   what it shows
/// /healthz       200 while the main loop is alive, else 503
/// /readyz        200 while nothing stands against serving, else 503 and the reasons
/// /metrics       Prometheus text format
/// ```
///
/// Reads only. On a loopback address, requests that name another host are refused, so that no web
/// page that a person visits can read it through the person's browser.
public final class OpsServer implements AutoCloseable {
  /// Threads that answer; each answer takes milliseconds.
  private static final int THREADS = 2;

  /// Requests that wait; more are turned away.
  private static final int WAITING = 32;

  /// Seconds in which a request must have come in whole, and in which its answer must have gone.
  private static final String MAX_SECONDS = "10";

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final ServiceMonitor monitor;
  private final boolean loopback;
  private final byte[] page;
  private final String policy;

  private OpsServer(
      HttpServer server, ThreadPoolExecutor threads, ServiceMonitor monitor, boolean loopback) {
    this.server = server;
    this.threads = threads;
    this.monitor = monitor;
    this.loopback = loopback;
    String html = resource("status.html");
    this.page = html.getBytes(StandardCharsets.UTF_8);
    this.policy =
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action"
            + " 'none'; frame-ancestors 'none'; style-src "
            + hash(html, "style")
            + "; script-src "
            + hash(html, "script");
  }

  /// Starts to serve.
  ///
  /// @param address where; port 0 takes any free one
  /// @throws IOException if the address cannot be bound
  public static OpsServer start(ServiceMonitor monitor, InetSocketAddress address)
      throws IOException {
    for (String limit : List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, MAX_SECONDS);
      }
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, WAITING);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "lockstep-ops-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    InetAddress bound = server.getAddress().getAddress();
    OpsServer ops =
        new OpsServer(server, threads, monitor, bound != null && bound.isLoopbackAddress());
    server.createContext("/", ops::handle);
    server.setExecutor(threads);
    server.start();
    return ops;
  }

  /// Where it serves.
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, 405, "text/plain", "only GET\n");
      } else if (loopback && !isOwnName(exchange.getRequestHeaders().getFirst("Host"))) {
        answer(exchange, 403, "text/plain", "served to this machine only\n");
      } else {
        route(exchange);
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/" -> {
        exchange.getResponseHeaders().set("Content-Security-Policy", policy);
        answer(exchange, 200, "text/html", page);
      }
      case "/status.json" -> answer(exchange, 200, "application/json", monitor.status());
      case "/healthz" -> {
        boolean alive = monitor.alive();
        answer(exchange, alive ? 200 : 503, "text/plain", alive ? "ok\n" : "main loop is stuck\n");
      }
      case "/readyz" -> {
        List<String> reasons = monitor.unready();
        answer(
            exchange,
            reasons.isEmpty() ? 200 : 503,
            "text/plain",
            reasons.isEmpty() ? "ready\n" : String.join("\n", reasons) + "\n");
      }
      case "/metrics" -> {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        monitor.metrics().write(text);
        answer(exchange, 200, "text/plain; version=0.0.4", text.toByteArray());
      }
      default ->
          answer(
              exchange, 404, "text/plain", "not found: / /status.json /healthz /readyz /metrics\n");
    }
  }

  private static boolean isOwnName(@Nullable String host) {
    if (host == null) {
      return false;
    }
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return LOOPBACK_NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    answer(exchange, code, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type + "; charset=utf-8");
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(code, -1);
    } else {
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String resource(String name) {
    try (InputStream in = OpsServer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing from the jar: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource unreadable: " + name, e);
    }
  }

  /// The source expression that allows the one element of that name.
  private static String hash(String html, String element) {
    int from = html.indexOf("<" + element + ">") + element.length() + 2;
    String content = html.substring(from, html.indexOf("</" + element + ">"));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Stops at once.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
