package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Readings;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// INT045: gravity in the accelerations of an inertial unit vanishes, turns over or changes its
/// unit.
public final class GravityBreaks implements StreamCheck {
  /// Standard gravity, m/s² (ISO 80000-3).
  private static final double GRAVITY = 9.80665;

  /// Means are taken over this time, ns; judged: vehicles shake faster and brake longer.
  private static final long WINDOW_NS = Times.SECOND / 2;

  /// A bit for each axis whose value changed within a window.
  private static final int ALL_MOVED = 7;

  /// Readings in it that make a mean; judged.
  private static final int LEAST = 10;

  /// Part of a change that must have begun one mean before, or the last is of both sides; judged.
  private static final double BEGUN = 0.15;

  /// Means that what is usual is the middle of; judged.
  private static final int LEARNED = 3;

  private static final CheckCard.Parameter FACTOR =
      new CheckCard.Parameter(
          "max-factor", "", 2, "of the mean before, or one through it; judged: brakes reach 1.4");
  private static final CheckCard.Parameter ANGLE =
      new CheckCard.Parameter(
          "max-angle",
          "degrees",
          60,
          "between means that the sensor did not turn between; judged: brakes reach 45");
  private static final CheckCard.Parameter TURN =
      new CheckCard.Parameter(
          "max-turn",
          "degrees",
          30,
          "of the sensor, for a change of direction to be wrong; judged");
  private static final CheckCard.Parameter LARGEST =
      new CheckCard.Parameter(
          "largest", "m/s²", 500, "judged: no road vehicle comes near a third of it");

