package dev.lockstep.ops;

import java.io.IOException;
import java.util.List;

/// Somebody outside who is told of alerts.
public interface AlertSink {
  /// What logs call it.
  String name();

  /// Hands over `alerts`, oldest first; called on a thread of its own and may take its time.
  ///
  /// @throws IOException if that failed and may succeed later
  /// @throws InterruptedException if the service ends
  void deliver(List<Alert> alerts) throws IOException, InterruptedException;

  /// Whether it forgets alerts that it is not told of again (Alertmanager does).
  default boolean forgets() {
    return false;
  }
}
