package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB025: between two boxes a track leaps, and goes on from there.
public final class TrackLeaps extends TrackRule {
  private static final double SIGMAS = BoxTeleports.SIGMAS;
  private static final int SIDE = 3;
  private static final double MAX_SECONDS = 1.2;
  private static final double WHOLE_FRAME = 0.5;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB025",
          TrackLeaps.class,
          Severity.ERROR,
          "A track leaps further than motion and noise allow, and goes on from there.",
          new CheckCard.Parameter("sigmas", "", SIGMAS, "as LAB009; see the page"),
          new CheckCard.Parameter("min-side", "boxes", SIDE, "to know both ways; judged"),
          new CheckCard.Parameter(
              "max-gap", "s", MAX_SECONDS, "after longer ones nothing is expected; judged"),
          new CheckCard.Parameter(
              "whole-frame", "", WHOLE_FRAME, "share of tracks that is one fault; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat()
        ? "boxes are 2D: in pixels, a leap cannot be told from a turn of the camera"
        : evidence.tracks().blind();
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Tracks tracks = evidence.tracks();
    Motion motion = evidence.motion();
    double sigmas = evidence.limits().place() * SIGMAS;
    List<OffWay> leaps = new ArrayList<>();
    int[] judged = new int[tracks.frames().count()];
    long examined = 0;
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      for (int i = start + SIDE - 1; i + SIDE < end; i++) {
        examined++;
        judged[tracks.frame(i + 1)]++;
        double squared =
            Math.min(
                motion.squaredResidual(i - 1, i + 1, i), motion.squaredResidual(i + 2, i, i + 1));
        // What follows takes roots, and allows more in any case.
        double least = sigmas * Math.max(motion.sigma(i), motion.sigma(i + 1));
        if (!(squared > 2 * least * least)) {
          continue;
        }
        double bound = bound(tracks, motion, i, sigmas);
        if (squared > bound * bound
            && tracks.t[i + 1] - tracks.t[i] <= MAX_SECONDS
            && smooth(motion, i, start, end, sigmas)
            && !explained(evidence, i)) {
          leaps.add(new OffWay(i, tracks.frame(i + 1), Math.sqrt(squared), bound));
        }
      }
    }
    OffWay.eachInstant(
        leaps, together -> report(tracks, together, judged[together.getFirst().frame()], sink));
    return Conclusion.examined(examined, "no track has " + SIDE + " boxes on each side of a step");
  }

  /// How far the box behind a step may lie from where the two before it lead, and the box in front
  /// of it from where the two behind it lead back: what the largest acceleration does in that time,
  /// and noise.
  private static double bound(Tracks tracks, Motion motion, int i, double sigmas) {
    double[] t = tracks.t;
    double step = t[i + 1] - t[i];
    double side = Math.min(t[i] - t[i - 1], t[i + 2] - t[i + 1]);
    double longest = Math.max(t[i] - t[i - 1], t[i + 2] - t[i + 1]);
    double share = step / side;
    double noise = Math.sqrt(1 + share * share + (1 + share) * (1 + share));
    return motion.reach(i, step * (step + longest))
        + sigmas * noise * Math.max(motion.sigma(i), motion.sigma(i + 1));
  }

  /// Whether the boxes on both sides lie on their ways, so that the step alone is odd.
  private static boolean smooth(Motion motion, int i, int start, int end, double sigmas) {
    for (int at : new int[] {i - 1, i, i + 1, i + 2}) {
      if (motion.off(at, start, end) > motion.bendBound(at, sigmas)) {
        return false;
      }
    }
    return true;
  }

  private static boolean explained(SharedEvidence evidence, int i) {
    Tracks tracks = evidence.tracks();
    return evidence.switchedAt(tracks.row(i + 1))
        || evidence.misplacedWithin(i, i + 1)
        || evidence.jittersAt(i)
        || evidence.jittersAt(i + 1)
        || evidence.stepsAsideAt(i);
  }

  private static void report(Tracks tracks, List<OffWay> together, int judged, CheckSink sink) {
    LabelSet labels = tracks.labels();
    if (together.size() > 1 && together.size() >= WHOLE_FRAME * judged) {
      OffWay worst = OffWay.worst(together);
      sink.report(
          Severity.ERROR,
          "tracks leap at one instant, and go on from there",
          at(labels, tracks, worst).withTrack(null),
          worst.evidence(together.size() + " of " + judged + " tracks, the furthest"),
          new Cause(
              "whole-instant",
              "instants are missing whose stamps are not, or the pose is wrong from here on"));
      return;
    }
    for (OffWay leap : together) {
      sink.report(
          Severity.ERROR,
          "track leaps, and goes on from there",
          at(labels, tracks, leap),
          leap.evidence("distance"),
          new Cause(
              "other-object", "the boxes from here on are drawn elsewhere, or on another object"));
    }
  }

  private static Location at(LabelSet labels, Tracks tracks, OffWay leap) {
    return labels.location(tracks.row(leap.index()), tracks.row(leap.index() + 1));
  }
}
