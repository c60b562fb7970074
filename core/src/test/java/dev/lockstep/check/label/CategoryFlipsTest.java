package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CategoryFlipsTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new CategoryFlips();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return flipped("truck", 8, 9).build();
  }

  private static LabelTable flipped(String category, long from, long to) {
    LabelTable table = Scenes.lanes(2);
    for (long f = from; f <= to; f++) {
      Scenes.box(table, "1", f).category = category;
    }
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB001 category-flips: category flips: category car -> truck -> car (2 of 20 boxes)
      at labels, track 1, messages 17..19, frames 8..9, stamps 1700000000800000000..1700000000900000000 ns, labels.txt\
    """;
  }

  @Test
  void joinsFlipsToAndFro() {
    LabelTable table = flipped("truck", 8, 8);
    Scenes.box(table, "1", 11).category = "truck";
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("car -> truck -> car (2 of 20 boxes, in 2 runs)")
        .contains("frames 8..11");
  }

  @Test
  void leavesLongRunsAndEndsToTheOtherRule() {
    assertThat(LabelCheckContract.run(check(), flipped("truck", 5, 12).build()).count()).isZero();
    assertThat(LabelCheckContract.run(check(), flipped("truck", 18, 19).build()).count()).isZero();
  }

  @Test
  void allowsARiderToDismountForASecondButNotForLess() {
    LabelTable table = Scenes.lanes(1);
    table.boxes.forEach(b -> b.category = "cyclist");
    Scenes.box(table, "1", 8).category = "pedestrian";
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
    table.boxes.forEach(b -> b.stampNs += 4 * b.frame * Scenes.STEP_NS);
    Scenes.box(table, "1", 9).category = "pedestrian";
    Scenes.box(table, "1", 10).category = "pedestrian";
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void looksAtImagesToo() {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.FRAME_NUMBER);
    for (int f = 0; f < 12; f++) {
      table.add(
          new LabelTable.Box()
              .at(f * Scenes.STEP_NS, f, "7", f == 6 ? "car" : "pedestrian")
              .flat(10 + f, 20, 30 + f, 70));
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .isEqualTo(
            """
            error LAB001 category-flips: category flips: category pedestrian -> car -> pedestrian (1 of 12 boxes)
              at labels, track 7, message 7, frame 6, labels.txt\
            """);
  }

  @Test
  void isUndecidedWithoutTracks() {
    LabelTable table = Scenes.lanes(1);
    table.boxes.forEach(b -> b.track = null);
    assertThat(LabelCheckContract.run(check(), table.build()).conclusion())
        .isEqualTo(Conclusion.undecided("labels carry no track ids"));
  }

  /// A box of the outline of a bicycle is not that of a person on foot, nor the other way round.
  @ParameterizedTest
  @CsvSource({
    "cyclist, pedestrian, 1.8, 1",
    "pedestrian, cyclist, 0.7, 1",
    "cyclist, pedestrian, 0.7, 0"
  })
  void doubtsAStateThatTheOutlineBelies(String is, String called, double meters, int findings) {
    LabelTable table = Scenes.lanes(1);
    for (LabelTable.Box box : table.boxes) {
      box.category = box.frame >= 8 && box.frame <= 10 ? called : is;
      box.length = meters;
      box.stampNs += 4 * box.frame * Scenes.STEP_NS;
    }
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isEqualTo(findings);
  }
}
