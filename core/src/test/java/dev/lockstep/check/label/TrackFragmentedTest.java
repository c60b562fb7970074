package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class TrackFragmentedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new TrackFragmented();
  }

  @Override
  public LabelSet clean() {
    // Track 1 leaves, and track 3 enters elsewhere.
    return Scenes.lanes(3)
        .where(b -> b.track.equals("2") || b.track.equals("1") == (b.frame < 10))
        .build();
  }

  @Override
  public LabelSet violating() {
    return renamed(9, 19).build();
  }

  private static LabelTable renamed(long from, long to) {
    LabelTable table = Scenes.lanes(2);
    for (long f = from; f <= to; f++) {
      Scenes.box(table, "2", f).track = "77";
    }
    return table;
  }

  @Override
  public String expected() {
    return """
    warning LAB006 track-fragmented: object goes on under a new id: track id 2 -> 77 (0 m from the expected place)
      at labels, track 2, messages 18..20, frames 8..9, stamps 1700000000800000000..1700000000900000000 ns, labels.txt
      likely cause: one object under two ids: give the boxes of track 77 the id 2\
    """;
  }

  @Test
  void bridgesShortGapsOfObjectsOfEqualSize() {
    LabelTable table = renamed(9, 19).where(b -> !(b.track.equals("77") && b.frame < 12));
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
    table.boxes.stream().filter(b -> b.track.equals("77")).forEach(b -> b.length += 0.02);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void takesAnIdThatComesBackForOneFault() {
    assertThat(LabelCheckContract.run(check(), renamed(9, 10).build()).text())
        .contains("object has another id for a while: track id 2 -> 77 -> 2")
        .contains("frames 8..11")
        .containsOnlyOnce("LAB006");
  }

  @Test
  void demandsTheSameCategory() {
    LabelTable table = renamed(9, 19);
    table.boxes.stream().filter(b -> b.track.equals("77")).forEach(b -> b.category = "bus");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  /// What a tracker does before it loses an object: the box shrinks, and slides down along it.
  @Test
  void followsBoxesOfImagesThatShrinkBeforeTheyEnd() {
    assertThat(LabelCheckContract.run(check(), shrinking(0).build()).text())
        .contains("track id 1 -> 2")
        .contains("frames 9..10");
    assertThat(LabelCheckContract.run(check(), shrinking(40).build()).count()).isZero();
  }

  private static LabelTable shrinking(double aside) {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.FRAME_NUMBER);
    for (int f = 0; f < 20; f++) {
      int lost = f < 10 ? Math.max(0, f - 5) : 0;
      double x = 100 + 6 * f + (f < 10 ? 0 : aside);
      table.add(
          new LabelTable.Box()
              .at(f * Scenes.STEP_NS, f, f < 10 ? "1" : "2", "pedestrian")
              .flat(x + 2 * lost, 50 + 13 * lost, x + 90, 270));
    }
    return table;
  }
}
