package dev.lockstep.labels;

import dev.lockstep.model.Numbers;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.List;

/// The stamps that frame numbers stand for.
public final class FrameStamps {
  /// Largest frame number. Judged: five weeks at 30 Hz; above, a file is damaged.
  public static final long MAX_FRAME = 100_000_000;

  /// Usual rate of video where a format gives none; judged.
  public static final double VIDEO_HERTZ = 30;

  /// Time between frames where nobody measured any: KITTI's LiDAR turns at 10 Hz (KITTI raw devkit
  /// `readme.txt`: "synchronized at about 10 Hz").
  public static final long NOMINAL_PERIOD_NS = 100 * Times.MILLISECOND;

  /// Frames a second of that.
  public static final double NOMINAL_HERTZ = 10;

  private final long[] stampsNs;
  private final StampSource source;
  private final double periodNs;

  private FrameStamps(long[] stampsNs, StampSource source, double periodNs) {
    this.stampsNs = stampsNs;
    this.source = source;
    this.periodNs = periodNs;
  }

  /// Frame number times the nominal period.
  public static FrameStamps nominal() {
    return new FrameStamps(new long[0], StampSource.FRAME_NUMBER, NOMINAL_PERIOD_NS);
  }

  /// Frame number times the period of a rate.
  public static FrameStamps at(double hertz) {
    return new FrameStamps(new long[0], StampSource.FRAME_NUMBER, Times.SECOND / hertz);
  }

  /// Stamps of a stream, one a frame, [Times#NONE] where a frame was lost. Without a single stamp
  /// they are nominal.
  public static FrameStamps of(long[] stampsNs) {
    int first = 0;
    while (first < stampsNs.length && stampsNs[first] == Times.NONE) {
      first++;
    }
    if (first == stampsNs.length) {
      return nominal();
    }
    int last = stampsNs.length - 1;
    while (stampsNs[last] == Times.NONE) {
      last--;
    }
    long period =
        last == first
            ? NOMINAL_PERIOD_NS
            : Times.difference(stampsNs[last], stampsNs[first]) / (last - first);
    long[] filled = Arrays.copyOf(stampsNs, last + 1);
    fill(filled, first, period);
    return new FrameStamps(filled, StampSource.LIST, period);
  }

  /// Puts the time of a lost frame evenly between its neighbours.
  private static void fill(long[] stamps, int first, long period) {
    for (int i = first - 1; i >= 0; i--) {
      stamps[i] = stamps[i + 1] - period;
    }
    for (int i = first + 1; i < stamps.length; i++) {
      if (stamps[i] != Times.NONE) {
        continue;
      }
      int next = i;
      while (stamps[next] == Times.NONE) {
        next++;
      }
      long before = stamps[i - 1];
      long step = Times.difference(stamps[next], before) / (next - i + 1);
      for (int k = i; k < next; k++) {
        stamps[k] = before + step * (k - i + 1);
      }
      i = next;
    }
  }

  /// Stamp of a frame; beyond the list, spaced at its mean period.
  public long stampNs(long frame) {
    int n = stampsNs.length;
    if (n == 0) {
      return Math.round(frame * periodNs);
    }
    return frame < n
        ? stampsNs[(int) frame]
        : stampsNs[n - 1] + Math.round((frame - n + 1) * periodNs);
  }

  private boolean isNominal() {
    return source == StampSource.FRAME_NUMBER;
  }

  /// What to note of a file that lacks times, in the words of `what`: nothing where they are known
  /// from elsewhere.
  public List<String> noteOf(String what) {
    return isNominal()
        ? List.of(what + ": they are taken to be " + Numbers.text(hertz()) + " a second")
        : List.of();
  }

  /// Mean rate of the frames, a second.
  public double hertz() {
    return Times.SECOND / periodNs;
  }

  /// What the stamps rest on.
  public StampSource source() {
    return source;
  }
}
