package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;

/// LAB005: a track vanishes for an instant or a few, although nothing hides the object.
public final class TrackBlinks extends TrackRule {
  private static final int MAX_MISSING = 3;
  private static final double MAX_SECONDS = 1.2;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB005",
          TrackBlinks.class,
          Severity.WARNING,
          "A track misses a few boxes between two where the object is in plain view.",
          new CheckCard.Parameter(
              "max-missing", "", MAX_MISSING, "shorter than occlusions; judged"),
          new CheckCard.Parameter(
              "max-gap", "s", MAX_SECONDS, "true occlusions in KITTI last 1.4 s and more"),
          new CheckCard.Parameter(
              "min-points", "", Visibility.MIN_POINTS, "what annotators can see; judged"),
          new CheckCard.Parameter(
              "max-hidden", "", Visibility.MAX_HIDDEN, "share hidden or cut off; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    Visibility visibility = new Visibility(tracks);
    LabelFrames frames = tracks.frames();
    long examined = 0;
    int undecided = 0;
    for (int track = 0; track < tracks.count(); track++) {
      for (int i = tracks.start(track) + 1; i < tracks.end(track); i++) {
        examined++;
        int before = tracks.frame(i - 1);
        int missing = tracks.frame(i) - before - 1;
        if (missing == 0) {
          continue;
        }
        double seconds = tracks.t[i] - tracks.t[i - 1];
        if (missing > MAX_MISSING || seconds > MAX_SECONDS || leftOut(tracks, i, missing)) {
          continue;
        }
        if (!visibility.inView(i - 1, i)) {
          undecided++;
          continue;
        }
        if (evidence.misplacedAt(before + 1)) {
          continue;
        }
        sink.report(
            Severity.WARNING,
            "track vanishes in plain view",
            labels.location(tracks.row(i - 1), tracks.row(i)),
            new Evidence.Loss(
                missing == 1 ? "box" : "boxes",
                missing,
                "the track has boxes "
                    + Numbers.text(Math.rint(seconds * 1000) / 1000)
                    + " s apart on both sides"));
      }
    }
    sink.measure("gaps-not-in-view", undecided, "");
    sink.measure("label-period", frames.periodSeconds(), "s");
    return Conclusion.examined(examined, "no track has two boxes");
  }

  /// Whether the gap is made of instants at which the track has boxes that were left out: two of
  /// them, or one that cannot exist.
  private static boolean leftOut(Tracks tracks, int index, int missing) {
    LabelFrames frames = tracks.frames();
    int track = tracks.track(index);
    for (int f = tracks.frame(index) - missing; f < tracks.frame(index); f++) {
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        if (tracks.labels().tracks()[r] == track) {
          return true;
        }
      }
    }
    return false;
  }
}
