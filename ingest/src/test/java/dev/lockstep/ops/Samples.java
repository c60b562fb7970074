package dev.lockstep.ops;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.Finding;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.List;

/// What tests feed monitors with.
final class Samples {
  /// A name that must never become markup, a label's end or a terminal's command.
  static final String HOSTILE = "/lidar\"><script>window.hacked=1</script>\u001b[31m";

  private Samples() {}

  static Finding finding(String stream, Severity severity, long message) {
    CheckCard card = Checks.named("TIM008").card();
    return new Finding(
        card,
        "messages were dropped",
        severity,
        Location.stream(stream).withMessages(message, message + 1),
        new Evidence.Loss("sweeps", 3, "slots 31..33"),
        null);
  }

  static StreamProgress stream(String name, long messages, long gaps) {
    return new StreamProgress(
        name,
        "lidar",
        messages,
        messages * 100,
        10.0,
        5,
        6,
        7,
        gaps,
        gaps * 300_000_000L,
        List.of(),
        4_000_000);
  }

  static Condition diskLow() {
    return new Condition("disk-low", "", Severity.ERROR, "disk", "5 bytes are free", true);
  }
}
