package dev.lockstep.synth.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CameraModelTest {
  private static final CameraMount MOUNT = new CameraMount(320, 192, 1.4, 0.3, 1.4, 1.6);

  /// The ground is never darker, road users are never lighter.
  private static final int DARKEST_GROUND = 92;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void boxesAreTheProjectionsOfAllCorners(long seed) {
    Scene scene = new Scene(seed, 50);
    CameraModel camera = new CameraModel(scene, MOUNT);
    int compared = 0;
    for (double t = 0; t < 30; t += 0.5) {
      EgoMotion ego = scene.ego(t);
      for (View.Seen seen : camera.boxes(t)) {
        double[] edges = project(ego, seen.actor());
        if (edges.length == 0) {
          continue;
        }
        compared++;
        String where = "seed " + seed + " at " + t + " track " + seen.actor().track();
        assertThat(seen.left()).as(where).isCloseTo(Math.max(0, edges[0]), within(1e-6));
        assertThat(seen.top()).as(where).isCloseTo(Math.max(0, edges[1]), within(1e-6));
        assertThat(seen.right()).as(where).isCloseTo(Math.min(320, edges[2]), within(1e-6));
        assertThat(seen.bottom()).as(where).isCloseTo(Math.min(192, edges[3]), within(1e-6));
      }
    }
    assertThat(compared).isGreaterThan(30);
  }

  /// Edges of the projected corners; empty if one is behind the camera.
  private static double[] project(EgoMotion ego, Actor actor) {
    double[] edges = {1e9, 1e9, -1e9, -1e9};
    for (int corner = 0; corner < 8; corner++) {
      double l = actor.lengthMeters() * ((corner & 1) - 0.5);
      double w = actor.widthMeters() * ((corner >> 1 & 1) - 0.5);
      double h = actor.heightMeters() * (corner >> 2 & 1);
      double x = actor.x() + l * Math.cos(actor.yaw()) - w * Math.sin(actor.yaw());
      double y = actor.y() + l * Math.sin(actor.yaw()) + w * Math.cos(actor.yaw());
      double egoX = (x - ego.x()) * Math.cos(ego.yaw()) + (y - ego.y()) * Math.sin(ego.yaw());
      double egoY = (y - ego.y()) * Math.cos(ego.yaw()) - (x - ego.x()) * Math.sin(ego.yaw());
      double yaw = MOUNT.yawRadians();
      double forward = (egoX - MOUNT.forwardMeters()) * Math.cos(yaw) + egoY * Math.sin(yaw);
      double left = egoY * Math.cos(yaw) - (egoX - MOUNT.forwardMeters()) * Math.sin(yaw);
      if (forward < 0.6) {
        return new double[0];
      }
      double u = MOUNT.centreX() - MOUNT.focalPixels() * left / forward;
      double v = MOUNT.centreY() + MOUNT.focalPixels() * (MOUNT.upMeters() - h) / forward;
      edges[0] = Math.min(edges[0], u);
      edges[1] = Math.min(edges[1], v);
      edges[2] = Math.max(edges[2], u);
      edges[3] = Math.max(edges[3], v);
    }
    return edges;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void darkPixelsLieWithinBoxesAndBoxesHoldDarkPixels(long seed) {
    CameraModel camera = new CameraModel(new Scene(seed, 50), MOUNT);
    for (double t = 0; t < 20; t += 0.5) {
      View view = camera.view(t);
      int[] dark = new int[view.seen().size()];
      for (int i = 0; i < view.pixels().length; i++) {
        if ((view.pixels()[i] & 0xFF) >= DARKEST_GROUND) {
          continue;
        }
        double x = i % 320 + 0.5;
        double y = Math.floorDiv(i, 320) + 0.5;
        boolean within = false;
        for (int k = 0; k < dark.length; k++) {
          View.Seen seen = view.seen().get(k);
          if (x >= seen.left() && x <= seen.right() && y >= seen.top() && y <= seen.bottom()) {
            within = true;
            dark[k]++;
          }
        }
        assertThat(within).as("seed " + seed + " at " + t + " pixel " + x + ", " + y).isTrue();
      }
      for (int k = 0; k < dark.length; k++) {
        assertThat(dark[k]).as("seed " + seed + " at " + t).isPositive();
        assertThat(view.seen().get(k).occluded()).isBetween(0.0, 1.0);
      }
    }
  }
}
