package dev.lockstep.source.mcap;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.util.EnumMap;
import java.util.Map;

/// Passes defects on to the sink, bounded: the first [#KEPT] of each kind one by one, the number of
/// the others at the end. Counts how often each kind was looked for, too.
final class DefectLog {
  /// Defects of one kind that are passed on one by one. Judged: more are no help to a reader.
  static final int KEPT = 64;

  private final Map<DefectKind, Long> counts = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, Defect> last = new EnumMap<>(DefectKind.class);

  void report(RecordingSink sink, DefectKind kind, Location location, Evidence evidence) {
    report(sink, Defect.of(kind, location, evidence));
  }

  void report(RecordingSink sink, Defect defect) {
    if (counts.merge(defect.kind(), 1L, Long::sum) <= KEPT) {
      sink.defect(defect);
    } else {
      last.put(defect.kind(), defect);
    }
  }

  void report(RecordingSink sink, UnitDefects defects) {
    Map<DefectKind, Long> passed = new EnumMap<>(DefectKind.class);
    for (Defect defect : defects.kept()) {
      report(sink, defect);
      passed.merge(defect.kind(), 1L, Long::sum);
    }
    defects
        .counts()
        .forEach((kind, n) -> counts.merge(kind, n - passed.getOrDefault(kind, 0L), Long::sum));
  }

  /// Number of defects of `kind` so far.
  long count(DefectKind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  void examined(DefectKind kind, long count) {
    examined.merge(kind, count, Long::sum);
  }

  /// Hands over what was only counted.
  void finish(RecordingSink sink) {
    counts.forEach((kind, n) -> {
      if (n > KEPT) {
        Defect at = last.get(kind);
        sink.defect(
            Defect.of(
                kind,
                at == null ? Location.RECORDING : at.location(),
                new Evidence.Violation(
                    "more of the same kind", (n - KEPT) + " not listed", "none")));
      }
    });
    examined.forEach((kind, n) -> {
      if (n > 0) {
        sink.examined(kind, n);
      }
    });
  }
}
