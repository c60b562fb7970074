package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CategoryMissingTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new CategoryMissing();
  }

  @Override
  public LabelSet clean() {
    return lanes(3, 4).build();
  }

  @Override
  public LabelSet violating() {
    return without(lanes(3, 4), b -> b.category.equals("truck") && b.frame >= 40).build();
  }

  /// Cars and trucks side by side over 80 frames.
  private static LabelTable lanes(int cars, int trucks) {
    LabelTable first = Scenes.lanes(cars + trucks);
    LabelTable table = Scenes.lanes(0);
    for (int part = 0; part < 4; part++) {
      for (LabelTable.Box box : first.boxes) {
        LabelTable.Box later = table.add(box.copy());
        later.frame += 20 * part;
        later.stampNs += 20 * part * Scenes.STEP_NS;
        later.x += 20 * part;
        later.category = Integer.parseInt(later.track()) > cars ? "truck" : "car";
      }
    }
    return table;
  }

  private static LabelTable without(LabelTable table, Predicate<LabelTable.Box> gone) {
    return table.where(b -> !gone.test(b));
  }

  @Override
  public String expected() {
    return """
    error LAB030 category-missing: tracks of a category all end at one instant: of 80 instants, tracks of truck that end with number 40: 4 (expected at most 2)
      at labels, messages 281..400, frames 40..79, stamps 1700000004000000000..1700000007900000000 ns, labels.txt
      likely cause: labels of truck are left out from frame 40 on\
    """;
  }

  private long count(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).count();
  }

  @Test
  void tellsAStretchAndABeginAsWell() {
    assertThat(
            LabelCheckContract.run(
                    check(),
                    without(
                            lanes(3, 4),
                            b -> b.category.equals("truck") && b.frame >= 30 && b.frame < 50)
                        .build())
                .text())
        .contains("labels of truck are left out in frames 30..49");
    assertThat(
            LabelCheckContract.run(
                    check(),
                    without(lanes(3, 4), b -> b.category.equals("truck") && b.frame < 30).build())
                .text())
        .contains("tracks of a category all begin at one instant")
        .contains("labels of truck are left out up to here");
  }

  @Test
  void fewTracksShortPausesAndEndsOneByOneAreNone() {
    assertThat(count(without(lanes(3, 2), b -> b.category.equals("truck") && b.frame >= 40)))
        .isZero();
    assertThat(
            count(
                without(
                    lanes(3, 4), b -> b.category.equals("truck") && b.frame >= 40 && b.frame < 45)))
        .isZero();
    assertThat(
            count(
                without(
                    lanes(3, 4),
                    b ->
                        b.category.equals("truck") && b.frame >= 40 + Integer.parseInt(b.track()))))
        .isZero();
  }

  /// Three trucks that end together say little, unless others kept coming until then.
  @Test
  void tracksThatNoLongerBeginTellMore() {
    LabelTable table = without(lanes(3, 4), b -> b.category.equals("truck") && b.frame >= 20);
    table.boxes.removeIf(b -> b.track().equals("7"));
    LabelTable coming = table.copy();
    for (LabelTable.Box box : coming.boxes) {
      // Each truck is another one from some frame on.
      if (box.category.equals("truck") && box.frame >= 2 * Integer.parseInt(box.track())) {
        box.track = "9" + box.track;
      }
    }
    LabelTable brief = without(table, b -> b.frame < 14);
    assertThat(count(brief)).isZero();
    assertThat(count(without(coming, b -> b.frame < 7))).isOne();
  }

  @Test
  void theEndOfAllLabelsIsNone() {
    // Cars and trucks end together, and others come: another scene.
    LabelTable table = lanes(3, 4);
    for (LabelTable.Box box : table.boxes) {
      if (box.frame >= 40) {
        box.track = "1" + box.track;
        box.category = "bus";
      }
    }
    assertThat(count(table)).isZero();
  }

  @Test
  void aNewNameForAllIsAChangeOfCategory() {
    LabelTable table = lanes(3, 4);
    table.boxes.stream()
        .filter(b -> b.frame >= 40 && b.category.equals("truck"))
        .forEach(b -> b.category = "bus");
    assertThat(count(table)).isZero();
  }

  @Test
  void isUndecidedWhereOneCategoryIsAlone() {
    assertThat(LabelCheckContract.run(check(), lanes(5, 0).build()).conclusion())
        .isEqualTo(
            Conclusion.undecided("no category has 3 tracks at once beside 2 of other categories"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void isSilentOnCarsAndPeople(long seed) {
    assertThat(count(TrackSimulator.street(seed, 12, 6, 100, 10, 0))).isZero();
  }
}
