package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB009: one box lies off the way that its track takes before and after it.
public final class BoxTeleports extends TrackRule {
  static final double SIGMAS = 5.5;
  private static final int MIN_BOXES = 5;
  private static final double WHOLE_FRAME = 0.5;

  /// Fewer boxes off at one instant are faults of their own (judged).
  private static final int WHOLE_FRAME_BOXES = 3;

  /// Instants on either side that a way of a single step leads through.
  private static final int BESIDE = 2;

  private static final String WHOLE = "boxes of a whole instant lie off their ways";

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB009",
          BoxTeleports.class,
          Severity.ERROR,
          "One box lies off its track's way further than motion and noise allow.",
          new CheckCard.Parameter(
              "sigmas", "", SIGMAS, "above all clean labels of two public data sets"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "two on each side"),
          new CheckCard.Parameter(
              "whole-frame",
              "",
              WHOLE_FRAME,
              "share of an instant's boxes that is one fault; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat()
        ? "boxes are 2D: in pixels, a jump cannot be told from a turn of the camera"
        : evidence.tracks().blind();
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Tracks tracks = evidence.tracks();
    Motion motion = evidence.motion();
    AsideRuns aside = evidence.asideRuns();
    List<OffWay> jumps = new ArrayList<>();
    int[] judged = new int[tracks.frames().count()];
    double sigmas = evidence.limits().place() * SIGMAS;
    long examined = 0;
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (end - start < MIN_BOXES) {
        continue;
      }
      for (int i = start + 1; i < end - 1; i++) {
        examined++;
        judged[tracks.frame(i)]++;
        double bound = motion.bendBound(i, sigmas);
        double off = 0;
        if (motion.squaredBend(i) > bound * bound) {
          off = motion.off(i, start, end);
        }
        if (off <= bound) {
          AsideRuns.Run single = aside.single(i);
          if (single == null) {
            continue;
          }
          off = single.meters();
          bound = single.bound();
        }
        if (off > bound
            && !evidence.switchedAt(tracks.row(i))
            && !evidence.stampWrongAt(i, bound)
            && !evidence.misplacedAt(tracks.frame(i), i)
            && !evidence.jittersAt(i)
            && !evidence.defaultWithin(i - 1, i + 1)) {
          jumps.add(new OffWay(i, tracks.frame(i), off, bound));
        }
      }
    }
    List<ShiftFit.Shift> shifts = shifts(evidence);
    // The boxes beside such an instant lie off ways that lead through it.
    jumps.removeIf(jump ->
        shifts.stream().anyMatch(shift -> Math.abs(shift.frame() - jump.frame()) <= BESIDE));
    shifts.forEach(shift -> report(tracks, shift, sink));
    OffWay.eachInstant(
        jumps, together -> report(tracks, together, judged[together.getFirst().frame()], sink));
    return Conclusion.examined(
        examined, "no track has " + MIN_BOXES + " boxes, so that none can be called off the way");
  }

  /// Instants whose boxes are all off as one, and do not belong to another.
  private static List<ShiftFit.Shift> shifts(SharedEvidence evidence) {
    return evidence.shifts().stream()
        .filter(shift -> !evidence.misplacedAt(shift.frame()))
        .toList();
  }

  private static void report(Tracks tracks, ShiftFit.Shift shift, CheckSink sink) {
    LabelSet labels = tracks.labels();
    int row = tracks.frames().start(shift.frame());
    sink.report(
        Severity.ERROR,
        WHOLE,
        labels.location(row, row).withTrack(null),
        Evidence.OutOfRange.rounded(
            shift.boxes() + " of " + shift.judged() + " boxes together",
            shift.meters(),
            null,
            shift.bound(),
            3,
            "m"),
        new Cause(
            "whole-instant-shifted",
            "all are "
                + String.join(" and ", shift.words())
                + ": the pose, the calibration or the stamp of this instant is wrong"));
  }

  private static void report(Tracks tracks, List<OffWay> jumps, int judged, CheckSink sink) {
    LabelSet labels = tracks.labels();
    if (jumps.size() >= WHOLE_FRAME_BOXES && jumps.size() >= WHOLE_FRAME * judged) {
      OffWay worst = OffWay.worst(jumps);
      int row = tracks.row(worst.index());
      sink.report(
          Severity.ERROR,
          WHOLE,
          labels.location(row, row).withTrack(null),
          worst.evidence(jumps.size() + " of " + judged + " boxes, the furthest"),
          new Cause(
              "whole-instant",
              "the labels belong to another instant, or the pose or stamp of this one is wrong"));
      return;
    }
    for (OffWay jump : jumps) {
      int row = tracks.row(jump.index());
      sink.report(
          Severity.ERROR,
          "box lies off the way of its track",
          labels.location(row, row),
          jump.evidence("distance"));
    }
  }
}
