package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class TrackIdRepeatedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new TrackIdRepeated();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    LabelTable table = Scenes.lanes(2);
    table.add(Scenes.box(table, "2", 5).copy());
    return table.build();
  }

  @Override
  public String expected() {
    return """
    error LAB004 track-id-repeated: track id stands twice at one instant: boxes of the track 2 at one instant (expected one each)
      at labels, track 2, messages 12..41, frame 5, stamp 1700000000500000000 ns, labels.txt\
    """;
  }

  @Test
  void joinsInstantsInARowAndPartsOthers() {
    LabelTable table = Scenes.lanes(2);
    for (int frame : new int[] {3, 4, 5, 11}) {
      table.add(Scenes.box(table, "2", frame).copy());
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("boxes of the track 6 at 3 instants in a row")
        .contains("boxes of the track 2 at one instant")
        .contains("frames 3..5");
  }

  @Test
  void reportsAnInstantThatStandsTwiceAsOne() {
    LabelTable table = Scenes.lanes(3);
    for (String track : new String[] {"1", "2", "3"}) {
      table.add(Scenes.box(table, track, 5).copy());
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .startsWith(
            "error LAB004 track-id-repeated: labels of an instant stand twice: boxes of 3 tracks 6"
                + " at one instant (expected one each)")
        .containsOnlyOnce("LAB004");
  }

  @Test
  void knowsTheIdsThatMeanNone() {
    LabelTable table = Scenes.lanes(2);
    table.boxes.forEach(b -> b.track = "-1");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void saysNothingAboutRegionsToBeIgnored() {
    LabelTable table = Scenes.lanes(1);
    table.add(Scenes.box(table, "1", 5).copy()).category = "DontCare";
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }
}
