package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is wrong with the tables of a set. Of each sort of fault the first few are told one by one;
/// one that goes through a whole table is one fault with its number.
final class Faults {
  /// Faults of one sort that are told one by one. Judged: more have one cause.
  static final int SINGLE = 8;

  /// Faults that rows in wrong samples follow from.
  private static final Set<DefectKind> EXPLAIN_PARTS =
      EnumSet.of(
          DefectKind.LINK_BROKEN,
          DefectKind.TOKEN_DUPLICATED,
          DefectKind.CHAIN_BROKEN,
          DefectKind.NAME_CONTRADICTS,
          DefectKind.RECORD_MALFORMED);

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
    List<Defect> told = new ArrayList<>();
    for (Group group : groups.values()) {
      if (group.count <= SINGLE) {
        told.addAll(group.first);
      } else {
        told.add(joined(group.first.getFirst(), group.count - 1));
      }
    }
    Set<String> repeated = new HashSet<>();
    Map<String, Long> dangling = new HashMap<>();
    for (Defect defect : told) {
      if (defect.kind() == DefectKind.TOKEN_DUPLICATED && defect.location().file() != null) {
        repeated.add(defect.location().file());
      } else if (isDangling(defect)) {
        dangling.merge(defect.evidence().observed(), 1L, Long::sum);
      }
    }
    // Samples lack rows, or have too many, because links or stamps are wrong, which is told.
    boolean linksTold = told.stream().anyMatch(defect -> EXPLAIN_PARTS.contains(defect.kind()));
    long parts = told.stream().filter(defect -> defect.kind() == DefectKind.SAMPLE_PARTS).count();
    for (Defect defect : told) {
      if (isDangling(defect)) {
        // All links to one row that is missing have one cause.
        Long links = dangling.remove(defect.evidence().observed());
        if (links != null) {
          sink.defect(links == 1 ? defect : joined(defect, links - 1));
        }
      } else if (defect.kind() == DefectKind.CHAIN_BROKEN
          && repeated.contains(defect.location().file())) {
        // A row that stands twice has two neighbours that each know of one of them.
        sink.defect(new Defect(defect.kind(), Severity.INFO, defect.location(), defect.evidence()));
      } else if (defect.kind() == DefectKind.SAMPLE_PARTS) {
        if (parts > 0) {
          // A row that went to another sample is missing in its own.
          Defect all = parts == 1 ? defect : joined(defect, parts - 1);
          sink.defect(
              new Defect(
                  all.kind(),
                  linksTold ? Severity.INFO : all.severity(),
                  all.location(),
                  all.evidence()));
        }
        parts = 0;
      } else {
        sink.defect(defect);
      }
    }
  }

  /// Whether a link leads to a row that is not there, and names it.
  private static boolean isDangling(Defect defect) {
    return defect.kind() == DefectKind.LINK_BROKEN
        && !defect.evidence().observed().equals("empty")
        && !defect.evidence().observed().contains(" ");
  }

  private static Defect joined(Defect first, long more) {
    Evidence one = first.evidence();
    return new Defect(
        first.kind(),
        first.severity(),
        first.location(),
        new Evidence.Violation(
            one.what(), one.observed() + ", and " + more + " more of the kind", one.expected()));
  }
}
