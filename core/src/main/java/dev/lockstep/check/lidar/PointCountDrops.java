package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.MessageRun;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepShape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// LID003: sweeps hold far fewer points than the ones before them.
public final class PointCountDrops extends SweepRule {
  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "warn-ratio", "", 0.5, "Autoware's concatenation monitor warns below half");
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "error-ratio", "", 0.2, "Autoware's concatenation monitor errs below a fifth");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter(
          "min-sweeps", "sweeps", 8, "judged: a median of fewer is an accident");
  private static final CheckCard.Parameter STEADY =
      new CheckCard.Parameter(
          "steady-ratio",
          "",
          0.85,
          "judged: spinning lasers stay within a tenth of their median for seconds; where the"
              + " quartiles lie further from it, the count says nothing");

  /// Sweeps that the median is taken of (judged: two seconds at 10 Hz, odd).
  private static final int WINDOW = 21;

  private static final CheckCard CARD =
      CheckCard.of(
          "LID003",
          PointCountDrops.class,
          Severity.ERROR,
          "A sweep holds far fewer points than the sweeps before it.",
          WARN,
          ERROR,
          MINIMUM,
          STEADY);

  /// The rule.
  public PointCountDrops() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Counts(stream, sink);
  }

  /// Judges each sweep by the median of the [#WINDOW] ordinary sweeps before it; the first ones by
  /// the median of all of them, once there are enough. Sweeps that drop do not enter the window, so
  /// that a drop that stays is one run up to the end.
  private static final class Counts implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;

    /// The first sweeps, until a window is full.
    private final long[] firstIndices = new long[WINDOW];

    private final long[] firstStampsNs = new long[WINDOW];
    private final int[] firstPoints = new int[WINDOW];
    private int first;
    private boolean started;

    private final int[] window = new int[WINDOW];
    private int filled;
    private int oldest;
    private final int[] sorted = new int[WINDOW];

    private long judged;
    private long counted;
    private double total;
    private int median;
    private boolean steady;

    // The run of drops that is open.
    private @Nullable MessageRun run;
    private int runLeast;
    private int runMedian;

    Counts(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      int[] points = batch.points();
      if (points.length == 0) {
        return;
      }
      for (int r = 0; r < batch.size(); r++) {
        if (points[r] >= 0) {
          counted++;
          int returns = returns(points[r], batch.sweep(r));
          total += returns;
          accept(batch.firstIndex() + r, batch.stampsNs()[r], returns);
        }
      }
    }

    /// Points without those that stand for no return, as far as the ones that were looked at tell.
    private static int returns(int points, @Nullable SweepProfile profile) {
      SweepShape shape = profile == null ? null : profile.shape();
      return shape == null || shape.looked() == 0
          ? points
          : (int) Math.round((double) points * shape.returns() / shape.looked());
    }

    private void accept(long index, long stampNs, int points) {
      if (started) {
        judge(index, stampNs, points);
        return;
      }
      firstIndices[first] = index;
      firstStampsNs[first] = stampNs;
      firstPoints[first] = points;
      first++;
      if (first == WINDOW) {
        start();
      }
    }

    /// Judges the first sweeps by the median of all of them.
    private void start() {
      started = true;
      System.arraycopy(firstPoints, 0, window, 0, first);
      filled = first;
      settle();
      int[] all = window.clone();
      filled = 0;
      for (int i = 0; i < first; i++) {
        if (!isDrop(firstPoints[i])) {
          window[filled++] = firstPoints[i];
        }
      }
      oldest = 0;
      int medianOfAll = median;
      boolean steadyOfAll = steady;
      if (!steady || filled == 0) {
        System.arraycopy(all, 0, window, 0, first);
        filled = first;
      }
      for (int i = 0; i < first; i++) {
        median = medianOfAll;
        steady = steadyOfAll;
        follow(firstIndices[i], firstStampsNs[i], firstPoints[i]);
      }
      settle();
    }

    private void judge(long index, long stampNs, int points) {
      follow(index, stampNs, points);
      if (!steady || !isDrop(points)) {
        if (filled < WINDOW) {
          window[filled++] = points;
        } else {
          window[oldest] = points;
          oldest = (oldest + 1) % WINDOW;
        }
        settle();
      }
    }

    /// Takes median and spread of the window.
    private void settle() {
      System.arraycopy(window, 0, sorted, 0, filled);
      Arrays.sort(sorted, 0, filled);
      median = sorted[filled / 2];
      steady =
          median > 0
              && sorted[filled / 4] >= STEADY.value() * median
              && STEADY.value() * sorted[3 * filled / 4] <= median;
    }

    private boolean isDrop(int points) {
      return points < WARN.value() * median;
    }

    private void follow(long index, long stampNs, int points) {
      if (!steady) {
        close();
        return;
      }
      judged++;
      if (!isDrop(points)) {
        close();
        return;
      }
      if (run == null) {
        run = new MessageRun(stream, index, stampNs);
        runLeast = points;
        runMedian = median;
      } else {
        run.extend(index, stampNs);
      }
      runLeast = Math.min(runLeast, points);
    }

    private void close() {
      MessageRun open = run;
      if (open == null) {
        return;
      }
      run = null;
      boolean severe = runLeast < ERROR.value() * runMedian;
      sink.report(
          severe ? Severity.ERROR : Severity.WARNING,
          runLeast == 0 ? "sweep without points" : "sweep with far fewer points than before",
          open.location(),
          new Evidence.OutOfRange(
              "points where " + runMedian + " are usual",
              runLeast,
              (int) Math.ceil(WARN.value() * runMedian),
              null,
              ""));
    }

    @Override
    public Conclusion onEnd() {
      if (!started && first >= MINIMUM.value()) {
        start();
      }
      close();
      if (counted > 0) {
        sink.measure("points-mean", total / counted, "");
      }
      if (counted < MINIMUM.value()) {
        return Conclusion.undecided(
            "fewer than " + (int) MINIMUM.value() + " sweeps with a known number of points");
      }
      return Conclusion.examined(judged, "the number of points varies too much by itself");
    }
  }
}
