package dev.lockstep.bench.labels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// All classes of faults that boxes alone do not show.
final class Beyond {
  private Beyond() {}

  /// Plants and counts.
  ///
  /// @param wanted events of a cell
  /// @param data real labels, where there are any
  /// @param classes the classes, for example `F08`; all if it is empty
  static List<Ledger> rows(int wanted, long seed, Path data, Collection<String> classes)
      throws IOException {
    List<Ledger> rows = new ArrayList<>();
    Predicate<String> asked = id -> classes.isEmpty() || classes.contains(id);
    if (SensorRows.CLASSES.stream().anyMatch(asked)) {
      rows.add(new SensorRows(wanted, data, asked).rows());
    }
    if (asked.test("F20") || asked.test("F21")) {
      rows.add(new CrewRows(wanted, seed).rows());
    }
    if (asked.test("F22")) {
      rows.add(new StampRows(wanted, seed).rows());
    }
    if (asked.test("F23") || asked.test("F24")) {
      rows.add(new FileRows(wanted, seed).rows());
    }
    return rows;
  }

  /// The rows in order of their classes.
  static List<Counted> sorted(List<Ledger> ledgers) {
    Stream<Counted> rows = ledgers.stream().flatMap(ledger -> ledger.rows().stream());
    Function<Counted, String> id = row -> row.id;
    return rows.sorted(Comparator.comparing(id)).toList();
  }
}
