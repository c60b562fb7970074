package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidesDisagreeTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new SidesDisagree();
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
    return SideScenes.build(shifted(5, 0));
  }

  private static LabelTable shifted(double right, double down) {
    LabelTable table = SideScenes.labels();
    table.boxes.forEach(b -> {
      b.left += right;
      b.right += right;
      b.top += down;
      b.bottom += down;
    });
    return table;
  }

  @Override
  public String expected() {
    return """
    warning LAB016 sides-disagree: 2D boxes lie beside the 3D boxes: shift to the right of 737 boxes in image_00 5 px (expected -1.8 to 1.8 px)
      at labels, messages 1..875, frames 0..119, labels.txt
      likely cause: calibration of the camera, or an image of another size; 5 px to the right and 0 px down\
    """;
  }

  @ParameterizedTest
  @CsvSource({"2,0", "-2,0", "0,2", "20,0", "0,-6"})
  void measuresTheShift(double right, double down) {
    LabelCheckContract.Run run =
        LabelCheckContract.run(check(), SideScenes.build(shifted(right, down)), context());
    assertThat(run.count()).isOne();
    double found = Double.parseDouble(run.findings().findings().getFirst().evidence().observed());
    assertThat(found).isBetween(right + down - 0.3, right + down + 0.3);
  }

  @Test
  void namesTheTrackOfWhichOneSideIsElsewhere() {
    LabelTable table = SideScenes.labels();
    String track = longest(table);
    table.boxes.stream()
        .filter(b -> b.track.equals(track))
        .forEach(b -> {
          double width = b.right - b.left;
          b.left += 0.8 * width;
          b.right += 0.8 * width;
        });
    assertThat(
            LabelCheckContract.run(check(), SideScenes.build(table), context())
                .findings()
                .findings())
        .isNotEmpty()
        .allSatisfy(f -> assertThat(f.location().track()).isEqualTo(track));
  }

  private static String longest(LabelTable table) {
    return table.tracks().stream()
        .max(Comparator.comparingInt(List::size))
        .orElseThrow()
        .getFirst()
        .track;
  }

  @Test
  void tellsOfTwoTracksThatAreOffAlike() {
    List<String> two =
        SideScenes.labels().tracks().stream()
            .sorted(Comparator.comparingInt(t -> -t.size()))
            .limit(2)
            .map(t -> t.getFirst().track())
            .toList();
    assertThat(shiftOf(shifted(20, 0).where(b -> two.contains(b.track)))).isBetween(19.7, 20.3);
    assertThat(shiftOf(shifted(3, 0).where(b -> two.contains(b.track)))).isZero();
  }

  @Test
  void findsTheCameraOfSmallBoxesThatAreOffByTheirWidth() {
    LabelTable far = shifted(20, 0).where(b -> b.right - b.left < 24 && b.right > b.left);
    assertThat(shiftOf(far)).isBetween(19.7, 20.3);
  }

  private double shiftOf(LabelTable table) {
    LabelCheckContract.Run run =
        LabelCheckContract.run(check(), SideScenes.build(table), context());
    return run.findings().findings().stream()
        .filter(f -> f.title().equals("2D boxes lie beside the 3D boxes"))
        .mapToDouble(f -> Double.parseDouble(f.evidence().observed()))
        .findFirst()
        .orElse(0);
  }

  @Test
  void leavesBoxesOfOtherInstantsToTheirRule() {
    LabelSet late = SideScenes.build(SideScenes.flatLagging(2));
    assertThat(LabelCheckContract.run(check(), late, context()).text()).isEmpty();
  }

  @Test
  void isUndecidedWithoutCamerasOrSides() {
    assertThat(LabelCheckContract.run(check(), clean(), SideScenes.context(List.of())).conclusion())
        .isEqualTo(Conclusion.undecided("how cameras project is not known"));
    assertThat(LabelCheckContract.run(check(), Scenes.lanes(2).build(), context()).conclusion())
        .isEqualTo(Conclusion.undecided("no label has a 2D and a 3D box"));
    assertThat(LabelCheckContract.run(check(), SideScenes.labels().build(), context()).conclusion())
        .isEqualTo(Conclusion.undecided("labels do not name the sensor in whose frame they are"));
  }
}
