package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.SharedAnalyses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What every [AlignmentCheck] promises. A test of one implements this and adds its own cases.
public interface AlignmentCheckContract {
  /// The check.
  AlignmentCheck check();

  /// Streams that are in step; enough for the check to decide.
  Alignment clean();

  /// Streams that hold the fault.
  Alignment violating();

  /// Everything that [#violating] must lead to, as rendered. The page shows it as its example.
  String expected();

  /// A run of a check over `alignment`, as if no other rule had run.
  static Run run(AlignmentCheck check, Alignment alignment) {
    Map<String, Conclusion> conclusions = new LinkedHashMap<>();
    Map<String, RecordedFindings> findings = new LinkedHashMap<>();
    Alignment fresh =
        new Alignment(
            alignment.streams(),
            alignment.others(),
            alignment.turning(),
            alignment.calibrations(),
            alignment.poses(),
            new SharedAnalyses());
    check.examine(
        fresh,
        (subject, examination) -> {
          RecordedFindings recorded = new RecordedFindings(check.card());
          assertThat(findings.put(subject, recorded)).as("subject %s twice", subject).isNull();
          conclusions.put(subject, examination.apply(recorded));
        });
    return new Run(findings, conclusions);
  }

  /// What a run gave, by subject.
  record Run(Map<String, RecordedFindings> bySubject, Map<String, Conclusion> conclusions) {
    /// The findings as rendered.
    public String text() {
      return bySubject.values().stream()
          .map(RecordedFindings::text)
          .filter(text -> !text.isEmpty())
          .collect(Collectors.joining("\n"));
    }

    /// The findings.
    public List<Finding> findings() {
      List<Finding> all = new ArrayList<>();
      bySubject.values().forEach(recorded -> all.addAll(recorded.findings()));
      return all;
    }

    /// A measured value, NaN where it was not measured.
    public double measured(String subject, String quantity) {
      return bySubject.get(subject).measurements().getOrDefault(quantity, Double.NaN);
    }

    /// Why a subject was not decided, empty where it was.
    public String reason(String subject) {
      return conclusions.get(subject) instanceof Conclusion.Undecided undecided
          ? undecided.reason()
          : "";
    }
  }

  @Test
  default void passesCleanStreamsAfterExaminingThem() {
    Run run = run(check(), clean());
    assertThat(run.text()).isEmpty();
    assertThat(run.conclusions()).isNotEmpty();
    assertThat(run.conclusions().values())
        .allSatisfy(end -> {
          assertThat(end).isInstanceOf(Conclusion.Examined.class);
          assertThat(((Conclusion.Examined) end).count()).isPositive();
        });
  }

  @Test
  default void reportsExactlyTheFault() {
    assertThat(run(check(), violating()).text()).isEqualTo(expected());
  }

  @Test
  default void givesTheSameTwice() {
    Run first = run(check(), violating());
    Run second = run(check(), violating());
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.conclusions()).isEqualTo(first.conclusions());
  }

  @Test
  default void saysWhyWhereThereIsNothingToCompare() {
    Run run = run(check(), new Alignment(List.of(), List.of(), null, new SharedAnalyses()));
    assertThat(run.findings()).isEmpty();
    assertThat(run.conclusions().values())
        .allSatisfy(end -> assertThat(end).isInstanceOf(Conclusion.Undecided.class));
    assertThat(check().nothingToExamine()).isNotEmpty();
  }

  @Test
  default void hasACompletePageWithThisExample() {
    CheckPages.assertComplete(check(), expected());
  }
}
