package dev.lockstep.ops;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Posts alerts to a webhook or to Alertmanager. Redirects are not followed.
public final class HttpSink implements AlertSink {
  /// Carries the time of sending, seconds since 1970; it is signed with the body.
  public static final String TIMESTAMP_HEADER = "X-Lockstep-Timestamp";

  /// Carries `sha256=` and the HMAC-SHA256 of `TIMESTAMP.BODY` in hexadecimal.
  public static final String SIGNATURE_HEADER = "X-Lockstep-Signature";

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final URI target;
  private final boolean alertmanager;
  private final byte[] secret;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private HttpSink(
      String name, URI target, boolean alertmanager, byte[] secret, InstantSource clock) {
    this.name = name;
    this.target = target;
    this.alertmanager = alertmanager;
    this.secret = secret;
    this.clock = clock;
  }

  /// A webhook at `target` that gets our own JSON.
  ///
  /// @param secret signs each request; empty for none
  /// @throws IllegalArgumentException if `target` is no http or https address
  public static HttpSink webhook(URI target, String secret, InstantSource clock) {
    return new HttpSink(
        "webhook", checked(target), false, secret.getBytes(StandardCharsets.UTF_8), clock);
  }

  /// An Alertmanager whose address is `base`.
  ///
  /// @throws IllegalArgumentException if `base` is no http or https address
  public static HttpSink alertmanager(URI base, InstantSource clock) {
    String text = checked(base).toString();
    URI target = URI.create((text.endsWith("/") ? text : text + "/") + "api/v2/alerts");
    return new HttpSink("alertmanager", target, true, new byte[0], clock);
  }

  private static URI checked(URI target) {
    String scheme = target.getScheme();
    if (scheme == null || !scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(target + ": not an http or https address");
    }
    if (target.getHost() == null) {
      throw new IllegalArgumentException(target + ": names no host");
    }
    return target;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean forgets() {
    return alertmanager;
  }

  @Override
  public void deliver(List<Alert> alerts) throws IOException, InterruptedException {
    byte[] body = alertmanager ? AlertJson.alertmanager(alerts) : AlertJson.own(alerts);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (secret.length > 0) {
      String timestamp = Long.toString(clock.millis() / 1000);
      request.header(TIMESTAMP_HEADER, timestamp);
      request.header(SIGNATURE_HEADER, "sha256=" + signature(secret, timestamp, body));
    }
    HttpResponse<Void> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.discarding());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(target + " answered " + answer.statusCode() + " (expected 2xx)");
    }
  }

  /// What [#SIGNATURE_HEADER] carries behind `sha256=`.
  static String signature(byte[] secret, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
