package dev.lockstep.source;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What is wrong with the structure of one file, bounded: of each kind the first ones are kept, all
/// are counted.
public class FaultTally {
  /// Faults of a kind that are listed (judged: more say nothing new).
  private static final int KEPT = 32;

  private final String file;
  private final List<Defect> defects = new ArrayList<>();
  private final Map<DefectKind, Integer> found = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);

  /// A tally of the file of that name.
  public FaultTally(String file) {
    this.file = file;
  }

  /// Something wrong with bytes of the file, of its kind's ordinary severity.
  public final void add(DefectKind kind, long at, long lengthBytes, Evidence evidence) {
    add(kind, kind.severity(), Location.bytes(file, at, lengthBytes), evidence);
  }

  /// Something wrong.
  public final void add(DefectKind kind, Severity severity, Location at, Evidence evidence) {
    if (found.merge(kind, 1, Integer::sum) <= KEPT) {
      defects.add(new Defect(kind, severity, at, evidence));
    }
  }

  /// A place in the file.
  public final Location at(long at, long lengthBytes) {
    return Location.bytes(file, at, lengthBytes);
  }

  /// Whether any fault of that kind was found.
  public final boolean has(DefectKind kind) {
    return found.containsKey(kind);
  }

  /// Adds to how often a kind was looked for.
  public final void examined(DefectKind kind, long count) {
    if (count > 0) {
      examined.merge(kind, count, Long::sum);
    }
  }

  /// Hands everything over.
  public final void tell(RecordingSink sink) {
    tell(sink, defect -> false);
  }

  /// Hands everything over.
  ///
  /// @param symptom tells of what follows from other faults: it is only mentioned
  public final void tell(RecordingSink sink, Predicate<Defect> symptom) {
    examined.forEach(sink::examined);
    for (Defect defect : defects) {
      sink.defect(
          symptom.test(defect)
              ? new Defect(defect.kind(), Severity.INFO, defect.location(), defect.evidence())
              : defect);
    }
    found.forEach((kind, count) -> {
      if (count > KEPT) {
        sink.defect(
            Defect.of(
                kind,
                Location.file(file),
                new Evidence.Violation(
                    "more faults of the kind", (count - KEPT) + " not listed", "none")));
      }
    });
  }
}
