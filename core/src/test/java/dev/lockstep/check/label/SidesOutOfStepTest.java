package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SidesOutOfStepTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new SidesOutOfStep();
  }

  @Override
  public LabelCheck.Context context() {
    return SideScenes.context();
  }

  @Override
  public LabelSet clean() {
    return SideScenes.build(SideScenes.labels());
  }

  @Override
  public LabelSet violating() {
    return SideScenes.build(SideScenes.flatLagging(1));
  }

  @Override
  public String expected() {
    return """
    error LAB021 sides-out-of-step: 2D boxes lag behind the 3D boxes: overlap of 659 boxes 0.754 -> 1 (with the 3D boxes 1 instant before)
      at labels, messages 1..852, frames 1..119, labels.txt
      likely cause: 2D boxes were drawn on images 1 place too early\
    """;
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, -2, -1, 2, 3})
  void tellsByHowMuch(int frames) {
    LabelSet late = SideScenes.build(SideScenes.flatLagging(frames));
    LabelCheckContract.Run run = LabelCheckContract.run(check(), late, context());
    assertThat(run.count()).isOne();
    assertThat(run.findings().findings().getFirst().cause().id())
        .isEqualTo("off-by-" + Math.abs(frames));
    assertThat(run.text()).contains(frames > 0 ? "2D boxes lag behind" : "2D boxes run ahead");
  }

  @Test
  void tellsOfOneTrackWhereItIsClear() {
    LabelTable late = SideScenes.flatLagging(2);
    int found = 0;
    for (List<LabelTable.Box> track : late.tracks()) {
      String name = track.getFirst().track();
      LabelTable alone = late.where(b -> name.equals(b.track));
      LabelTable right = SideScenes.labels().where(b -> name.equals(b.track));
      found += LabelCheckContract.run(check(), SideScenes.build(alone), context()).count();
      assertThat(LabelCheckContract.run(check(), SideScenes.build(right), context()).text())
          .isEmpty();
    }
    assertThat(found).isGreaterThan(2);
  }
}
