package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is wrong with the tables of a set. Of each sort of fault the first few are told one by one;
/// one that goes through a whole table is one fault with its number.
final class Faults {
  /// Faults of one sort that are told one by one. Judged: more have one cause.
  static final int SINGLE = 8;

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, TreeMap<String, Boolean>> unexamined =
      new EnumMap<>(DefectKind.class);

  private static final class Group {
    final List<Defect> first = new ArrayList<>();
    long count;
  }

  /// Adds a fault that stands for itself.
  void add(Defect defect) {
    groups.computeIfAbsent("single " + groups.size(), g -> new Group()).first.add(defect);
  }

  /// Adds a fault of the sort `what`.
  void add(String what, Defect defect) {
    Group group = groups.computeIfAbsent(what, g -> new Group());
    group.count++;
    if (group.first.size() < SINGLE) {
      group.first.add(defect);
    }
  }

  /// Adds to how often a kind was looked for.
  void examined(DefectKind kind, long count) {
    examined.merge(kind, count, Long::sum);
  }

  /// Notes why a kind could not be looked for.
  void unexamined(DefectKind kind, String reason) {
    unexamined.computeIfAbsent(kind, k -> new TreeMap<>()).put(reason, true);
  }

  /// Hands everything over.
  void report(RecordingSink sink) {
    examined.forEach(sink::examined);
    unexamined.forEach((kind, reasons) -> reasons.keySet().forEach(r -> sink.unexamined(kind, r)));
    for (Group group : groups.values()) {
      if (group.count <= SINGLE) {
        group.first.forEach(sink::defect);
      } else {
        Defect first = group.first.getFirst();
        Evidence one = first.evidence();
        Location at = first.location();
        sink.defect(
            new Defect(
                first.kind(),
                first.severity(),
                at,
                new Evidence.Violation(
                    one.what(),
                    one.observed() + ", and " + (group.count - 1) + " more of the kind",
                    one.expected())));
      }
    }
  }
}
