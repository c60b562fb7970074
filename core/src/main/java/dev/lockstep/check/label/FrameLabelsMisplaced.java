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
import org.jspecify.annotations.Nullable;

/// LAB017: the labels of a whole instant belong to another one.
public final class FrameLabelsMisplaced extends TrackRule {
  private static final String SHIFTED = "labels are shifted in time from here on";

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB017",
          FrameLabelsMisplaced.class,
          Severity.ERROR,
          "All labels of an instant belong to another: exchanged, repeated or shifted.",
          new CheckCard.Parameter(
              "min-gain", "sigma^2", FrameOrder.MIN_GAIN, "above all clean labels; see the page"),
          new CheckCard.Parameter(
              "min-gain-shift",
              "sigma^2",
              FrameOrder.MIN_SHIFT_GAIN,
              "above all clean labels; see the page"),
          new CheckCard.Parameter("max-remaining", "", FrameOrder.MAX_REMAINING, "judged"),
          new CheckCard.Parameter("max-opposed", "", FrameOrder.MAX_OPPOSED, "judged"),
          new CheckCard.Parameter("repeated-share", "", CopiedFrames.STALE_SHARE, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Context context = evidence.context();
    Tracks tracks = evidence.tracks();
    FrameOrder.Result result = evidence.order();
    for (FrameOrder.Slip slip : result.slips()) {
      if (!evidence.switched(slip)) {
        report(tracks, slip, context, sink);
      }
    }
    for (SkippedInstants.Skip skip : evidence.skips()) {
      report(tracks, skip, context, sink);
    }
    sink.measure("instants-not-decided", result.undecided(), "");
    return Conclusion.examined(
        result.examined(),
        tracks.flat()
            ? "no four instants in a row with boxes of a track"
            : "no three instants with labels");
  }

  private static void report(
      Tracks tracks, SkippedInstants.Skip skip, Context context, CheckSink sink) {
    LabelSet labels = tracks.labels();
    int row = tracks.frames().start(skip.frame());
    int number = skip.instants();
    String told = told(tracks, skip.frame() - 1, skip.frame(), context);
    sink.report(
        told == null ? Severity.ERROR : Severity.INFO,
        SHIFTED,
        labels.location(row, row).withTrack(null),
        new Evidence.Change(
            "unevenness of " + skip.tracks() + " tracks",
            round(skip.cost()),
            round(skip.left()),
            "with the labels where they belong, squared sigmas"),
        told == null
            ? new Cause(
                "frames-shifted",
                "labels come "
                    + number
                    + (number == 1 ? " instant" : " instants")
                    + " early"
                    + Place.of(labels, row, row, true)
                    + ": labels of as many are left out before it")
            : reported(told));
  }

  /// Id of a rule that reports the stamps of some instants, whose labels then only seem to belong
  /// to others, or null.
  private static @Nullable String told(Tracks tracks, int first, int last, Context context) {
    LabelFrames frames = tracks.frames();
    String told = null;
    for (int f = first; f <= Math.min(last, frames.count() - 1) && told == null; f++) {
      told = context.reported(tracks.labels().name(), frames.stampNs(f));
    }
    return told;
  }

  private static Cause reported(String told) {
    return new Cause("reported-stamps", told + " reports the stamps of these labels");
  }

  private static void report(Tracks tracks, FrameOrder.Slip slip, Context context, CheckSink sink) {
    LabelSet labels = tracks.labels();
    LabelFrames frames = tracks.frames();
    int by = slip.by();
    int from = slip.first();
    for (int f = Math.max(0, from - 1);
        slip.kind() == FrameOrder.Kind.SHIFTED && f <= Math.min(from, frames.count() - 2);
        f++) {
      int missing = InstantUnlabelled.missing(frames, f);
      if (InstantUnlabelled.explains(missing, by)) {
        // What is behind a gap of as many instants comes late; it looks early by those before it.
        by = missing;
        from = f + 1;
        break;
      }
    }
    int first = frames.start(from);
    int last = frames.start(Math.max(from, slip.last()));
    Location at = labels.location(first, last).withTrack(null);
    String where = Place.of(labels, first, last, slip.kind() == FrameOrder.Kind.SHIFTED);
    String title;
    Cause cause;
    switch (slip.kind()) {
      case EXCHANGED -> {
        title = "labels of two instants are exchanged";
        cause =
            new Cause(
                "frames-exchanged",
                "the first and the last are exchanged" + where + ": exchange them back");
      }
      case ROTATED -> {
        title = "labels of three instants are rotated";
        cause = new Cause("frames-rotated", "each has the labels of another" + where);
      }
      case REPEATED -> {
        title = "labels of the instant before once more";
        cause = new Cause("frame-repeated", "the labels are stale" + where + ": label it anew");
      }
      default -> {
        title = SHIFTED;
        cause =
            new Cause(
                "frames-shifted",
                "labels come "
                    + Math.abs(by)
                    + (Math.abs(by) == 1 ? " instant " : " instants ")
                    + (by > 0 ? "late" : "early")
                    + where);
      }
    }
    String told = told(tracks, slip.first(), slip.last() + 1, context);
    if (told != null) {
      cause = reported(told);
    }
    sink.report(
        told == null ? Severity.ERROR : Severity.INFO,
        title,
        at,
        new Evidence.Change(
            "unevenness of " + (slip.tracks() == 1 ? "one track" : slip.tracks() + " tracks"),
            round(slip.cost()),
            round(slip.repaired()),
            "with the labels where they belong, squared sigmas"),
        cause);
  }

  private static String round(double cost) {
    return Numbers.text(Math.rint(cost * 10) / 10);
  }
}