  private static final CheckCard.Parameter FASTEST =
      new CheckCard.Parameter(
          "fastest-turn", "rad/s", 100, "judged: gyroscopes of vehicles end at 2000 degrees/s, 35");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT045",
          GravityBreaks.class,
          Severity.ERROR,
          "Readings are none that a sensor gives, or their gravity vanishes, turns over or changes"
              + " its unit.",
          FACTOR,
          ANGLE,
          TURN,
          LARGEST,
          FASTEST);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return stream.modality() == Modality.IMU ? null : "stream has no inertial readings";
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Gravity(stream, sink);
  }

  /// The mean of some readings.
  private record Mean(
      double x, double y, double z, double turn, long first, long last, long firstNs, long lastNs) {
    double norm() {
      return Math.sqrt(x * x + y * y + z * z);
    }

    double apart(Mean other) {
      return Math.sqrt(
          (x - other.x) * (x - other.x)
              + (y - other.y) * (y - other.y)
              + (z - other.z) * (z - other.z));
    }

    double degreesTo(Mean other) {
      double cosine = (x * other.x + y * other.y + z * other.z) / (norm() * other.norm());
      return Math.toDegrees(Math.acos(Math.clamp(cosine, -1, 1)));
    }
  }

  private static final class Gravity implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;

    // The window that is open.
    private double x;
    private double y;
    private double z;
    private double turn;
    private int count;
    private long first;
    private long last;
    private long firstNs = Times.NONE;
    private long lastNs;
    private final double[] firstValues = new double[Readings.AXES];
    private int moved;
    private boolean mixed;

    private final double[] norms = new double[LEARNED];
    private int windows;
    private @Nullable Mean before;
    private @Nullable Mean between;
    private double usual;

    // What is wrong, until it is over.
    private @Nullable Mean reference;
    private @Nullable Mean begin;
    private @Nullable Mean end;
    private @Nullable Mean typical;
    private String what = "";

    // Readings that are no numbers or absurd, in a row.
    private long wrongFirst = -1;
    private long wrongLast = -1;
    private @Nullable Evidence wrong;

    private long examined;
    private long inG;

    Gravity(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      Readings readings = batch.readings();
      if (readings == null) {
        return;
      }
      float[] turns = batch.turns();
      for (int row = 0; row < batch.size(); row++) {
        if ((readings.kinds(row) & Readings.ACCELERATION) == 0) {
          continue;
        }
        examined++;
        int at = row * Readings.AXES;
        double[] values = readings.accelerations();
        Evidence absurd = absurd(values, at);
        if (absurd == null && turns.length > 0) {
          absurd = absurd(turns, row * MessageBatch.TURN_STRIDE);
        }
        long message = batch.firstIndex() + row;
        if (absurd != null) {
          wrong(message, absurd);
          continue;
        }
        closeWrong();
        double rate = 0;
        if (turns.length > 0) {
          int t = row * MessageBatch.TURN_STRIDE;
          rate =
              Math.sqrt(
                  turns[t] * turns[t] + turns[t + 1] * turns[t + 1] + turns[t + 2] * turns[t + 2]);
        }
        reading(message, batch.stampsNs()[row], values[at], values[at + 1], values[at + 2], rate);
      }
    }

    private static @Nullable Evidence absurd(double[] accelerations, int at) {
      for (int i = at; i < at + Readings.AXES; i++) {
        if (!(Math.abs(accelerations[i]) <= LARGEST.value())) {
          return absurd("acceleration", accelerations[i], LARGEST);
        }
      }
      return null;
    }

    /// Rates that are no numbers stand for none.
    private static @Nullable Evidence absurd(float[] rates, int at) {
      for (int i = at; i < at + Readings.AXES; i++) {
        if (Math.abs(rates[i]) > FASTEST.value()) {
          return absurd("angular velocity", rates[i], FASTEST);
        }
      }
      return null;
    }

    private static Evidence absurd(String what, double value, CheckCard.Parameter limit) {
      return new Evidence.Violation(
          what,
          value + " " + limit.unit(),
          "within " + Math.round(limit.value()) + " " + limit.unit());
    }

    private void wrong(long message, Evidence evidence) {
      if (wrongFirst < 0) {
        wrongFirst = message;
        wrong = evidence;
      }
      wrongLast = message;
    }

    private void closeWrong() {
      if (wrongFirst >= 0) {
        sink.report(
            Severity.ERROR,
            "the reading is none that the sensor can have made",
            Location.stream(stream.name()).withMessages(wrongFirst, wrongLast),
            Objects.requireNonNull(wrong));
        wrongFirst = -1;
      }
    }

    private void reading(long message, long stampNs, double ax, double ay, double az, double rate) {
      if (stampNs == Times.NONE) {
        return;
      }
      if (firstNs != Times.NONE) {
        long sinceNs = Times.difference(stampNs, firstNs);
        if (sinceNs < 0 || sinceNs >= 2 * WINDOW_NS) {
          forget();
        } else if (sinceNs >= WINDOW_NS) {
          closeWindow();
        }
      }
      if (firstNs == Times.NONE) {
        first = message;
        firstNs = stampNs;
        lastNs = stampNs;
        firstValues[0] = ax;
        firstValues[1] = ay;
        firstValues[2] = az;
        moved = 0;
      }
      moved |= (ax != firstValues[0] ? 1 : 0) | (ay != firstValues[1] ? 2 : 0);
      moved |= az != firstValues[2] ? ALL_MOVED - 3 : 0;
      turn += rate * Times.difference(stampNs, lastNs) / Times.SECOND;
      x += ax;
      y += ay;
      z += az;
      count++;
      last = message;
      lastNs = stampNs;
    }

    private void forget() {
      clear();
      before = null;
      between = null;
    }

    private void clear() {
      x = 0;
      y = 0;
      z = 0;
      turn = 0;
      count = 0;
      firstNs = Times.NONE;
    }

    private void closeWindow() {
      boolean usable = count >= LEAST && moved == ALL_MOVED;
      if (!usable || mixed) {
        // An axis that stands still is for INT044, and what follows it may be of both.
        mixed = !usable;
        clear();
        forget();
        return;
      }
      Mean mean = new Mean(x / count, y / count, z / count, turn, first, last, firstNs, lastNs);
      clear();
      windows++;
      inG += Math.abs(mean.norm() - 1) < 0.1 ? 1 : 0;
      Mean old = before;
      Mean middle = between;
      before = middle;
      between = mean;
      if (reference != null) {
        follow(mean);
        return;
      }
      norms[windows % LEARNED] = mean.norm();
      if (old == null || middle == null || windows <= LEARNED) {
        return;
      }
      judge(old, middle, mean);
    }

    /// Whether what was wrong is over.
    private void follow(Mean mean) {
      Mean was = reference;
      Mean from = begin;
      if (was == null || from == null) {
        return;
      }
      double factor = mean.norm() / was.norm();
      boolean sized = factor > 1 / FACTOR.value() && factor < FACTOR.value();
      boolean over = sized && mean.degreesTo(was) <= ANGLE.value();
      if (over) {
        report();
        before = null;
        between = null;
      } else {
        end = mean;
      }
    }

    private void judge(Mean old, Mean middle, Mean mean) {
      double factor = mean.norm() / old.norm();
      String found = null;
      if (factor >= FACTOR.value() || factor <= 1 / FACTOR.value()) {
        boolean gravity = old.norm() > GRAVITY / 2 || old.norm() > 0.5 && old.norm() < 2;
        found =
            gravity || mean.norm() > GRAVITY / 2
                ? "the unit or the gravity of accelerations changes"
                : null;
      } else if (old.degreesTo(mean) > ANGLE.value()
          && Math.toDegrees(old.turn + middle.turn + mean.turn) < TURN.value()
          && old.norm() > GRAVITY / 2) {
        found = "gravity turns over while the sensor does not";
      }
      if (found != null && middle.apart(old) > BEGUN * mean.apart(old)) {
        what = found;
        reference = old;
        begin = middle;
        end = mean;
        typical = mean;
        usual = old.norm();
      }
    }

    private void report() {
      Mean was = reference;
      Mean from = begin;
      Mean to = end;
      Mean shown = typical;
      reference = null;
      if (was == null || from == null || to == null || shown == null) {
        return;
      }
      double factor = shown.norm() / usual;
      String because =
          Math.abs(factor * GRAVITY - 1) < 0.15
              ? ", as if in g"
              : Math.abs(factor / GRAVITY - 1) < 0.15
                  ? ", as if in m/s² where it was in g"
                  : shown.norm() < GRAVITY / 4 && was.norm() > GRAVITY / 2
                      ? ", as if gravity were taken off"
                      : "";
      sink.report(
          Severity.ERROR,
          what,
          Location.stream(stream.name())
              .withMessages(from.first, to.last)
              .withStamps(from.firstNs, to.lastNs),
          new Evidence.Change(
              "mean acceleration (x, y, z)",
              words(was),
              words(shown),
              "m/s² over half a second" + because));
    }

    private static String words(Mean mean) {
      return "("
          + Numbers.fixed(mean.x, 1)
          + ", "
          + Numbers.fixed(mean.y, 1)
          + ", "
          + Numbers.fixed(mean.z, 1)
          + ")";
    }

    @Override
    public Conclusion onEnd() {
      closeWrong();
      if (reference != null) {
        report();
      }
      if (windows > LEARNED) {
        double[] sorted = norms.clone();
        Arrays.sort(sorted);
        sink.measure("gravity", sorted[LEARNED / 2], "m/s²");
        if (inG > 0.9 * windows) {
          sink.report(
              Severity.WARNING,
              "accelerations are in g",
              Location.stream(stream.name()),
              Evidence.OutOfRange.rounded(
                  "mean acceleration",
                  sorted[LEARNED / 2],
                  GRAVITY / FACTOR.value(),
                  GRAVITY * FACTOR.value(),
                  2,
                  "m/s²"));
        }
      }
      return Conclusion.examined(examined, "messages tell no accelerations");
    }
  }
}
