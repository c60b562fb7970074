package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Severity;

/// TIM016: a sensor's last message comes long before that of the others.
public final class StreamEndsEarly extends EndsRule {
  /// A rule with its default limits.
  public StreamEndsEarly() {
    super(
        CheckCard.of(
            "TIM016",
            StreamEndsEarly.class,
            Severity.ERROR,
            "A sensor's last message comes long before that of the other sensors.",
            SECONDS,
            PERIODS),
        "ends early");
  }

  @Override
  double missedNs(StreamEnds.Extent extent, StreamEnds ends) {
    return ends.missedEndNs(extent);
  }

  @Override
  String end() {
    return "end of the recording";
  }

  @Override
  long message(StreamEnds.Extent extent) {
    return extent.stream().messages() - 1;
  }

  @Override
  void tellAbsence(StreamEnds.Extent extent, CheckSink sink) {
    sink.lacks(extent.stream().stream().name(), extent.stream().messages() - 1, Long.MAX_VALUE, 0);
  }
}
