package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// SYN024: the poses of the vehicle say that it was where it cannot have been between two instants,
/// or that it stood on its head, or drove sideways or backwards, most of the time.
public final class PoseLeaps implements AlignmentCheck {
  private static final CheckCard.Parameter ACCELERATION =
      new CheckCard.Parameter(
          "max-acceleration", "m/s^2", 20, "judged: twice what tyres can do, as poses are noisy");
  private static final CheckCard.Parameter LEAST =
      new CheckCard.Parameter(
          "min-distance",
          "m",
          0.15,
          "judged: what satellite receivers correct as a matter of course");
  private static final CheckCard.Parameter USUAL =
      new CheckCard.Parameter(
          "usual-factor",
          "",
          12,
          "judged: of the median distance from the line between neighbours");
  private static final CheckCard.Parameter TURNED =
      new CheckCard.Parameter(
          "max-turn", "deg", 60, "judged: of most poses against the ground, and their way");

  /// Poses closer than that are one instant for several sensors; further apart than that, nothing
  /// tells how the vehicle got there. Judged.
  private static final long LEAST_STEP_NS = 4 * Times.MILLISECOND;

  private static final long MOST_STEP_NS = 600 * Times.MILLISECOND;

  /// Fewest poses, and steps that tell where the vehicle headed. Judged.
  private static final int FEWEST = 12;

  /// Steps of this speed tell where a vehicle heads, m/s. Judged.
  private static final double MOVING = 2;

  /// Leaps so many poses apart are one. Judged.
  private static final int ONE_LEAP = 3;

  private static final String SUBJECT = "poses";

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN024",
          PoseLeaps.class,
          Severity.WARNING,
          "The poses of the vehicle leap, or are turned against its way.",
          ACCELERATION,
          LEAST,
          USUAL,
          TURNED);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public String nothingToExamine() {
    return "no poses of the vehicle";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    PoseSeries poses = alignment.poses();
    if (poses != null && poses.size() > 0) {
      results.of(SUBJECT, sink -> new Walk(poses).judge(sink));
    }
  }

  /// One way along all poses.
  private static final class Walk {
    private final PoseSeries poses;
    private final long[] stamps;
    private final double[] values;
    private final int size;

    /// Distance of each pose from the line between those around it, meters; NaN where there are
    /// none near enough.
    private final double[] off;

    /// What an acceleration that can be makes of it, meters.
    private final double[] most;

    Walk(PoseSeries poses) {
      this.poses = poses;
      this.stamps = poses.stampsNs();
      this.values = poses.values();
      this.size = poses.size();
      this.off = new double[size];
      this.most = new double[size];
    }

    Conclusion judge(CheckSink sink) {
      int known = measure();
      if (known < FEWEST) {
        return Conclusion.undecided("fewer than " + FEWEST + " poses in a row");
      }
      turned(sink);
      double[] sorted = Arrays.stream(off).filter(value -> !Double.isNaN(value)).sorted().toArray();
      double usual = sorted[sorted.length / 2];
      sink.measure("pose-unevenness", usual, "m");
      int worst = -1;
      int last = -1;
      for (int i = 0; i < size; i++) {
        double limit = Math.max(LEAST.value() + most[i], USUAL.value() * usual);
        if (Double.isNaN(off[i]) || off[i] <= limit) {
          continue;
        }
        if (worst >= 0 && i > last + ONE_LEAP) {
          report(worst, usual, sink);
          worst = -1;
        }
        worst = worst < 0 || off[i] > off[worst] ? i : worst;
        last = i;
      }
      if (worst >= 0) {
        report(worst, usual, sink);
      }
      return Conclusion.examined(known, "");
    }

    private int measure() {
      int known = 0;
      int before = 0;
      int behind = 0;
      for (int i = 0; i < size; i++) {
        while (before + 1 < i && stamps[i] - stamps[before + 1] >= LEAST_STEP_NS) {
          before++;
        }
        behind = Math.max(behind, i);
        while (behind < size && stamps[behind] - stamps[i] < LEAST_STEP_NS) {
          behind++;
        }
        off[i] = Double.NaN;
        if (behind == size || before >= i) {
          continue;
        }
        long back = stamps[i] - stamps[before];
        long forth = stamps[behind] - stamps[i];
        if (back >= LEAST_STEP_NS && back <= MOST_STEP_NS && forth <= MOST_STEP_NS) {
          double share = (double) back / (back + forth);
          double sum = 0;
          for (int axis = 4; axis < PoseSeries.STRIDE; axis++) {
            double a = value(before, axis);
            double d = value(i, axis) - a - share * (value(behind, axis) - a);
            sum += d * d;
          }
          off[i] = Math.sqrt(sum);
          most[i] = ACCELERATION.value() / 2 * (back / 1e9) * (forth / 1e9);
          known++;
        }
      }
      return known;
    }

    private double value(int pose, int of) {
      return values[pose * PoseSeries.STRIDE + of];
    }

    private void report(int i, double usual, CheckSink sink) {
      double limit = Math.max(LEAST.value() + most[i], USUAL.value() * usual);
      sink.report(
          Severity.WARNING,
          "pose of the vehicle leaps",
          at(i, i),
          new Evidence.OutOfRange(
              "distance of pose " + i + " from the line between those around it",
              off[i],
              null,
              limit,
              "m"),
          new Cause(
              "pose",
              "the pose is another's, two are exchanged, or the localisation jumped there"));
    }

    private Location at(int first, int last) {
      return Location.stream(SUBJECT).withStamps(stamps[first], stamps[last]);
    }

    /// Tells whether most poses stand on their heads, or point across the way that they take.
    private void turned(CheckSink sink) {
      double[] tilt = new double[size];
      double[] across = new double[size];
      int moving = 0;
      for (int i = 0; i < size; i++) {
        double w = value(i, 0);
        double x = value(i, 1);
        double y = value(i, 2);
        double z = value(i, 3);
        tilt[i] = degrees(1 - 2 * (x * x + y * y));
        if (i > 0 && stamps[i] - stamps[i - 1] >= LEAST_STEP_NS) {
          double dx = value(i, 4) - value(i - 1, 4);
          double dy = value(i, 5) - value(i - 1, 5);
          double length = Math.hypot(dx, dy);
          if (length > MOVING * (stamps[i] - stamps[i - 1]) / 1e9) {
            double ahead = 1 - 2 * (y * y + z * z);
            double left = 2 * (x * y + w * z);
            double cos = (ahead * dx + left * dy) / (length * Math.hypot(ahead, left));
            // Who reverses now and then does not do so most of the time.
            across[moving++] = degrees(cos);
          }
        }
      }
      Arrays.sort(tilt);
      Arrays.sort(across, 0, moving);
      report("tilt of most poses against the ground", tilt[size / 2], sink);
      if (moving >= FEWEST) {
        report("angle of most poses against the way they take", across[moving / 2], sink);
      }
    }

    private static double degrees(double cos) {
      return Math.toDegrees(Math.acos(Math.clamp(cos, -1.0, 1.0)));
    }

    private void report(String what, double angle, CheckSink sink) {
      if (angle > TURNED.value()) {
        sink.report(
            Severity.WARNING,
            "poses of the vehicle are turned",
            at(0, poses.size() - 1),
            new Evidence.OutOfRange(what, angle, null, TURNED.value(), "deg"),
            new Cause("pose-axes", "the quaternion's w stands last, or the axes are others"));
      }
    }
  }
}
