package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class TrackJittersTest implements LabelCheckContract {
  private static final int FRAMES = 60;

  @Override
  public LabelCheck check() {
    return new TrackJitters();
  }

  @Override
  public LabelSet clean() {
    return road(0, FRAMES, 0).build();
  }

  @Override
  public LabelSet violating() {
    return road(20, 40, 0.3).build();
  }

  @Override
  public String expected() {
    return """
    warning LAB020 track-jitters: boxes move to and fro: jitter of 20 boxes, 0 m in the rest of the track 0.487 m (expected at most 0.146 m)
      at labels, track 1, messages 21..40, frames 20..39, stamps 1700000002000000000..1700000003900000000 ns, labels.txt
      likely cause: each box was placed anew, without a look at its neighbours\
    """;
  }

  /// A car at 10 m/s whose boxes lie to the left and to the right in frames `from` to `to`.
  private static LabelTable road(int from, int to, double meters) {
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < FRAMES; f++) {
      double aside = f >= from && f < to ? meters * (f % 2 == 0 ? 1 : -1) : 0;
      table.add(
          new LabelTable.Box()
              .at(Scenes.START_NS + f * Scenes.STEP_NS, f, "1", "car")
              .solid(f, aside, 0.8, 4, 1.8, 1.6));
    }
    return table;
  }

  @Test
  void letsSteadyHandsBe() {
    assertThat(LabelCheckContract.run(check(), road(20, 40, 0.08).build()).count()).isZero();
  }

  @Test
  void letsATrackBeThatJittersAllAlong() {
    assertThat(LabelCheckContract.run(check(), road(0, FRAMES, 0.3).build()).count()).isZero();
  }

  @Test
  void letsASingleBoxBe() {
    assertThat(LabelCheckContract.run(check(), road(30, 31, 3).build()).count()).isZero();
  }

  @Test
  void isOneFindingWithTheJumpsOfItsBoxes() {
    LabelSet labels = road(20, 40, 1).build();
    assertThat(LabelCheckContract.run(check(), labels).count()).isOne();
    assertThat(LabelCheckContract.run(new BoxTeleports(), labels).count()).isZero();
  }
}
