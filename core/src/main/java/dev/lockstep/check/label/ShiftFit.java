package dev.lockstep.check.label;

import dev.lockstep.model.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The boxes of one instant that tell, and the move, turn and scale that are fitted to how far they
/// lie aside of the ways of their tracks.
final class ShiftFit {
  /// Boxes that must tell; four numbers are fitted to twice as many (judged: chance hardly ever
  /// makes six agree).
  static final int MIN_BOXES = 3;

  /// Share of the instant's judged boxes that must be off, and that may be left out as odd ones.
  private static final double MOSTLY = 0.7;

  /// What the move of a whole instant may be by itself, along each axis, meters; see the rule's
  /// page of LAB009.
  private static final double MOVE_METERS = 0.04;

  /// What must remain beyond that, root of the mean square, meters (measured).
  private static final double MIN_METERS = 0.04;

  /// The same in deviations of what is fitted: of how unevenly the tracks move all along, and of
  /// what the fit leaves here (measured: clean labels 0.8 and 2; exchanged instants 4 of the
  /// latter).
  private static final double SIGMAS = 2;

  private static final double SIGMAS_LEFT = 5;

  /// By how much a frame that moves with the sensor turns by itself, radians (measured).
  private static final double TURN_MOVING = 0.0025;

  /// What its turning changes by besides, half of rad/s2 (measured: 0.1 at 5 Hz in one clean log).
  private static final double MIN_SWAY = 0.075;

  /// The same of the fewest boxes, which four numbers fit too well.
  private static final double MAX_REMAINING_FEW = 0.06;

  /// How far each of the fewest must be off, of the shift: one or two with faults of their own are
  /// none of the instant (judged).
  private static final double LEAST_SHARE_FEW = 0.4;

  /// What the one box that is left out must leave of what the fit does not explain, in squares
  /// (judged).
  private static final double ODD_REMAINING = 0.4;

  static final double LEAST_METERS = 0.08;

  /// Boxes on each side that tell the way of a track, and the fewest.
  static final int SIDE = 3;

  private static final int MIN_SIDE = 1;

  /// The fewest on both sides together: three fit any way.
  private static final int MIN_WAY = 4;

  private static final int NUMBERS = 4;

  /// Of a place against the quadratic way through three on each side, in those of a place.
  private static final double ASIDE_VARIANCE = 1.5;

  /// Share of the shift from which on a part of it is worth a word.
  private static final double MATTERS = 0.25;

  private static final int ROUNDS = 40;

  /// From one round to the next the numbers of what the frame does by itself change by no more once
  /// they are found, meters.
  private static final double SETTLED_METERS = 1e-5;

  /// Share of the least bend that must be left once what the frame of reference does is taken off,
  /// for an instant to be looked at (judged).
  private static final double LEAST_BEYOND = 0.25;

  /// @param frame the instant
  /// @param boxes boxes that tell
  /// @param judged boxes that could
  /// @param meters root of the mean square shift of their places
  /// @param bound how far that may be
  /// @param turn counter-clockwise, radians
  /// @param growth of all distances
  /// @param move how far the middle of all is moved besides, meters
  /// @param far how far the boxes stand from their middle, meters
  /// @param remaining what remains of the unevenness, in squares
  record Shift(
      int frame,
      int boxes,
      int judged,
      double meters,
      double bound,
      double turn,
      double growth,
      double move,
      double far,
      double remaining) {
    /// What was done to them, as far as it matters.
    List<String> words() {
      List<String> words = new ArrayList<>();
      double least = Math.max(bound, meters * MATTERS);
      if (move > least) {
        words.add("moved by " + Numbers.text(Math.rint(move * 100) / 100) + " m");
      }
      if (Math.abs(turn) * far > least) {
        words.add(
            "turned by " + Numbers.text(Math.rint(Math.toDegrees(turn) * 100) / 100) + " deg");
      }
      if (Math.abs(growth) * far > least) {
        words.add("scaled by " + Numbers.text(Math.rint((1 + growth) * 1000) / 1000));
      }
      if (words.isEmpty()) {
        words.add("moved, turned and scaled a little");
      }
      return words;
    }
  }

