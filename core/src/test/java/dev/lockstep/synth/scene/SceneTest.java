package dev.lockstep.synth.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SceneTest {
  private static final double STEP = 1e-4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 99})
  void motionIsTheDerivativeOfThePoses(long seed) {
    Scene scene = new Scene(seed, 50);
    for (double t = 0; t < 60; t += 0.37) {
      EgoMotion before = scene.ego(t - STEP);
      EgoMotion now = scene.ego(t);
      EgoMotion after = scene.ego(t + STEP);
      double vx = (after.x() - before.x()) / (2 * STEP);
      double vy = (after.y() - before.y()) / (2 * STEP);
      double ax = (after.x() - 2 * now.x() + before.x()) / (STEP * STEP);
      double ay = (after.y() - 2 * now.y() + before.y()) / (STEP * STEP);
      double cos = Math.cos(now.yaw());
      double sin = Math.sin(now.yaw());
      String where = "seed " + seed + " at " + t + " s";
      assertThat(now.speed()).as(where).isCloseTo(vx * cos + vy * sin, within(1e-4));
      assertThat(vy * cos - vx * sin).as(where).isCloseTo(0, within(1e-4));
      assertThat(now.yawRate())
          .as(where)
          .isCloseTo((after.yaw() - before.yaw()) / (2 * STEP), within(1e-5));
      assertThat(now.forwardAcceleration()).as(where).isCloseTo(ax * cos + ay * sin, within(1e-2));
      assertThat(now.leftAcceleration()).as(where).isCloseTo(ay * cos - ax * sin, within(1e-2));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 99})
  void noTwoRoadUsersShareAPlaceAndNoneIsRunOver(long seed) {
    Scene scene = new Scene(seed, 60);
    for (double t = 0; t < 120; t += 0.21) {
      List<Actor> actors = scene.actors(t);
      EgoMotion ego = scene.ego(t);
      for (int i = 0; i < actors.size(); i++) {
        Actor a = actors.get(i);
        assertThat(Math.hypot(a.x() - ego.x(), a.y() - ego.y()))
            .as("seed " + seed + " at " + t + ": track " + a.track() + " and the vehicle")
            .isGreaterThan(a.widthMeters() / 2 + 1);
        for (Actor b : actors.subList(i + 1, actors.size())) {
          assertThat(Math.hypot(a.x() - b.x(), a.y() - b.y()))
              .as("seed " + seed + " at " + t + ": tracks " + a.track() + ", " + b.track())
              .isGreaterThan((a.widthMeters() + b.widthMeters()) / 2);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 99})
  void tracksComeOnceAndGoOnceAndMoveSteadily(long seed) {
    Scene scene = new Scene(seed, 60);
    Map<Long, Integer> lastSeen = new HashMap<>();
    Map<Long, Actor> last = new HashMap<>();
    for (int frame = 0; frame < 1200; frame++) {
      for (Actor actor : scene.actors(frame * 0.1)) {
        Integer before = lastSeen.put(actor.track(), frame);
        Actor previous = last.put(actor.track(), actor);
        if (before != null && previous != null) {
          String where = "seed " + seed + " frame " + frame + " track " + actor.track();
          assertThat(before).as(where).isEqualTo(frame - 1);
          assertThat(actor.category()).as(where).isEqualTo(previous.category());
          assertThat(actor.lengthMeters()).as(where).isEqualTo(previous.lengthMeters());
          assertThat(Math.hypot(actor.x() - previous.x(), actor.y() - previous.y()))
              .as(where)
              .isLessThan(2.8);
          assertThat(Math.abs(Math.IEEEremainder(actor.yaw() - previous.yaw(), 2 * Math.PI)))
              .as(where)
              .isLessThan(0.05);
        }
      }
    }
    assertThat(last).hasSizeGreaterThan(50);
  }

  @Test
  void anyMomentOfALongDriveIsComputedByItself() {
    Scene scene = new Scene(1, 50);

    assertThat(scene.actors(36_000)).hasSizeBetween(4, 40);
    assertThat(scene.actors(36_000)).isEqualTo(new Scene(1, 50).actors(36_000));
  }
}
