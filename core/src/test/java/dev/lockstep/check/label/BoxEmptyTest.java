package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import dev.lockstep.testing.PointDrive;
import dev.lockstep.testing.PointDrives;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxEmptyTest implements LabelCheckContract {
  private final PointDrive drive = PointDrives.of(1, true);

  @Override
  public LabelCheck check() {
    return new BoxEmpty();
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
    return spawned(5).build();
  }

  /// The labels with a car that is not there, in the free lane to the right of the vehicle.
  private LabelTable spawned(int frames) {
    LabelTable table = drive.labels();
    for (int f = 20; f < 20 + frames; f++) {
      double[] place = drive.place(f, 9, -3.4, 0.8);
      table.add(
          new LabelTable.Box()
              .at(drive.stampNs(f), f, "ghost", "car")
              .solid(place[0], place[1], place[2], 4.2, 1.8, 1.6)
              .yaw(place[3]));
    }
    table.boxes.sort(Comparator.comparingLong(b -> b.stampNs));
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB014 box-empty: nothing stands in the box: rays that pass through each of 5 boxes and hit nothing near 100 (expected at most 11)
      at labels, track ghost, messages 257..309, frames 20..24, stamps 1700000002000000000..1700000002400000000 ns, labels.txt\
    """;
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void isSilentOnHiddenBoxes(long seed) {
    PointDrive other = PointDrives.of(seed, true);
    LabelSet labels = other.labels().build();
    LabelCheck.Context context = other.context();
    long hidden = 0;
    for (int row = 0; row < labels.size(); row++) {
      hidden += context.points(labels).near(row) == 0 ? 1 : 0;
    }
    assertThat(hidden).isPositive();
    assertThat(LabelCheckContract.run(check(), labels, context).text()).isEmpty();
  }

  @Test
  void saysOnceThatAllBoxesStandElsewhere() {
    LabelTable table = drive.labels();
    table.boxes.forEach(b -> b.x += 11);
    LabelCheckContract.Run run = LabelCheckContract.run(check(), table.build(), context());
    assertThat(run.findings().findings())
        .singleElement()
        .satisfies(
            f -> assertThat(f.title()).isEqualTo("boxes stand where the LiDAR sees nothing"));
  }

  @Test
  void leavesTeleportedBoxesToTheirRule() {
    LabelTable table = drive.labels();
    LabelTable.Box box =
        table.boxes.stream()
            .filter(b -> b.frame == 30 && b.track.equals("1000100"))
            .findFirst()
            .orElse(table.boxes.get(table.boxes.size() / 2));
    box.x += 6;
    box.y += 6;
    assertThat(LabelCheckContract.run(check(), table.build(), context()).text()).isEmpty();
  }

  @Test
  void doesNotJudgeThinThings() {
    LabelTable table = spawned(5);
    table.boxes.stream().filter(b -> b.track.equals("ghost")).forEach(b -> b.category = "sign");
    assertThat(LabelCheckContract.run(check(), table.build(), context()).text()).isEmpty();
  }

  @Test
  void isUndecidedWithoutSweeps() {
    assertThat(LabelCheckContract.run(check(), clean()).conclusion())
        .isEqualTo(Conclusion.undecided("no sweeps are known"));
  }
}
