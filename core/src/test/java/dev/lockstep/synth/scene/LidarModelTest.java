package dev.lockstep.synth.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LidarModelTest {
  private static final long TURN_NS = 100_000_000;
  private static final Spinner SPINNER =
      new Spinner(16, 180, Math.toRadians(-16), Math.toRadians(2), 60, 0.02, 1.0, 1.8);

  /// Noise is within 3.5 standard deviations.
  private static final double SLACK_METERS = 0.075;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyPointOfATrackLiesOnItsBoxWhenItWasMeasured(long seed) {
    Scene scene = new Scene(seed, 50);
    LidarModel lidar = new LidarModel(scene, SPINNER);
    Sweep sweep = new Sweep();
    Set<Long> hit = new HashSet<>();
    for (int number = 0; number < 40; number++) {
      double start = number * 0.7;
      lidar.measure(number, start, TURN_NS, sweep);
      EgoMotion ego = scene.ego(start);
      for (int i = 0; i < sweep.size(); i++) {
        String where = "seed " + seed + " sweep " + number + " point " + i;
        assertThat(sweep.offsetsNs()[i]).as(where).isBetween(0, (int) TURN_NS - 1);
        if (sweep.tracks()[i] == Sweep.GROUND) {
          assertThat((double) sweep.z()[i]).as(where).isBetween(-1.85, -1.75);
          continue;
        }
        hit.add(sweep.tracks()[i]);
        Actor actor = actor(scene, sweep.tracks()[i], start + sweep.offsetsNs()[i] * 1e-9);
        double forward = sweep.x()[i] + SPINNER.forwardMeters();
        double cos = Math.cos(ego.yaw());
        double sin = Math.sin(ego.yaw());
        double dx = ego.x() + forward * cos - sweep.y()[i] * sin - actor.x();
        double dy = ego.y() + forward * sin + sweep.y()[i] * cos - actor.y();
        double along = dx * Math.cos(actor.yaw()) + dy * Math.sin(actor.yaw());
        double across = dy * Math.cos(actor.yaw()) - dx * Math.sin(actor.yaw());
        assertThat(Math.abs(along)).as(where).isLessThan(actor.lengthMeters() / 2 + SLACK_METERS);
        assertThat(Math.abs(across)).as(where).isLessThan(actor.widthMeters() / 2 + SLACK_METERS);
        assertThat(sweep.z()[i] + SPINNER.upMeters())
            .as(where)
            .isBetween(-SLACK_METERS, actor.heightMeters() + SLACK_METERS);
      }
    }
    assertThat(hit).as("seed " + seed).hasSizeGreaterThan(10);
  }

  private static Actor actor(Scene scene, long track, double seconds) {
    return scene.actors(seconds).stream()
        .filter(actor -> actor.track() == track)
        .findFirst()
        .orElseThrow();
  }
}
