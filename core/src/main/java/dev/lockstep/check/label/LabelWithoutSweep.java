package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// LAB010: labels carry a stamp at which no LiDAR made a sweep.
public final class LabelWithoutSweep implements LabelCheck {
  private static final double SAME_RATE = 0.1;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB010",
          LabelWithoutSweep.class,
          Severity.ERROR,
          "Labels stand at an instant without a sweep.",
          new CheckCard.Parameter(
              "tolerance",
              "ms",
              SweepMatch.TOLERANCE_NS / 1e6,
              "the coarsest unit in which label formats write stamps"),
          new CheckCard.Parameter(
              "same-rate",
              "",
              SAME_RATE,
              "labels of other steps belong to another sensor; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    if (labels.size() == 0) {
      return Conclusion.undecided("no labels");
    }
    if (!labels.stampSource().measuredAtSensor()) {
      return Conclusion.undecided(
          "label stamps come from the " + labels.stampSource().label() + ", not from a sensor");
    }
    if (labels.frameOfReference() == LabelSet.Frame.IMAGE) {
      return Conclusion.undecided("labels belong to images, not to sweeps");
    }
    LabelFrames frames = LabelFrames.of(labels);
    if (frames.count() == 0) {
      return Conclusion.undecided("no label has a stamp");
    }
    SweepMatch best = SweepMatch.best(frames, context);
    if (best == null) {
      return Conclusion.undecided("the recording has no sweeps with stamps");
    }
    sink.measure("matched-instants", (double) best.matched() / frames.count(), "");
    if (best.matched() == frames.count()) {
      return Conclusion.examined(frames.count(), "");
    }
    if (best.matched() * 2 < frames.count() && !sameRate(frames, best.sweeps())) {
      return Conclusion.undecided(
          best.matched()
              + " of "
              + frames.count()
              + " label instants match a sweep, and their steps differ: labels of another sensor");
    }
    for (int from = 0; from < frames.count(); ) {
      if (best.isMatched(from)) {
        from++;
        continue;
      }
      String told = told(labels, frames.stampNs(from), best, context);
      int to = from;
      while (to + 1 < frames.count()
          && !best.isMatched(to + 1)
          && Objects.equals(told, told(labels, frames.stampNs(to + 1), best, context))) {
        to++;
      }
      report(labels, frames, best, from, to, told, sink);
      from = to + 1;
    }
    return Conclusion.examined(frames.count(), "");
  }

  /// Whether labels and sweeps have the same median step, or labels one of every nth sweep.
  private static boolean sameRate(LabelFrames frames, Context.Sweeps sweeps) {
    if (frames.count() < 2 || sweeps.stampsNs().length < 2) {
      return true;
    }
    long[] stamps = sweeps.stampsNs();
    long[] steps = new long[stamps.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Times.difference(stamps[i + 1], stamps[i]);
    }
    Arrays.sort(steps);
    double ratio = frames.periodSeconds() * 1e9 / Math.max(1, steps[steps.length / 2]);
    return ratio > 0.5 && Math.abs(ratio - Math.rint(ratio)) < SAME_RATE;
  }

  private static void report(
      LabelSet labels,
      LabelFrames frames,
      SweepMatch match,
      int from,
      int to,
      @Nullable String told,
      CheckSink sink) {
    long nearest = match.differenceNs(from);
    boolean constant = true;
    for (int f = from; f <= to; f++) {
      constant &=
          Math.abs(Times.difference(match.differenceNs(f), nearest)) <= SweepMatch.TOLERANCE_NS;
      if (Math.abs(match.differenceNs(f)) < Math.abs(nearest)) {
        nearest = match.differenceNs(f);
      }
    }
    int instants = to - from + 1;
    int boxes = frames.start(to + 1) - frames.start(from);
    Location at =
        labels
            .location(frames.start(from), frames.start(to + 1) - 1)
            .withTrack(null)
            .withStamps(frames.stampNs(from), frames.stampNs(to));
    // A log time comes later than its sweep by what the way takes.
    boolean unstamped =
        told == null && !match.sweeps().stamped() && nearest < 0 && -nearest * 2 < periodNs(frames);
    sink.report(
        told == null && !unstamped ? Severity.ERROR : Severity.INFO,
        "labels without a sweep",
        at,
        new Evidence.OutOfRange(
            (instants == 1 ? "one label instant" : instants + " label instants")
                + " ("
                + boxes
                + (boxes == 1 ? " box" : " boxes")
                + "), nearest sweep of "
                + match.sweeps().stream(),
            Math.abs(nearest) / 1e6,
            null,
            SweepMatch.TOLERANCE_NS / 1e6,
            "ms"),
        unstamped
            ? new Cause(
                "log-times",
                "the sweeps have no stamps that could be read: log times stand for them")
            : told == null ? cause(nearest, constant && instants > 2) : symptom(told));
    if (told == null && !unstamped) {
      // The step back to where labels belong is the end of the same fault.
      long endNs = frames.stampNs(Math.min(to + 1, frames.count() - 1));
      sink.accountsFor(labels.name(), frames.stampNs(from), endNs);
    }
  }

  private static long periodNs(LabelFrames frames) {
    return Math.round(frames.periodSeconds() * Times.SECOND);
  }

  private static @Nullable Cause cause(long nearestNs, boolean constant) {
    return constant
        ? new Cause(
            "constant-offset",
            "all lie " + Numbers.duration(nearestNs) + " from a sweep: another clock or a shift")
        : null;
  }

  /// Id of the rule that reports the sweep or the label stamp of this instant already, or null.
  private static @Nullable String told(
      LabelSet labels, long stampNs, SweepMatch match, Context context) {
    String absent = match.sweeps().absent(stampNs);
    return absent == null ? context.reported(labels.name(), stampNs) : absent;
  }

  private static Cause symptom(String check) {
    return new Cause(
        "reported-stamps",
        check + " reports that the sweeps are missing or that the stamps are wrong");
  }
}
