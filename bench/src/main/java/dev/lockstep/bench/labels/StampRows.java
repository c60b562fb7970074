package dev.lockstep.bench.labels;

import dev.lockstep.bench.time.Rules;
import dev.lockstep.bench.time.Series;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Span;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Wrong stamps of labelled instants (F22): the rules about time see them as those of a stream.
/// Real stamps of more kinds of sensors are in `bench time`.
final class StampRows {
  private static final String STREAM = "stamps, 100 s at 10 Hz";
  private static final int INSTANTS = 1000;
  private static final long PERIOD_NS = 100_000_000;
  private static final long START_NS = 1_700_000_000_000_000_000L;

  /// Deviation of a good stamp from its time.
  private static final double JITTER_NS = 300_000;

  private static final double DRIFT = 50e-6;
  private static final long ZONE_NS = 3_600_000_000_000L;

  /// Instants at either end that are left alone, and around a fault in which a finding is its own.
  private static final int MARGIN = 24;

  private static final int NEAR = 3;

  /// Stamps of labels stand in for those of the sweeps that were labelled.
  private static final StreamInfo LABELS =
      StreamInfo.of(0, "labels", Modality.LIDAR, StampSource.HEADER, "", "labels");

  private static final Rules RULES = new Rules(RigProfile.NOTHING);

  private static final List<Kind> KINDS =
      List.of(
          new Kind("stamp-swap", "two instants", Set.of("TIM001"), true, StampRows::swap),
          new Kind(
              "stamp-repeated",
              "one instant",
              Set.of("TIM002", "TIM003"),
              true,
              (stamps, at) -> stamps[at] = stamps[at - 1]),
          new Kind(
              "stamps-late",
              "one period from here on",
              Set.of("TIM007", "TIM008"),
              true,
              (stamps, at) -> add(stamps, at, PERIOD_NS)),
          new Kind(
              "stamps-drift",
              "50 ppm",
              Set.of("TIM017"),
              false,
              (stamps, at) -> {
                for (int i = 0; i < stamps.length; i++) {
                  stamps[i] += Math.round((stamps[i] - START_NS) * DRIFT);
                }
              }),
          new Kind(
              "time-zone",
              "an hour from here on",
              Set.of("TIM006", "TIM007"),
              true,
              (stamps, at) -> add(stamps, at, ZONE_NS)),
          new Kind(
              "stamp-unit",
              "us from here on",
              Set.of("TIM005", "TIM006"),
              false,
              (stamps, at) -> {
                for (int i = at; i < stamps.length; i++) {
                  stamps[i] /= 1000;
                }
              }));

  private final int wanted;
  private final long seed;

  private interface Change {
    void of(long[] stampsNs, int at);
  }

  private record Kind(
      String name, String intensity, Set<String> rules, boolean placed, Change change) {}

  StampRows(int wanted, long seed) {
    this.wanted = wanted;
    this.seed = seed;
  }

  private static void swap(long[] stamps, int at) {
    long first = stamps[at];
    stamps[at] = stamps[at + 1];
    stamps[at + 1] = first;
  }

  private static void add(long[] stamps, int from, long ns) {
    for (int i = from; i < stamps.length; i++) {
      stamps[i] += ns;
    }
  }

  /// Plants and counts.
  Ledger rows() {
    Ledger all = new Ledger();
    all.addAll(wanted, this::trial);
    return all;
  }

  private Ledger trial(int i) {
    Ledger ledger = new Ledger();
    Random random = new Random(31 * seed + i);
    long[] stamps = new long[INSTANTS];
    long[] logTimes = new long[INSTANTS];
    for (int k = 0; k < INSTANTS; k++) {
      stamps[k] = START_NS + k * PERIOD_NS + Math.round(JITTER_NS * random.nextGaussian());
      logTimes[k] = stamps[k] + Math.round(1e6 - 0.5e6 * Math.log(1 - random.nextDouble()));
    }
    ledger.clean(STREAM, INSTANTS, found(stamps, logTimes).stream().map(StampRows::text).toList());
    int at = MARGIN + random.nextInt(INSTANTS - 2 * MARGIN);
    for (Kind kind : KINDS) {
      long[] changed = stamps.clone();
      kind.change.of(changed, at);
      Counted row = ledger.row("F22", kind.name, kind.intensity, true, STREAM);
      boolean named = false;
      for (Finding finding : found(changed, logTimes)) {
        if (kind.placed && !near(finding, at)) {
          row.stray(text(finding));
        } else {
          named |= kind.rules.contains(finding.check().id());
        }
      }
      row.event(named, true, "instant " + at + " of " + i);
    }
    return ledger;
  }

  private static boolean near(Finding finding, int at) {
    Span messages = finding.location().messages();
    return messages == null || messages.first() <= at + NEAR && messages.last() >= at - NEAR;
  }

  private static String text(Finding finding) {
    return finding.check().id() + " " + finding.title() + " " + finding.location();
  }

  private static List<Finding> found(long[] stampsNs, long[] logTimesNs) {
    return RULES.check(List.of(new Series("synthetic", "drive", LABELS, stampsNs, logTimesNs)));
  }
}
