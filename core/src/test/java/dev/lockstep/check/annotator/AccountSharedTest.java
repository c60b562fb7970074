package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class AccountSharedTest implements LabelCheckContract {
  private static final int BLOCK = 6;

  @Override
  public LabelCheck check() {
    return new AccountShared();
  }

  @Override
  public LabelSet clean() {
    return Crew.together(1, 3, 60).build();
  }

  @Override
  public LabelSet violating() {
    return inTurns(Crew.together(1, 3, 60), 60, 2.5).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN013 account-shared: account ann-1 is used by two hands: volume and jitter of boxes in turns 92.8 % and 61.8 % in 30 objects -> 109.4 % and 158.7 % in 30 objects (9 turns, since 2023-11-15T22:26:00Z, likelier than one hand by e^15)
      at labels, message 333, frame 17, stamp 1700000001700000000 ns, labels.txt
      likely cause: two people work under one name, or one by hand and by a program in turns: who made a label cannot be said\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  /// A second person draws every other block of objects of annotator 1.
  private static Crew inTurns(Crew crew, int objects, double hand) {
    for (int from = BLOCK; from < objects; from += 2 * BLOCK) {
      int to = Math.min(from + BLOCK, objects);
      crew.resize(1, from, to, 1.06).shake(1, from, to, hand);
    }
    return crew;
  }

  @Test
  void findsTwoHandsWhereNobodyElseDrewTheObjects() {
    assertThat(run(inTurns(Crew.of(3, 3, 120), 120, 4)).text())
        .contains("account ann-1 is used by two hands")
        .containsOnlyOnce("ANN013");
  }

  @Test
  void acceptsAHandThatChangesOnce() {
    Crew crew = Crew.together(4, 3, 60).resize(1, 30, 60, 1.06).shake(1, 30, 60, 2.5);
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void acceptsObjectsOfTwoKindsWithoutOrder() {
    Crew crew = Crew.together(5, 3, 60);
    for (int object = 0; object < 60; object += 1 + object * 7 % 3) {
      crew.resize(1, object, object + 1, 1.06);
    }
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void isUndecidedWithoutTimesOfWork() {
    Crew crew = Crew.together(6, 3, 60);
    crew.table.boxes.forEach(box -> box.editedNs = Times.NONE);
    assertThat(run(crew).conclusion())
        .isEqualTo(new Conclusion.Undecided("labels do not say when they were made"));
  }
}
