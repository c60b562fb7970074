package dev.lockstep.engine;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.geometry.BoxScan;
import dev.lockstep.geometry.Rigid;
import dev.lockstep.geometry.SensorFrames;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PointColumns;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import dev.lockstep.source.SweepVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Joins sweeps with the boxes that have their stamps: reads the sweeps of a recording once more,
/// and lets each be looked at with the boxes of its instant.
///
/// Labels are whole only at the end of a recording, sweeps are too large to be kept: so they are
/// read twice, which takes no memory but for the sweeps that are looked at just now, one a thread.
/// What is found does not depend on the order, because each row belongs to one sweep.
public final class PointPass implements SweepVisitor {
  /// Sweeps and labels of one instant differ by no more than the unit in which label formats write
  /// stamps.
  private static final long TOLERANCE_NS = Times.MILLISECOND;

  /// Lags up to that many sweeps are looked for.
  private static final double LAGS = 5.5;

  /// Judged: points of others are then too likely to be taken for those of the box.
  private static final double MAX_REACH_METERS = 12;

  private static final double REACH_MARGIN_METERS = 0.7;

  /// Slower boxes tell nothing about time, m/s. Judged: 10 cm in a sweep at 10 Hz.
  private static final double MIN_SPEED = 1;

  /// Boxes of a track that lie further apart tell nothing about its speed between them, seconds.
  private static final double MAX_STEP_SECONDS = 0.6;

  private final SensorFrames frames;
  private final Map<LabelSet, BoxPoints> known = new HashMap<>();
  private final Map<String, Map<Long, List<Instant>>> instants = new HashMap<>();
  private final Queue<Worker> workers = new ConcurrentLinkedQueue<>();
  private final Map<PointColumns, Worker> working = new ConcurrentHashMap<>();
  private final Map<LabelSet, String> unplaced = new ConcurrentHashMap<>();

  /// The boxes of one label set that belong to one sweep: rows `[from, to)`.
  private record Instant(LabelSet labels, BoxPoints points, int from, int to) {}

  /// Room for one thread.
  private static final class Worker {
    final PointColumns columns = new PointColumns();
    final BoxScan scan = new BoxScan();
    final double[] box = new double[LabelSet.BOX_3D];
    final double[] way = new double[Rigid.STRIDE];
    int[] rows = new int[64];
  }

  private PointPass(List<Calibration> calibrations, @Nullable PoseSeries poses) {
    frames = new SensorFrames(calibrations, poses);
  }

  /// What the sweeps hold of the boxes of `sets`.
  ///
  /// @param sweeps stamps of the LiDAR streams
  /// @param calibrations of the sensors
  /// @param poses of the vehicle, or null
  /// @param again lets all sweeps be seen
  public static Map<LabelSet, BoxPoints> of(
      List<LabelSet> sets,
      List<LabelCheck.Context.Sweeps> sweeps,
      List<Calibration> calibrations,
      @Nullable PoseSeries poses,
      SweepsAgain again) {
    PointPass pass = new PointPass(calibrations, poses);
    for (LabelSet labels : sets) {
      pass.known.put(labels, pass.plan(labels, sweeps));
    }
    if (!pass.instants.isEmpty()) {
      try {
        again.read(pass);
      } catch (IOException e) {
        String reason = "sweeps could not be read again: " + e.getMessage();
        pass.known.replaceAll((labels, points) -> BoxPoints.unknown(reason));
      }
    }
    pass.unplaced.forEach((labels, reason) -> pass.known.put(labels, BoxPoints.unknown(reason)));
    return pass.known;
  }

  private BoxPoints plan(LabelSet labels, List<LabelCheck.Context.Sweeps> streams) {
    boolean solid = false;
    for (int row = 0; row < labels.size() && !solid; row++) {
      solid = labels.has3d(row);
    }
    if (!solid) {
      return BoxPoints.unknown("boxes are 2D");
    }
    if (streams.isEmpty()) {
      return BoxPoints.unknown("the recording has no sweeps with stamps");
    }
    Map<Long, int[]> best = Map.of();
    LabelCheck.Context.Sweeps stream = streams.getFirst();
    for (LabelCheck.Context.Sweeps candidate : streams) {
      Map<Long, int[]> matches = matches(labels, candidate.stampsNs());
      if (matches.size() > best.size()) {
        best = matches;
        stream = candidate;
      }
    }
    if (best.isEmpty()) {
      return BoxPoints.unknown("no label has the stamp of a sweep");
    }
    // Sweeps may say themselves that they are in the vehicle's frame.
    String obstacle = frames.obstacle(labels, stream.stream());
    if (obstacle != null && (frames.obstacle(labels, null) != null || frames.meanLidar() == null)) {
      return BoxPoints.unknown(obstacle);
    }
    double period = period(stream.stampsNs());
    BoxPoints points = BoxPoints.of(stream.stream(), period, labels.size());
    speeds(labels, points);
    Map<Long, List<Instant>> ofStream =
        instants.computeIfAbsent(stream.stream(), name -> new HashMap<>());
    best.forEach((stampNs, rows) ->
        ofStream
            .computeIfAbsent(stampNs, s -> new ArrayList<>())
            .add(new Instant(labels, points, rows[0], rows[1])));
    return points;
  }

