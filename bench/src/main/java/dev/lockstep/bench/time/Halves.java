package dev.lockstep.bench.time;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts apart what was found in series that limits may be set by and in those that are held out.
///
/// Of each data set the series are numbered in the order in which they are found, which is that of
/// recordings and streams: those of even numbers may be looked at when a limit is set, those of odd
/// numbers may not. The rule is younger than most limits; which ones were set by which data is part
/// of the output.
final class Halves {
  /// What was set by real stamps, by data set; everything else was derived, or set on simulated
  /// clocks. As the comments beside the constants say.
  private static final Map<String, String> SET_BY =
      Map.of(
          "Argoverse 2",
          "all series, before halves: how far a stray stands apart (1.75), messages until a step is"
              + " judged (24); even and odd, since: that windows compare single stamps as well, the"
              + " weight of a Gaussian tail (16)",
          "KITTI",
          "none that the code names",
          "EuRoC",
          "none that the code names",
          "comma2k19",
          "even and odd, since: that a step must stay for 12 messages (two magnetometers)");

  private final IdentityHashMap<Series, String> halves = new IdentityHashMap<>();
  private final Map<String, Tally> rows = new TreeMap<>();

  Halves(List<Series> all) {
    Map<String, Integer> next = new HashMap<>();
    for (Series series : all) {
      int number = next.merge(series.dataSet(), 1, Integer::sum) - 1;
      halves.put(series, series.dataSet() + (number % 2 == 0 ? ", even" : ", odd"));
    }
  }

  /// Adds what was found of a fault in one of the series, where it had to be found.
  void add(Fault fault, Series series, Tally found) {
    String half = halves.get(series);
    if (half != null && fault.isLarge()) {
      String name = half + (fault.shift() == null ? ": gross" : ": shifts");
      rows.computeIfAbsent(name, Tally::new).add(found);
    }
  }

  /// Prints a row for each half of each data set.
  void print(PrintStream out) {
    out.println(
        "Halves of each data set: of even number, which limits may be set by, and of odd number,"
            + " held out. Shifts are late stamps and steps up to 50 ms above 3 sigma; series are"
            + " counted once a fault.");
    out.println(Tally.head());
    rows.values().forEach(out::println);
    SET_BY.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> out.println("set by " + entry.getKey() + ": " + entry.getValue()));
  }
}
