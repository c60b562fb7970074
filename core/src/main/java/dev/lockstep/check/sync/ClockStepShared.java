package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// SYN008: the clocks of several streams jump together, so that they are one clock.
public final class ClockStepShared implements AlignmentCheck {
  private static final String STEPS = "TIM007";

  private static final CheckCard.Parameter TOGETHER =
      new CheckCard.Parameter(
          "max-apart", "s", 1, "judged: a clock is set between two messages of each stream");
  private static final CheckCard.Parameter ALIKE =
      new CheckCard.Parameter(
          "max-difference", "ms", 3, "judged: jitter of two stamps on either side of the step");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN008",
          ClockStepShared.class,
          Severity.INFO,
          "The clocks of several streams jump at once by the same step: they are one clock.",
          TOGETHER,
          ALIKE);

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// @param number its place in the order of streams and messages
  private record Step(
      int number, Alignment.Stream stream, int message, long beforeNs, long stepNs) {}

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Step> steps = new ArrayList<>();
    List<Step> labels = new ArrayList<>();
    List<Alignment.Stream> streams =
        alignment.streams().stream()
            .filter(s -> s.info().modality() != Modality.LABELS && s.stampsNs().length > 1)
            .toList();
    for (Alignment.Stream stream : alignment.streams()) {
      if (stream.stampsNs().length > 1) {
        addSteps(stream, stream.info().modality() == Modality.LABELS ? labels : steps);
      }
    }
    if (streams.size() > 1) {
      results.of(
          streams.getFirst().name(),
          sink -> {
            judge(steps, labels, sink);
            return Conclusion.examined(
                streams.stream().mapToLong(s -> s.stampsNs().length - 1L).sum(), "");
          });
    }
  }

  private static void addSteps(Alignment.Stream stream, List<Step> steps) {
    long[] stamps = stream.stampsNs();
    double usual = Double.NaN;
    for (Alignment.Absence absence : stream.absences()) {
      int before = (int) absence.after();
      if (!absence.check().equals(STEPS)
          || before < 0
          || before + 1 >= stamps.length
          || stamps[before] == Times.NONE
          || stamps[before + 1] == Times.NONE) {
        continue;
      }
      if (Double.isNaN(usual)) {
        usual = usualStep(stamps);
      }
      long step = Times.difference(stamps[before + 1], stamps[before]) - Math.round(usual);
      steps.add(new Step(steps.size(), stream, before + 1, stamps[before], step));
    }
  }

  private static double usualStep(long[] stamps) {
    double[] steps = new double[stamps.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Times.difference(stamps[i + 1], stamps[i]);
    }
    Arrays.sort(steps);
    return steps[steps.length / 2];
  }

  private static void judge(List<Step> steps, List<Step> labels, CheckSink sink) {
    List<Step> byTime = byTime(steps);
    List<Step> labelsByTime = byTime(labels);
    boolean[] told = new boolean[steps.size()];
    for (Step first : steps) {
      if (told[first.number]) {
        continue;
      }
      List<Step> same =
          together(first, byTime).stream()
              .filter(other -> other.number > first.number && !told[other.number])
              .sorted(Order.byInt(Step::number))
              .collect(Collectors.toCollection(ArrayList::new));
      if (!same.isEmpty()) {
        same.forEach(other -> told[other.number] = true);
        List<String> others = same.stream().map(other -> other.stream.name()).toList();
        sink.report(
            Severity.INFO,
            "several clocks jump at once",
            first.stream.location(first.message, first.message),
            new Evidence.Violation(
                "step of " + Numbers.duration(first.stepNs),
                "also in " + String.join(", ", others),
                "in no other stream, if each had its own clock"),
            new Cause("host-clock", "the clock that stamps these streams was set"));
        // The step of the first stream stands for those of all: it is one clock.
        same.addAll(together(first, labelsByTime));
        for (Step step : same) {
          long stampNs = step.stream.stampsNs()[step.message];
          sink.accountsFor(step.stream.name(), stampNs, stampNs);
        }
      }
    }
  }

  private static List<Step> byTime(List<Step> steps) {
    return steps.stream().sorted(Order.byLong(Step::beforeNs)).toList();
  }

  /// Steps of other streams at that time and of that size, of those in order of time.
  private static List<Step> together(Step step, List<Step> byTime) {
    int low = 0;
    int high = byTime.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      double earlierNs = Times.difference(step.beforeNs, byTime.get(middle).beforeNs);
      if (earlierNs > TOGETHER.value() * Times.SECOND) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return byTime.subList(low, byTime.size()).stream()
        .takeWhile(other ->
            Times.difference(other.beforeNs, step.beforeNs) <= TOGETHER.value() * Times.SECOND)
        .filter(other -> together(step, other))
        .toList();
  }

  private static boolean together(Step a, Step b) {
    return !a.stream.name().equals(b.stream.name())
        && Math.abs(Times.difference(a.beforeNs, b.beforeNs)) <= TOGETHER.value() * Times.SECOND
        && Math.abs(Times.difference(a.stepNs, b.stepNs)) <= ALIKE.value() * Times.MILLISECOND;
  }
}