  /// Rows `[from, to)` of the instants that belong to exactly one sweep, by its stamp.
  private static Map<Long, int[]> matches(LabelSet labels, long[] stampsNs) {
    long[] sorted = stampsNs.clone();
    Arrays.sort(sorted);
    Map<Long, int[]> matches = new HashMap<>();
    for (int from = 0; from < labels.size(); ) {
      long stamp = labels.stampsNs()[from];
      int to = from + 1;
      while (to < labels.size() && labels.stampsNs()[to] == stamp) {
        to++;
      }
      if (stamp != Times.NONE) {
        int at = Arrays.binarySearch(sorted, stamp - TOLERANCE_NS);
        at = at < 0 ? -at - 1 : at;
        boolean one =
            at < sorted.length
                && sorted[at] <= stamp + TOLERANCE_NS
                && (at + 1 == sorted.length || sorted[at + 1] > stamp + TOLERANCE_NS)
                && (at == 0 || sorted[at - 1] < sorted[at]);
        if (one && matches.put(sorted[at], new int[] {from, to}) != null) {
          matches.remove(sorted[at]);
        }
      }
      from = to;
    }
    return matches;
  }

  private static double period(long[] stampsNs) {
    long[] steps = new long[Math.max(0, stampsNs.length - 1)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Times.difference(stampsNs[i + 1], stampsNs[i]);
    }
    Arrays.sort(steps);
    return steps.length == 0 ? Double.NaN : steps[steps.length / 2] / 1e9;
  }

  /// How fast boxes move along their lengths, by their neighbours on their tracks.
  private static void speeds(LabelSet labels, BoxPoints points) {
    int[] rows = labels.trackRows();
    double[] boxes = labels.boxes3d();
    double[] ahead = new double[3];
    double[] turn = new double[Rigid.STRIDE];
    for (int track = 0; track < labels.trackCount(); track++) {
      int start = labels.trackStart(track);
      int end = labels.trackStart(track + 1);
      for (int i = start; i < end; i++) {
        int before = rows[Math.max(start, i - 1)];
        int after = rows[Math.min(end - 1, i + 1)];
        double seconds =
            Times.difference(labels.stampsNs()[after], labels.stampsNs()[before]) / 1e9;
        if (!(seconds > 0 && seconds <= 2 * MAX_STEP_SECONDS)) {
          continue;
        }
        System.arraycopy(boxes, rows[i] * LabelSet.BOX_3D + 6, turn, 0, 4);
        Rigid.apply(turn, 0, 1, 0, 0, ahead, 0);
        double moved = 0;
        for (int d = 0; d < 3; d++) {
          moved +=
              ahead[d] * (boxes[after * LabelSet.BOX_3D + d] - boxes[before * LabelSet.BOX_3D + d]);
        }
        points.setSpeed(rows[i], moved / seconds);
      }
    }
  }

  @Override
  public PointColumns room() {
    Worker worker = workers.poll();
    if (worker == null) {
      worker = new Worker();
    }
    worker.columns.clear(0);
    working.put(worker.columns, worker);
    return worker.columns;
  }

  @Override
  public void sweep(
      String stream, long stampNs, PointColumns points, @Nullable SweepProfile profile) {
    Worker worker = working.remove(points);
    if (worker == null) {
      return;
    }
    List<Instant> here =
        points.size() == 0
            ? List.of()
            : instants.getOrDefault(stream, Map.of()).getOrDefault(stampNs, List.of());
    for (Instant instant : here) {
      look(instant, stream, stampNs, worker, profile);
    }
    workers.add(worker);
  }

