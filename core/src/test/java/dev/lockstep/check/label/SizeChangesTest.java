package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SizeChangesTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new SizeChanges();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(5).build();
  }

  @Override
  public LabelSet violating() {
    return stretched(0.1, 14, 19).build();
  }

  private static LabelTable stretched(double share, long from, long to) {
    LabelTable table = Scenes.lanes(5);
    for (long f = from; f <= to; f++) {
      Scenes.box(table, "5", f).length *= 1 + share;
    }
    return table;
  }

  @Override
  public String expected() {
    return """
    warning LAB007 size-changes: size of a rigid object changes: size (m) 4.5 x 1.8 x 1.6 -> 4.95 x 1.8 x 1.6 (6 of 20 boxes from here on)
      at labels, track 5, message 75, frame 14, stamp 1700000001400000000 ns, labels.txt
      likely cause: the box was drawn anew, or belongs to another object\
    """;
  }

  @Test
  void findsSmallStepsWhereToolsCopySizes() {
    assertThat(LabelCheckContract.run(check(), stretched(0.02, 14, 19).build()).count()).isOne();
    assertThat(LabelCheckContract.run(check(), stretched(0.002, 14, 19).build()).count()).isZero();
  }

  @Test
  void takesAStepAndItsWayBackForOneFault() {
    assertThat(LabelCheckContract.run(check(), stretched(0.3, 6, 8).build()).text())
        .contains("(3 of 20 boxes)")
        .contains("frames 6..8")
        .containsOnlyOnce("LAB007");
  }

  @Test
  void isUndecidedWhereSizesAreFittedInEachFrame() {
    LabelTable table = Scenes.lanes(5);
    Random random = new Random(3);
    table.boxes.forEach(b -> b.length += 0.1 * random.nextGaussian());
    LabelCheckContract.Run run = LabelCheckContract.run(check(), table.build());
    assertThat(run.count()).isZero();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  void callsOneUnsteadyTrackJitter() {
    LabelTable table = Scenes.lanes(8);
    Random random = new Random(3);
    for (long f = 5; f < 12; f++) {
      Scenes.box(table, "5", f).length += 0.5 + random.nextDouble();
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("likely cause: the size was fitted anew in each frame")
        .containsOnlyOnce("LAB007");
  }

  @Test
  void saysNothingAboutPeopleAndTrailers() {
    for (String category : new String[] {"Pedestrian", "VEHICULAR_TRAILER", "vehicle.bus.bendy"}) {
      LabelTable table = stretched(0.3, 10, 19);
      table.boxes.forEach(b -> b.category = category);
      assertThat(LabelCheckContract.run(check(), table.build()).count()).as(category).isZero();
    }
  }

  @Test
  void leavesBoxesThatCannotExistToAnotherRule() {
    for (long frame : new long[] {0, 9, 19}) {
      LabelTable table = Scenes.lanes(2);
      Scenes.box(table, "2", frame).width *= -1;
      assertThat(LabelCheckContract.run(check(), table.build()).text()).isEmpty();
    }
    LabelTable table = Scenes.lanes(2);
    Scenes.box(table, "2", 0).width *= -1;
    Scenes.box(table, "2", 12).length += 1;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
  }
}
