package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class IdentitySwitchedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new IdentitySwitched();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(3).build();
  }

  @Override
  public LabelSet violating() {
    LabelTable table = Scenes.lanes(3);
    Scenes.exchange(table, "1", "2", 9, 19);
    return table.build();
  }

  @Override
  public String expected() {
    return """
    error LAB003 identity-switched: two tracks exchange their ids: unevenness of tracks 1 and 2 1600.5 -> 0 (with ids exchanged, squared sigmas)
      at labels, track 1, message 29, frame 9, stamp 1700000000900000000 ns, labels.txt
      likely cause: ids 1 and 2 are exchanged from frame 9 on: exchange them back\
    """;
  }

  @Test
  void takesAnExchangeAndItsWayBackForOneFault() {
    for (int length : new int[] {1, 2, 3, 4, 6}) {
      LabelTable table = Scenes.lanes(3);
      Scenes.exchange(table, "1", "3", 7, 6 + length);
      String where = length == 1 ? "in frame 7" : "in frames 7.." + (6 + length);
      assertThat(LabelCheckContract.run(check(), table.build()).text())
          .as("%d frames", length)
          .containsOnlyOnce("LAB003")
          .endsWith("ids 1 and 3 are exchanged " + where + ": exchange them back");
    }
  }

  @Test
  void findsAnExchangeDuringAGap() {
    LabelTable table = Scenes.lanes(2);
    Scenes.exchange(table, "1", "2", 11, 19);
    table.boxes.removeIf(b -> b.track.equals("1") && b.frame >= 8 && b.frame <= 12);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
  }

  @Test
  void findsTwoExchangesOfDifferentPairs() {
    LabelTable table = Scenes.lanes(4);
    Scenes.exchange(table, "1", "2", 6, 19);
    Scenes.exchange(table, "3", "4", 12, 19);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isEqualTo(2);
  }

  @Test
  void doesNotTakeAMisplacedBoxForAnExchange() {
    LabelTable table = Scenes.lanes(2);
    Scenes.box(table, "1", 9).y += 4;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void isUndecidedWithOneTrack() {
    assertThat(LabelCheckContract.run(check(), Scenes.lanes(1).build()).conclusion())
        .isInstanceOf(Conclusion.Undecided.class);
  }
}
