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
import org.jspecify.annotations.Nullable;

/// INT044: one axis of an inertial unit repeats a value while the others go on.
public final class AxisStuck implements StreamCheck {
  private static final CheckCard.Parameter RUN =
      new CheckCard.Parameter(
          "min-run", "messages", 20, "judged: noise alone never repeats that often");
  private static final CheckCard.Parameter SATURATED =
      new CheckCard.Parameter(
          "saturated-run", "messages", 4, "at the largest value of all; judged");
  private static final CheckCard.Parameter UNUSUAL =
      new CheckCard.Parameter(
          "unusual", "", 3, "of the longest run before; judged: coarse units repeat values");
  private static final CheckCard.Parameter ALIVE =
      new CheckCard.Parameter(
          "natural-changes", "changes", 50, "in front, of an axis that is alive; judged");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT044",
          AxisStuck.class,
          Severity.ERROR,
          "One axis of an inertial unit repeats a value while the others go on.",
          RUN,
          SATURATED,
          UNUSUAL,
          ALIVE);

  private static final String[] NAMES = {
    "turn rate about x",
    "turn rate about y",
    "turn rate about z",
    "acceleration along x",
    "acceleration along y",
    "acceleration along z"
  };

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
    return new Axes(stream, sink);
  }

  private static final class Axes implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final Axis[] axes = new Axis[NAMES.length];
    private long examined;
    private long messageChanges;

    Axes(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
      for (int i = 0; i < axes.length; i++) {
        axes[i] = new Axis(NAMES[i]);
      }
    }

    @Override
    public void onBatch(MessageBatch batch) {
      float[] turns = batch.turns();
      Readings readings = batch.readings();
      for (int row = 0; row < batch.size(); row++) {
        long message = batch.firstIndex() + row;
        long stampNs = batch.stampsNs()[row];
        boolean rates = turns.length > 0 && Float.isNaN(turns[row * MessageBatch.TURN_STRIDE + 3]);
        boolean forces = readings != null && (readings.kinds(row) & Readings.ACCELERATION) != 0;
        if (!rates && !forces) {
          continue;
        }
        examined++;
        boolean changed = false;
        for (int i = 0; i < Readings.AXES; i++) {
          if (rates) {
            changed |= axes[i].differs(turns[row * MessageBatch.TURN_STRIDE + i]);
          }
          if (forces && readings != null) {
            changed |=
                axes[Readings.AXES + i].differs(readings.accelerations()[row * Readings.AXES + i]);
          }
        }
        messageChanges += changed ? 1 : 0;
        for (int i = 0; i < Readings.AXES; i++) {
          if (rates) {
            axes[i].accept(turns[row * MessageBatch.TURN_STRIDE + i], message, stampNs, this);
          }
          if (forces && readings != null) {
            axes[Readings.AXES + i].accept(
                readings.accelerations()[row * Readings.AXES + i], message, stampNs, this);
          }
        }
      }
    }

    void report(Axis axis, boolean saturated) {
      Location at =
          Location.stream(stream.name())
              .withMessages(axis.first, axis.last)
              .withKnownStamps(axis.firstNs, axis.lastNs);
      sink.report(
          saturated ? Severity.WARNING : Severity.ERROR,
          saturated ? "an axis of the sensor is saturated" : "an axis of the sensor stands still",
          at,
          new Evidence.OutOfRange(
              axis.name + " " + Numbers.text(axis.value) + " again",
              axis.run,
              null,
              axis.most(saturated),
              "times in a row"));
      sink.lacks(stream.name(), axis.first - 1, axis.last + 1, 0);
    }

    @Override
    public Conclusion onEnd() {
      for (Axis axis : axes) {
        axis.close(this);
      }
      return Conclusion.examined(examined, "messages tell neither turn rates nor accelerations");
    }
  }

  private static final class Axis {
    final String name;
    double value = Double.NaN;
    long first;
    long last;
    long firstNs;
    long lastNs;
    int run;
    private int longest = 1;
    private long changes;
    private double largest;
    private long changesOfMessage;

    Axis(String name) {
      this.name = name;
    }

    boolean differs(double next) {
      return next != value;
    }

    void accept(double next, long message, long stampNs, Axes all) {
      if (Double.isNaN(next)) {
        close(all);
        value = Double.NaN;
        run = 0;
        return;
      }
      if (next != value) {
        close(all);
        value = next;
        run = 0;
        first = message;
        firstNs = stampNs;
        changesOfMessage = all.messageChanges;
        changes++;
      }
      run++;
      last = message;
      lastNs = stampNs;
    }

    double most(boolean saturated) {
      return Math.max((saturated ? SATURATED : RUN).value() - 1, UNUSUAL.value() * longest);
    }

    /// Ends the run that is open.
    void close(Axes all) {
      if (run == 0) {
        return;
      }
      // Where the others stood still too, the reading is an old one, which INT030 tells.
      boolean othersWent = 2 * (all.messageChanges - changesOfMessage) > run;
      boolean alive = changes >= ALIVE.value() && othersWent;
      double size = Math.abs(value);
      boolean saturated = alive && size >= largest && size > 0 && run > most(true);
      if (alive && run > most(false) && !(saturated && size > largest)) {
        all.report(this, false);
      } else if (saturated) {
        all.report(this, true);
      } else {
        longest = Math.max(longest, run);
      }
      largest = Math.max(largest, size);
      run = 0;
    }
  }
}
