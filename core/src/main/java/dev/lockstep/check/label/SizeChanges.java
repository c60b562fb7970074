package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// LAB007: the box of an object that cannot change its size does.
public final class SizeChanges extends TrackRule {
  private static final double EQUAL_METERS = 0.01;
  private static final double SHARE = 0.05;
  private static final double STEADY_SHARE = 0.95;
  private static final double FITTED_SHARE = 0.2;
  private static final int MIN_STEPS = 50;
  private static final int DIMENSIONS = 3;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB007",
          SizeChanges.class,
          Severity.WARNING,
          "A rigid object's box changes its size.",
          new CheckCard.Parameter(
              "min-change", "m", EQUAL_METERS, "rounding of sizes in label formats"),
          new CheckCard.Parameter(
              "min-share", "", SHARE, "where the set's sizes are not copied along tracks; judged"),
          new CheckCard.Parameter(
              "steady-steps", "", STEADY_SHARE, "share of equal neighbours in such sets; judged"),
          new CheckCard.Parameter(
              "fitted-steps", "", FITTED_SHARE, "above: sizes are fitted in each frame; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat() ? "boxes are 2D: their size follows the distance" : null;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Tracks tracks = evidence.tracks();
    long steps = 0;
    long equal = 0;
    long examined = 0;
    for (int track = 0; track < tracks.count(); track++) {
      if (rigid(tracks, track)) {
        int start = tracks.start(track);
        int end = tracks.end(track);
        examined += end - start;
        for (int i = start + 1; i < end; i++) {
          steps++;
          equal += differ(tracks, i - 1, i, 0) ? 0 : 1;
        }
      }
    }
    if (steps == 0) {
      return Conclusion.undecided("no track of a rigid category has two boxes");
    }
    double steady = (double) equal / steps;
    sink.measure("steady-steps", steady, "");
    if (steady < 1 - FITTED_SHARE && steps >= MIN_STEPS) {
      return Conclusion.undecided(
          "sizes are fitted in each frame: "
              + Numbers.text(Math.rint(100 * steady))
              + " % of the steps of rigid objects keep them");
    }
    double share = steady >= STEADY_SHARE && steps >= MIN_STEPS ? 0 : SHARE;
    for (int track = 0; track < tracks.count(); track++) {
      if (rigid(tracks, track)) {
        report(tracks, track, share, evidence, sink);
      }
    }
    return Conclusion.examined(examined, "");
  }

  private static boolean rigid(Tracks tracks, int track) {
    return tracks.end(track) - tracks.start(track) >= 2 && tracks.kind(tracks.start(track)).rigid();
  }

  /// Whether a box has a size at all: one that cannot exist is reported as such (LAB011).
  private static boolean sized(Tracks tracks, int i) {
    for (int d = 0; d < DIMENSIONS; d++) {
      if (!(tracks.dimension(i, d) > 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean differ(Tracks tracks, int a, int b, double share) {
    for (int d = 0; d < DIMENSIONS; d++) {
      double before = tracks.dimension(a, d);
      double after = tracks.dimension(b, d);
      if (before != after
          && Math.abs(after - before) > Math.max(EQUAL_METERS, share * Math.max(before, after))) {
        return true;
      }
    }
    return false;
  }

  private static void report(
      Tracks tracks, int track, double share, SharedEvidence evidence, CheckSink sink) {
    int start = tracks.start(track);
    int end = tracks.end(track);
    int reference = start;
    while (reference < end - 1 && !sized(tracks, reference)) {
      reference++;
    }
    int steps = 0;
    int first = -1;
    int last = -1;
    boolean back = false;
    for (int i = reference + 1; i < end; i++) {
      if (!sized(tracks, i) || !differ(tracks, reference, i, share)) {
        continue;
      }
      int before = reference;
      reference = i;
      if (tracks.category(i) != tracks.category(i - 1)
          || SideExchange.at(tracks, i)
          || evidence.switchedAt(tracks.row(i))
          || evidence.elsewhereAt(i)) {
        continue;
      }
      steps++;
      if (first < 0) {
        first = i;
      }
      last = i;
      back = steps == 2 && !differ(tracks, start, i, share) && before == first;
    }
    if (steps == 0) {
      return;
    }
    boolean excursion = steps == 2 && back;
    int lastRow = tracks.row(steps == 1 ? first : excursion ? last - 1 : last);
    String support;
    Cause cause;
    if (steps == 1 || excursion) {
      int from = excursion ? last - first : end - first;
      support = from + " of " + (end - start) + " boxes" + (excursion ? "" : " from here on");
      cause = new Cause("size-step", "the box was drawn anew, or belongs to another object");
    } else {
      support = steps + " changes in " + (end - start) + " boxes";
      cause = new Cause("size-jitter", "the size was fitted anew in each frame");
    }
    sink.report(
        Severity.WARNING,
        "size of a rigid object changes",
        tracks.labels().location(tracks.row(first), lastRow),
        new Evidence.Change("size (m)", size(tracks, first - 1), size(tracks, first), support),
        cause);
  }

  private static String size(Tracks tracks, int index) {
    String[] parts = new String[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      parts[d] = Numbers.text(Math.rint(tracks.dimension(index, d) * 1000) / 1000);
    }
    return String.join(" x ", Arrays.asList(parts));
  }
}
