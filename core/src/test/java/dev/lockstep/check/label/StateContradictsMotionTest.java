package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateContradictsMotionTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new StateContradictsMotion();
  }

  /// Two cars in lanes at 10 m/s and one that is parked; 40 instants in 4 s.
  private static LabelSet labels(IntFunction<String> ofDriving, String ofParked) {
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < 40; f++) {
      for (int car = 1; car <= 3; car++) {
        table.add(
            new LabelTable.Box()
                .at(Scenes.START_NS + f * Scenes.STEP_NS, f, "" + car, "car")
                .solid(car == 3 ? 10 : f + 2 * car, 4 * car, 0.8, 4, 1.8, 1.6));
      }
    }
    LabelSet set = table.build();
    for (int row = 0; row < set.size(); row++) {
      int car = 1 + set.tracks()[row];
      String value = car == 3 ? ofParked : ofDriving.apply((int) set.frames()[row]);
      set.details().setAttributes(row, List.of(new Attribute("state", value)));
    }
    return set;
  }

  @Override
  public LabelSet clean() {
    return labels(f -> "vehicle.moving", "vehicle.parked");
  }

  @Override
  public LabelSet violating() {
    return labels(f -> "vehicle.moving", "vehicle.moving");
  }

  @Override
  public String expected() {
    return """
    warning LAB022 state-contradicts-motion: an object that is said to move stands: mean speed over 3.9 s 0 m/s (expected at least 0.1 m/s)
      at labels, track 3, messages 3..120, frames 0..39, stamps 1700000000000000000..1700000003900000000 ns, labels.txt\
    """;
  }

  @ParameterizedTest
  @CsvSource({"9, 0", "10, 0", "11, 2", "20, 2"})
  void givesObjectsTimeToStop(int frames, int findings) {
    LabelSet labels =
        labels(f -> f >= 15 && f < 15 + frames ? "vehicle.stopped" : "vehicle.moving", "parked");
    assertThat(LabelCheckContract.run(check(), labels).count()).isEqualTo(findings);
  }

  @Test
  void readsAnswersToAQuestion() {
    LabelSet set = labels(f -> "", "");
    for (int row = 0; row < set.size(); row++) {
      boolean moves = set.tracks()[row] != 2;
      set.details().setAttributes(row, List.of(new Attribute("is_moving", "" + moves)));
    }
    assertThat(LabelCheckContract.run(check(), set).text()).isEmpty();
    for (int row = 0; row < set.size(); row++) {
      boolean moves = set.tracks()[row] != 2;
      set.details().setAttributes(row, List.of(new Attribute("is_moving", "" + !moves)));
    }
    assertThat(LabelCheckContract.run(check(), set).count()).isEqualTo(3);
  }

  @Test
  void isUndecidedWhereNoAttributeSpeaksOfMotion() {
    assertThat(LabelCheckContract.run(check(), labels(f -> "red", "blue")).conclusion())
        .isEqualTo(Conclusion.undecided("no attribute says whether objects stand or move"));
  }
}
