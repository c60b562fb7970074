package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.clock.StampResolution;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// TIM012: stamps were rounded: by a floating-point number, or by a coarse clock.
public final class StampsRounded implements StreamCheck {
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "coarse-share",
          "%",
          5,
          "judged: a clock that counts a twentieth of the period hides jitter of that size");

  private static final CheckCard.Parameter WARNING =
      new CheckCard.Parameter(
          "warning-share",
          "%",
          25,
          "derived: two such clocks can be half a period apart, where the nearest message is no"
              + " longer the right one");

  /// A grid of more than this share of the mean step is the step itself; judged: up to two in five
  /// messages may be missing.
  private static final double SCHEDULE = 0.6;

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM012",
          StampsRounded.class,
          Severity.WARNING,
          "Stamps passed through a floating-point number or come from a coarse clock.",
          SHARE,
          WARNING);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return switch (stream.stampSource()) {
      case HEADER, FILE_NAME, LIST, COLUMN -> null;
      case LOG_TIME -> "the recorder's clock stamped the messages, not the sensor's";
      case MEDIA_TIME, FRAME_NUMBER -> StampRule.unmeasured(stream);
    };
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Digits(stream, sink);
  }

  private static final class Digits implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final StampResolution resolution = new StampResolution();
    private long firstNs = Times.NONE;
    private long lastNs;
    private long count;

    /// Whether nothing coarse can come to light any more.
    private boolean fine;

    Digits(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      long[] stamps = batch.stampsNs();
      for (int r = 0; r < batch.size(); r++) {
        if (stamps[r] != Times.NONE) {
          if (!fine) {
            resolution.add(stamps[r]);
            fine =
                resolution.gridNs() == 1
                    && resolution.shareInNanoseconds() < 1
                    && resolution.shareInSeconds() < 1;
          }
          lastNs = stamps[r];
          firstNs = firstNs == Times.NONE ? lastNs : firstNs;
          count++;
        }
      }
    }

    @Override
    public Conclusion onEnd() {
      if (count < 2) {
        return Conclusion.undecided("fewer than two stamps");
      }
      sink.measure("stamp-grid", resolution.gridNs(), "ns");
      double periodNs = Math.abs((double) Times.difference(lastNs, firstNs)) / (count - 1);
      // Where the format itself stores floating-point numbers, that they passed through one is no
      // news.
      boolean declared =
          stream.stampStepNs() > 1
              && (resolution.floatTrace() != StampResolution.FloatTrace.NANOSECONDS
                  || 1L << resolution.zeroBits() <= stream.stampStepNs());
      switch (declared ? StampResolution.FloatTrace.NONE : resolution.floatTrace()) {
        case NANOSECONDS ->
            floating(
                "are multiples of " + (1L << resolution.zeroBits()) + " ns",
                new Cause("float64-ns", "nanoseconds were held in a 64-bit float"),
                coarse(1L << resolution.zeroBits(), periodNs));
        case SECONDS ->
            floating(
                "are seconds that a 64-bit float can hold",
                new Cause("float64-s", "seconds were held in a 64-bit float"),
                Severity.INFO);
        case NONE, UNDECIDABLE -> {
          // Steps that are all the same, or multiples of the period, tell of a schedule.
          boolean scheduled = resolution.gridNs() > SCHEDULE * periodNs;
          if (!scheduled && resolution.isCoarse(periodNs, SHARE.value() / 100)) {
            sink.report(
                coarse(resolution.gridNs(), periodNs),
                "stamps come from a coarse clock",
                Location.stream(stream.name()),
                new Evidence.Violation(
                    "stamp steps",
                    "are multiples of " + Numbers.duration(resolution.gridNs()),
                    "finer than " + Numbers.duration(Math.round(periodNs * SHARE.value() / 100))));
          }
        }
      }
      return Conclusion.examined(count, "no stamps");
    }

    private static Severity coarse(long gridNs, double periodNs) {
      return gridNs > WARNING.value() / 100 * periodNs ? Severity.WARNING : Severity.INFO;
    }

    private void floating(String observed, Cause cause, Severity severity) {
      sink.report(
          severity,
          "stamps passed through a floating-point number",
          Location.stream(stream.name()),
          new Evidence.Violation(
              "all " + count + " stamps", observed, "whole nanoseconds of any value"),
          cause);
    }
  }
}
