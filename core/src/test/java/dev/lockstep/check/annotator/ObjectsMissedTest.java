package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class ObjectsMissedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new ObjectsMissed();
  }

  @Override
  public LabelSet clean() {
    return Crew.together(1, 3, 80).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.together(1, 3, 80).leaveOut(1, 0, 80, 40, 1).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN008 objects-missed: objects are missing from the work of ann-1: left out of what others drew 16 of 86 others -> 42 of 42 beyond 48 m (by chance one in 1000000000)
      at labels, track t-0-1, message 49, frame 6, stamp 1700000000600000000 ns, labels.txt
      likely cause: the annotator leaves out what is hard to see, or works by another guideline: have these frames completed\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereNobodyDrewTheSameObjects() {
    assertThat(run(Crew.of(1, 3, 30)).conclusion())
        .isEqualTo(
            new Conclusion.Undecided("no two annotators drew the objects of the same frames"));
  }

  @Test
  void findsHalfOfTheFarOnes() {
    assertThat(run(Crew.together(2, 3, 150).leaveOut(1, 0, 150, 40, 2)).text())
        .contains("missing from the work of ann-1")
        .containsOnlyOnce("ANN008");
  }

  @Test
  void acceptsFewMissesAtAnyDistance() {
    Crew crew = Crew.together(3, 3, 100);
    for (int a = 0; a < 3; a++) {
      crew.leaveOut(a, 0, 100, 0, 12);
    }
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void acceptsWorkThatWasSharedOut() {
    // Who was given the first half only did not leave out the second.
    Crew crew = Crew.together(4, 3, 80).leaveOut(1, 40, 80, 0, 1);
    assertThat(run(crew).text()).isEmpty();
  }
}
