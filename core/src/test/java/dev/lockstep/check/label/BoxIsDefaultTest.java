package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class BoxIsDefaultTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new BoxIsDefault();
  }

  @Override
  public LabelSet clean() {
    return flat(0, 3).build();
  }

  @Override
  public LabelSet violating() {
    return flat(2, 3).build();
  }

  /// Five objects in an image, of which `full` boxes each of `tracks` cover all of it.
  private static LabelTable flat(int full, int tracks) {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.COLUMN);
    for (int f = 0; f < 10; f++) {
      for (int i = 1; i <= 5; i++) {
        LabelTable.Box box =
            new LabelTable.Box().at(Scenes.START_NS + f * Scenes.STEP_NS, f, "" + i, "car");
        boolean all = i <= tracks && f >= 3 && f < 3 + full;
        box.left = all ? 0 : 100 * i + f;
        box.top = all ? 0 : 200;
        box.right = all ? 1935 : 100 * i + 60 + f;
        box.bottom = all ? 1215 : 260;
        table.add(box);
      }
    }
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB023 box-is-default: different objects have the same box: 2D box of 6 labels of 3 tracks 0, 0 to 1935, 1215 px (expected a box of its own for each)
      at labels, messages 16..23, frames 3..4, stamps 1700000000300000000..1700000000400000000 ns, labels.txt\
    """;
  }

  @Test
  void needsSeveralObjectsAndInstants() {
    assertThat(LabelCheckContract.run(check(), flat(1, 5).build()).text()).isEmpty();
    assertThat(LabelCheckContract.run(check(), flat(6, 2).build()).text()).isEmpty();
    assertThat(LabelCheckContract.run(check(), flat(6, 4).build()).count()).isOne();
  }

  @Test
  void looksAtSolidBoxesToo() {
    LabelTable table = Scenes.lanes(4);
    table.boxes.stream()
        .filter(b -> b.frame == 5 || b.frame == 11)
        .forEach(b -> {
          b.x = 0;
          b.y = 0;
          b.z = 0;
          b.length = 1;
          b.width = 1;
          b.height = 1;
        });
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("3D box of 8 labels of 4 tracks centre 0, 0, 0 m");
  }
}
