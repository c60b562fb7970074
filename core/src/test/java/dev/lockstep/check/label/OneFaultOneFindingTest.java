package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// All rules over one fault each: its symptoms are one finding, of the rule that names the cause.
class OneFaultOneFindingTest {
  static final List<LabelCheck> RULES =
      List.of(
          new CategoryFlips(),
          new CategoryChanges(),
          new IdentitySwitched(),
          new TrackIdRepeated(),
          new TrackBlinks(),
          new TrackFragmented(),
          new SizeChanges(),
          new YawFlips(),
          new BoxTeleports(),
          new FrameLabelsMisplaced(),
          new BoxFrozen(),
          new BoxesDuplicated(),
          new TrackJitters(),
          new InstantUnlabelled(),
          new TrackLeaps(),
          new StretchAside(),
          new BoxIsDefault(),
          new CategoryMissing());

  private static List<String> found(LabelTable table) {
    List<String> ids = new ArrayList<>();
    for (LabelCheck rule : RULES) {
      LabelCheckContract.run(rule, table.build())
          .findings()
          .findings()
          .forEach(f -> ids.add(f.check().id()));
    }
    return ids;
  }

  /// Lanes of which the second holds a bus that drives the other way.
  private static LabelTable mixed() {
    LabelTable table = Scenes.lanes(6);
    table.boxes.stream()
        .filter(b -> b.track.equals("2"))
        .forEach(b -> {
          b.category = "bus";
          b.x = 14 - b.x;
          b.length = 11;
          b.turn(Math.PI);
        });
    return table;
  }

  @Test
  void findsNothingInCleanLabels() {
    assertThat(found(mixed())).isEmpty();
  }

  @Test
  void anExchangeOfIdsIsNoJumpOfPlaceCategorySizeOrHeading() {
    for (int length : new int[] {1, 2, 3, 5, 8, 99}) {
      LabelTable table = mixed();
      Scenes.exchange(table, "1", "2", 7, 6L + length);
      assertThat(found(table)).as("%d frames", length).containsExactly("LAB003");
    }
  }

  @Test
  void boxesThatAToolFilledInAreNoJumps() {
    LabelTable table = Scenes.lanes(6);
    for (int track = 1; track <= 5; track++) {
      // Two of them beside the ends of their tracks, where one box tells no way.
      LabelTable.Box box = Scenes.box(table, Integer.toString(track), track == 5 ? 1 : 3L * track);
      box.solid(0, 0, 0, 1, 1, 1);
    }
    assertThat(found(table)).containsExactly("LAB023");
  }

  @Test
  void aRenewedIdIsNoBlink() {
    LabelTable table = mixed();
    for (long f = 9; f < 11; f++) {
      Scenes.box(table, "3", f).track = "77";
    }
    assertThat(found(table)).containsExactly("LAB006");
  }

  @Test
  void aRepeatedIdIsNeitherABlinkNorAJump() {
    LabelTable table = mixed();
    table.add(Scenes.box(table, "3", 9).copy()).y += 15;
    assertThat(found(table)).containsExactly("LAB004");
  }

  @Test
  void aSecondObjectUnderOneIdIsAChangeOfCategoryAndNotOfSize() {
    LabelTable table = mixed();
    for (long f = 9; f < 20; f++) {
      LabelTable.Box box = Scenes.box(table, "3", f);
      box.category = "truck";
      box.length = 9;
    }
    assertThat(found(table)).containsExactly("LAB002");
  }

  @Test
  void eachSimpleFaultIsItself() {
    LabelTable table = mixed();
    Scenes.box(table, "3", 9).category = "truck";
    assertThat(found(table)).containsExactly("LAB001");
    table = mixed();
    Scenes.box(table, "3", 9).y += 3;
    assertThat(found(table)).containsExactly("LAB009");
    table = mixed();
    Scenes.box(table, "3", 9).turn(Math.PI);
    assertThat(found(table)).containsExactly("LAB008");
    table = mixed();
    Scenes.box(table, "3", 9).length += 1;
    assertThat(found(table)).containsExactly("LAB007");
    assertThat(found(mixed().where(b -> !b.track.equals("3") || b.frame != 9)))
        .containsExactly("LAB005");
  }

  @Test
  void anInstantWhoseLabelsAllJumpIsOneFault() {
    LabelTable table = mixed();
    table.boxes.stream().filter(b -> b.frame == 9).forEach(b -> b.y += 3);
    assertThat(found(table)).containsExactly("LAB009");
  }

  @Test
  void aWholeInstantThatBelongsToAnotherIsNoJumpOfBoxes() {
    for (String fault :
        List.of("frame-swap:at=9", "frame-rotation:at=9", "stale-frame:at=9", "frame-shift:at=9")) {
      LabelTable table = Scenes.lanes(6);
      table.boxes.forEach(b -> b.x *= 2);
      Corruption.plantInLabels(table, FaultSpec.parse(fault, 1));
      assertThat(found(table)).as(fault).containsExactly("LAB017");
    }
  }

  @Test
  void aFrozenBoxIsNoJump() {
    LabelTable table = mixed();
    Scenes.box(table, "3", 9).x = Scenes.box(table, "3", 8).x;
    assertThat(found(table)).containsExactly("LAB018");
  }

  @Test
  void aStretchBesideTheWayIsNeitherALeapNorAShiftInTime() {
    for (double meters : new double[] {0.3, 1, 3}) {
      LabelTable table = mixed();
      for (long f = 7; f < 13; f++) {
        Scenes.box(table, "3", f).y += meters;
      }
      assertThat(found(table)).as("%s m", meters).containsExactly("LAB026");
    }
  }

  @Test
  void aSecondLabelIsNoRenewedId() {
    LabelTable table = mixed();
    for (long f = 7; f < 12; f++) {
      table.add(Scenes.box(table, "3", f).copy()).track = "77";
    }
    assertThat(found(table)).containsExactly("LAB019");
  }
}
