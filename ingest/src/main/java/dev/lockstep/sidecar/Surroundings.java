package dev.lockstep.sidecar;

import dev.lockstep.model.Severity;
import dev.lockstep.ops.Condition;
import dev.lockstep.ops.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What can go wrong around recordings: sensors, recorders, disks, folders. Reports each condition
/// for as long as it holds.
///
/// Used by one thread.
final class Surroundings {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final WatchOptions options;
  private final EventJournal journal;
  private final Conditions conditions;
  private final ServiceMonitor monitor;
  private final SilentSensors silent = new SilentSensors();

  Surroundings(
      WatchOptions options, EventJournal journal, Conditions conditions, ServiceMonitor monitor) {
    this.options = options;
    this.journal = journal;
    this.conditions = conditions;
    this.monitor = monitor;
  }

  /// A recording is complete: its sensors are those that the next one should have.
  void completed(WatchedRecording recording) {
    silent.completed(recording.path().getParent(), recording.streams());
  }

  /// Looks at a recording that is open: sensors that fell silent, growth that stopped.
  void watch(WatchedRecording recording, long nowNanos, long wallNs) {
    silent
        .of(recording.name(), recording.path().getParent(), recording.streams())
        .forEach(conditions::holds);
    if (recording.isStalled(options.stall(), nowNanos)) {
      boolean full = freeBytes(recording.path()) < options.minFreeBytes();
      conditions.holds(
          new Condition(
              "growth-stalled",
              recording.name(),
              Severity.ERROR,
              full ? "disk" : "recorder",
              "an open recording has not grown for "
                  + recording.unchangedFor(nowNanos) / SECOND_NANOS
                  + " s (expected within "
                  + options.stall().toSeconds()
                  + " s)",
              false));
      recording.attribution().stalled(recording.changedWallNs(), wallNs);
    }
  }

  /// Looks at everything else, once a round.
  ///
  /// @param missing folders that are not there
  /// @param failed why recordings cannot be followed, by name
  void look(List<Path> missing, Map<String, String> failed) {
    long least = Long.MAX_VALUE;
    for (Path folder : options.folders()) {
      least = Math.min(least, freeBytes(folder));
    }
    if (least != Long.MAX_VALUE) {
      monitor.metrics().freeDisk(least);
      if (least < options.minFreeBytes()) {
        conditions.holds(
            new Condition(
                "disk-low",
                "",
                Severity.ERROR,
                "disk",
                least + " bytes are free (expected " + options.minFreeBytes() + " or more)",
                true));
      }
    }
    if (!journal.failure().isEmpty()) {
      // Not through the journal, which is what fails.
      monitor.raise(
          new Condition("state-unwritable", "", Severity.ERROR, "disk", journal.failure(), true));
    } else {
      monitor.clear("state-unwritable|");
    }
    for (Path folder : missing) {
      conditions.holds(
          new Condition(
              "folder-missing",
              folder.toString(),
              Severity.ERROR,
              "disk",
              "no such folder (expected one to watch)",
              true));
    }
    failed.forEach((name, cause) ->
        conditions.holds(new Condition("unreadable", name, Severity.ERROR, "disk", cause, false)));
  }

  private static long freeBytes(Path path) {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
