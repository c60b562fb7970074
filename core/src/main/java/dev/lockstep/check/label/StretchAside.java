package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB026: some boxes of a track in a row lie beside its way, all by the same.
public final class StretchAside extends TrackRule {
  private static final double WHOLE_FRAME = 0.5;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB026",
          StretchAside.class,
          Severity.ERROR,
          "A track steps aside for some boxes, and back.",
          new CheckCard.Parameter(
              "min-aside", "m", AsideRuns.MIN_METERS, "above all clean labels; see the page"),
          new CheckCard.Parameter(
              "sigmas", "", AsideRuns.SIGMAS, "above white noise; see the page"),
          new CheckCard.Parameter("min-boxes", "", AsideRuns.MIN_BOXES, "judged"),
          new CheckCard.Parameter("max-stretch", "s", AsideRuns.MAX_SECONDS, "judged"),
          new CheckCard.Parameter("max-remaining", "", AsideRuns.MAX_REMAINING, "judged"),
          new CheckCard.Parameter(
              "whole-frame", "", WHOLE_FRAME, "share of tracks that is one fault; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat()
        ? "boxes are 2D: in pixels, a step aside cannot be told from a turn of the camera"
        : evidence.tracks().blind();
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Tracks tracks = evidence.tracks();
    List<AsideRuns.Run> found = new ArrayList<>();
    for (AsideRuns.Run run : evidence.aside()) {
      if (!explained(evidence, run)) {
        found.add(run);
      }
    }
    found.sort(
        Order.byInt((AsideRuns.Run r) -> tracks.frame(r.first()))
            .thenComparingInt(r -> tracks.frame(r.last()))
            .thenComparingInt(AsideRuns.Run::first));
    for (int from = 0; from < found.size(); ) {
      int to = from + 1;
      while (to < found.size() && together(tracks, found.get(from), found.get(to))) {
        to++;
      }
      report(tracks, found.subList(from, to), sink);
      from = to;
    }
    long examined = AsideRuns.judged(tracks);
    return Conclusion.examined(
        examined, "no track has " + 2 * AsideRuns.SIDE + " boxes at instants in a row");
  }

  private static boolean together(Tracks tracks, AsideRuns.Run a, AsideRuns.Run b) {
    return tracks.frame(a.first()) == tracks.frame(b.first())
        && tracks.frame(a.last()) == tracks.frame(b.last());
  }

  private static boolean explained(SharedEvidence evidence, AsideRuns.Run run) {
    Tracks tracks = evidence.tracks();
    for (int i : new int[] {run.first() - 1, run.last()}) {
      if (evidence.switchedAt(tracks.row(i + 1))
          || evidence.misplacedWithin(i, i + 1)
          || evidence.jittersAt(i)) {
        return true;
      }
    }
    return evidence.shifted(tracks.frame(run.first()), tracks.frame(run.last()));
  }

  /// Tracks with a box at an instant.
  private static int present(Tracks tracks, int frame) {
    LabelFrames frames = tracks.frames();
    int n = 0;
    for (int r = frames.start(frame); r < frames.start(frame + 1); r++) {
      n += tracks.indexOf(r) >= 0 ? 1 : 0;
    }
    return n;
  }

  private static void report(Tracks tracks, List<AsideRuns.Run> together, CheckSink sink) {
    LabelSet labels = tracks.labels();
    int present = present(tracks, tracks.frame(together.getFirst().first()));
    if (together.size() > 1 && together.size() >= WHOLE_FRAME * present) {
      AsideRuns.Run worst =
          together.stream().max(Order.byDouble(AsideRuns.Run::meters)).orElseThrow();
      sink.report(
          Severity.ERROR,
          "tracks step aside at one instant, and back at another",
          at(labels, tracks, worst).withTrack(null),
          evidence(together.size() + " of " + present + " tracks, the furthest", worst),
          new Cause("whole-instant", "the poses or the calibration of these instants are wrong"));
      return;
    }
    for (AsideRuns.Run run : together) {
      int boxes = run.last() - run.first() + 1;
      sink.report(
          Severity.ERROR,
          "boxes in a row lie beside the way of their track",
          at(labels, tracks, run),
          evidence("distance of " + boxes + " boxes", run),
          new Cause(
              "stretch-aside",
              "the stretch was placed anew without its neighbours: move it back by this distance"));
    }
  }

  private static Evidence evidence(String what, AsideRuns.Run run) {
    return Evidence.OutOfRange.rounded(what, run.meters(), null, run.bound(), 3, "m");
  }

  private static Location at(LabelSet labels, Tracks tracks, AsideRuns.Run run) {
    return labels.location(tracks.row(run.first()), tracks.row(run.last()));
  }
}
