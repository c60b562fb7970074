package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.MessageRun;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Readings;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// INT046: a position or orientation jumps, freezes while the vehicle moves, or is none.
public final class PoseJumps implements StreamCheck {
  /// Meters of a degree of latitude (mean of WGS 84).
  private static final double METERS_OF_DEGREE = 111_132.95;

  /// Steps that what is usual is the middle of; judged.
  private static final int LEARNED = 9;

  /// Messages further apart say nothing about each other, ns; judged.
  private static final long LONGEST_NS = 2 * Times.SECOND;

  private static final CheckCard.Parameter JUMP =
      new CheckCard.Parameter("min-jump", "m", 2, "judged: estimators correct themselves by less");
  private static final CheckCard.Parameter FIX =
      new CheckCard.Parameter(
          "min-fix-jump", "m", 5, "of a satellite fix; judged: they scatter by meters");
  private static final CheckCard.Parameter FORCE =
      new CheckCard.Parameter(
          "max-acceleration", "m/s²", 30, "that a step may take; judged: three times of brakes");
  private static final CheckCard.Parameter TURN =
      new CheckCard.Parameter(
          "min-turn", "degrees", 20, "between two messages of a vehicle that hardly turns; judged");
  private static final CheckCard.Parameter FROZEN =
      new CheckCard.Parameter(
          "frozen-run", "messages", 20, "of one value, out of a motion; judged");
  private static final CheckCard.Parameter SPEED =
      new CheckCard.Parameter(
          "frozen-speed", "m/s", 2, "from which nothing stops within one message; judged");
  private static final CheckCard.Parameter RATE =
      new CheckCard.Parameter(
          "frozen-rate", "degrees/s", 1, "from which no turn stops within one message; judged");
  private static final CheckCard.Parameter NORM =
      new CheckCard.Parameter(
          "max-norm-error", "", 0.01, "of the length of a quaternion; judged: floats err by 1e-6");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT046",
          PoseJumps.class,
          Severity.ERROR,
          "A position or orientation jumps, freezes while the vehicle moves, or is none.",
          JUMP,
          FIX,
          FORCE,
          TURN,
          FROZEN,
          SPEED,
          RATE,
          NORM);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return switch (stream.modality()) {
      case POSE, GNSS -> null;
      case LIDAR, CAMERA, VIDEO, RADAR, IMU, LABELS, OTHER -> "stream has no poses";
    };
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Poses(stream, sink);
  }

  /// Messages in a row with one fault, and what the first of them showed.
  private record Fault(String title, Evidence evidence, MessageRun messages) {}

  private static final class Poses implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private long examined;

    private @Nullable Fault invalid;
    private long valid;
    private long zero;

    // The message before.
    private boolean any;
    private boolean geodetic;
    private double[] at = new double[Readings.AXES];
    private double[] stood = new double[MessageBatch.TURN_STRIDE];
    private boolean oriented;
    private long stampNs;

    private final Recent speeds = new Recent();
    private final Recent rates = new Recent();

    // A jump until it is taken back.
    private @Nullable Fault jump;
    private double @Nullable [] offset;
    private long sinceJump;

    private @Nullable Fault turned;
    private double turnedBy;

    private long frozenFirst = -1;
    private final Still position = new Still();
    private final Still orientation = new Still();

    Poses(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      float[] turns = batch.turns();
      Readings readings = batch.readings();
      for (int row = 0; row < batch.size(); row++) {
        int kinds = readings == null ? 0 : readings.kinds(row);
        boolean placed = (kinds & (Readings.POSITION | Readings.GEODETIC)) != 0;
        double[] q = new double[MessageBatch.TURN_STRIDE];
        boolean turning = false;
        if (turns.length > 0) {
          for (int i = 0; i < q.length; i++) {
            q[i] = turns[row * q.length + i];
          }
          // A turn rate has no fourth number.
          turning = !Double.isNaN(q[3]);
        }
        if (!placed && !turning) {
          continue;
        }
        examined++;
        double[] p = new double[Readings.AXES];
        if (placed && readings != null) {
          System.arraycopy(readings.positions(), row * Readings.AXES, p, 0, Readings.AXES);
        }
        boolean degrees = (kinds & Readings.GEODETIC) != 0;
        accept(
            batch.firstIndex() + row,
            batch.stampsNs()[row],
            placed ? p : null,
            degrees,
            turning ? q : null);
      }
    }

    private void accept(
        long message, long stamp, double @Nullable [] p, boolean degrees, double @Nullable [] q) {
      if (isInvalid(message, stamp, p, degrees, q)) {
        return;
      }
      close(invalid);
      invalid = null;
      boolean follows =
          any
              && stamp != Times.NONE
              && stampNs != Times.NONE
              && stamp > stampNs
              && stamp - stampNs <= LONGEST_NS
              && degrees == geodetic;
      double seconds = follows ? (double) (stamp - stampNs) / Times.SECOND : 0;
      if (p != null && follows) {
        move(message, stamp, difference(at, p, degrees), seconds, degrees);
      }
      if (q != null && oriented && follows) {
        turn(message, stamp, angle(stood, q), seconds);
      }
      extend(jump, message, stamp);
      extend(turned, message, stamp);
      any = true;
      geodetic = degrees;
      stampNs = stamp;
      if (p != null) {
        at = p;
      }
      oriented = q != null;
      if (q != null) {
        stood = q;
      }
    }

    private static void extend(@Nullable Fault fault, long message, long stamp) {
      if (fault != null) {
        fault.messages.extend(message, stamp);
      }
    }

    private boolean isInvalid(
        long message, long stamp, double @Nullable [] p, boolean degrees, double @Nullable [] q) {
      String observed = null;
      String expected = "";
      if (p != null && !(Double.isFinite(p[0]) && Double.isFinite(p[1]))) {
        // Receivers without a fix say so by no number; that is no fault in the first messages.
        observed = valid == 0 || degrees ? null : "position " + p[0] + ", " + p[1];
        expected = "numbers";
        if (observed == null) {
          any = false;
          return true;
        }
      } else if (p != null && degrees && (Math.abs(p[0]) > 90 || Math.abs(p[1]) > 180)) {
        observed = "latitude " + p[0] + ", longitude " + p[1];
        expected = "-90 to 90 and -180 to 180 degrees";
      } else if (q != null) {
        double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        if (norm == 0 && valid == 0) {
          // Who knows no orientation leaves it at zero.
          zero++;
          return false;
        }
        if (!(Math.abs(norm - 1) <= NORM.value()) && (norm != 0 || zero == 0)) {
          observed = "quaternion of length " + Numbers.fixed(norm, 3);
          expected = "1";
        }
      }
      if (observed == null) {
        valid++;
        return false;
      }
      if (invalid == null) {
        invalid =
            new Fault(
                "the message holds no pose",
                new Evidence.Violation("pose", observed, expected),
                new MessageRun(stream, message, stamp));
      }
      extend(invalid, message, stamp);
      return true;
    }

    private void move(long message, long stamp, double[] step, double seconds, boolean degrees) {
      double length = norm(step);
      double least = (degrees ? FIX : JUMP).value();
      double usual = speeds.middle();
      double allowed = Math.max(least, 3 * usual * seconds) + FORCE.value() * seconds * seconds;
      boolean resumed = position.isFrozen() && length > 0;
      position.step(length == 0, message, stamp, jump == null && usual >= SPEED.value());
      if (resumed) {
        // It goes on from where it was in truth.
        return;
      }
      if (speeds.isKnown() && length > allowed) {
        double[] before = offset;
        if (jump != null
            && before != null
            && norm(sum(before, step)) <= allowed + usual * seconds * (sinceJump + 1)) {
          close(jump);
          jump = null;
          offset = null;
        } else if (jump == null) {
          jump =
              new Fault(
                  "the position jumps",
                  Evidence.OutOfRange.rounded(
                      "step of the position", length, null, Math.rint(allowed * 100) / 100, 2, "m"),
                  new MessageRun(stream, message, stamp));
          offset = step;
          sinceJump = 0;
        }
        return;
      }
      sinceJump++;
      speeds.add(length / seconds);
    }

    private void turn(long message, long stamp, double radians, double seconds) {
      double degrees = Math.toDegrees(radians);
      double usual = Math.toDegrees(rates.middle());
      boolean resumed = orientation.isFrozen() && radians > 0;
      orientation.step(radians == 0, message, stamp, turned == null && usual >= RATE.value());
      if (resumed) {
        return;
      }
      double allowed = Math.max(TURN.value(), 4 * usual * seconds);
      // A vehicle that turns faster than half a circle a second is none.
      if (rates.isKnown() && degrees > allowed && degrees / seconds > 180) {
        if (turned != null && Math.abs(degrees - turnedBy) < TURN.value()) {
          close(turned);
          turned = null;
        } else if (turned == null) {
          turnedBy = degrees;
          turned =
              new Fault(
                  "the orientation jumps",
                  Evidence.OutOfRange.rounded(
                      "turn from message to message", degrees, null, allowed, 1, "degrees"),
                  new MessageRun(stream, message, stamp));
        }
        return;
      }
      rates.add(radians / seconds);
    }

    private static double[] difference(double[] from, double[] to, boolean degrees) {
      if (!degrees) {
        return new double[] {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
      }
      double north = (to[0] - from[0]) * METERS_OF_DEGREE;
      double east =
          Math.IEEEremainder(to[1] - from[1], 360)
              * METERS_OF_DEGREE
              * Math.cos(Math.toRadians(from[0]));
      // Altitudes of fixes scatter too much to tell a jump.
      return new double[] {north, east, 0};
    }

    private static double[] sum(double[] a, double[] b) {
      return new double[] {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
    }

    private static double norm(double[] v) {
      return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }

    /// Angle between two orientations, exactly 0 where they are the same.
    private static double angle(double[] a, double[] b) {
      if (Arrays.equals(a, b)) {
        return 0;
      }
      double dot = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
      return Math.max(Double.MIN_NORMAL, 2 * Math.acos(Math.min(1, dot)));
    }

    private void close(@Nullable Fault fault) {
      if (fault != null) {
        sink.report(Severity.ERROR, fault.title, fault.messages.location(), fault.evidence);
        fault.messages.disown(sink);
      }
    }

    /// A value that stays what it is.
    private final class Still {
      private @Nullable MessageRun messages;
      private int run;
      private int longest;
      private boolean moving;

      /// @param same whether the value is that of the message before
      /// @param moved whether it was moving up to then
      void step(boolean same, long message, long stamp, boolean moved) {
        if (!same) {
          finish();
          return;
        }
        MessageRun open = messages;
        if (open == null) {
          messages = new MessageRun(stream, message, stamp);
          moving = moved;
        } else {
          open.extend(message, stamp);
        }
        run++;
      }

      boolean isFrozen() {
        return moving && run >= Math.max(FROZEN.value(), 3 * longest);
      }

      void finish() {
        MessageRun still = messages;
        if (still == null || !isFrozen()) {
          longest = Math.max(longest, moving ? run : 0);
        } else if (frozenFirst != still.first()) {
          // Else the whole pose froze, which is told.
          frozenFirst = still.first();
          sink.report(
              Severity.ERROR,
              this == position
                  ? "the position stands still out of a motion"
                  : "the orientation stands still out of a turn",
              still.location(),
              new Evidence.OutOfRange(
                  "messages with the value of the one before",
                  run,
                  null,
                  Math.max(FROZEN.value() - 1, 3 * longest),
                  ""));
          still.disown(sink);
        }
        messages = null;
        run = 0;
      }
    }

    @Override
    public Conclusion onEnd() {
      close(invalid);
      close(jump);
      close(turned);
      position.finish();
      orientation.finish();
      return Conclusion.examined(examined, "messages tell no poses");
    }
  }

  /// The latest values, of which the middle is usual.
  private static final class Recent {
    private final double[] values = new double[LEARNED];
    private long count;

    void add(double value) {
      values[(int) (count++ % LEARNED)] = value;
    }

    boolean isKnown() {
      return count >= LEARNED;
    }

    double middle() {
      int known = (int) Math.min(count, LEARNED);
      double[] sorted = Arrays.copyOf(values, known);
      Arrays.sort(sorted);
      return known == 0 ? 0 : sorted[known / 2];
    }
  }
}
