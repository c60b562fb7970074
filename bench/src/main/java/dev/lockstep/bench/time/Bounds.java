package dev.lockstep.bench.time;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;

/// Which shifts of each series can be told at all, see [Reach], and how many of those were found.
///
/// Three standard deviations of jitter are a size that a single stamp can be told by only where
/// jitter has no tail, and where the series is long enough to show that it has none.
final class Bounds {
  private static final double MILLISECOND = 1e6;

  /// Shifts of one kind in one series.
  private static final class Count {
    int planted;
    int found;
    int decidable;
    int decidableFound;

    void add(boolean decided, int planted, int found) {
      this.planted += planted;
      this.found += found;
      decidable += decided ? planted : 0;
      decidableFound += decided ? found : 0;
    }

    /// Whether some cannot be told, or was missed.
    boolean isWorthALine() {
      return decidable < planted || found < planted;
    }

    void add(Count other) {
      planted += other.planted;
      found += other.found;
      decidable += other.decidable;
      decidableFound += other.decidableFound;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%4d of %4d, %4d of %4d", found, planted, decidableFound, decidable);
    }
  }

  private static final class Row {
    final Series series;
    final double sigmaNs;
    final double stampNs;
    final double stepNs;
    final Count stamps = new Count();
    final Count steps = new Count();

    Row(Series series, Reach reach) {
      this.series = series;
      sigmaNs = series.sigmaNs();
      stampNs = reach.leastStampNs();
      stepNs = reach.leastStepNs();
    }
  }

  private final IdentityHashMap<Series, Row> rows = new IdentityHashMap<>();
  private final List<Row> order = new ArrayList<>();

  /// Adds what was found of a shift of that size above three standard deviations.
  void add(Series series, Reach reach, Fault.Shifted shift, int planted, int found) {
    Row row = rows.get(series);
    if (row == null) {
      row = new Row(series, reach);
      rows.put(series, row);
      order.add(row);
    }
    if (shift.step()) {
      row.steps.add(Math.abs(shift.ns()) >= row.stepNs, planted, found);
    } else {
      row.stamps.add(Math.abs(shift.ns()) >= row.stampNs, planted, found);
    }
  }

  private Count sum() {
    Count all = new Count();
    for (Row row : order) {
      all.add(row.stamps);
      all.add(row.steps);
    }
    return all;
  }

  /// Prints a row for each series in which something that was planted cannot be told or was missed,
  /// and the sum of all.
  void print(PrintStream out) {
    out.println(
        "What can be told of each series at one false finding in ten million stamps: the least"
            + " late stamp and the least step (ms; over sigma); found of those above 3 sigma, found"
            + " of those that can be told. Series in which all above 3 sigma can be told and was"
            + " found are left out.");
    out.printf(
        Locale.ROOT,
        "%-44s %6s %7s | %7s %5s | %7s %5s | %-26s | %s%n",
        "series",
        "stamps",
        "sigma",
        "stamp",
        "",
        "step",
        "",
        "late stamps",
        "steps");
    for (Row row : order) {
      if (row.stamps.isWorthALine() || row.steps.isWorthALine()) {
        String name = row.series.name();
        out.printf(
            Locale.ROOT,
            "%-44s %6d %7.3f | %7.3f %5.1f | %7.3f %5.1f | %-26s | %s%n",
            name.length() > 44 ? name.substring(name.length() - 44) : name,
            row.series.size(),
            row.sigmaNs / MILLISECOND,
            row.stampNs / MILLISECOND,
            row.stampNs / row.sigmaNs,
            row.stepNs / MILLISECOND,
            row.stepNs / row.sigmaNs,
            row.stamps,
            row.steps);
      }
    }
    out.println("all " + order.size() + " series: " + sum());
  }
}
