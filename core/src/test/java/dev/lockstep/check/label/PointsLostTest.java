package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import dev.lockstep.testing.PointDrive;
import dev.lockstep.testing.PointDrives;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointsLostTest implements LabelCheckContract {
  private static final int FRAME = 30;
  private final PointDrive whole = PointDrives.of(1, true);

  @Override
  public LabelCheck check() {
    return new PointsLost();
  }

  @Override
  public LabelCheck.Context context() {
    return cut(whole, 2).context();
  }

  /// The boxes of the object with most points, for some frames.
  private static PointDrive cut(PointDrive whole, int frames) {
    LabelSet labels = whole.labels().build();
    BoxPoints points = whole.context().points(labels);
    int best = 0;
    for (int row = 0; row < labels.size(); row++) {
      if (labels.frames()[row] == FRAME && points.inside(row) > points.inside(best)) {
        best = row;
      }
    }
    String track = labels.trackName(labels.tracks()[best]);
    return whole.without(
        whole.labels().boxes.stream()
            .filter(b -> b.track().equals(track) && b.frame >= FRAME && b.frame < FRAME + frames)
            .toList());
  }

  @Override
  public LabelSet clean() {
    return whole.labels().where(b -> b.frame < FRAME).build();
  }

  @Override
  public LabelSet violating() {
    return whole.labels().build();
  }

  @Override
  public String expected() {
    return """
    warning LAB031 points-lost: points of an object are lost: points in and around each of 2 boxes 0 (expected at least 28)
      at labels, track 5000100, messages 376..390, frames 30..31, stamps 1700000003000000000..1700000003100000000 ns, labels.txt\
    """;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void isSilentOnObjectsThatOthersHide(long seed) {
    PointDrive other = PointDrives.of(seed, true);
    assertThat(LabelCheckContract.run(check(), other.labels().build(), other.context()).text())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void findsTheLossOfTheObjectThatIsSeenBest(long seed) {
    PointDrive other = PointDrives.of(seed, true);
    LabelCheck.Context context = cut(other, 1).context();
    assertThat(LabelCheckContract.run(check(), other.labels().build(), context).count()).isOne();
  }

  @Test
  void leavesBoxesWhereNothingStandsToTheirRule() {
    // All boxes of one instant lie 6 m off: rays pass through or end before them.
    LabelTable table = whole.labels();
    table.boxes.stream().filter(b -> b.frame == FRAME).forEach(b -> b.y += 6);
    assertThat(LabelCheckContract.run(check(), table.build(), whole.context()).text()).isEmpty();
  }

  @Test
  void doesNotTakeTheEndOfSightForALoss() {
    assertThat(LabelCheckContract.run(check(), violating(), cut(whole, 4).context()).text())
        .isEmpty();
  }

  @Test
  void otherRulesDoNotSeeIt() {
    for (LabelCheck rule : List.of(new BoxEmpty(), new BoxIsDefault(), new PointCountsShifted())) {
      assertThat(LabelCheckContract.run(rule, violating(), context()).text()).isEmpty();
    }
  }
}
