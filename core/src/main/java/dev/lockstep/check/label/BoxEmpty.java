package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;

/// LAB014: the LiDAR looks through a box as if nothing stood there.
public final class BoxEmpty implements LabelCheck {
  /// Rays that would have hit a solid object: with that many, a chance of 1e-5 that none did, if
  /// each had one in e to go on.
  static final int MIN_RAYS = 12;

  /// A share of the boxes that is no longer a matter of single boxes.
  static final double MOST = 0.2;

  /// So many empty boxes at least make it one.
  private static final int MOST_BOXES = 10;

  /// Boxes that are off their ways by that much are misplaced, which is another fault, meters.
  static final double OFF_WAY_METERS = 0.5;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB014",
          BoxEmpty.class,
          Severity.ERROR,
          "Rays of the LiDAR pass through a box, and no point lies in it or near.",
          new CheckCard.Parameter("min-rays", "", MIN_RAYS, "Poisson, p below 1e-5; see the page"),
          new CheckCard.Parameter(
              "most", "", MOST, "share of the boxes that is one fault; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    if (labels.size() == 0) {
      return Conclusion.undecided("no labels");
    }
    BoxPoints points = context.points(labels);
    String reason = points.reason();
    if (reason != null) {
      return Conclusion.undecided(reason);
    }
    ObjectKind[] kinds = SharedEvidence.of(labels, context).kinds();
    List<Integer> empty = new ArrayList<>();
    long seen = 0;
    long pointless = 0;
    long decided = 0;
    for (int row = 0; row < labels.size(); row++) {
      if (!points.seen(row)) {
        continue;
      }
      seen++;
      pointless += points.near(row) == 0 ? 1 : 0;
      if (!solid(kinds[labels.categories()[row]])) {
        continue;
      }
      boolean through = points.through(row) >= MIN_RAYS;
      decided += points.near(row) > 0 || through ? 1 : 0;
      if (points.near(row) == 0 && through) {
        empty.add(row);
      }
    }
    if (seen == 0) {
      return Conclusion.undecided("no box could be placed in its sweep");
    }
    sink.measure("boxes-without-points", (double) pointless / seen, "");
    if (empty.size() >= MOST_BOXES && empty.size() > MOST * decided) {
      reportAll(labels, empty, decided, context, sink);
    } else {
      reportEach(labels, points, empty, context, sink);
    }
    return Conclusion.examined(
        decided, "no box holds points, and through none do rays pass: nothing tells them apart");
  }

  /// Whether rays do not pass through such an object in numbers.
  private static boolean solid(ObjectKind kind) {
    return switch (kind) {
      case CAR, TRUCK, BUS, ARTICULATED, TRAIN, MOTORCYCLE, CYCLIST, PEDESTRIAN -> true;
      case ANIMAL, STATIC, UNKNOWN, NONE -> false;
    };
  }

  private static void reportAll(
      LabelSet labels, List<Integer> empty, long decided, Context context, CheckSink sink) {
    boolean late =
        labels.trackCount() > 0
            && (LagWindows.of(labels, context).windows().stream().anyMatch(LagWindows.Window::lags)
                || !CountShifts.of(labels, context).stretches().isEmpty());
    if (late) {
      return;
    }
    sink.report(
        Severity.ERROR,
        "boxes stand where the LiDAR sees nothing",
        labels.location(empty.getFirst(), empty.getLast()).withTrack(null),
        Evidence.OutOfRange.rounded(
            "share of " + decided + " boxes", (double) empty.size() / decided, null, MOST, 3, ""),
        new Cause("all-displaced", "calibration, poses or stamps of labels and sweeps do not fit"));
  }

  private static void reportEach(
      LabelSet labels, BoxPoints points, List<Integer> empty, Context context, CheckSink sink) {
    boolean[] done = new boolean[labels.size()];
    SharedEvidence evidence = labels.trackCount() > 0 ? SharedEvidence.of(labels, context) : null;
    for (int row : empty) {
      if (done[row]) {
        continue;
      }
      if (evidence != null && explained(evidence, context, row)) {
        continue;
      }
      // The empty boxes of a track that follow each other are one fault.
      int last = row;
      int rays = points.through(row);
      int boxes = 1;
      if (evidence != null && evidence.tracks().indexOf(row) >= 0) {
        Tracks tracks = evidence.tracks();
        int end = tracks.end(labels.tracks()[row]);
        for (int i = tracks.indexOf(row) + 1; i < end && empty.contains(tracks.row(i)); i++) {
          last = tracks.row(i);
          done[last] = true;
          rays = Math.min(rays, points.through(last));
          boxes++;
        }
      }
      sink.report(
          Severity.ERROR,
          "nothing stands in the box",
          labels.location(row, last),
          new Evidence.OutOfRange(
              boxes == 1
                  ? "rays that pass through and hit nothing near"
                  : "rays that pass through each of " + boxes + " boxes and hit nothing near",
              rays,
              null,
              MIN_RAYS - 1,
              ""));
    }
  }

  /// Whether another rule tells why a box is not where its object is.
  private static boolean explained(SharedEvidence evidence, Context context, int row) {
    Tracks tracks = evidence.tracks();
    int index = tracks.indexOf(row);
    if (index < 0) {
      return false;
    }
    LagWindows lags = LagWindows.of(tracks.labels(), context);
    LagWindows.Window window = lags.at(tracks.frame(index));
    if (window != null && window.lags()
        || CountShifts.of(tracks.labels(), context).shiftedAt(tracks.frame(index))) {
      return true;
    }
    int start = tracks.start(tracks.track(index));
    int end = tracks.end(tracks.track(index));
    boolean between = index > start && index < end - 1;
    return evidence.switchedAt(row)
        || evidence.misplacedAt(tracks.frame(index), index)
        || evidence.jittersAt(index)
        || (between && evidence.motion().off(index, start, end) > OFF_WAY_METERS);
  }
}
