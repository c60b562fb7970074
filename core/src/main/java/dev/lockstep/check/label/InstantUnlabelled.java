package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB024: an instant has no labels at all, although tracks go on before and behind it.
public final class InstantUnlabelled extends TrackRule {
  /// How far a step may be from a whole number of periods, of the period.
  private static final double STEP_TOLERANCE = 0.25;

  private static final double MIN_REGULAR = 0.7;
  private static final int MIN_INSTANTS = 5;
  private static final int MAX_MISSING_ALONE = 3;
  private static final double MIN_CONTINUING = 0.5;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB024",
          InstantUnlabelled.class,
          Severity.ERROR,
          "An instant between labelled ones has no labels although tracks go on.",
          new CheckCard.Parameter(
              "min-regular", "", MIN_REGULAR, "share of steps of one period; judged"),
          new CheckCard.Parameter(
              "min-continuing", "", MIN_CONTINUING, "share of tracks that go on; judged"),
          new CheckCard.Parameter(
              "max-missing-alone", "", MAX_MISSING_ALONE, "shorter than occlusions; see LAB005"));

  /// From here on, a shift is known to one instant only (judged).
  private static final int LONG = 3;

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Context context = evidence.context();
    Tracks tracks = evidence.tracks();
    LabelFrames frames = tracks.frames();
    if (frames.count() < MIN_INSTANTS) {
      return Conclusion.undecided("fewer than " + MIN_INSTANTS + " instants with labels");
    }
    int regular = 0;
    for (int f = 0; f + 1 < frames.count(); f++) {
      regular += missing(frames, f) == 0 ? 1 : 0;
    }
    double share = (double) regular / (frames.count() - 1);
    sink.measure("regular-steps", share, "");
    if (share < MIN_REGULAR) {
      return Conclusion.undecided("labels come at no steady rate");
    }
    if (regular == frames.count() - 1) {
      return Conclusion.examined(frames.count(), "");
    }
    Visibility visibility = new Visibility(tracks);
    List<Context.Sweeps> sweeps = context.sweeps();
    for (int f = 0; f + 1 < frames.count(); f++) {
      int missing = missing(frames, f);
      // Labels that come late from here on leave a gap: one fault.
      if (missing > 0 && !evidence.shiftedFrom(f + 1, missing)) {
        judge(tracks, f, missing, visibility, sweeps, context, sink);
      }
    }
    return Conclusion.examined(frames.count(), "");
  }

  /// Whether labels that seem to be shifted by so many instants from about there on are late by
  /// those that are missing: by long shifts, ways are followed far beyond their ends.
  static boolean explains(int missing, int by) {
    return missing > 0 && Math.abs(Math.abs(by) - missing) <= (missing >= LONG ? 1 : 0);
  }

  /// Instants that are missing behind an instant: 0 for none, -1 where its step is no whole number
  /// of periods.
  static int missing(LabelFrames frames, int f) {
    double periods = (frames.seconds(f + 1) - frames.seconds(f)) / frames.periodSeconds();
    double whole = Math.rint(periods);
    return whole >= 1 && Math.abs(periods - whole) <= STEP_TOLERANCE ? (int) whole - 1 : -1;
  }

  private static void judge(
      Tracks tracks,
      int f,
      int missing,
      Visibility visibility,
      List<Context.Sweeps> sweeps,
      Context context,
      CheckSink sink) {
    LabelFrames frames = tracks.frames();
    LabelSet labels = tracks.labels();
    int before = 0;
    int continuing = 0;
    int inView = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      before++;
      if (i + 1 < tracks.end(tracks.track(i)) && tracks.frame(i + 1) == f + 1) {
        continuing++;
        inView += visibility.inView(i, i + 1) ? 1 : 0;
      }
    }
    int behind = 0;
    for (int r = frames.start(f + 1); r < frames.start(f + 2); r++) {
      behind += tracks.indexOf(r) >= 0 ? 1 : 0;
    }
    boolean several = continuing >= 2 && continuing >= MIN_CONTINUING * Math.min(before, behind);
    boolean alone = inView >= 1 && missing <= MAX_MISSING_ALONE;
    boolean wrong =
        context.reported(labels.name(), frames.stampNs(f)) != null
            || context.reported(labels.name(), frames.stampNs(f + 1)) != null;
    if (wrong
        || !several && !alone
        || accounted(labels, frames, f, missing, sweeps, context) != null) {
      return;
    }
    double seconds = frames.seconds(f + 1) - frames.seconds(f);
    sink.report(
        several ? Severity.ERROR : Severity.WARNING,
        "no labels although tracks go on",
        labels.location(frames.start(f + 1) - 1, frames.start(f + 1)).withTrack(null),
        new Evidence.Loss(
            missing == 1 ? "label instant" : "label instants",
            missing,
            (continuing == 1 ? "one track has" : continuing + " tracks have")
                + " boxes "
                + Numbers.text(Math.rint(seconds * 1000) / 1000)
                + " s apart on both sides"));
  }

  /// Id of a rule that reports the label message or the sweep of these instants as missing, or
  /// null.
  private static @Nullable String accounted(
      LabelSet labels,
      LabelFrames frames,
      int f,
      int missing,
      List<Context.Sweeps> sweeps,
      Context context) {
    long stepNs = (frames.stampNs(f + 1) - frames.stampNs(f)) / (missing + 1);
    String told = null;
    for (int k = 1; k <= missing; k++) {
      long stampNs = frames.stampNs(f) + k * stepNs;
      told = context.absent(labels.name(), stampNs);
      for (Context.Sweeps each : sweeps) {
        told = told == null ? each.absent(stampNs) : told;
      }
      if (told == null) {
        return null;
      }
    }
    return told;
  }
}
