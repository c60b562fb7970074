package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstantUnlabelledTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new InstantUnlabelled();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return without(2, 9, 9).build();
  }

  private static LabelTable without(int cars, int first, int last) {
    return Scenes.lanes(cars).where(b -> b.frame < first || b.frame > last);
  }

  @Override
  public String expected() {
    return """
    error LAB024 instant-unlabelled: no labels although tracks go on: 1 label instant missing (2 tracks have boxes 0.2 s apart on both sides)
      at labels, messages 18..19, frames 8..10, stamps 1700000000800000000..1700000001000000000 ns, labels.txt\
    """;
  }

  private long count(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).count();
  }

  @Test
  void countsWhatIsMissing() {
    assertThat(LabelCheckContract.run(check(), without(3, 6, 11).build()).text())
        .contains("6 label instants missing (3 tracks have boxes 0.7 s apart on both sides)");
  }

  @Test
  void believesOneTrackForAShortTimeOnly() {
    assertThat(count(without(1, 9, 11))).isOne();
    assertThat(count(without(1, 9, 12))).isZero();
    LabelTable hidden = without(1, 9, 9);
    Scenes.box(hidden, "1", 8).occluded = 0.9;
    assertThat(count(hidden)).isZero();
  }

  @Test
  void staysSilentWhereNoTrackGoesOn() {
    LabelTable table = without(2, 9, 9);
    table.boxes.stream().filter(b -> b.frame > 9).forEach(b -> b.track = "later-" + b.track);
    assertThat(count(table)).isZero();
  }

  @Test
  void cannotTellWithoutASteadyRate() {
    LabelTable table =
        Scenes.lanes(2).where(b -> List.of(0L, 1L, 3L, 4L, 7L, 9L).contains(b.frame));
    assertThat(LabelCheckContract.run(check(), table.build()).conclusion())
        .isEqualTo(Conclusion.undecided("labels come at no steady rate"));
  }
}
