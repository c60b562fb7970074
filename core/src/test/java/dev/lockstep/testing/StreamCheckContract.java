package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every [StreamCheck] promises. A test of one implements this and adds its own cases.
public interface StreamCheckContract {
  /// The check.
  StreamCheck check();

  /// Messages that are in order; enough for the check to decide.
  MessageBatch clean();

  /// Messages that hold the fault.
  MessageBatch violating();

  /// Everything that [#violating] must lead to, as rendered. The page shows it as its example.
  String expected();

  /// A run of the check over the rows of `messages`, cut in front of each of `cuts` (ascending).
  static Run run(StreamCheck check, MessageBatch messages, int... cuts) {
    return run(check, messages, new SharedAnalyses(), cuts);
  }

  /// A run of the check beside others that share `shared`.
  static Run run(StreamCheck check, MessageBatch messages, SharedAnalyses shared, int... cuts) {
    RecordedFindings findings = new RecordedFindings(check.card());
    StreamCheck.Observer observer = check.open(messages.stream(), findings, shared);
    int from = 0;
    for (int cut : cuts) {
      observer.onBatch(messages.slice(from, cut));
      from = cut;
    }
    observer.onBatch(messages.slice(from, messages.size()));
    return new Run(findings, observer.onEnd());
  }

  /// What a run gave.
  record Run(RecordedFindings findings, Conclusion conclusion) {}

  @Test
  default void appliesToTheStreamsOfItsExamples() {
    assertThat(check().notApplicable(clean().stream())).isNull();
    assertThat(check().notApplicable(violating().stream())).isNull();
  }

  @Test
  default void passesCleanMessagesAfterExaminingThem() {
    Run run = run(check(), clean());
    assertThat(run.findings().text()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Examined.class);
    assertThat(((Conclusion.Examined) run.conclusion()).count()).isPositive();
  }

  @Test
  default void reportsExactlyTheFault() {
    assertThat(run(check(), violating()).findings().text()).isEqualTo(expected());
  }

  @Test
  default void findsTheSameHoweverMessagesAreCutIntoBatches() {
    MessageBatch messages = violating();
    Run whole = run(check(), messages);
    int[] all = new int[messages.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    assertSame(whole, run(check(), messages, all), "one row a batch");
    for (long seed = 1; seed <= 20; seed++) {
      int[] cuts = new Random(seed).ints(5, 0, messages.size() + 1).sorted().toArray();
      assertSame(whole, run(check(), messages, cuts), "seed " + seed);
    }
  }

  private static void assertSame(Run whole, Run cut, String how) {
    assertThat(cut.findings().text()).as(how).isEqualTo(whole.findings().text());
    assertThat(cut.findings().measurements()).as(how).isEqualTo(whole.findings().measurements());
    assertThat(cut.conclusion()).as(how).isEqualTo(whole.conclusion());
  }

  @Test
  default void isUndecidedWithoutMessages() {
    Run run = run(check(), clean().slice(0, 0));
    assertThat(run.findings().findings()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  default void hasACompletePageWithThisExample() {
    CheckPages.assertComplete(check(), expected());
  }
}
