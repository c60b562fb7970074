package dev.lockstep.source.mp4;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is wrong with the boxes and tables of one file, bounded: of each kind the first ones are
/// kept, all are counted.
final class Faults {
  /// Faults of a kind that are listed (judged: more say nothing new).
  private static final int KEPT = 32;

  private final String file;
  private final List<Defect> defects = new ArrayList<>();
  private final Map<DefectKind, Integer> found = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);

  Faults(String file) {
    this.file = file;
  }

  /// Something wrong with bytes of the file, of its kind's ordinary severity.
  void add(DefectKind kind, long at, long lengthBytes, Evidence evidence) {
    add(kind, kind.severity(), Location.bytes(file, at, lengthBytes), evidence);
  }

  /// Something wrong.
  void add(DefectKind kind, Severity severity, Location at, Evidence evidence) {
    if (found.merge(kind, 1, Integer::sum) <= KEPT) {
      defects.add(new Defect(kind, severity, at, evidence));
    }
  }

  /// A box that cannot be what it claims to be.
  void malformed(Box box, String what, String observed, String rule) {
    add(
        DefectKind.RECORD_MALFORMED,
        box.at(),
        box.end() - box.at(),
        new Evidence.Violation(what, observed, rule));
  }

  /// Whether the body of a box has that many bytes; one that has not is malformed.
  boolean holds(Box box, int bytes) {
    if (box.length() >= bytes) {
      return true;
    }
    malformed(box, "body of box " + box.name(), box.length() + " bytes", "at least " + bytes);
    return false;
  }

  /// A place in the file.
  Location at(long at, long lengthBytes) {
    return Location.bytes(file, at, lengthBytes);
  }

  /// Whether any fault of that kind was found.
  boolean has(DefectKind kind) {
    return found.containsKey(kind);
  }

  /// Adds to how often a kind was looked for.
  void examined(DefectKind kind, long count) {
    if (count > 0) {
      examined.merge(kind, count, Long::sum);
    }
  }

  /// Hands everything over.
  void tell(RecordingSink sink) {
    examined.forEach(sink::examined);
    defects.forEach(sink::defect);
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
