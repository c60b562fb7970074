package dev.lockstep.bench.labels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// All classes of faults that boxes alone do not show.
final class Beyond {
  private Beyond() {}

  /// Plants and counts.
  ///
  /// @param wanted events of a cell
  /// @param data real labels, where there are any
  static List<Ledger> rows(int wanted, long seed, Path data) throws IOException {
    return List.of(
        new SensorRows(wanted, data).rows(),
        new CrewRows(wanted, seed).rows(),
        new StampRows(wanted, seed).rows(),
        new FileRows(wanted, seed).rows());
  }

  /// The rows in order of their classes.
  static List<Counted> sorted(List<Ledger> ledgers) {
    Stream<Counted> rows = ledgers.stream().flatMap(ledger -> ledger.rows().stream());
    Function<Counted, String> id = row -> row.id;
    return rows.sorted(Comparator.comparing(id)).toList();
  }
}
