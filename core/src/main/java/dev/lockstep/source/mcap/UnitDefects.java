package dev.lockstep.source.mcap;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Defects found in one place after the other, bounded: the first ones of each kind are kept, all
/// are counted.
final class UnitDefects {
  private final List<Defect> kept = new ArrayList<>();
  private final Map<DefectKind, Long> counts = new EnumMap<>(DefectKind.class);

  void add(DefectKind kind, Location location, Evidence evidence) {
    add(Defect.of(kind, location, evidence));
  }

  void add(Defect defect) {
    if (counts.merge(defect.kind(), 1L, Long::sum) <= DefectLog.KEPT) {
      kept.add(defect);
    }
  }

  /// The kept defects, in order.
  List<Defect> kept() {
    return kept;
  }

  /// Number of defects of each kind.
  Map<DefectKind, Long> counts() {
    return counts;
  }

  boolean isEmpty() {
    return kept.isEmpty();
  }
}
