package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.TurnTrack;
import dev.lockstep.testing.Turns;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TurnLagTest {
  @Test
  void findsLagsWithinItsOwnErrors() {
    Random random = new Random(7);
    int outside = 0;
    int undecided = 0;
    double errors = 0;
    int trials = 40;
    for (int trial = 0; trial < trials; trial++) {
      double late = random.nextInt(-400, 400) * 1e-3;
      Turns turns = new Turns(trial, 60).imu("imu", 100, 0, 0.02).planar("labels", 10, late, 0.004);
      TurnLag lag = TurnLag.of(turns.track(0), turns.track(1));
      if (lag.undecided() != null) {
        // Drives by chance turn more or less about the vertical.
        undecided++;
        continue;
      }
      assertThat(lag.lagSeconds())
          .as("trial %d", trial)
          .isCloseTo(-late, within(5 * lag.errorSeconds()));
      errors += lag.errorSeconds() / trials;
      outside += Math.abs(lag.lagSeconds() + late) > 2.5 * lag.errorSeconds() ? 1 : 0;
    }
    // One in 80 of a Gaussian; errors that rest on 27 cells are a little too small.
    assertThat(outside).isLessThanOrEqualTo(trials / 12);
    assertThat(errors).isBetween(1e-4, 0.01);
    assertThat(undecided).isLessThan(4);
  }

  @Test
  void givesNothingWhereSeveralLagsFit() {
    TurnTrack one = new TurnTrack(false);
    TurnTrack other = new TurnTrack(true);
    for (int k = 0; k < 6000; k++) {
      one.add(k * 10_000_000L, 0, 0, Math.sin(k * 0.06), Double.NaN);
    }
    for (int k = 1; k < 600; k++) {
      double turn = (Math.cos((k - 1) * 0.6) - Math.cos(k * 0.6)) / 6;
      other.addStep(k * 100_000_000L, turn);
    }
    assertThat(TurnLag.of(one, other).undecided())
        .isEqualTo("the motion repeats itself: several lags fit");
  }

  @Test
  void thinsLongTracksWithoutLosingTheirTurns() {
    // 25 minutes at 100 Hz: more instants than are kept.
    Turns turns = new Turns(5, 1500).imu("imu", 100, 0, 0.02).planar("labels", 10, 0.07, 0.004);
    assertThat(turns.track(0).size()).isLessThan(100_000);
    TurnLag lag = TurnLag.of(turns.track(0), turns.track(1));
    assertThat(lag.lagSeconds()).isCloseTo(-0.07, within(5 * lag.errorSeconds()));
    assertThat(lag.errorSeconds()).isLessThan(0.003);
    assertThat(lag.intervals()).isBetween(3900, 4096);
  }

  @Test
  void leavesOutWhatPausesHide() {
    TurnTrack track = new TurnTrack(false);
    track.add(0, 0, 0, 1, Double.NaN);
    track.add(100_000_000L, 0, 0, 1, Double.NaN);
    track.add(2_000_000_000L, 0, 0, 1, Double.NaN);
    track.add(2_100_000_000L, 0, 0, 1, Double.NaN);
    track.add(2_050_000_000L, 0, 0, 9, Double.NaN);
    assertThat(track.size()).isEqualTo(4);
    assertThat(track.begins(2)).isTrue();
    assertThat(track.angles()[3 * TurnTrack.AXES + 2]).isCloseTo(0.2F, within(1e-6F));
  }

  @Test
  void takesOrientationsForTheTurnsBetweenThem() {
    TurnTrack track = new TurnTrack(false);
    for (int k = 0; k <= 40; k++) {
      double half = 0.05 * k;
      int sign = k % 2 == 0 ? 1 : -1;
      track.add(k * 10_000_000L, 0, sign * Math.sin(half), 0, sign * Math.cos(half));
    }
    assertThat(track.angles()[40 * TurnTrack.AXES + 1]).isCloseTo(4F, within(1e-5F));
  }

  @Test
  void saysThatThereIsNothingInCommon() {
    TurnTrack empty = new TurnTrack(false);
    TurnTrack track = new Turns(1, 60).imu("imu", 100, 0, 0).track(0);
    assertThat(TurnLag.of(track, empty).undecided())
        .isEqualTo("the sensors have no stretch in common");
    assertThat(TurnLag.of(empty, track).undecided()).startsWith("only 0 intervals in common");
  }
}