  private void look(
      Instant instant, String stream, long stampNs, Worker worker, @Nullable SweepProfile profile) {
    LabelSet labels = instant.labels;
    boolean vehicle = profile != null && frames.isVehicle(profile.frame());
    double[] origin = vehicle ? frames.meanLidar() : new double[3];
    SensorFrames.Way way = frames.way(labels, vehicle ? null : stream);
    if (way == null || origin == null) {
      String reason = frames.obstacle(labels, vehicle ? null : stream);
      unplaced.put(labels, reason == null ? "where the LiDAR sits is not known" : reason);
      return;
    }
    if (!way.at(stampNs, worker.way)) {
      return;
    }
    BoxScan scan = worker.scan;
    begin(scan, vehicle ? null : stream, origin, stampNs, profile, instant.points.periodSeconds());
    int n = 0;
    for (int row = instant.from; row < instant.to; row++) {
      if (!labels.has3d(row) || !place(labels, row, worker)) {
        continue;
      }
      if (n == worker.rows.length) {
        worker.rows = Arrays.copyOf(worker.rows, 2 * n);
      }
      worker.rows[n++] = row;
      scan.add(worker.box, 0, reach(instant.points, row));
    }
    scan.scan(worker.columns);
    for (int b = 0; b < n; b++) {
      instant.points.set(
          worker.rows[b],
          scan.inside(b),
          scan.near(b),
          scan.through(b),
          scan.ahead(b),
          scan.ground(b),
          profile == null ? Double.NaN : timeOf(profile, scan, b));
      instant.points.setStopped(worker.rows[b], scan.stopped(b));
    }
  }

  /// Tells the scan where the LiDAR is while it measures: where a sweep says nothing of its times,
  /// anywhere from a period before its stamp to one after.
  private void begin(
      BoxScan scan,
      @Nullable String sensor,
      double[] origin,
      long stampNs,
      @Nullable SweepProfile profile,
      double periodSeconds) {
    long lastNs = stampNs + (Double.isNaN(periodSeconds) ? 0 : Math.round(periodSeconds * 1e9));
    long firstNs = 2 * stampNs - lastNs;
    if (profile != null && profile.firstNs() != Times.NONE && profile.lastNs() != Times.NONE) {
      firstNs = stampNs + profile.firstNs();
      lastNs = stampNs + profile.lastNs();
    }
    double[] first = new double[3];
    double[] last = new double[3];
    boolean known =
        stood(sensor, origin, stampNs, firstNs, first)
            && stood(sensor, origin, stampNs, lastNs, last);
    scan.begin(origin[0], origin[1], origin[2], known);
    if (known) {
      scan.alsoFrom(first[0], first[1], first[2]);
      scan.alsoFrom(last[0], last[1], last[2]);
    }
  }

  /// Finds where the LiDAR is at `atNs`, seen from where it is at the stamp. Beyond the ends of the
  /// poses, the vehicle is taken to go on as it goes on the other side of the stamp.
  private boolean stood(
      @Nullable String sensor, double[] origin, long stampNs, long atNs, double[] out) {
    if (frames.seenLater(sensor, origin, stampNs, atNs, out)) {
      return true;
    }
    if (!frames.seenLater(sensor, origin, stampNs, 2 * stampNs - atNs, out)) {
      return false;
    }
    for (int d = 0; d < 3; d++) {
      out[d] = 2 * origin[d] - out[d];
    }
    return true;
  }

  /// Writes a box in the frame of the points to the worker; gives `false` if it is no box.
  private static boolean place(LabelSet labels, int row, Worker worker) {
    double[] boxes = labels.boxes3d();
    int at = row * LabelSet.BOX_3D;
    double[] t = worker.way;
    double[] out = worker.box;
    Rigid.apply(t, 0, boxes[at], boxes[at + 1], boxes[at + 2], out, 0);
    System.arraycopy(boxes, at + 3, out, 3, 3);
    double w = boxes[at + 6];
    double i = boxes[at + 7];
    double j = boxes[at + 8];
    double k = boxes[at + 9];
    out[6] = t[0] * w - t[1] * i - t[2] * j - t[3] * k;
    out[7] = t[0] * i + t[1] * w + t[2] * k - t[3] * j;
    out[8] = t[0] * j - t[1] * k + t[2] * w + t[3] * i;
    out[9] = t[0] * k + t[1] * j - t[2] * i + t[3] * w;
    double sum = 0;
    for (double value : out) {
      sum += value;
    }
    return Double.isFinite(sum)
        && Math.min(out[3], Math.min(out[4], out[5])) > 0
        && w * w + i * i + j * j + k * k > 0;
  }

  private static double reach(BoxPoints points, int row) {
    double speed = Math.abs(points.speed(row));
    return speed >= MIN_SPEED
        ? Math.min(MAX_REACH_METERS, speed * LAGS * points.periodSeconds() + REACH_MARGIN_METERS)
        : 0;
  }

  /// When a box was measured: in the mean of the LiDARs that saw its direction.
  private static double timeOf(SweepProfile profile, BoxScan scan, int box) {
    if (!profile.hasBeamTimes()) {
      return Double.NaN;
    }
    double sum = 0;
    int n = 0;
    for (int beam = 0; beam < profile.beams(); beam++) {
      double timeNs = profile.timeNs(beam, SweepProfile.bin(scan.azimuth(box)));
      if (!Double.isNaN(timeNs)) {
        sum += timeNs;
        n++;
      }
    }
    return n == 0 ? Double.NaN : sum / n / 1e9;
  }
}
