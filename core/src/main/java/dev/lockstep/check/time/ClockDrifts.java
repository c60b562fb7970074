package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.clock.ClockMapping;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// TIM017: a sensor's clock runs faster or slower than the recorder's.
public final class ClockDrifts implements StreamCheck {
  private static final double BLOCK_NS = 10.0 * Times.SECOND;

  /// How straight a drift must be: a step or the heat of the day bends it. Judged: a step in the
  /// middle leaves blocks a quarter of the drift off the line.
  private static final double STRAIGHT = 0.15;

  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "max-drift",
          "ppm",
          20,
          "judged: clocks that are synchronised stay within 1 ppm; free ones of LiDARs run 58 ppm"
              + " off by their manual");
  private static final CheckCard.Parameter FAST =
      new CheckCard.Parameter(
          "warn-drift", "ppm", 100, "judged: no quartz is that wrong; a mere fact below");
  private static final CheckCard.Parameter LEAST =
      new CheckCard.Parameter(
          "min-change", "ms", 3, "judged: by less no message is joined with a wrong one");
  private static final CheckCard.Parameter PACE =
      new CheckCard.Parameter(
          "max-pace",
          "ppm",
          10_000,
          "judged: beyond, the log times are those of a replay at another pace");

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM017",
          ClockDrifts.class,
          Severity.WARNING,
          "A sensor's clock runs faster or slower than the clock of the recorder.",
          WARN,
          FAST,
          LEAST,
          PACE);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return stream.stampSource() == StampSource.HEADER
        ? null
        : "messages have one time only, a header stamp or a log time";
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Drift(stream, sink);
  }

  private static final class Drift implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final ClockMapping mapping = new ClockMapping(BLOCK_NS);

    Drift(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      long[] stamps = batch.stampsNs();
      long[] logged = batch.logTimesNs();
      for (int row = 0; row < batch.size(); row++) {
        if (stamps[row] != Times.NONE && stamps[row] != 0 && logged[row] != Times.NONE) {
          mapping.add(stamps[row], logged[row]);
        }
      }
    }

    @Override
    public Conclusion onEnd() {
      ClockMapping.Line line = mapping.line();
      if (line.blocks() < ClockMapping.MIN_BLOCKS) {
        return Conclusion.undecided(
            "fewer than "
                + ClockMapping.MIN_BLOCKS
                + " stretches of "
                + Numbers.text(BLOCK_NS / Times.SECOND)
                + " s with messages that have both a stamp and a log time");
      }
      sink.measure("log-rate", line.ppm(), "ppm");
      sink.measure("log-offset", line.offsetNs() / Times.MILLISECOND, "ms");
      sink.measure("log-offset-bound", line.boundNs() / Times.MILLISECOND, "ms");
      sink.measure("log-rate-spread", line.spreadNs() / Times.MILLISECOND, "ms");
      double ppm = Math.abs(line.ppm());
      if (ppm > PACE.value()) {
        return Conclusion.undecided(
            "log times run at another pace than stamps: recorded again from a replay");
      }
      double changeNs = Math.abs(line.driftNs());
      boolean moves = ppm > WARN.value() && changeNs > LEAST.value() * Times.MILLISECOND;
      if (moves && line.spreadNs() > STRAIGHT * changeNs) {
        return Conclusion.undecided(
            "the difference of stamp and log time changes, but not evenly: delays or steps");
      }
      if (moves) {
        report(line, ppm);
      }
      return Conclusion.examined(mapping.count(), "");
    }

    private void report(ClockMapping.Line line, double ppm) {
      sink.report(
          ppm > FAST.value() ? Severity.WARNING : Severity.INFO,
          "the clock of the stamps drifts",
          Location.stream(stream.name()),
          new Evidence.Violation(
              "rate against the log time",
              Math.round(Math.abs(line.ppm()))
                  + (line.ppm() > 0 ? " ppm slow, " : " ppm fast, ")
                  + Numbers.text(Math.rint(Math.abs(line.driftNs()) / 1e5) / 10)
                  + " ms over the recording",
              "at most " + Numbers.text(WARN.value()) + " ppm"));
    }
  }
}
