package dev.lockstep.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.TurnTrack;
import org.junit.jupiter.api.Test;

class BoxTurnTest {
  private static final long STEP_NS = 100_000_000L;

  /// Boxes around a vehicle that turns by 0.02 rad a frame; one turns by itself, one is flipped.
  private static LabelSet labels(LabelSet.Frame frame, int tracks) {
    LabelSet labels = new LabelSet("it", frame, StampSource.COLUMN);
    for (int f = 0; f < 10; f++) {
      for (int t = 0; t < tracks; t++) {
        int row = labels.add(f * STEP_NS, f, "t" + t, "car", "f", f);
        double own = t == 0 ? 0.3 * f : t == 1 && f == 5 ? Math.PI : 0;
        labels.setBox3d(row, 5, t, 0, 4, 2, 1.5, 3.1 + t - 0.02 * f + own);
      }
    }
    return labels;
  }

  @Test
  void turnsAsMostBoxesTurnAgainstIt() {
    TurnTrack track = BoxTurn.of(labels(LabelSet.Frame.EGO, 4));
    assertThat(track).isNotNull();
    assertThat(track.size()).isEqualTo(10);
    assertThat(track.planar()).isTrue();
    assertThat(track.angles()[9 * TurnTrack.AXES + 2]).isCloseTo(0.18F, within(1e-5F));
    assertThat(track.periodNs()).isEqualTo(STEP_NS);
  }

  @Test
  void saysNothingWhereBoxesDoNotMoveWithTheVehicle() {
    assertThat(BoxTurn.of(labels(LabelSet.Frame.WORLD, 4))).isNull();
    TurnTrack few = BoxTurn.of(labels(LabelSet.Frame.SENSOR, 2));
    assertThat(few).isNotNull();
    for (int i = 1; i < few.size(); i++) {
      assertThat(few.begins(i)).as("%d", i).isTrue();
    }
  }
}
