package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;

/// TIM015: a sensor's first message comes long after that of the others.
public final class StreamStartsLate extends EndsRule {
  private static final CheckCard.Parameter START_UP =
      new CheckCard.Parameter(
          "start-up",
          "s",
          10,
          "judged: drivers that are started together are all up by then; until then a late one is a"
              + " warning even if the recording ends soon");

  /// A rule with its default limits.
  public StreamStartsLate() {
    super(
        CheckCard.of(
            "TIM015",
            StreamStartsLate.class,
            Severity.ERROR,
            "A sensor's first message comes long after that of the other sensors.",
            SECONDS,
            PERIODS,
            START_UP),
        "starts late");
  }

  @Override
  double missedNs(StreamEnds.Extent extent, StreamEnds ends) {
    return ends.missedBeginNs(extent);
  }

  @Override
  double leastErrorNs() {
    return START_UP.value() * Times.SECOND;
  }

  @Override
  String end() {
    return "beginning of the recording";
  }

  @Override
  long message(StreamEnds.Extent extent) {
    return 0;
  }

  @Override
  void tellAbsence(StreamEnds.Extent extent, CheckSink sink) {
    sink.lacks(extent.stream().stream().name(), -1, 0, 0);
  }
}
