package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How late the labels of each stretch of a recording are, by where the points of moving boxes lie.
///
/// The edge of the points that looks to the LiDAR is compared with the same face of the box; what
/// it is ahead by, divided by the speed, is time. Points of a sweep are measured one after the
/// other, so boxes that show the instant of the stamp lie off the points as well; boxes that were
/// drawn around the points do not. Of the two readings, the one that leaves less spread counts, and
/// where neither is clear, that of less lag.
final class LagWindows {
  /// Slower boxes place the labels in time too coarsely, m/s. Judged: 12 cm in the limit of 40 ms.
  static final double MIN_SPEED = 3;

  /// Judged: a turn of a LiDAR has some ten moving boxes, of which half show a face.
  static final double WINDOW_SECONDS = 5;

  static final int MIN_BOXES = 20;
  static final int MIN_TRACKS = 3;

  /// Lag that is reported, of a sweep's period.
  static final double LIMIT_SHARE = 0.4;

  /// The same where points have no times: then the stamp may be that of the first or the last.
  static final double UNTIMED_SHARE = 0.9;

  /// Share of the boxes whose points have times that is enough to go by those.
  private static final double MOSTLY = 0.8;

  /// Share of the tracks that have to lag by half of the limit at least, so that single objects
  /// whose labels are bad do not speak for the clock.
  static final double AGREEING = 0.75;

  /// Boxes further off than this many sweeps are those of another object.
  private static final double MAX_SWEEPS = 6;

  /// One reading has to leave that much less spread to count alone (judged).
  private static final double CLEARER = 0.7;

  /// Spread of a clean window, seconds at least (judged: an edge is placed to 10 cm at 10 m/s).
  private static final double FLOOR_SECONDS = 0.003;

  /// Spread of the times of a window above which it says nothing, of a period.
  private static final double MAX_SPREAD_SHARE = 0.5;

  /// A stretch that is judged.
  ///
  /// @param firstFrame first instant
  /// @param lastFrame last instant
  /// @param boxes boxes that tell
  /// @param lagSeconds how late labels are: above 0 they show the past
  /// @param limitSeconds lag that is reported
  /// @param timed whether points have times
  /// @param agreeing share of the tracks that lag by half of that at least
  record Window(
      int firstFrame,
      int lastFrame,
      int boxes,
      double lagSeconds,
      double limitSeconds,
      boolean timed,
      double agreeing) {
    boolean lags() {
      return Math.abs(lagSeconds) >= limitSeconds && agreeing >= AGREEING;
    }
  }

  private final LabelSet labels;
  private final BoxPoints points;
  private final Tracks tracks;
  private final List<Window> windows = new ArrayList<>();
  private int candidates;

  private LagWindows(LabelSet labels, BoxPoints points, Tracks tracks) {
    this.labels = labels;
    this.points = points;
    this.tracks = tracks;
  }

  /// The windows of a label set.
  static LagWindows of(LabelSet labels, LabelCheck.Context context) {
    BoxPoints points = context.points(labels);
    Tracks tracks = SharedEvidence.of(labels, context).tracks();
    return context
        .shared(labels)
        .get(
            LagWindows.class,
            () -> {
              LagWindows found = new LagWindows(labels, points, tracks);
              if (points.reason() == null) {
                found.find();
              }
              return found;
            });
  }

  /// Those that could be judged.
  List<Window> windows() {
    return windows;
  }

  /// Boxes that tell of time, in all windows.
  int candidates() {
    return candidates;
  }

  /// Step of the sweeps, seconds.
  double periodSeconds() {
    return points.periodSeconds();
  }

  /// The lag of the window that holds an instant, or null where none does.
  @Nullable Window at(int frame) {
    for (Window window : windows) {
      if (frame >= window.firstFrame && frame <= window.lastFrame) {
        return window;
      }
    }
    return null;
  }

  private void find() {
    LabelFrames frames = tracks.frames();
    int from = 0;
    while (from < frames.count()) {
      int to = from + 1;
      while (to < frames.count() && frames.seconds(to) - frames.seconds(from) < WINDOW_SECONDS) {
        to++;
      }
      // A short rest belongs to the window before it.
      if (to < frames.count()
          && frames.seconds(frames.count() - 1) - frames.seconds(to) < WINDOW_SECONDS / 2) {
        to = frames.count();
      }
      judge(from, to);
      from = to;
    }
  }

