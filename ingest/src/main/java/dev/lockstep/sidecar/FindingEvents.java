package dev.lockstep.sidecar;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.model.Evidence;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.report.FindingText;
import dev.lockstep.report.JsonReport;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Tells each finding once, whoever told it, and takes back what turns out not to be so.
final class FindingEvents {
  private final Memory memory;
  private final EventJournal journal;
  private final ServiceMonitor monitor;

  /// Of recordings that are read anew: what was told of them and has not been found again.
  private final Map<String, Set<String>> unseen = new TreeMap<>();

  FindingEvents(Memory memory, EventJournal journal, ServiceMonitor monitor) {
    this.memory = memory;
    this.journal = journal;
    this.monitor = monitor;
  }

  /// A recording is read from its beginning: what was told of it has to be found again.
  void begin(String name) {
    unseen.put(name, new HashSet<>(memory.told(name).keySet()));
  }

  /// A recording is gone.
  void forget(String name) {
    unseen.remove(name);
  }

  /// Tells what has come to light since.
  void tell(WatchedRecording recording) {
    for (WatchedRecording.Told each : recording.fresh()) {
      tell(recording, each.finding(), each.occurrence());
    }
  }

  /// A recording is complete: tells what its result holds and was not told as it came, the last
  /// finding of many, and takes back what was told and is not in it.
  void end(WatchedRecording recording, RecordingResult result) {
    Map<String, Integer> occurrences = new TreeMap<>();
    for (Finding finding : result.findings()) {
      tell(recording, finding, occurrences.merge(finding.fingerprint(), 1, Integer::sum));
    }
    String name = recording.name();
    for (String key : List.copyOf(unseen.getOrDefault(name, Set.of()))) {
      retract(name, key);
    }
    unseen.remove(name);
  }

  private void tell(WatchedRecording recording, Finding finding, int occurrence) {
    String name = recording.name();
    String key = Memory.key(finding.fingerprint(), occurrence);
    Set<String> before = unseen.get(name);
    if (before != null) {
      before.remove(key);
    }
    int wording = Memory.wording(FindingText.message(finding));
    Integer told = memory.told(name).put(key, wording);
    if (told != null) {
      if (told == wording) {
        return;
      }
      // The same fault, of which more is known by now.
      retract(name, key);
    }
    String attributed = recording.attribution().of(finding, recording.streams());
    Json fields = new Json();
    if (occurrence > 1) {
      fields.number("occurrence", occurrence);
    }
    fields.textIfAny("attributed", attributed).fieldsOf(JsonReport.line(name, finding));
    journal.append("finding", fields.toString());
    monitor.finding(name, finding, attributed);
    if (finding.evidence() instanceof Evidence.Loss loss) {
      monitor.metrics().lost(attributed.isEmpty() ? "unknown" : attributed, loss.count());
    }
  }

  private void retract(String name, String key) {
    int mark = key.indexOf('#');
    String id = mark < 0 ? key : key.substring(0, mark);
    Json fields = new Json().text("recording", name).text("id", id);
    if (mark >= 0) {
      fields.number("occurrence", Long.parseLong(key.substring(mark + 1)));
    }
    journal.append("retracted", fields.toString());
    monitor.retracted(name, id);
  }
}
