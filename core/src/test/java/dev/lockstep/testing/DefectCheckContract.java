package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every [DefectCheck] promises.
public interface DefectCheckContract {
  /// The check.
  DefectCheck check();

  /// Defects of its kinds, at least one of each kind that its page speaks of.
  List<Defect> violating();

  /// Everything that [#violating] must lead to, as rendered. The page shows it as its example.
  String expected();

  /// The end of a recording in which kinds were looked for `times` times each.
  static RecordingCheck.Summary summary(long times) {
    return summary(times, List.of());
  }

  /// The end of a recording with these streams, in which no defects were looked for.
  static RecordingCheck.Summary summary(List<StreamSummary> streams) {
    return summary(0, streams);
  }

  private static RecordingCheck.Summary summary(long times, List<StreamSummary> streams) {
    return new RecordingCheck.Summary() {
      @Override
      public List<StreamSummary> streams() {
        return streams;
      }

      @Override
      public long examined(DefectKind kind) {
        return times;
      }

      @Override
      public List<String> unexamined(DefectKind kind) {
        return List.of();
      }

      @Override
      public Coverage coverage() {
        return new Coverage(0, 0, 0, 0, "none");
      }
    };
  }

  @Test
  default void passesAfterExaminingWithoutADefect() {
    RecordedFindings findings = new RecordedFindings(check().card());
    Conclusion end = check().open(findings).onEnd(summary(7));
    assertThat(findings.text()).isEmpty();
    assertThat(end).isEqualTo(new Conclusion.Examined(7L * check().kinds().size()));
  }

  @Test
  default void reportsExactlyItsDefects() {
    RecordedFindings findings = new RecordedFindings(check().card());
    RecordingCheck.Observer observer = check().open(findings);
    Set<DefectKind> others = EnumSet.complementOf(EnumSet.copyOf(check().kinds()));
    for (DefectKind kind : others) {
      Evidence evidence = new Evidence.Violation("a", "b", "c");
      observer.onDefect(Defect.of(kind, Location.RECORDING, evidence));
    }
    violating().forEach(observer::onDefect);
    assertThat(observer.onEnd(summary(7))).isInstanceOf(Conclusion.Examined.class);
    assertThat(findings.text()).isEqualTo(expected());
  }

  @Test
  default void showsEachOfItsKinds() {
    assertThat(violating().stream().map(Defect::kind)).containsAll(check().kinds());
  }

  @Test
  default void isUndecidedWhereNothingWasExamined() {
    Conclusion end = check().open(new RecordedFindings(check().card())).onEnd(summary(0));
    assertThat(end).isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  default void hasACompletePageWithThisExample() {
    CheckPages.assertComplete(check(), expected());
  }
}
