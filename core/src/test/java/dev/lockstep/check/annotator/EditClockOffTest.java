package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class EditClockOffTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new EditClockOff();
  }

  @Override
  public LabelSet clean() {
    return Crew.together(1, 4, 40).appended().build();
  }

  @Override
  public LabelSet violating() {
    return Crew.together(1, 4, 40).appended().clock(1, 20, 40, 5).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN012 edit-clock-off: edit times of ann-1 are off: from those that others wrote before and behind, 355 labels of 718, from 2023-11-16T03:55:00Z on 5 h (expected at most 0.17 h)
      at labels, message 1449, frame 41, stamp 1700000004100000000 ns, labels.txt
      likely cause: a workstation with another clock or time zone: order and pace of this work cannot be judged until its times are mended\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereRowsStandInAnotherOrder() {
    assertThat(run(Crew.together(1, 3, 30).clock(0, 0, 30, -40).clock(2, 0, 30, 40)).conclusion())
        .isEqualTo(
            new Conclusion.Undecided("rows do not stand in the order in which they were written"));
  }

  @Test
  void saysThatTwoClocksDisagree() {
    assertThat(run(Crew.together(2, 2, 40).appended().clock(1, 20, 40, -3)).text())
        .contains("edit times of ann-0 and ann-1 disagree")
        .containsOnlyOnce("ANN012");
  }

  @Test
  void acceptsWorkInShifts() {
    Crew crew = Crew.together(3, 4, 40).clock(1, 0, 40, 8).clock(2, 20, 40, 16).appended();
    assertThat(run(crew).text()).isEmpty();
  }
}
