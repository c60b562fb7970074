package dev.lockstep.check.label;

import dev.lockstep.model.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds instants whose boxes are all off their ways as if the whole instant had been moved, turned
/// about the vehicle or scaled: by far less than a single box must be to be told.
///
/// How far each box lies aside is measured against the smooth way of its own track, and four
/// numbers (two of a move, a turn, a scale) are fitted to all of them. Chance leaves most of the
/// unevenness in place; a wrong pose or calibration leaves none.
final class CommonShift {
  /// Boxes that must tell; four numbers are fitted to twice as many.
  private static final int MIN_BOXES = 4;

  /// Share of the instant's judged boxes that must be off, and that may be left out as odd ones.
  private static final double MOSTLY = 0.7;

  /// Smallest shift, root of the mean square, meters; see the rule's page of LAB009.
  static final double MIN_METERS = 0.08;

  /// Share of the range that a frame which moves with the sensor swings by itself (measured).
  private static final double MIN_SHARE_MOVING = 0.0025;

  /// What its turning changes by besides, half of rad/s2 (measured: 0.1 at 5 Hz in one clean log).
  private static final double MIN_SWAY = 0.075;

  /// What may remain of the unevenness, in squares (judged).
  static final double MAX_REMAINING = 0.15;

  /// What the one box that is left out must leave of what the fit does not explain, in squares
  /// (judged).
  private static final double ODD_REMAINING = 0.4;

  /// Share of the shift by which boxes must be off their ways to be looked at.
  private static final double LEAST_OFF = 0.7;

  private static final int NUMBERS = 4;

  /// Share of the shift from which on a part of it is worth a word.
  private static final double MATTERS = 0.25;