  private final Tracks tracks;
  private final Motion motion;
  private final double share;
  private final double[] shift = new double[2];
  private int[] at = new int[16];
  private double[] byX = new double[16];
  private double[] byY = new double[16];
  private boolean[] used = new boolean[16];
  private double[] numbers = new double[NUMBERS];
  private double[] x;
  private double[] y;
  private int frame;
  private int count;
  private int judged;
  private int kept;
  private double centreX;
  private double centreY;

  ShiftFit(Tracks tracks, Motion motion, LabelLimits limits) {
    this.tracks = tracks;
    this.motion = motion;
    share = limits.place();
    x = tracks.x;
    y = tracks.y;
  }

  /// The instant.
  int frame() {
    return frame;
  }

  /// Number of boxes that could be judged.
  int count() {
    return count;
  }

  /// The box with number `k` of these if it agrees with the others, or -1.
  int used(int k) {
    return used[k] ? at[k] : -1;
  }

  private void add(int index, double offX, double offY) {
    if (count == at.length) {
      at = Arrays.copyOf(at, 2 * count);
      byX = Arrays.copyOf(byX, 2 * count);
      byY = Arrays.copyOf(byY, 2 * count);
      used = Arrays.copyOf(used, 2 * count);
    }
    at[count] = index;
    byX[count] = offX;
    byY[count] = offY;
    used[count++] = true;
  }

  /// The shift, if it is more than chance and the motion of the frame of reference explain.
  ///
  /// @param remaining what remains of the unevenness, in squares
  @Nullable Shift shift(double remaining) {
    double squares = 0;
    double off = 0;
    double spread = 0;
    double nearest = Double.POSITIVE_INFINITY;
    double far = 0;
    double middleX = 0;
    double middleY = 0;
    for (int k = 0; k < count; k++) {
      if (used[k]) {
        place(at[k]);
        squares += shift[0] * shift[0] + shift[1] * shift[1];
        double ox = byX[k] - shift[0];
        double oy = byY[k] - shift[1];
        off += ox * ox + oy * oy;
        nearest = Math.min(nearest, Math.hypot(byX[k], byY[k]));
        double own = motion.spread(tracks.track(at[k]));
        spread += own * own;
        middleX += dx(at[k]) / kept;
        middleY += dy(at[k]) / kept;
      }
    }
    for (int k = 0; k < count; k++) {
      if (used[k]) {
        far += Math.hypot(dx(at[k]) - middleX, dy(at[k]) - middleY) / kept;
      }
    }
    double beyond = beyondNature();
    double deviation =
        Math.max(
            SIGMAS * Math.sqrt(ASIDE_VARIANCE * spread / kept),
            SIGMAS_LEFT * Math.sqrt(off / (2 * kept - NUMBERS)));
    double least = Math.max(MIN_METERS, deviation * Math.sqrt((double) NUMBERS / kept));
    double meters = Math.sqrt(squares / kept);
    boolean few = kept == MIN_BOXES;
    if (!(beyond > share * least)
        || few && (remaining > MAX_REMAINING_FEW || nearest < LEAST_SHARE_FEW * meters)) {
      return null;
    }
    double moveX = numbers[0] - numbers[2] * middleY + numbers[3] * middleX;
    double moveY = numbers[1] + numbers[2] * middleX + numbers[3] * middleY;
    return new Shift(
        frame,
        kept,
        judged,
        meters,
        share * least + Math.max(0, meters - beyond),
        numbers[2],
        numbers[3],
        Math.hypot(moveX, moveY),
        far,
        remaining);
  }

