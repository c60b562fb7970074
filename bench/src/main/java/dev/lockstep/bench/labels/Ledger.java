package dev.lockstep.bench.labels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Rows of faults, and what is found where none was planted, in the order in which they came.
final class Ledger {
  private final Map<String, Counted> rows = new LinkedHashMap<>();
  private final Map<String, Clean> clean = new LinkedHashMap<>();

  /// Labels without a planted fault.
  ///
  /// @param labels their number
  /// @param findings what was found in them, as text
  record Clean(long labels, List<String> findings) {
    Clean with(long more, List<String> moreFindings) {
      List<String> all = new ArrayList<>(findings);
      all.addAll(moreFindings);
      return new Clean(labels + more, all);
    }
  }

  /// The row of a fault, made where it is new.
  Counted row(String id, String fault, String intensity, boolean top, String in) {
    return rows.computeIfAbsent(
        id + fault + intensity + in, key -> new Counted(id, fault, intensity, top, in));
  }

  void clean(String of, long labels, List<String> findings) {
    clean.merge(of, new Clean(labels, findings), (a, b) -> a.with(b.labels(), b.findings()));
  }

  private void add(Ledger other) {
    other.rows.forEach((key, row) -> rows.computeIfAbsent(key, name -> row.emptied()).add(row));
    other.clean.forEach((of, each) -> clean(of, each.labels(), each.findings()));
  }

  /// Adds the ledgers of so many trials, which are made at the same time.
  void addAll(int trials, IntFunction<Ledger> trial) {
    IntStream.range(0, trials).parallel().mapToObj(trial).toList().forEach(this::add);
  }

  /// The rows.
  Collection<Counted> rows() {
    return rows.values();
  }

  /// The fewest events that can be decided of the rows of a class; 0 where there are none.
  int fewest(String id, String in) {
    return rows.values().stream()
        .filter(row -> row.id.equals(id) && row.in.equals(in))
        .mapToInt(Counted::decidable)
        .min()
        .orElse(0);
  }

  /// Where no fault was planted.
  Map<String, Clean> clean() {
    return clean;
  }
}
