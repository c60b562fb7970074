package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizesScaledTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new SizesScaled();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(6).build();
  }

  @Override
  public LabelSet violating() {
    return scaled(Scenes.lanes(6), 1.5, 1.5).build();
  }

  private static LabelTable scaled(LabelTable table, double factor, double high) {
    for (LabelTable.Box box : table.boxes) {
      box.length *= factor;
      box.width *= factor;
      box.height *= high;
    }
    return table;
  }

  /// People on foot, 1.7 m tall.
  private static LabelTable people() {
    LabelTable table = scaled(Scenes.lanes(6), 0.3, 1.7 / 1.6);
    table.boxes.forEach(b -> b.category = "pedestrian");
    return table;
  }

  @Override
  public String expected() {
    return """
    warning LAB032 sizes-scaled: cars are too large on the whole: middle length of 6 cars 6.6 m (expected 3.346 to 5.655 m)
      at labels, messages 1..120, frames 0..19, stamps 1700000000000000000..1700000001900000000 ns, labels.txt
      likely cause: all sizes are 1.52 of what is usual: another unit, half sizes, or a factor in an export\
    """;
  }

  private long count(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).count();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3048, 0.5, 1.5, 2, 3.28})
  void findsOtherUnitsAndHalfSizesOfCarsAndPeople(double factor) {
    assertThat(count(scaled(Scenes.lanes(6), factor, factor))).isOne();
    assertThat(count(scaled(people(), factor, factor))).isOne();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.85, 0.95, 1, 1.05, 1.15})
  void allowsWhatFleetsDifferBy(double factor) {
    assertThat(count(scaled(Scenes.lanes(6), factor, factor))).isZero();
    assertThat(count(scaled(people(), factor, factor))).isZero();
  }

  @Test
  void otherShapesAreOtherVehicles() {
    // Vans are long and high, but hardly wider.
    assertThat(count(scaled(Scenes.lanes(6), 1.2, 1.6))).isZero();
  }

  @Test
  void isUndecidedOnFewTracks() {
    assertThat(LabelCheckContract.run(check(), Scenes.lanes(4).build()).conclusion())
        .isEqualTo(
            Conclusion.undecided("fewer than 5 tracks of cars or people: sizes have no middle"));
  }
}
