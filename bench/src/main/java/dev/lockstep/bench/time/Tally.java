package dev.lockstep.bench.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One row of the table: a fault in all series.
final class Tally {
  private final String fault;
  private final List<String> misses = new ArrayList<>();
  private final int[] peerFound = new int[Peers.values().length];
  private final int[] peerFalse = new int[Peers.values().length];
  private int series;
  private int trials;
  private int planted;
  private int found;
  private int reachableTrials;
  private int reachable;
  private int other;
  private int worstIndexError;
  private int approximateTrials;
  private int approximateFound;

  Tally(String fault) {
    this.fault = fault;
  }

  /// Adds what another row counted.
  void add(Tally row) {
    misses.addAll(row.misses);
    for (int i = 0; i < peerFound.length; i++) {
      peerFound[i] += row.peerFound[i];
      peerFalse[i] += row.peerFalse[i];
    }
    series += row.series;
    trials += row.trials;
    planted += row.planted;
    found += row.found;
    reachableTrials += row.reachableTrials;
    reachable += row.reachable;
    other += row.other;
    worstIndexError = Math.max(worstIndexError, row.worstIndexError);
    approximateTrials += row.approximateTrials;
    approximateFound += row.approximateFound;
  }

  void series() {
    series++;
  }

  void trial() {
    trials++;
  }

  void planted(boolean hit, String what) {
    planted++;
    found += hit ? 1 : 0;
    if (!hit) {
      misses.add("missed: " + what);
    }
  }

  /// What an oracle would have told, see [Reach].
  void reachable(boolean told) {
    reachableTrials++;
    reachable += told ? 1 : 0;
  }

  void indexError(int messages) {
    worstIndexError = Math.max(worstIndexError, messages);
  }

  void other(String what) {
    other++;
    misses.add("other finding: " + what);
  }

  void peer(Peers peer, boolean hit) {
    peerFound[peer.ordinal()] += hit ? 1 : 0;
  }

  void peerFalse(Peers peer, int flags) {
    peerFalse[peer.ordinal()] += flags;
  }

  void approximate(boolean hit) {
    approximateTrials++;
    approximateFound += hit ? 1 : 0;
  }

  int trialCount() {
    return trials;
  }

  int plantedCount() {
    return planted;
  }

  int foundCount() {
    return found;
  }

  int otherCount() {
    return other;
  }

  List<String> misses() {
    return misses;
  }

  static String head() {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-24s %6s %6s %7s | %8s %9s %6s %5s",
            "fault",
            "series",
            "trials",
            "planted",
            "recall",
            "reachable",
            "false",
            "index"));
    for (Peers peer : Peers.values()) {
      line.append(String.format(Locale.ROOT, " | %-11s %7s", peer.label(), "false"));
    }
    return line.append(" | ApproximateTime").toString();
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-24s %6d %6d %7d | %8s %9s %6d %5d",
            fault,
            series,
            trials,
            planted,
            percent(found, planted),
            percent(reachable, reachableTrials),
            other,
            worstIndexError));
    for (Peers peer : Peers.values()) {
      line.append(
          String.format(
              Locale.ROOT,
              " | %-11s %7d",
              percent(peerFound[peer.ordinal()], planted),
              peerFalse[peer.ordinal()]));
    }
    return line.append(" | ").append(percent(approximateFound, approximateTrials)).toString();
  }

  private static String percent(int part, int all) {
    return all == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / all);
  }
}
