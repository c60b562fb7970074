package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.label.LagWindows.Window;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB013: boxes of moving objects lie ahead of the points of their sweeps, or behind them, all by
/// the same time.
public final class LabelsLag extends TrackRule {
  /// A lag within this part of a period of a whole number of sweeps is taken for one.
  private static final double WHOLE = 0.15;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB013",
          LabelsLag.class,
          Severity.ERROR,
          "Labels show another time than the sweeps whose stamps they bear.",
          new CheckCard.Parameter(
              "limit", "", LagWindows.LIMIT_SHARE, "share of a sweep's period; see the page"),
          new CheckCard.Parameter(
              "limit-untimed",
              "",
              LagWindows.UNTIMED_SHARE,
              "the same where points have no times; judged"),
          new CheckCard.Parameter("window", "s", LagWindows.WINDOW_SECONDS, "judged"),
          new CheckCard.Parameter("min-speed", "m/s", LagWindows.MIN_SPEED, "judged"),
          new CheckCard.Parameter("min-boxes", "", LagWindows.MIN_BOXES, "judged"),
          new CheckCard.Parameter("min-tracks", "", LagWindows.MIN_TRACKS, "judged"),
          new CheckCard.Parameter(
              "agreeing", "", LagWindows.AGREEING, "share of the tracks; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat() ? "boxes are 2D" : null;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Context context = evidence.context();
    Tracks tracks = evidence.tracks();
    BoxPoints points = context.points(labels);
    String reason = points.reason();
    if (reason != null) {
      return Conclusion.undecided(reason);
    }
    if (!(points.periodSeconds() > 0)) {
      return Conclusion.undecided("sweeps have no step");
    }
    LagWindows lags = LagWindows.of(labels, context);
    List<Window> windows = lags.windows();
    if (windows.isEmpty()) {
      return Conclusion.undecided(
          lags.candidates()
              + " boxes that move and whose face the LiDAR sees: too few in each stretch to tell"
              + " their time");
    }
    double[] all = windows.stream().mapToDouble(Window::lagSeconds).toArray();
    sink.measure("label-lag", Math.rint(LagWindows.median(all) * 1e6) / 1e3, "ms");
    // Labels that are shifted from one instant on are one fault, which their tracks show.
    boolean told = evidence.order().shifted();
    for (int from = 0; from < windows.size() && !told; ) {
      int to = from + 1;
      if (windows.get(from).lags()) {
        while (to < windows.size() && continues(windows, to)) {
          to++;
        }
        report(tracks, points, windows.subList(from, to), sink);
      }
      from = to;
    }
    return Conclusion.examined(
        windows.stream().mapToLong(Window::boxes).sum(), "no box tells its time");
  }

  private static boolean continues(List<Window> windows, int at) {
    return windows.get(at).lags()
        && windows.get(at).lagSeconds() * windows.get(at - 1).lagSeconds() > 0;
  }

  private static void report(Tracks tracks, BoxPoints points, List<Window> run, CheckSink sink) {
    LabelFrames frames = tracks.frames();
    LabelSet labels = tracks.labels();
    int first = run.getFirst().firstFrame();
    int last = run.getLast().lastFrame();
    double lag = LagWindows.median(run.stream().mapToDouble(Window::lagSeconds).toArray());
    int boxes = run.stream().mapToInt(Window::boxes).sum();
    double limit = Math.rint(run.getFirst().limitSeconds() * 1e4) / 10;
    sink.report(
        Severity.ERROR,
        lag > 0 ? "labels lag behind the sweeps" : "labels run ahead of the sweeps",
        labels.location(frames.start(first), frames.start(last + 1) - 1).withTrack(null),
        new Evidence.OutOfRange(
            "median of " + boxes + " moving boxes against the points of " + points.stream(),
            Math.rint(lag * 1e4) / 10,
            -limit,
            limit,
            "ms"),
        run.getFirst().timed() ? cause(lag / points.periodSeconds()) : null);
  }

  private static @Nullable Cause cause(double sweeps) {
    long whole = Math.round(sweeps);
    if (whole == 0 || Math.abs(sweeps - whole) > WHOLE) {
      return null;
    }
    return new Cause(
        "off-by-" + Math.abs(whole),
        "labels bear the stamps of sweeps "
            + (Math.abs(whole) == 1 ? "one place " : Math.abs(whole) + " places ")
            + (whole > 0 ? "too late" : "too early"));
  }
}