  /// The boxes of a window that tell of time.
  private static final class Told {
    final double[] apparent;
    final double[] timed;
    final int[] of;
    int count;

    Told(int room) {
      apparent = new double[room];
      timed = new double[room];
      of = new int[room];
    }

    void add(double seconds, double corrected, int track) {
      apparent[count] = seconds;
      timed[count] = corrected;
      of[count++] = track;
    }

    /// Those whose points have times.
    Told withTimes() {
      Told all = new Told(count);
      for (int i = 0; i < count; i++) {
        if (!Double.isNaN(timed[i])) {
          all.add(apparent[i], timed[i], of[i]);
        }
      }
      return all;
    }
  }

  private void judge(int from, int to) {
    int begin = tracks.frames().start(from);
    int end = tracks.frames().start(to);
    Told told = new Told(end - begin);
    for (int row = begin; row < end; row++) {
      int index = tracks.indexOf(row);
      double speed = points.seen(row) ? points.speed(row) : Double.NaN;
      double seconds = points.ahead(row) / speed;
      if (index >= 0
          && Math.abs(speed) >= MIN_SPEED
          && Math.abs(seconds) <= MAX_SWEEPS * periodSeconds()) {
        told.add(
            seconds,
            seconds - points.timeSeconds(row) * ownShare(index, speed),
            tracks.track(index));
      }
    }
    candidates += told.count;
    Told withTimes = told.withTimes();
    boolean times = withTimes.count >= MOSTLY * told.count;
    told = times ? withTimes : told;
    if (told.count < MIN_BOXES) {
      return;
    }
    double[] apparent = Arrays.copyOf(told.apparent, told.count);
    double[] chosen = apparent;
    if (times) {
      double[] timed = Arrays.copyOf(told.timed, told.count);
      double drawn = spread(apparent);
      double exact = spread(timed);
      boolean unclear = exact >= CLEARER * drawn && drawn >= CLEARER * exact;
      if (unclear ? Math.abs(median(timed)) < Math.abs(median(apparent)) : exact < drawn) {
        chosen = timed;
      }
    }
    if (spread(chosen) <= MAX_SPREAD_SHARE * periodSeconds()) {
      add(from, to - 1, chosen, told.of, times);
    }
  }

  /// What part of a box's speed is its own motion over the ground: only that moves it while the
  /// sweep is measured. Not a number where the ground is not known.
  private double ownShare(int index, double speed) {
    if (labels.frameOfReference() == LabelSet.Frame.WORLD) {
      return 1;
    }
    if (!tracks.grounded()) {
      return Double.NaN;
    }
    int track = tracks.track(index);
    int before = Math.max(tracks.start(track), index - 1);
    int after = Math.min(tracks.end(track) - 1, index + 1);
    double seconds = tracks.t[after] - tracks.t[before];
    double yaw = tracks.yaw(index);
    double moved =
        Math.cos(yaw) * (tracks.x[after] - tracks.x[before])
            + Math.sin(yaw) * (tracks.y[after] - tracks.y[before]);
    return seconds > 0 ? moved / seconds / speed : 0;
  }

  private void add(int first, int last, double[] lags, int[] of, boolean timed) {
    double limit = (timed ? LIMIT_SHARE : UNTIMED_SHARE) * periodSeconds();
    double lag = median(lags);
    int count = 0;
    int agreeing = 0;
    int[] distinct = Arrays.stream(of, 0, lags.length).distinct().toArray();
    for (int track : distinct) {
      double[] own = new double[lags.length];
      int n = 0;
      for (int i = 0; i < lags.length; i++) {
        if (of[i] == track) {
          own[n++] = lags[i];
        }
      }
      double mean = median(Arrays.copyOf(own, n));
      count++;
      agreeing += mean * Math.signum(lag) >= limit / 2 ? 1 : 0;
    }
    if (count >= MIN_TRACKS) {
      windows.add(
          new Window(first, last, lags.length, lag, limit, timed, (double) agreeing / count));
    }
  }

  private static double spread(double[] values) {
    double middle = median(values);
    double[] off = new double[values.length];
    for (int i = 0; i < off.length; i++) {
      off[i] = Math.abs(values[i] - middle);
    }
    return Math.max(FLOOR_SECONDS, 1.4826 * median(off));
  }

  /// The middle value; NaN of none.
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
