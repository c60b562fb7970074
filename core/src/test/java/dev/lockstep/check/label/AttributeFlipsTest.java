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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeFlipsTest implements LabelCheckContract {
  private static final int FRAMES = 60;
  private static final int TRACKS = 10;

  @Override
  public LabelCheck check() {
    return new AttributeFlips();
  }

  /// What a label says at a frame.
  private interface Value {
    String of(int track, int frame);
  }

  /// Ten cars in lanes.
  private static LabelSet labels(String name, Value value) {
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < FRAMES; f++) {
      for (int car = 0; car < TRACKS; car++) {
        table.add(
            new LabelTable.Box()
                .at(Scenes.START_NS + f * Scenes.STEP_NS, f, "" + car, "car")
                .solid(f + 2 * car, 4 * car, 0.8, 4, 1.8, 1.6));
      }
    }
    LabelSet set = table.build();
    for (int row = 0; row < set.size(); row++) {
      String text = value.of(set.tracks()[row], (int) set.frames()[row]);
      set.details().setAttributes(row, List.of(new Attribute(name, text)));
    }
    return set;
  }

  private static LabelSet flipped(String name, int frames) {
    return labels(name, (track, f) -> track == 3 && f >= 20 && f < 20 + frames ? "van" : "sedan");
  }

  @Override
  public LabelSet clean() {
    return labels("body", (track, f) -> track % 2 == 0 ? "van" : "sedan");
  }

  @Override
  public LabelSet violating() {
    return flipped("body", 2);
  }

  @Override
  public String expected() {
    return """
    warning LAB028 attribute-flips: attribute flips: body sedan -> van -> sedan (2 of 60 boxes)
      at labels, track 3, messages 204..214, frames 20..21, stamps 1700000002000000000..1700000002100000000 ns, labels.txt\
    """;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 1", "6, 0", "20, 0"})
  void reportsShortRunsOnly(int frames, int findings) {
    assertThat(LabelCheckContract.run(check(), flipped("body", frames)).count())
        .isEqualTo(findings);
  }

  @Test
  void leavesChangesForGoodAlone() {
    LabelSet labels = labels("body", (track, f) -> track == 3 && f >= 30 ? "van" : "sedan");
    assertThat(LabelCheckContract.run(check(), labels).text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"occlusion", "turn_signal", "visibility"})
  void leavesWhatChangesWithTheViewAlone(String name) {
    assertThat(LabelCheckContract.run(check(), flipped(name, 2)).conclusion())
        .isEqualTo(Conclusion.undecided("no label has an attribute"));
  }

  @Test
  void isUndecidedWhereObjectsDoNotKeepTheAttribute() {
    LabelSet labels = labels("pose", (track, f) -> f / 3 % 2 == 0 ? "left" : "right");
    assertThat(LabelCheckContract.run(check(), labels).conclusion())
        .isEqualTo(Conclusion.undecided("no attribute is one that objects keep"));
  }

  @Test
  void leavesObjectsThatStopForAMomentAlone() {
    LabelSet labels =
        labels("state", (track, f) -> track == 3 && f >= 20 && f < 24 ? "stopped" : "moving");
    assertThat(LabelCheckContract.run(check(), labels).text()).isEmpty();
  }
}
