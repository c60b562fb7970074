package dev.lockstep.model;

import java.util.Arrays;

/// How far a sensor has turned, over time: the sum of its turns about each of its axes up to each
/// instant, so that a mean rate between any two is a difference, however rates were measured.
///
/// Bounded: where there would be more than [#MOST] instants, every second one is given up, which
/// leaves the sums between the others as they are. Belongs to one thread until it is complete.
public final class TurnTrack {
  /// Axes, three numbers an instant in [#angles()].
  public static final int AXES = 3;

  /// Instants kept at most: 3.7 MB; an hour at 200 Hz is kept at 12.5 Hz and more. Judged: vehicles
  /// begin and end a turn in a second.
  static final int MOST = 1 << 17;

  /// Between two messages further apart, ns, a sensor may have turned in any way. Judged: rates of
  /// vehicles change within half a second.
  private static final long LONGEST_NS = 300_000_000L;

  private final boolean planar;
  private int size;
  private int stride = 1;
  private int sinceKept;
  private long[] timesNs = new long[64];
  private float[] angles = new float[64 * AXES];
  private boolean[] begins = new boolean[64];
  private final double[] sum = new double[AXES];
  private final double[] last = new double[MessageBatch.TURN_STRIDE];
  private long lastNs = Times.NONE;
  private boolean broken = true;
  private long coveredNs;
  private long steps;

  /// A track without an instant.
  ///
  /// @param planar whether only turns about z are known
  public TurnTrack(boolean planar) {
    this.planar = planar;
  }

  /// A message with a rate or orientation as [MessageBatch#turns] has them. What cannot follow the
  /// message before, in time or for want of a number, begins anew.
  public void add(long stampNs, double x, double y, double z, double w) {
    if (stampNs == Times.NONE || Double.isNaN(x + y + z) || Double.isInfinite(x + y + z + w)) {
      return;
    }
    boolean follows = follows(stampNs);
    if (!follows && lastNs != Times.NONE && stampNs <= lastNs) {
      return;
    }
    if (follows) {
      double seconds = (stampNs - lastNs) * 1e-9;
      if (Double.isNaN(w)) {
        sum[0] += (x + last[0]) / 2 * seconds;
        sum[1] += (y + last[1]) / 2 * seconds;
        sum[2] += (z + last[2]) / 2 * seconds;
      } else {
        turnFromLast(x, y, z, w);
      }
    }
    last[0] = x;
    last[1] = y;
    last[2] = z;
    last[3] = w;
    next(stampNs, follows);
  }

  /// A message of a sensor that has turned about z by `radians` since the message before; NaN if
  /// that is not known.
  public void addStep(long stampNs, double radians) {
    if (stampNs == Times.NONE || (lastNs != Times.NONE && stampNs <= lastNs)) {
      return;
    }
    boolean follows = follows(stampNs) && !Double.isNaN(radians);
    if (follows) {
      sum[2] += radians;
    }
    next(stampNs, follows);
  }

  /// What follows has nothing to do with what came before.
  public void breakOff() {
    broken = true;
  }

  /// The turns between two instants, as if they had been stamped later.
  public TurnTrack part(long fromNs, long toNs, long laterNs) {
    TurnTrack part = new TurnTrack(planar);
    for (int i = 0; i < size; i++) {
      if (timesNs[i] < fromNs || timesNs[i] > toNs) {
        continue;
      }
      long stampNs = timesNs[i] + laterNs;
      boolean follows = part.size > 0 && !begins[i];
      for (int axis = 0; axis < AXES && follows; axis++) {
        part.sum[axis] += (double) angles[i * AXES + axis] - angles[(i - 1) * AXES + axis];
      }
      part.next(stampNs, follows);
    }
    return part;
  }

  private boolean follows(long stampNs) {
    return !broken && stampNs > lastNs && stampNs - lastNs <= LONGEST_NS;
  }

  /// Adds the turn from the last orientation to this one, about the sensor's axes.
  private void turnFromLast(double x, double y, double z, double w) {
    double lx = -last[0];
    double ly = -last[1];
    double lz = -last[2];
    double lw = last[3];
    double dw = lw * w - lx * x - ly * y - lz * z;
    double dx = lw * x + lx * w + ly * z - lz * y;
    double dy = lw * y - lx * z + ly * w + lz * x;
    double dz = lw * z + lx * y - ly * x + lz * w;
    double sine = Math.sqrt(dx * dx + dy * dy + dz * dz);
    // The shorter way round; and lengths other than 1 cancel.
    double angle = 2 * Math.atan2(sine, Math.abs(dw));
    double scale = sine == 0 ? 0 : (dw < 0 ? -angle : angle) / sine;
    sum[0] += dx * scale;
    sum[1] += dy * scale;
    sum[2] += dz * scale;
  }

  private void next(long stampNs, boolean follows) {
    if (follows) {
      coveredNs += stampNs - lastNs;
      steps++;
    }
    lastNs = stampNs;
    broken = false;
    sinceKept++;
    if (!follows || sinceKept >= stride) {
      keep(stampNs, !follows);
      sinceKept = 0;
    }
  }

  private void keep(long stampNs, boolean begin) {
    if (size == MOST) {
      thin();
    }
    if (size == timesNs.length) {
      timesNs = Arrays.copyOf(timesNs, size * 2);
      angles = Arrays.copyOf(angles, size * 2 * AXES);
      begins = Arrays.copyOf(begins, size * 2);
    }
    timesNs[size] = stampNs;
    begins[size] = begin;
    for (int axis = 0; axis < AXES; axis++) {
      angles[size * AXES + axis] = (float) sum[axis];
    }
    size++;
  }

  private void thin() {
    stride *= 2;
    int kept = 0;
    boolean begin = false;
    for (int i = 0; i < size; i++) {
      begin |= begins[i];
      if (i % 2 == 0) {
        timesNs[kept] = timesNs[i];
        begins[kept] = begin;
        System.arraycopy(angles, i * AXES, angles, kept * AXES, AXES);
        begin = false;
        kept++;
      }
    }
    size = kept;
  }

  /// Whether only turns about z are known.
  public boolean planar() {
    return planar;
  }

  /// Number of instants.
  public int size() {
    return size;
  }

  /// Mean time between two messages that follow each other, ns; 0 where none do.
  public long periodNs() {
    return steps == 0 ? 0 : coveredNs / steps;
  }

  /// The instants, ns, strictly ascending; only the first [#size()] are valid.
  public long[] timesNs() {
    return timesNs;
  }

  /// Sums of the turns up to each instant, [#AXES] numbers each, rad.
  public float[] angles() {
    return angles;
  }

  /// Whether it is unknown how the sensor turned from the instant before to instant `i`.
  public boolean begins(int i) {
    return begins[i];
  }
}
