package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class LabelsTooFastTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new LabelsTooFast();
  }

  @Override
  public LabelSet clean() {
    return Crew.of(1, 4, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.of(1, 4, 40).hurry(2, 10, 30, 0.05).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN005 labels-too-fast: boxes of ann-2 come too fast: time a box, 240 boxes in a row 0.059 s (expected at least 0.3 s)
      at labels, message 1081, frame 29, stamp 1700000002900000000 ns, labels.txt
      likely cause: a program made the boxes, or their edit times are wrong\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereLabelsDoNotSayWhoMadeThem() {
    Crew crew = Crew.of(1, 2, 30);
    crew.table.boxes.forEach(box -> box.annotator = null);
    assertThat(run(crew).conclusion())
        .isEqualTo(new Conclusion.Undecided("labels do not say who made them"));
  }

  @Test
  void acceptsBoxesThatAToolComputed() {
    Crew crew = Crew.of(1, 2, 40).hurry(1, 10, 30, 0.05);
    crew.each(1, 10, 30, box -> box.flags = LabelDetails.INTERPOLATED);
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void isUndecidedWhereLabelsAreSavedAllAtOnce() {
    Crew crew = Crew.of(1, 2, 40);
    crew.table.boxes.forEach(box -> box.editedNs = 5);
    assertThat(run(crew).conclusion()).isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  void acceptsWhatIsSavedAfterLongWork() {
    Crew crew = Crew.of(1, 2, 40).hurry(1, 10, 30, 0.05);
    crew.each(1, 10, 30, box -> box.editedNs += 300_000_000_000L);
    crew.each(1, 30, 40, box -> box.editedNs += 300_000_000_000L);
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void acceptsHaste() {
    assertThat(run(Crew.of(1, 2, 40).hurry(1, 10, 30, 0.5)).text()).isEmpty();
  }
}
