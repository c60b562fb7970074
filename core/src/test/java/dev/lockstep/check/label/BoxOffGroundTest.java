package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import dev.lockstep.testing.PointDrive;
import dev.lockstep.testing.PointDrives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxOffGroundTest implements LabelCheckContract {
  private final PointDrive drive = PointDrives.of(1, true);

  @Override
  public LabelCheck check() {
    return new BoxOffGround();
  }

  @Override
  public LabelCheck.Context context() {
    return drive.context();
  }

  @Override
  public LabelSet clean() {
    return drive.labels().build();
  }

  @Override
  public LabelSet violating() {
    return raised("2000100", 0.5).build();
  }

  private LabelTable raised(String track, double meters) {
    LabelTable table = drive.labels();
    table.boxes.forEach(b -> b.z += track == null || b.track.equals(track) ? meters : 0);
    return table;
  }

  @Override
  public String expected() {
    return """
    warning LAB015 box-off-ground: box floats over the ground: height over the ground, against other boxes, middle of 6 boxes 0.5 m (expected -0.4 to 0.4 m)
      at labels, track 2000100, messages 675..802, frames 50..59, stamps 1700000005000000000..1700000005900000000 ns, labels.txt\
    """;
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void isSilentOnExactLabels(long seed) {
    PointDrive other = PointDrives.of(seed, true);
    assertThat(LabelCheckContract.run(check(), other.labels().build(), other.context()).text())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, -0.5, -0.3, 0.3, 0.5, 1})
  void saysOnceThatAllBoxesAreOff(double meters) {
    LabelSet labels = raised(null, meters).build();
    LabelCheckContract.Run run = LabelCheckContract.run(check(), labels, context());
    assertThat(run.count()).isOne();
    double found = Double.parseDouble(run.findings().findings().getFirst().evidence().observed());
    assertThat(found).isBetween(meters - 0.1, meters + 0.1);
  }

  @Test
  void namesTheMixUpOfBottomAndCentre() {
    LabelTable table = drive.labels();
    table.boxes.forEach(b -> b.z += b.track.equals("2000100") ? b.height / 2 : 0);
    assertThat(LabelCheckContract.run(check(), table.build(), context()).text())
        .contains("bottom and centre of the box are mixed up");
  }

  @Test
  void isUndecidedWithFewTracks() {
    LabelTable table = drive.labels().where(b -> b.track.equals("2000100"));
    assertThat(LabelCheckContract.run(check(), table.build(), context()).conclusion())
        .isEqualTo(
            Conclusion.undecided(
                "1 track stands on ground that the LiDAR sees, too few to tell what is usual"));
  }
}
