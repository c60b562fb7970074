package dev.lockstep.check.integrity;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.check.StreamSummary.LogStep;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// INT052: the log time jumps against the stamps and stays there: in all streams at once where it
/// is the recorder's clock that was set.
public final class RecorderClockJumps implements RecordingCheck {
  private static final CheckCard.Parameter TOGETHER =
      new CheckCard.Parameter(
          "max-apart", "s", 2, "judged: the clock is set between two messages of each stream");
  private static final CheckCard.Parameter ALIKE =
      new CheckCard.Parameter(
          "max-difference", "ms", 100, "judged: what messages wait differs from one to the next");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT052",
          RecorderClockJumps.class,
          Severity.WARNING,
          "The recorder's clock jumps: log times leave the stamps at one instant and stay there.",
          TOGETHER,
          ALIKE);

  /// Streams that a finding lists.
  private static final int LISTED = 5;

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Observer open(CheckSink sink) {
    return summary -> judge(summary.streams(), sink);
  }

  private static Conclusion judge(List<StreamSummary> streams, CheckSink sink) {
    List<StreamSummary> jumping = new ArrayList<>();
    long examined = 0;
    for (StreamSummary stream : streams) {
      if (stream.stream().stampSource() == StampSource.HEADER) {
        examined += stream.messages();
        if (stream.logStep() != null) {
          jumping.add(stream);
        }
      }
    }
    while (!jumping.isEmpty()) {
      LogStep first = stepOf(jumping.getFirst());
      List<StreamSummary> together =
          jumping.stream().filter(stream -> isSame(first, stepOf(stream))).toList();
      report(together, sink);
      jumping.removeAll(together);
    }
    return Conclusion.examined(examined, "no stream has stamps beside its log times");
  }

  private static LogStep stepOf(StreamSummary stream) {
    return Objects.requireNonNull(stream.logStep());
  }

  private static boolean isSame(LogStep a, LogStep b) {
    return Math.abs(Times.difference(a.stampNs(), b.stampNs())) <= TOGETHER.value() * Times.SECOND
        && Math.abs(a.stepNs() - b.stepNs()) <= ALIKE.value() * Times.MILLISECOND;
  }

  private static void report(List<StreamSummary> streams, CheckSink sink) {
    StreamSummary first = streams.getFirst();
    LogStep step = stepOf(first);
    String names =
        streams.stream()
            .limit(LISTED)
            .map(stream -> stream.stream().name())
            .collect(Collectors.joining(", "));
    if (streams.size() > LISTED) {
      names += " and " + (streams.size() - LISTED) + " more";
    }
    sink.report(
        Severity.WARNING,
        "the log time jumps against the stamps and stays there",
        Location.stream(first.stream().name())
            .withMessages(step.message(), step.message())
            .withStamps(step.stampNs(), step.stampNs()),
        new Evidence.Violation(
            "step of the log times of " + names, Numbers.duration(step.stepNs()), "none"),
        streams.size() > 1
            ? new Cause(
                "recorder-clock",
                "the clock of the recorder was set while it ran: the stamps went on")
            : null);
    for (StreamSummary stream : streams) {
      long message = stepOf(stream).message();
      sink.accountsForMessages(stream.stream().name(), message - 1, message);
    }
  }
}
