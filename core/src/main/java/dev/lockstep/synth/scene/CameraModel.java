package dev.lockstep.synth.scene;

import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Draws a scene as a camera sees it: sky, a patterned ground that moves with the vehicle, and each
/// road user as the filled convex outline of its projected box, near over far.
///
/// The edges of a 2D label are the extremes of the same outline, so labels and pixels agree by
/// construction. One object serves one thread.
public final class CameraModel {
  /// Nearer than this a box is cut off, m.
  private static final double NEAR_METERS = 0.5;

  /// Smaller than this in either direction, a road user is not labelled, pixels.
  public static final double MIN_PIXELS = 2;

  private static final int CORNERS = 8;

  /// Pairs of corners (bits: x, y, z) that an edge of the box joins.
  private static final int[][] EDGES = {
    {0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}
  };

  private final Scene scene;
  private final CameraMount mount;
  private final double focal;
  private final byte[] pixels;
  private final int[] owners;

  /// A camera in a world.
  public CameraModel(Scene scene, CameraMount mount) {
    this.scene = scene;
    this.mount = mount;
    focal = mount.focalPixels();
    pixels = new byte[mount.widthPixels() * mount.heightPixels()];
    owners = new int[pixels.length];
  }

  /// The boxes alone, as [#view] gives them but for occlusion, which is 0.
  public List<View.Seen> boxes(double seconds) {
    List<View.Seen> seen = new ArrayList<>();
    for (Outline outline : outlines(seconds)) {
      seen.add(outline.seen(0));
    }
    return seen;
  }