  /// @param frame the instant
  /// @param boxes boxes that tell
  /// @param judged boxes that could
  /// @param meters root of the mean square shift of their places
  /// @param bound how far that may be
  /// @param turn counter-clockwise, radians
  /// @param growth of all distances
  /// @param move how far all are moved besides, meters
  /// @param far how far the boxes stand from where they are turned about, meters
  record Shift(
      int frame,
      int boxes,
      int judged,
      double meters,
      double bound,
      double turn,
      double growth,
      double move,
      double far) {
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
  private final AsideRuns aside;
  private final double share;
  private int[] at = new int[16];
  private double[][] by = new double[16][];
  private int count;
  private double centreX;
  private double centreY;

  CommonShift(Tracks tracks, Motion motion, AsideRuns aside, LabelLimits limits) {
    this.tracks = tracks;
    this.motion = motion;
    this.aside = aside;
    share = limits.place();
  }

  /// The shift of an instant; null if there is none to speak of.
  @Nullable Shift find(int frame) {
    int judged = gather(frame);
    if (count < MIN_BOXES || count < MOSTLY * judged) {
      return null;
    }
    boolean[] used = new boolean[count];
    Arrays.fill(used, true);
    double[] numbers = fit(used);
    int kept = count;
    double least = share * MIN_METERS / 4;
    // What has a fault of its own is left out, one after the other.
    while (numbers != null && kept > MIN_BOXES && kept - 1 >= MOSTLY * judged) {
      double before = squares(numbers, used);
      if (before < kept * least * least) {
        break;
      }
      int odd = furthest(numbers, used);
      if (odd < 0) {
        return null;
      }
      used[odd] = false;
      double[] without = fit(used);
      if (without == null || squares(without, used) > ODD_REMAINING * before) {
        used[odd] = true;
        break;
      }
      numbers = without;
      kept--;
    }
    return numbers == null ? null : judge(frame, judged, kept, used, numbers);
  }

  private @Nullable Shift judge(int frame, int judged, int kept, boolean[] used, double[] numbers) {
    double cost = 0;
    double left = 0;
    double squares = 0;
    double far = 0;
    double[] shift = new double[2];
    double[] none = new double[2];
    for (int k = 0; k < count; k++) {
      if (used[k]) {
        shift(numbers, k, shift);
        cost += aside.unevenness(at[k] - 1, at[k], none);
        left += aside.unevenness(at[k] - 1, at[k], shift);
        squares += shift[0] * shift[0] + shift[1] * shift[1];
        far += distance(k);
      }
    }
    double meters = Math.sqrt(squares / kept);
    double bound = share * (MIN_METERS + (tracks.grounded() ? 0 : swing(frame) * far / kept));
    if (!(meters > bound && left <= MAX_REMAINING * cost)) {
      return null;
    }
    double move = Math.hypot(numbers[0], numbers[1]);
    return new Shift(frame, kept, judged, meters, bound, numbers[2], numbers[3], move, far / kept);
  }

  /// What a frame that moves with the sensor turns by itself between two instants, radians.
  private double swing(int frame) {
    LabelFrames frames = tracks.frames();
    double step = frames.seconds(frame) - frames.seconds(frame - 1);
    return MIN_SHARE_MOVING + MIN_SWAY * step * step;
  }

  /// Collects how far the boxes of an instant lie aside, and gives how many could be judged.
  private int gather(int frame) {
    LabelFrames frames = tracks.frames();
    count = 0;
    int judged = 0;
    double squares = 0;
    for (int r = frames.start(frame); r < frames.start(frame + 1); r++) {
      int i = tracks.indexOf(r);
      if (i >= 0 && aside.hasWay(i)) {
        judged++;
        squares += motion.squaredBend(i);
      }
    }
    // A box that lies aside is as far off the way between its neighbours.
    double least = share * LEAST_OFF * MIN_METERS;
    if (judged < MIN_BOXES || squares < judged * least * least) {
      return judged;
    }
    for (int r = frames.start(frame); r < frames.start(frame + 1); r++) {
      int i = tracks.indexOf(r);
      if (i >= 0 && aside.hasWay(i)) {
        if (count == at.length) {
          at = Arrays.copyOf(at, 2 * count);
          by = Arrays.copyOf(by, 2 * count);
        }
        at[count] = i;
        by[count++] = aside.aside(i);
      }
    }
    centreX = 0;
    centreY = 0;
    if (Double.isNaN(tracks.range[at[0]])) {
      // Nobody knows where the vehicle is: turned about the middle of the boxes.
      for (int k = 0; k < count; k++) {
        centreX += tracks.x[at[k]] / count;
        centreY += tracks.y[at[k]] / count;
      }
    }
    return judged;
  }

  private double dx(int k) {
    return tracks.x[at[k]] - centreX - tracks.vehicleX(tracks.frame(at[k]));
  }

  private double dy(int k) {
    return tracks.y[at[k]] - centreY - tracks.vehicleY(tracks.frame(at[k]));
  }

  private double distance(int k) {
    return Math.hypot(dx(k), dy(k));
  }

  private void shift(double[] numbers, int k, double[] out) {
    out[0] = numbers[0] - numbers[2] * dy(k) + numbers[3] * dx(k);
    out[1] = numbers[1] + numbers[2] * dx(k) + numbers[3] * dy(k);
  }

  private double squaredOff(double[] numbers, int k) {
    double dx = by[k][0] - (numbers[0] - numbers[2] * dy(k) + numbers[3] * dx(k));
    double dy = by[k][1] - (numbers[1] + numbers[2] * dx(k) + numbers[3] * dy(k));
    return dx * dx + dy * dy;
  }

  private double squares(double[] numbers, boolean[] used) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += used[k] ? squaredOff(numbers, k) : 0;
    }
    return sum;
  }

  /// The box that lies furthest off the fit; -1 where places are no numbers.
  private int furthest(double[] numbers, boolean[] used) {
    int furthest = -1;
    double most = -1;
    for (int k = 0; k < count; k++) {
      double off = used[k] ? squaredOff(numbers, k) : -1;
      if (off > most) {
        most = off;
        furthest = k;
      }
    }
    return furthest;
  }

  /// Move along x and y, turn and growth by least squares; null where boxes stand in one place.
  private double @Nullable [] fit(boolean[] used) {
    double n = 0;
    double meanX = 0;
    double meanY = 0;
    double meanU = 0;
    double meanV = 0;
    for (int k = 0; k < count; k++) {
      if (used[k]) {
        n++;
        meanX += dx(k);
        meanY += dy(k);
        meanU += by[k][0];
        meanV += by[k][1];
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
        double x = dx(k) - meanX;
        double y = dy(k) - meanY;
        squares += x * x + y * y;
        turned += x * (by[k][1] - meanV) - y * (by[k][0] - meanU);
        grown += x * (by[k][0] - meanU) + y * (by[k][1] - meanV);
      }
    }
    if (!(squares > n)) {
      return null;
    }
    double[] numbers = new double[NUMBERS];
    numbers[2] = turned / squares;
    numbers[3] = grown / squares;
    numbers[0] = meanU + numbers[2] * meanY - numbers[3] * meanX;
    numbers[1] = meanV - numbers[2] * meanX - numbers[3] * meanY;
    return numbers;
  }
}
