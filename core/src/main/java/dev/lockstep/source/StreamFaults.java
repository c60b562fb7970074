package dev.lockstep.source;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The faults of the messages of one stream as far as it has been committed: the first runs of each
/// kind are told, all are counted. Used by the committing thread.
public final class StreamFaults {
  private final String stream;
  private final String file;
  private final Map<DefectKind, FaultRuns> faults = new EnumMap<>(DefectKind.class);

  /// @param stream name of the stream
  /// @param file name of the file that holds its messages
  public StreamFaults(String stream, String file) {
    this.stream = stream;
    this.file = file;
  }

  /// Runs of faults of one kind.
  private static final class FaultRuns {
    int begun;
    long lastMessage = -2;
    boolean kept;
    long found;
    long passed;
  }

  /// A defect with its place in the scanned range.
  public record Placed(long at, Defect defect) {}

  /// Takes up the faults of a range whose messages are `batch`, and adds those worth telling to
  /// `defects`.
  public void collect(RowNotes notes, MessageBatch batch, List<Placed> defects) {
    for (RowNotes.Fault fault : notes.faults()) {
      FaultRuns runs = faults.computeIfAbsent(fault.kind(), k -> new FaultRuns());
      long message = batch.firstIndex() + fault.row();
      if (message != runs.lastMessage + 1) {
        runs.begun++;
        runs.kept = runs.begun <= RowNotes.KEPT_RUNS;
      }
      runs.lastMessage = message;
      if (runs.kept) {
        runs.passed++;
        Location at = batch.location(fault.row()).withFile(file);
        defects.add(new Placed(fault.at(), Defect.of(fault.kind(), at, fault.evidence())));
      }
    }
    for (DefectKind kind : notes.faultKinds()) {
      faults.computeIfAbsent(kind, k -> new FaultRuns()).found += notes.faultCount(kind);
    }
  }

  /// Says how many faults were only counted.
  public void finish(RecordingSink sink) {
    faults.forEach((kind, runs) -> {
      if (runs.begun > RowNotes.KEPT_RUNS) {
        sink.defect(
            Defect.of(
                kind,
                Location.stream(stream).withFile(file),
                new Evidence.Violation(
                    "more faults of the kind",
                    (runs.found - runs.passed) + " not listed",
                    "none")));
      }
    });
  }
}