  /// Image and boxes at a moment.
  public View view(double seconds) {
    drawBackground(seconds);
    Arrays.fill(owners, -1);
    List<Outline> outlines = outlines(seconds);
    int[] whole = new int[outlines.size()];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = outlines.get(i).fill(i);
    }
    int[] visible = new int[whole.length];
    for (int owner : owners) {
      if (owner >= 0) {
        visible[owner]++;
      }
    }
    List<View.Seen> seen = new ArrayList<>();
    for (int i = 0; i < whole.length; i++) {
      seen.add(outlines.get(i).seen(whole[i] == 0 ? 1 : 1 - (double) visible[i] / whole[i]));
    }
    return new View(pixels, seen);
  }

  private void drawBackground(double seconds) {
    EgoMotion ego = scene.ego(seconds);
    double heading = ego.yaw() + mount.yawRadians();
    double cos = StrictMath.cos(heading);
    double sin = StrictMath.sin(heading);
    double originX = ego.x() + StrictMath.cos(ego.yaw()) * mount.forwardMeters();
    double originY = ego.y() + StrictMath.sin(ego.yaw()) * mount.forwardMeters();
    int width = mount.widthPixels();
    for (int row = 0; row < mount.heightPixels(); row++) {
      double down = (row + 0.5 - mount.centreY()) / focal;
      if (down <= 0) {
        int sky = 200 + (int) Math.max(-40, 60 * down);
        Arrays.fill(pixels, row * width, (row + 1) * width, (byte) sky);
        continue;
      }
      double depth = mount.upMeters() / down;
      for (int column = 0; column < width; column++) {
        double right = (column + 0.5 - mount.centreX()) / focal * depth;
        double x = originX + depth * cos + right * sin;
        double y = originY + depth * sin - right * cos;
        // A pattern finer than a pixel would only flicker.
        boolean light =
            depth < 30 && ((long) Math.floor(x / 4) + (long) Math.floor(y / 4)) % 2 == 0;
        pixels[row * width + column] = (byte) (light ? 112 : 92);
      }
    }
  }

  private List<Outline> outlines(double seconds) {
    EgoMotion ego = scene.ego(seconds);
    double heading = ego.yaw() + mount.yawRadians();
    double cos = StrictMath.cos(heading);
    double sin = StrictMath.sin(heading);
    double originX = ego.x() + StrictMath.cos(ego.yaw()) * mount.forwardMeters();
    double originY = ego.y() + StrictMath.sin(ego.yaw()) * mount.forwardMeters();
    List<Outline> outlines = new ArrayList<>();
    for (Actor actor : scene.actors(seconds)) {
      Outline outline = outline(actor, originX, originY, cos, sin);
      if (outline != null) {
        outlines.add(outline);
      }
    }
    outlines.sort(Order.byDouble(outline -> -outline.depth));
    return outlines;
  }

  private @org.jspecify.annotations.Nullable Outline outline(
      Actor actor, double originX, double originY, double cos, double sin) {
    double[] right = new double[CORNERS];
    double[] down = new double[CORNERS];
    double[] depth = new double[CORNERS];
    double actorCos = StrictMath.cos(actor.yaw());
    double actorSin = StrictMath.sin(actor.yaw());
    for (int corner = 0; corner < CORNERS; corner++) {
      double along = ((corner & 1) == 0 ? -0.5 : 0.5) * actor.lengthMeters();
      double across = ((corner & 2) == 0 ? -0.5 : 0.5) * actor.widthMeters();
      double up = (corner & 4) == 0 ? 0 : actor.heightMeters();
      double dx = actor.x() + along * actorCos - across * actorSin - originX;
      double dy = actor.y() + along * actorSin + across * actorCos - originY;
      depth[corner] = dx * cos + dy * sin;
      right[corner] = dx * sin - dy * cos;
      down[corner] = mount.upMeters() - up;
    }
    List<double[]> points = new ArrayList<>();
    for (int corner = 0; corner < CORNERS; corner++) {
      if (depth[corner] >= NEAR_METERS) {
        points.add(project(right[corner], down[corner], depth[corner]));
      }
    }
    for (int[] edge : EDGES) {
      double a = depth[edge[0]];
      double b = depth[edge[1]];
      if (a >= NEAR_METERS != b >= NEAR_METERS) {
        double part = (NEAR_METERS - a) / (b - a);
        points.add(
            project(
                right[edge[0]] + part * (right[edge[1]] - right[edge[0]]),
                down[edge[0]] + part * (down[edge[1]] - down[edge[0]]),
                NEAR_METERS));
      }
    }
    if (points.isEmpty()) {
      return null;
    }
    double distance =
        (actor.x() - originX) * (actor.x() - originX)
            + (actor.y() - originY) * (actor.y() - originY);
    Outline outline = new Outline(actor, distance, ConvexHull.of(points));
    return outline.right - outline.left >= MIN_PIXELS && outline.bottom - outline.top >= MIN_PIXELS
        ? outline
        : null;
  }

  private double[] project(double right, double down, double depth) {
    return new double[] {
      mount.centreX() + focal * right / depth, mount.centreY() + focal * down / depth
    };
  }

  /// A road user's outline in the image.
  private final class Outline {
    final Actor actor;
    final double depth;
    final double[][] hull;
    final double left;
    final double top;
    final double right;
    final double bottom;

    Outline(Actor actor, double depth, double[][] hull) {
      this.actor = actor;
      this.depth = depth;
      this.hull = hull;
      double l = Double.POSITIVE_INFINITY;
      double t = Double.POSITIVE_INFINITY;
      double r = Double.NEGATIVE_INFINITY;
      double b = Double.NEGATIVE_INFINITY;
      for (double[] point : hull) {
        l = Math.min(l, point[0]);
        r = Math.max(r, point[0]);
        t = Math.min(t, point[1]);
        b = Math.max(b, point[1]);
      }
      left = Math.max(0, l);
      top = Math.max(0, t);
      right = Math.min(mount.widthPixels(), r);
      bottom = Math.min(mount.heightPixels(), b);
    }

    View.Seen seen(double occluded) {
      return new View.Seen(actor, left, top, right, bottom, occluded);
    }

    /// Paints all pixels whose centre lies within and returns how many.
    int fill(int owner) {
      byte gray = (byte) (30 + Noise.below(scene.seed(), Lanes.ACTOR, actor.track(), 20) * 3);
      int painted = 0;
      int width = mount.widthPixels();
      for (int row = (int) top; row < bottom; row++) {
        double y = row + 0.5;
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < hull.length; i++) {
          double[] a = hull[i];
          double[] b = hull[(i + 1) % hull.length];
          if (a[1] <= y != b[1] <= y) {
            double x = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            from = Math.min(from, x);
            to = Math.max(to, x);
          }
        }
        int end = (int) Math.min(width, Math.ceil(to - 0.5));
        for (int column = (int) Math.max(0, Math.ceil(from - 0.5)); column < end; column++) {
          pixels[row * width + column] = gray;
          owners[row * width + column] = owner;
          painted++;
        }
      }
      return painted;
    }
  }
}
