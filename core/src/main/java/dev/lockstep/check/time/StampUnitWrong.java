package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.StampUnit;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;

/// TIM005: stamps count in another unit than nanoseconds: some of them, all from one message on, or
/// all of the stream.
public final class StampUnitWrong extends StampRule {
  private static final CheckCard.Parameter SENSOR_STEP =
      new CheckCard.Parameter(
          "least-step", "us", 1000, "judged: no LiDAR, camera, radar or GNSS receiver is faster");
  private static final CheckCard.Parameter OTHER_STEP =
      new CheckCard.Parameter(
          "least-step-other",
          "us",
          50,
          "judged: no IMU or other sensor sends 20,000 messages a second");

  /// A rule with its default limits.
  public StampUnitWrong() {
    super(
        CheckCard.of(
            "TIM005",
            StampUnitWrong.class,
            Severity.ERROR,
            "Stamps count in another unit than nanoseconds, throughout or from one message on.",
            SENSOR_STEP,
            OTHER_STEP));
  }

  @Override
  void judge(Step step, StreamInfo stream, CheckSink sink) {
    int slip = step.unitSlip();
    if (slip == 0) {
      return;
    }
    String what = step.messages() == 1 ? "stamp" : "stamps of " + step.messages() + " messages";
    switch (step.kind()) {
      case STRAYED, MOVED -> {
        sink.report(
            Severity.ERROR,
            step.kind() == Step.Kind.MOVED
                ? "the unit of the stamps changes"
                : "a few stamps count in another unit",
            step.location(stream),
            new Evidence.Change(
                what, step.beforeNs() + " ns", step.stampNs() + " ns", "a factor of 1e" + slip),
            Moves.unitCause(slip));
        step.tellAbsence(stream, sink);
      }
      case RETURNED ->
          sink.report(
              Severity.INFO,
              "the stamps are in their first unit again",
              step.location(stream),
              new Evidence.Change(
                  what, step.beforeNs() + " ns", step.stampNs() + " ns", "a factor of 1e" + slip));
      case DECREASED, REPEATED -> {}
    }
  }

  @Override
  void conclude(StampWatch watch, StreamInfo stream, CheckSink sink) {
    int slip = slipOfAll(watch, stream);
    if (slip != 0) {
      sink.report(
          Severity.ERROR,
          "all stamps count in another unit",
          Location.stream(stream.name()),
          new Evidence.Violation(
              "stamps",
              "from "
                  + watch.firstStoredNs()
                  + " ns, a message every "
                  + Numbers.duration(watch.usualStepNs()),
              "nanoseconds"),
          Moves.unitCause(slip));
      sink.lacks(stream.name(), -1, Long.MAX_VALUE, 0);
      return;
    }
    int fraction = slipOfFractions(watch);
    if (fraction != 0) {
      sink.report(
          Severity.ERROR,
          "the fractions of a second count in another unit",
          Location.stream(stream.name()),
          new Evidence.Violation(
              "usual step of the stamps",
              Numbers.duration(watch.usualStepNs()),
              Numbers.duration(Math.round(watch.meanOtherStepNs())) + " as the log times step"),
          Moves.unitCause(fraction));
      sink.lacks(stream.name(), -1, Long.MAX_VALUE, 0);
      sink.accountsFor(stream.name(), Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  /// Powers of ten by which what stands behind the seconds of all stamps is too small, 0 where it
  /// is not: the stamps have the right size but step by so much less than the log times, and begin
  /// where only such fractions do.
  private static int slipOfFractions(StampWatch watch) {
    long stampNs = watch.firstStoredNs();
    long logNs = watch.firstOtherNs();
    double stepNs = watch.usualStepNs();
    if (stampNs <= 0 || logNs == Times.NONE || stepNs <= 0 || Moves.unitSlip(logNs, stampNs) != 0) {
      return 0;
    }
    int slip = StampUnit.slip(stepNs, watch.meanOtherStepNs());
    long mostNs = slip == -3 ? Times.MILLISECOND : slip == -6 ? Times.MICROSECOND : 0;
    return stampNs % Times.SECOND < mostNs ? slip : 0;
  }

  /// Powers of ten by which all stamps of a stream are too large (3, 6, 9) or too small (-3, ...),
  /// 0 where they are not: against log times, which must agree in size and in pace, or where there
  /// are none, by a date and a pace that are possible in one other unit only.
  static int slipOfAll(StampWatch watch, StreamInfo stream) {
    long stampNs = watch.firstStoredNs();
    double stepNs = watch.usualStepNs();
    if (stampNs <= 0 || stepNs <= 0) {
      return 0;
    }
    long logNs = watch.firstOtherNs();
    if (logNs != Times.NONE) {
      int slip = Moves.unitSlip(logNs, stampNs);
      return slip == StampUnit.slip(stepNs, watch.meanOtherStepNs()) ? slip : 0;
    }
    StampUnit unit = StampUnit.ofEpoch(stampNs);
    boolean sensor =
        switch (stream.modality()) {
          case LIDAR, CAMERA, VIDEO, RADAR, GNSS, LABELS -> true;
          case IMU, POSE, OTHER -> false;
        };
    double leastNs = (sensor ? SENSOR_STEP : OTHER_STEP).value() * Times.MICROSECOND;
    if (unit == null || unit == StampUnit.NANOSECONDS || stepNs >= leastNs) {
      return 0;
    }
    return switch (unit) {
      case SECONDS -> -9;
      case MILLISECONDS -> -6;
      case MICROSECONDS -> -3;
      case NANOSECONDS -> 0;
    };
  }
}