  /// What of the shift is left, root of the mean square, once the frame of reference has moved and
  /// turned about the vehicle as it may by itself.
  private double beyondNature() {
    double moves = MOVE_METERS;
    double turns = tracks.grounded() ? 0 : swing();
    double u = 0;
    double v = 0;
    double w = 0;
    double squares = Double.POSITIVE_INFINITY;
    double before = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      double sumX = 0;
      double sumY = 0;
      double turned = 0;
      double ranges = 0;
      squares = 0;
      for (int k = 0; k < count; k++) {
        if (used[k]) {
          place(at[k]);
          double dx = dx(at[k]);
          double dy = dy(at[k]);
          double ox = shift[0] - u + w * dy;
          double oy = shift[1] - v - w * dx;
          squares += ox * ox + oy * oy;
          sumX += ox;
          sumY += oy;
          turned += dx * oy - dy * ox;
          ranges += dx * dx + dy * dy;
        }
      }
      double now = Math.sqrt(squares / kept);
      if (round % 2 == 0) {
        if (before - now < SETTLED_METERS) {
          break;
        }
        before = now;
      }
      // One number after the other: what is bounded is convex.
      if (round % 2 == 0) {
        u = Math.clamp(u + sumX / kept, -moves, moves);
        v = Math.clamp(v + sumY / kept, -moves, moves);
      } else if (ranges > 0) {
        w = Math.clamp(w + turned / ranges, -turns, turns);
      }
    }
    return Math.sqrt(squares / kept);
  }

  /// What a frame that moves with the sensor turns by itself between two instants, radians.
  private double swing() {
    LabelFrames frames = tracks.frames();
    double step = frames.seconds(frame) - frames.seconds(frame - 1);
    return TURN_MOVING + MIN_SWAY * step * step;
  }

  /// Whether what boxes are off the straight ways between their neighbours, all as one, is `least`
  /// meters in the root of the mean square, and more than the frame of reference does by itself.
  /// Chance makes little of it.
  boolean bends(int instant, double least) {
    LabelFrames frames = tracks.frames();
    frame = instant;
    count = 0;
    for (int r = frames.start(frame); r < frames.start(frame + 1); r++) {
      int i = tracks.indexOf(r);
      if (i >= 0 && motion.hasBend(i)) {
        double part = (tracks.t[i] - tracks.t[i - 1]) / (tracks.t[i + 1] - tracks.t[i - 1]);
        add(
            i,
            x[i] - (1 - part) * x[i - 1] - part * x[i + 1],
            y[i] - (1 - part) * y[i - 1] - part * y[i + 1]);
      }
    }
    begin();
    if (!solve()) {
      return false;
    }
    double squares = 0;
    for (int k = 0; k < count; k++) {
      place(at[k]);
      squares += shift[0] * shift[0] + shift[1] * shift[1];
    }
    return squares >= count * least * least && beyondNature() > least * LEAST_BEYOND;
  }

  /// Collects how far the boxes of an instant lie aside of ways that leave out the wrong ones, and
  /// fits; false where nothing fits.
  ///
  /// @param instant the instant
  /// @param from first wrong instant
  /// @param pattern wrong ones by bits from it on
  /// @param placesX places along x
  /// @param placesY places along y
  boolean fit(int instant, int from, int pattern, double[] placesX, double[] placesY) {
    LabelFrames frames = tracks.frames();
    frame = instant;
    x = placesX;
    y = placesY;
    count = 0;
    for (int r = frames.start(frame); r < frames.start(frame + 1); r++) {
      int i = tracks.indexOf(r);
      if (i >= 0) {
        aside(i, from, pattern);
      }
    }
    begin();
    return count >= MIN_BOXES && fit();
  }

  /// Begins to fit what was collected.
  private void begin() {
    judged = count;
    kept = count;
    centreX = 0;
    centreY = 0;
    if (count > 0 && Double.isNaN(tracks.range[at[0]])) {
      // Nobody knows where the vehicle is: turned about the middle of the boxes.
      for (int k = 0; k < count; k++) {
        centreX += tracks.x[at[k]] / count;
        centreY += tracks.y[at[k]] / count;
      }
    }
  }

  /// Adds how far box `i` lies off the quadratic way through up to three boxes on each side.
  private void aside(int i, int from, int pattern) {
    int track = tracks.track(i);
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double x0 = 0;
    double x1 = 0;
    double x2 = 0;
    double y0 = 0;
    double y1 = 0;
    double y2 = 0;
    int n = 0;
    for (int step = -1; step <= 1; step += 2) {
      int beside = 0;
      for (int j = i + step;
          beside < SIDE
              && j >= tracks.start(track)
              && j < tracks.end(track)
              && tracks.frame(j) - tracks.frame(i) == j - i;
          j += step) {
        if (CommonShift.isIn(pattern, from, tracks.frame(j))) {
          continue;
        }
        double t = tracks.t[j] - tracks.t[i];
        s1 += t;
        s2 += t * t;
        s3 += t * t * t;
        s4 += t * t * t * t;
        x0 += x[j] - x[i];
        x1 += t * (x[j] - x[i]);
        x2 += t * t * (x[j] - x[i]);
        y0 += y[j] - y[i];
        y1 += t * (y[j] - y[i]);
        y2 += t * t * (y[j] - y[i]);
        beside++;
        n++;
      }
      if (beside < MIN_SIDE) {
        return;
      }
    }
    if (n < MIN_WAY) {
      return;
    }
    // Weights of the sums in the value at 0, by the cofactors of the first row.
    double c0 = s2 * s4 - s3 * s3;
    double c1 = s2 * s3 - s1 * s4;
    double c2 = s1 * s3 - s2 * s2;
    double det = n * c0 + s1 * c1 + s2 * c2;
    add(i, -(c0 * x0 + c1 * x1 + c2 * x2) / det, -(c0 * y0 + c1 * y1 + c2 * y2) / det);
  }

  private double dx(int i) {
    return tracks.x[i] - centreX - tracks.vehicleX(frame);
  }

  private double dy(int i) {
    return tracks.y[i] - centreY - tracks.vehicleY(frame);
  }

  /// How far the fit shifts box `i`, along x and y, until the next call.
  double[] place(int i) {
    double dx = dx(i);
    double dy = dy(i);
    shift[0] = numbers[0] - numbers[2] * dy + numbers[3] * dx;
    shift[1] = numbers[1] + numbers[2] * dx + numbers[3] * dy;
    return shift;
  }

  /// Fits, and leaves out what has a fault of its own, one after the other; false where nothing
  /// fits.
  private boolean fit() {
    if (!solve()) {
      return false;
    }
    double least = share * LEAST_METERS / 4;
    // All of the fewest must tell.
    while (kept > MIN_BOXES + 1 && kept - 1 >= MOSTLY * judged) {
      double before = squares();
      if (before < kept * least * least) {
        return true;
      }
      int odd = furthest();
      if (odd < 0) {
        return false;
      }
      double[] with = numbers;
      used[odd] = false;
      numbers = new double[NUMBERS];
      if (!solve() || squares() > ODD_REMAINING * before) {
        used[odd] = true;
        numbers = with;
        return true;
      }
      kept--;
    }
    return true;
  }

  private double squaredOff(int k) {
    place(at[k]);
    double ox = byX[k] - shift[0];
    double oy = byY[k] - shift[1];
    return ox * ox + oy * oy;
  }

  private double squares() {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += used[k] ? squaredOff(k) : 0;
    }
    return sum;
  }

  /// The box that lies furthest off the fit; -1 where places are no numbers.
  private int furthest() {
    int furthest = -1;
    double most = -1;
    for (int k = 0; k < count; k++) {
      double off = used[k] ? squaredOff(k) : -1;
      if (off > most) {
        most = off;
        furthest = k;
      }
    }
    return furthest;
  }

  /// Move along x and y, turn and growth by least squares; false where boxes stand in one place.
  private boolean solve() {
    double n = 0;
    double meanX = 0;
    double meanY = 0;
    double meanU = 0;
    double meanV = 0;
    for (int k = 0; k < count; k++) {
      if (used[k]) {
        n++;
        meanX += dx(at[k]);
        meanY += dy(at[k]);
        meanU += byX[k];
        meanV += byY[k];
      }
    }
    meanX /= n;
    meanY /= n;
    meanU /= n;
    meanV /= n;
    double squares = 0;
    double turned = 0;
    double grown = 0;
    for (int k = 0; k < count; k++) {
      if (used[k]) {
        double x = dx(at[k]) - meanX;
        double y = dy(at[k]) - meanY;
        squares += x * x + y * y;
        turned += x * (byY[k] - meanV) - y * (byX[k] - meanU);
        grown += x * (byX[k] - meanU) + y * (byY[k] - meanV);
      }
    }
    if (!(squares > n)) {
      return false;
    }
    numbers[2] = turned / squares;
    numbers[3] = grown / squares;
    numbers[0] = meanU + numbers[2] * meanY - numbers[3] * meanX;
    numbers[1] = meanV - numbers[2] * meanX - numbers[3] * meanY;
    return true;
  }
}
