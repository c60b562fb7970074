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

class LabelsLagTest implements LabelCheckContract {
  private final PointDrive drive = PointDrives.of(1, true);

  @Override
  public LabelCheck check() {
    return new LabelsLag();
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
    return PointDrives.lagging(drive.labels(), 1).build();
  }

  @Override
  public String expected() {
    return """
    error LAB013 labels-lag: labels lag behind the sweeps: median of 359 moving boxes against the points of lidar 98.4 ms (expected -40 to 40 ms)
      at labels, messages 1..773, frames 2..59, stamps 1700000000200000000..1700000005900000000 ns, labels.txt
      likely cause: labels bear the stamps of sweeps one place too late\
    """;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-2, -1, -0.5, 0.5, 2, 5})
  void tellsPartsOfASweep(double sweeps) {
    LabelTable late = PointDrives.lagging(drive.labels(), sweeps);
    LabelCheckContract.Run run = LabelCheckContract.run(check(), late.build(), context());
    assertThat(run.count()).isOne();
    double ms = Double.parseDouble(run.findings().findings().getFirst().evidence().observed());
    assertThat(ms).isBetween(100 * sweeps - 10, 100 * sweeps + 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void isSilentOnExactLabels(long seed) {
    PointDrive other = PointDrives.of(seed, true);
    assertThat(LabelCheckContract.run(check(), other.labels().build(), other.context()).text())
        .isEmpty();
  }

  @Test
  void allowsForHalfASweepWherePointsHaveNoTimes() {
    PointDrive untimed = PointDrives.of(2, false);
    assertThat(LabelCheckContract.run(check(), untimed.labels().build(), untimed.context()).text())
        .isEmpty();
    LabelSet late = PointDrives.lagging(untimed.labels(), 2).build();
    assertThat(LabelCheckContract.run(check(), late, untimed.context()).count()).isOne();
  }

  @Test
  void doesNotBlameTheClockForOneTrack() {
    LabelTable table = drive.labels();
    LabelTable late = PointDrives.lagging(drive.labels(), 2);
    String one = "4000100";
    table.boxes.removeIf(b -> b.track.equals(one));
    late.boxes.stream().filter(b -> b.track.equals(one)).forEach(table::add);
    assertThat(LabelCheckContract.run(check(), table.build(), context()).text()).isEmpty();
  }

  @Test
  void isUndecidedWhereNothingMoves() {
    LabelTable parked =
        drive.labels().where(b -> b.track.startsWith("8") || b.track.startsWith("9"));
    assertThat(LabelCheckContract.run(check(), parked.build(), context()).conclusion())
        .isEqualTo(
            Conclusion.undecided(
                "0 boxes that move and whose face the LiDAR sees: too few in each stretch to tell"
                    + " their time"));
  }

  @Test
  void isUndecidedWithoutSweeps() {
    assertThat(LabelCheckContract.run(check(), clean()).conclusion())
        .isEqualTo(Conclusion.undecided("no sweeps are known"));
  }
}
