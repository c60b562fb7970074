package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StretchAsideTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new StretchAside();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return moved(0.3, 7, 12).build();
  }

  private static LabelTable moved(double meters, long first, long last) {
    LabelTable table = Scenes.lanes(3);
    table.boxes.stream()
        .filter(b -> b.track.equals("1") && b.frame >= first && b.frame <= last)
        .forEach(b -> b.y += meters);
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB026 stretch-aside: boxes in a row lie beside the way of their track: distance of 6 boxes 0.3 m (expected at most 0.228 m)
      at labels, track 1, messages 22..37, frames 7..12, stamps 1700000000700000000..1700000001200000000 ns, labels.txt
      likely cause: the stretch was placed anew without its neighbours: move it back by this distance\
    """;
  }

  private long count(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).count();
  }

  @Test
  void needsBothEndsAndTwoBoxesBetweenThem() {
    assertThat(count(moved(0.5, 7, 9))).isOne();
    assertThat(count(moved(0.5, 7, 8))).isOne();
    assertThat(count(moved(0.5, 7, 7))).isZero();
    assertThat(count(moved(0.5, 7, 99))).isZero();
    assertThat(count(moved(0.5, 0, 12))).isZero();
  }

  @Test
  void findsWhatNoSingleLeapShowsAndIsThenItsCause() {
    for (double meters : new double[] {0.3, 0.5, 1, 3}) {
      LabelTable table = moved(meters, 7, 12);
      assertThat(count(table)).as("%s m", meters).isOne();
      assertThat(LabelCheckContract.run(new TrackLeaps(), table.build()).count()).isZero();
    }
    assertThat(count(moved(0.2, 7, 12))).isZero();
  }

  @Test
  void aCurveAndAStopAreNoStepsAside() {
    LabelTable table = Scenes.lanes(3);
    for (LabelTable.Box box : table.boxes) {
      double t = box.frame / 10.0;
      // Brakes with 8 m/s2 to a stand, and swerves by 1 m within 0.6 s.
      box.x = 10 * Math.min(t, 1.25) - 4 * Math.min(t, 1.25) * Math.min(t, 1.25);
      box.y += 0.5 * (1 + Math.tanh((t - 0.7) / 0.2)) - 0.5 * (1 + Math.tanh((t - 1.2) / 0.2));
    }
    assertThat(count(table)).isZero();
  }

  @Test
  void joinsTracksThatStepAsideTogether() {
    LabelTable table = Scenes.lanes(3);
    table.boxes.stream().filter(b -> b.frame >= 7 && b.frame <= 12).forEach(b -> b.y += 0.5);
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains(
            "tracks step aside at one instant, and back at another: 3 of 3 tracks, the furthest"
                + " 0.5 m");
  }

  @ParameterizedTest
  @CsvSource({"10, 0", "5, 0", "10, 0.1", "10, 0.2", "5, 0.1"})
  void isSilentOnCarsAndPeople(double hertz, double noise) {
    for (long seed = 1; seed <= 6; seed++) {
      assertThat(count(TrackSimulator.street(seed, 12, 6, 100, hertz, noise)))
          .as("seed %d", seed)
          .isZero();
    }
  }
}
