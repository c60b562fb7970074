package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.NamedOffsets;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// TIM015: a sensor's first message comes long after that of the others.
public final class StreamStartsLate extends EndsRule {
  private static final CheckCard.Parameter START_UP =
      new CheckCard.Parameter(
          "start-up",
          "s",
          10,
          "judged: drivers that are started together are all up by then; until then a late one is a"
              + " warning even if the recording ends soon");

  /// How far apart drivers of one vehicle start while a shift is still told by its size, ns;
  /// judged.
  private static final double STARTED_NS = 0.25e9;

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
  void judgeOthers(StreamEnds ends, CheckSink sink) {
    for (StreamEnds.Shifted each : ends.shifted()) {
      StreamEnds.Extent extent = each.extent();
      NamedOffsets.@Nullable Match named = NamedOffsets.nearest(each.shiftNs(), STARTED_NS, 0);
      sink.report(
          named == null ? Severity.WARNING : Severity.ERROR,
          "the stream is shifted against the others as a whole",
          Location.stream(extent.name()).withStamps(extent.firstNs(), extent.lastNs()),
          new Evidence.Violation(
              "begin and end of the stream",
              Numbers.text(Math.abs(Math.rint(each.shiftNs() / 1e7)) / 100)
                  + (each.shiftNs() > 0 ? " s later" : " s earlier")
                  + (each.either()
                      ? " than those of the other, or it is that one that is shifted"
                      : " than those of the others"),
              "together with them"),
          named == null ? null : new Cause(named.id(), named.sentence()));
      sink.lacks(extent.name(), -1, Long.MAX_VALUE, 0);
    }
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
