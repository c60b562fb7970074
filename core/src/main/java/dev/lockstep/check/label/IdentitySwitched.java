package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;

/// LAB003: two tracks exchange their ids at some instant, for good or for a while.
public final class IdentitySwitched extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB003",
          IdentitySwitched.class,
          Severity.ERROR,
          "Two tracks are smooth only with their ids exchanged.",
          new CheckCard.Parameter(
              "min-gain",
              "sigma^2",
              IdentitySwitches.MIN_GAIN,
              "above all clean labels of two public data sets at 10, 5 and 2 Hz"),
          new CheckCard.Parameter("min-share", "", IdentitySwitches.MIN_SHARE, "judged"),
          new CheckCard.Parameter(
              "max-distance", "m", IdentitySwitches.MAX_DISTANCE_METERS, "judged"),
          new CheckCard.Parameter(
              "max-distance-2d", "box heights", IdentitySwitches.MAX_DISTANCE_SIZES, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Tracks tracks = evidence.tracks();
    IdentitySwitches.Result result = evidence.switches();
    for (IdentitySwitches.Switch s : result.switches()) {
      if (!evidence.misplaced(s)) {
        report(tracks, s, sink);
      }
    }
    return Conclusion.examined(
        result.compared(), "no two tracks with boxes at the same two instants");
  }

  private static void report(Tracks tracks, IdentitySwitches.Switch s, CheckSink sink) {
    LabelSet labels = tracks.labels();
    String a = labels.trackName(s.trackA());
    String b = labels.trackName(s.trackB());
    int firstRow = tracks.row(s.firstA());
    int lastRow = s.open() ? firstRow : tracks.row(s.lastA());
    Location at = labels.location(firstRow, lastRow);
    sink.report(
        Severity.ERROR,
        "two tracks exchange their ids",
        at,
        new Evidence.Change(
            "unevenness of tracks " + a + " and " + b,
            round(s.cost()),
            round(s.repaired()),
            "with ids exchanged, squared sigmas"),
        new Cause(
            "ids-exchanged",
            "ids "
                + a
                + " and "
                + b
                + " are exchanged"
                + Place.of(labels, firstRow, lastRow, s.open())
                + ": exchange them back"));
  }

  private static String round(double cost) {
    return Numbers.text(Math.rint(cost * 10) / 10);
  }
}
