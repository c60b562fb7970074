package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackLeapsTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new TrackLeaps();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return moved("1", 2, 9, 99).build();
  }

  private static LabelTable moved(String track, double meters, long first, long last) {
    LabelTable table = Scenes.lanes(3);
    table.boxes.stream()
        .filter(b -> b.track.equals(track) && b.frame >= first && b.frame <= last)
        .forEach(b -> b.y += meters);
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB025 track-leaps: track leaps, and goes on from there: distance 2 m (expected at most 0.861 m)
      at labels, track 1, messages 25..28, frames 8..9, stamps 1700000000800000000..1700000000900000000 ns, labels.txt
      likely cause: the boxes from here on are drawn elsewhere, or on another object\
    """;
  }

  private long count(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).count();
  }

  @Test
  void boundsTheDistanceByMotionAndNoise() {
    assertThat(count(moved("1", 0.8, 9, 99))).isZero();
    assertThat(count(moved("1", 0.95, 9, 99))).isOne();
  }

  @Test
  void leavesSingleBoxesAndStretchesToOtherRules() {
    assertThat(count(moved("1", 2, 9, 9))).isZero();
    assertThat(count(moved("1", 2, 7, 12))).isZero();
    assertThat(LabelCheckContract.run(new StretchAside(), moved("1", 2, 7, 12).build()).count())
        .isOne();
  }

  @Test
  void joinsTracksThatLeapAtOneInstant() {
    LabelTable table = Scenes.lanes(3);
    table.boxes.stream().filter(b -> b.frame >= 9).forEach(b -> b.y += 2);
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains(
            "tracks leap at one instant, and go on from there: 3 of 3 tracks, the furthest 2 m");
  }

  @Test
  void leavesExchangedIdsToTheirRule() {
    LabelTable table = Scenes.lanes(3);
    Scenes.exchange(table, "1", "2", 9, 99);
    assertThat(count(table)).isZero();
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
