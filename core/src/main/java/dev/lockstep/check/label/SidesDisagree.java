package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// LAB016: the 3D boxes of labels do not project to their 2D boxes.
public final class SidesDisagree implements LabelCheck {
  static final double SHIFT_PIXELS = 1.8;
  static final double MIN_OVERLAP = 0.3;
  static final double WINDOW_SECONDS = 10;
  private static final int MIN_BOXES = 30;
  private static final int MIN_TRACKS = 3;
  private static final int MIN_RUN = 2;

  /// Two tracks tell where both are off alike by that many times as much (judged).
  private static final int FEW_TRACKS = 2;

  private static final double FEW_OVER = 3;

  /// A shift has to exceed the spread of the boxes by this factor (judged).
  private static final double OVER_SPREAD = 1;

  /// Boxes nearer to the border of the image may be cut, pixels.
  private static final double MARGIN_PIXELS = 4;

  /// Lower boxes tell too little, pixels.
  private static final double MIN_HEIGHT_PIXELS = 20;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB016",
          SidesDisagree.class,
          Severity.WARNING,
          "3D boxes do not project to the 2D boxes of the same labels.",
          new CheckCard.Parameter(
              "shift", "px", SHIFT_PIXELS, "middle of a window; above clean labels, see the page"),
          new CheckCard.Parameter(
              "min-overlap", "", MIN_OVERLAP, "of one box; above clean labels, see the page"),
          new CheckCard.Parameter("window", "s", WINDOW_SECONDS, "judged"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "of a window; judged"),
          new CheckCard.Parameter("min-tracks", "", MIN_TRACKS, "of a window; judged"),
          new CheckCard.Parameter("min-run", "", MIN_RUN, "boxes on end of one track; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    if (labels.size() == 0) {
      return Conclusion.undecided("no labels");
    }
    SideFit fit = SideFit.of(labels, context);
    String reason = fit.reason();
    if (reason != null) {
      return Conclusion.undecided(reason);
    }
    LabelFrames frames = LabelFrames.of(labels);
    boolean[] told = new boolean[labels.size()];
    // Boxes of other instants are one fault, also where too few of them tell.
    Arrays.fill(told, !SideLags.of(labels, context).runs().isEmpty());
    long examined = 0;
    @Nullable Window open = null;
    int from = 0;
    while (from < frames.count()) {
      int to = from + 1;
      while (to < frames.count() && frames.seconds(to) - frames.seconds(from) < WINDOW_SECONDS) {
        to++;
      }
      Window window = window(labels, fit, frames, from, to, told);
      examined += window.boxes;
      if (window.shifted()) {
        Arrays.fill(told, frames.start(from), frames.start(to), true);
        if (open != null && open.sameAs(window)) {
          open = open.and(window);
        } else {
          report(labels, fit, open, sink);
          open = window;
        }
      } else {
        report(labels, fit, open, sink);
        open = null;
      }
      from = to;
    }
    report(labels, fit, open, sink);
    if (labels.trackCount() > 0) {
      reportTracks(labels, fit, told, sink);
    }
    return Conclusion.examined(
        examined, "no label with both boxes is whole, in sight and far from the image's border");
  }

  /// Boxes of some instants together.
  ///
  /// @param first first row
  /// @param last last row
  /// @param boxes boxes that tell
  /// @param tracks tracks that tell
  /// @param x what 2D boxes lie to the right of rectangles in the middle, pixels
  /// @param y what they lie below
  /// @param spreadX how that spreads
  /// @param spreadY how that spreads
  private record Window(
      int first,
      int last,
      int boxes,
      long tracks,
      double x,
      double y,
      double spreadX,
      double spreadY) {
    boolean shifted() {
      return boxes >= MIN_BOXES
          && (tracks >= MIN_TRACKS && isOver(1) || tracks >= FEW_TRACKS && isOver(FEW_OVER));
    }

    private boolean isOver(double times) {
      return Math.abs(x) >= times * Math.max(SHIFT_PIXELS, OVER_SPREAD * spreadX)
          || Math.abs(y) >= times * Math.max(SHIFT_PIXELS, OVER_SPREAD * spreadY);
    }

    boolean sameAs(Window next) {
      return Math.hypot(x - next.x, y - next.y) <= Math.max(SHIFT_PIXELS, Math.hypot(x, y) / 2);
    }

    Window and(Window next) {
      int all = boxes + next.boxes;
      return new Window(
          first,
          next.last,
          all,
          Math.max(tracks, next.tracks),
          (x * boxes + next.x * next.boxes) / all,
          (y * boxes + next.y * next.boxes) / all,
          spreadX,
          spreadY);
    }
  }

  private static Window window(
      LabelSet labels, SideFit fit, LabelFrames frames, int from, int to, boolean[] told) {
    int begin = frames.start(from);
    int end = frames.start(to);
    double[] x = new double[end - begin];
    double[] y = new double[end - begin];
    int[] tracks = new int[end - begin];
    int n = 0;
    for (int row = begin; row < end; row++) {
      if (!told[row]
          && fit.whole(row, MARGIN_PIXELS)
          && fit.drawn(row, 3) - fit.drawn(row, 1) >= MIN_HEIGHT_PIXELS) {
        x[n] = fit.off(row, 0);
        y[n] = fit.off(row, 1);
        tracks[n++] = labels.tracks()[row];
      }
    }
    x = Arrays.copyOf(x, n);
    y = Arrays.copyOf(y, n);
    double mx = LagWindows.median(x);
    double my = LagWindows.median(y);
    return new Window(
        begin,
        end - 1,
        n,
        Arrays.stream(tracks, 0, n).distinct().count(),
        mx,
        my,
        spread(x, mx),
        spread(y, my));
  }

  private static double spread(double[] values, double middle) {
    return 1.4826
        * LagWindows.median(Arrays.stream(values).map(v -> Math.abs(v - middle)).toArray());
  }

  private static void report(
      LabelSet labels, SideFit fit, @Nullable Window window, CheckSink sink) {
    if (window == null) {
      return;
    }
    boolean across = Math.abs(window.x) >= Math.abs(window.y);
    sink.report(
        Severity.WARNING,
        "2D boxes lie beside the 3D boxes",
        labels.location(window.first, window.last).withTrack(null),
        Evidence.OutOfRange.rounded(
            (across ? "shift to the right" : "shift down")
                + " of "
                + window.boxes
                + " boxes in "
                + fit.camera(),
            (across ? window.x : window.y),
            -SHIFT_PIXELS,
            SHIFT_PIXELS,
            1,
            "px"),
        new Cause(
            "constant-shift",
            "calibration of the camera, or an image of another size; "
                + Numbers.text(Math.rint(10 * window.x) / 10)
                + " px to the right and "
                + Numbers.text(Math.rint(10 * window.y) / 10)
                + " px down"));
  }

  /// Reports the tracks of which boxes on end do not fit.
  private static void reportTracks(LabelSet labels, SideFit fit, boolean[] told, CheckSink sink) {
    for (int track = 0; track < labels.trackCount(); track++) {
      int first = -1;
      int last = -1;
      int n = 0;
      double least = 1;
      for (int i = labels.trackStart(track); i <= labels.trackStart(track + 1); i++) {
        int row = i < labels.trackStart(track + 1) ? labels.trackRows()[i] : -1;
        boolean tells = row >= 0 && fit.whole(row, MARGIN_PIXELS) && !told[row];
        double overlap = tells ? fit.overlap(row, row) : 1;
        if (tells && overlap < MIN_OVERLAP) {
          first = n == 0 ? row : first;
          last = row;
          n++;
          least = Math.min(least, overlap);
          continue;
        }
        if (n >= MIN_RUN) {
          sink.report(
              Severity.WARNING,
              "2D and 3D box of a label show different places",
              labels.location(first, last),
              Evidence.OutOfRange.rounded(
                  "overlap of " + n + " boxes in " + fit.camera() + ", least",
                  least,
                  MIN_OVERLAP,
                  null,
                  2,
                  ""));
        }
        n = 0;
        least = 1;
      }
    }
  }
}
