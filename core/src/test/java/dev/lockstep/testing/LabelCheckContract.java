package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every [LabelCheck] promises. A test of one implements this and adds its own cases.
public interface LabelCheckContract {
  /// The check.
  LabelCheck check();

  /// Labels without a fault; enough for the check to decide.
  LabelSet clean();

  /// Labels that hold the fault.
  LabelSet violating();

  /// Everything that [#violating] must lead to, as rendered. The page shows it as its example.
  String expected();

  /// What else is known about the recording; nothing unless a test says more.
  default LabelCheck.Context context() {
    return context(null);
  }

  /// A recording of which only these poses (or null) and sweeps are known.
  static LabelCheck.Context context(PoseSeries poses, LabelCheck.Context.Sweeps... sweeps) {
    return new LabelCheck.Context() {
      @Override
      public PoseSeries poses() {
        return poses;
      }

      @Override
      public List<Sweeps> sweeps() {
        return List.of(sweeps);
      }

      @Override
      public String reported(String labelSet, long stampNs) {
        return null;
      }
    };
  }

  /// A run of the check over `labels`.
  static Run run(LabelCheck check, LabelSet labels, LabelCheck.Context context) {
    RecordedFindings findings = new RecordedFindings(check.card());
    return new Run(findings, check.examine(labels, context, findings));
  }

  /// A run over `labels` of which nothing else is known.
  static Run run(LabelCheck check, LabelSet labels) {
    return run(check, labels, context(null));
  }

  /// What a run gave.
  record Run(RecordedFindings findings, Conclusion conclusion) {
    /// The findings as rendered.
    public String text() {
      return findings.text();
    }

    /// Number of findings.
    public int count() {
      return findings.findings().size();
    }
  }

  @Test
  default void passesCleanLabelsAfterExaminingThem() {
    Run run = run(check(), clean(), context());
    assertThat(run.text()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Examined.class);
    assertThat(((Conclusion.Examined) run.conclusion()).count()).isPositive();
  }

  @Test
  default void reportsExactlyTheFault() {
    Run run = run(check(), violating(), context());
    assertThat(run.text()).isEqualTo(expected());
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Examined.class);
  }

  @Test
  default void isUndecidedWithoutLabels() {
    LabelSet like = clean();
    LabelSet empty = new LabelSet("labels", like.frameOfReference(), like.stampSource());
    empty.seal();
    Run run = run(check(), empty, context());
    assertThat(run.findings().findings()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  default void hasACompletePageWithThisExample() {
    CheckPages.assertComplete(check(), expected());
  }
}
