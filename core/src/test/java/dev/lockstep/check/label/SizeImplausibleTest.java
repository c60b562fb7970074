package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SizeImplausibleTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new SizeImplausible();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(6).build();
  }

  @Override
  public LabelSet violating() {
    return one(b -> scale(b, 100)).build();
  }

  @Override
  public String expected() {
    return """
    warning LAB033 size-implausible: size of no car: length of 20 boxes 410 m (expected 1.2 to 10 m)
      at labels, track 1, messages 1..115, frames 0..19, stamps 1700000000000000000..1700000001900000000 ns, labels.txt
      likely cause: sizes are in another unit, or scaled by 100\
    """;
  }

  private static void scale(LabelTable.Box box, double factor) {
    box.length *= factor;
    box.width *= factor;
    box.height *= factor;
  }

  /// Six cars, one of them changed.
  private static LabelTable one(Consumer<LabelTable.Box> change) {
    LabelTable table = Scenes.lanes(6);
    table.boxes.stream().filter(b -> b.track().equals("1")).forEach(change);
    return table;
  }

  private String text(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).text();
  }

  @Test
  void asksEachSide() {
    assertThat(text(one(b -> b.width = 0.02))).contains("width of 20 boxes 0.02 m");
    assertThat(text(one(b -> b.height = 12))).contains("height of 20 boxes 12 m");
  }

  @Test
  void allowsLargeCarsAndWhatNobodyKnows() {
    assertThat(text(one(b -> scale(b, 1.6)))).isEmpty();
    assertThat(
            text(
                one(b -> {
                  b.category = "obstacle";
                  scale(b, 100);
                })))
        .isEmpty();
  }

  @Test
  void leavesWhatBeginsAlongTheTrackToItsRule() {
    assertThat(text(one(b -> scale(b, b.frame > 9 ? 10 : 1)))).isEmpty();
  }

  @Test
  void tellsOnceOfMostObjectsUnlessTheSetIsScaled() {
    LabelTable flat = Scenes.lanes(6);
    flat.boxes.forEach(b -> b.height = 0.02);
    assertThat(text(flat)).containsOnlyOnce("LAB033").contains("sizes of most objects");
    LabelTable scaled = Scenes.lanes(6);
    scaled.boxes.forEach(b -> scale(b, 100));
    assertThat(text(scaled)).isEmpty();
  }
}
