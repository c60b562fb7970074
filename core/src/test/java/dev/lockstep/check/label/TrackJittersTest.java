package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class TrackJittersTest implements LabelCheckContract {
  private static final int FRAMES = 60;

  @Override
  public LabelCheck check() {
    return new TrackJitters();
  }

  @Override
  public LabelSet clean() {
    return road(0, FRAMES, 0).build();
  }

  @Override
  public LabelSet violating() {
    return road(20, 40, 0.3).build();
  }

  @Override
  public String expected() {
    return """
    warning LAB020 track-jitters: boxes move to and fro: jitter of 20 boxes, 0 m in the rest of the track 0.487 m (expected at most 0.146 m)
      at labels, track 1, messages 21..40, frames 20..39, stamps 1700000002000000000..1700000003900000000 ns, labels.txt
      likely cause: each box was placed anew, without a look at its neighbours\
    """;
  }

  /// A car at 10 m/s whose boxes lie to the left and to the right in frames `from` to `to`.
  private static LabelTable road(int from, int to, double meters) {
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < FRAMES; f++) {
      double aside = f >= from && f < to ? meters * (f % 2 == 0 ? 1 : -1) : 0;
      table.add(
          new LabelTable.Box()
              .at(Scenes.START_NS + f * Scenes.STEP_NS, f, "1", "car")
              .solid(f, aside, 0.8, 4, 1.8, 1.6));
    }
    return table;
  }

  @Test
  void letsSteadyHandsBe() {
    assertThat(LabelCheckContract.run(check(), road(20, 40, 0.08).build()).count()).isZero();
  }

  @Test
  void letsATrackBeThatJittersAllAlong() {
    assertThat(LabelCheckContract.run(check(), road(0, FRAMES, 0.3).build()).count()).isZero();
  }

  @Test
  void letsASingleBoxBe() {
    assertThat(LabelCheckContract.run(check(), road(30, 31, 3).build()).count()).isZero();
  }

  @Test
  void isOneFindingWithTheJumpsOfItsBoxes() {
    LabelSet labels = road(20, 40, 1).build();
    assertThat(LabelCheckContract.run(check(), labels).count()).isOne();
    assertThat(LabelCheckContract.run(new BoxTeleports(), labels).count()).isZero();
  }

  /// At 2 Hz braking alone moves a box further off the middle of its neighbours.
  @Test
  void seesJitterBesideHardBrakingAtTwoHertz() {
    LabelTable steady = braking(0);
    assertThat(LabelCheckContract.run(check(), steady.build()).count()).isZero();
    assertThat(LabelCheckContract.run(check(), braking(0.5).build()).count()).isOne();
  }

  private static LabelTable braking(double meters) {
    LabelTable table = road(20, 40, meters);
    double x = 0;
    double speed = 20;
    for (LabelTable.Box box : table.boxes) {
      box.stampNs = Scenes.START_NS + 5 * box.frame * Scenes.STEP_NS;
      box.x = x;
      // 6 m/s2 to and fro for three seconds each.
      speed += box.frame / 6 % 2 == 0 ? -3 : 3;
      x += 0.5 * speed;
    }
    return table;
  }

  /// A track of which nothing is left besides is judged by the others.
  @Test
  void judgesATrackThatJittersAllAlongByTheOthers() {
    LabelTable table = road(0, FRAMES, 0.3);
    for (String track : new String[] {"2", "3"}) {
      for (LabelTable.Box box : road(0, 0, 0).boxes) {
        LabelTable.Box other = box.copy();
        other.track = track;
        other.y += 4 * Integer.parseInt(track);
        table.add(other);
      }
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("m in other tracks")
        .contains("track 1");
  }
}
