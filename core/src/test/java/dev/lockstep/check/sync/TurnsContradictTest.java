package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.TurnTrack;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.Turns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsContradictTest implements AlignmentCheckContract {
  private static final long EPOCH_NS = 1_700_000_000_000_000_000L;

  /// Twenty seconds in which a vehicle turns about z, faster and slower.
  private static Alignment drive(double factor, double factorLater) {
    List<Alignment.Turning> sensors = new ArrayList<>();
    for (int hertz : new int[] {100, 20}) {
      boolean fine = hertz == 100;
      TurnTrack track = new TurnTrack(false);
      for (int k = 0; k < 20 * hertz; k++) {
        double at = (double) k / hertz;
        double rate = 0.3 + 0.1 * Math.sin(at);
        double scale = !fine ? 1 : at < 10 ? factor : factorLater;
        track.add(EPOCH_NS + Math.round(at * 1e9), 0, 0.001, scale * rate, Double.NaN);
      }
      StreamInfo info =
          StreamInfo.of(
              sensors.size(),
              fine ? "/imu" : "/base/imu",
              Modality.IMU,
              StampSource.HEADER,
              "cdr",
              "");
      sensors.add(new Alignment.Turning(info, track, List.of()));
    }
    return new Alignment(List.of(), List.of(), sensors, List.of(), null, new SharedAnalyses());
  }

  @Override
  public AlignmentCheck check() {
    return new TurnsContradict();
  }

  @Override
  public Alignment clean() {
    return drive(1, 1);
  }

  @Override
  public Alignment violating() {
    return drive(1, -1);
  }

  @Override
  public String expected() {
    return """
    error SYN022 turns-contradict: two sensors show the same turns, then different ones: turn of /imu to that of /base/imu 1.00 -> -1.00 (as if a sign had changed)
      at /imu, stamps 1700000010000000000..1700000019500000000 ns\
    """;
  }

  @Test
  void findsDegreesForRadians() {
    assertThat(AlignmentCheckContract.run(check(), drive(57.3, 57.3)).text())
        .contains("two sensors show turns of different size", "as degrees are to radians");
    assertThat(AlignmentCheckContract.run(check(), drive(1, 57.3)).text())
        .contains("then different ones", "as degrees are to radians");
  }

  /// Sensors of 100, 50 and 20 Hz in a vehicle that begins to turn the other way at the very moment
  /// at which one of them, or none, turns its sign over.
  private static Alignment turningBack(int changed, int sensors) {
    List<Alignment.Turning> all = new ArrayList<>();
    int[] hertz = {100, 50, 20};
    for (int s = 0; s < sensors; s++) {
      TurnTrack track = new TurnTrack(false);
      for (int k = 0; k < 20 * hertz[s]; k++) {
        double at = (double) k / hertz[s];
        double rate = (at < 10 ? 0.3 : -0.3) + 0.1 * Math.sin(at);
        double sign = s == changed && at >= 10 ? -1 : 1;
        track.add(EPOCH_NS + Math.round(at * 1e9), 0, 0.001, sign * rate, Double.NaN);
      }
      StreamInfo info = StreamInfo.of(s, "/imu" + s, Modality.IMU, StampSource.HEADER, "cdr", "");
      all.add(new Alignment.Turning(info, track, List.of()));
    }
    return new Alignment(List.of(), List.of(), all, List.of(), null, new SharedAnalyses());
  }

  @Test
  void aThirdSensorTellsWhichOfTwoChangedAndOnce() {
    assertThat(AlignmentCheckContract.run(check(), turningBack(-1, 3)).text()).isEmpty();
    for (int changed = 0; changed < 3; changed++) {
      String text = AlignmentCheckContract.run(check(), turningBack(changed, 3)).text();
      assertThat(text.split("error SYN022", -1)).as(text).hasSize(2);
      assertThat(text).contains("at /imu" + changed + ",").doesNotContain("cannot be decided");
    }
  }

  @Test
  void ofTwoThatBothGoOnElsewhereItSaysThatEitherMayHaveChanged() {
    Alignment slowing = slowing();
    assertThat(AlignmentCheckContract.run(check(), slowing).text())
        .contains("which of the two cannot be decided");
  }

  /// Two sensors of which one goes on at a third and the other at three times its turns.
  private static Alignment slowing() {
    List<Alignment.Turning> all = new ArrayList<>();
    int[] hertz = {100, 50};
    for (int s = 0; s < 2; s++) {
      TurnTrack track = new TurnTrack(false);
      for (int k = 0; k < 20 * hertz[s]; k++) {
        double at = (double) k / hertz[s];
        double rate = 0.2 + 0.05 * Math.sin(at);
        double factor = at < 10 ? 1 : s == 0 ? 2 : 0.5;
        track.add(EPOCH_NS + Math.round(at * 1e9), 0, 0.001, factor * rate, Double.NaN);
      }
      StreamInfo info = StreamInfo.of(s, "/imu" + s, Modality.IMU, StampSource.HEADER, "cdr", "");
      all.add(new Alignment.Turning(info, track, List.of()));
    }
    return new Alignment(List.of(), List.of(), all, List.of(), null, new SharedAnalyses());
  }

  @Test
  void doesNotMindHowSensorsAreMounted() {
    assertThat(AlignmentCheckContract.run(check(), drive(-1, -1)).text()).isEmpty();
  }

  @Test
  void findsASensorThatShowsNoTurns() {
    assertThat(AlignmentCheckContract.run(check(), drive(0, 0)).text())
        .contains("as if one stood still");
  }

  @Test
  void cannotDecideWithoutTurns() {
    Alignment still =
        new Turns(1, 60, 0).imu("/imu", 100, 0, 1e-4).imu("/base/imu", 50, 0, 1e-4).build();
    assertThat(AlignmentCheckContract.run(check(), still).text()).isEmpty();
  }
}
