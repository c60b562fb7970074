package dev.lockstep.ops;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells systemd how the service is, as `sd_notify(3)` says; does nothing where nobody asks.
public final class ServiceManager {
  private final @Nullable String socket;
  private final long watchdogMillis;
  private long lastBeatMillis = Long.MIN_VALUE / 2;

  /// The service manager that `environment` names (`NOTIFY_SOCKET`, `WATCHDOG_USEC`).
  public ServiceManager(Map<String, String> environment) {
    String path = environment.get("NOTIFY_SOCKET");
    socket = path == null || !path.startsWith("/") && !path.startsWith("@") ? null : path;
    watchdogMillis = micros(environment.get("WATCHDOG_USEC")) / 1000;
  }

  private static long micros(@Nullable String text) {
    try {
      return text == null ? 0 : Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Whether anybody listens.
  public boolean isPresent() {
    return socket != null;
  }

  /// The service is up.
  public void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /// What the service does, for `systemctl status`.
  public void status(String status) {
    send("STATUS=" + status);
  }

  /// The service ends.
  public void stopping() {
    send("STOPPING=1");
  }

  /// The main loop is alive; sent as often as the watchdog asks for, however often it is called.
  public void beat(long nowMillis) {
    if (watchdogMillis > 0 && nowMillis - lastBeatMillis >= watchdogMillis / 3) {
      lastBeatMillis = nowMillis;
      send("WATCHDOG=1");
    }
  }

  private void send(String message) {
    if (socket != null) {
      boolean _ = Posix.send(socket, message.getBytes(StandardCharsets.UTF_8));
    }
  }
}
