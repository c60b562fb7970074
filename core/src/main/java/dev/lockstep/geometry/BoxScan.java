package dev.lockstep.geometry;

import dev.lockstep.model.PointColumns;
import java.util.Arrays;

/// What one sweep holds of some boxes: points in and around each, rays that pass through it, how
/// far its points lie off it along its way, and how high the ground is around it.
///
/// All points are looked at once. A grid over the ground tells which boxes a point may lie in, a
/// circle of sectors around the LiDAR which boxes its ray may cross; both hold box numbers only, so
/// that nothing is allocated from sweep to sweep. Used by one thread at a time.
public final class BoxScan {
  /// Points at a box's bottom may be ground, meters over it. Judged: twice the noise of a label's
  /// height.
  static final double FOOT_METERS = 0.3;

  /// A point may lie that far outside of a box that it belongs to. Judged: noise of ranges and
  /// annotators' hands.
  static final double INSIDE_METERS = 0.1;

  /// An object whose label is a little off still has points this near to its box.
  static final double NEAR_METERS = 0.5;

  /// Ground is looked for from here on beside a box, up to the next, and above and below its
  /// bottom.
  static final double BESIDE_METERS = 0.15;

  static final double AROUND_METERS = 1.2;

  static final double GROUND_REACH_METERS = 2;

  /// Part of a box's sides that a ray has to cross for the box to be in its way: cars are round at
  /// corners, and labels are not exact.
  static final double CORE = 0.6;

  /// Part of a box's height up to which it is solid: roofs slope, heads are narrow.
  static final double CORE_TOP = 0.7;

  /// Rays that are counted of a box at most: more say no more.
  static final int MAX_RAYS = 100;

  /// A ray crosses the core over this length on the ground at least, meters.
  private static final double MIN_CHORD_METERS = 0.15;

  /// The end of a ray that passed a box lies that far behind its core, meters.
  private static final double BEHIND_METERS = 0.7;

  private static final int BINS = 128;
  private static final int GROUND_BINS = 40;
  private static final int SECTORS = 2048;

  /// Numbers of a box's axes.
  static final int AXES = 9;

  private static final int VIEW = 4;
  private static final int MAX_PLACES = 2;

  private int boxes;
  private float[] centre = {};
  private float[] axes = {};
  private float[] half = {};
  private float[] reach = {};
  private float[] binsPerMeter = {};
  private float[] origin = {};
  private float[] coreLow = {};
  private float[] coreHigh = {};

  /// Of each box, as the LiDAR sees its core: nearest and furthest distance on the ground, lowest
  /// and highest place over the LiDAR.
  private float[] view = {};

  private boolean[] crossed = {};
  private int[] inside = {};
  private int[] near = {};
  private int[] through = {};
  private int[] stopped = {};
  private int[] along = {};
  private int[] ground = {};

  private final float[] moved = new float[3 * MAX_PLACES];
  private int places;
  private boolean rays;
  private float originX;
  private float originY;
  private float originZ;

  private final BoxGrid grid = new BoxGrid();
  private final NumberLists sectors = new NumberLists();

  /// Begins a sweep of a LiDAR that stands still. Of one whose way is not known, rays are not
  /// counted.
  ///
  /// @param x where the LiDAR stands in the frame of the points, meters
  /// @param y the same
  /// @param z the same
  /// @param known whether it stands there, as far as anybody knows
  public void begin(double x, double y, double z, boolean known) {
    originX = (float) x;
    originY = (float) y;
    originZ = (float) z;
    boxes = 0;
    places = 0;
    rays = known;
  }

  /// Says that the LiDAR stood elsewhere, too, while the sweep was measured: a ray then counts only
  /// if it passes a box from all places. Before the first box, twice at most.
  public void alsoFrom(double x, double y, double z) {
    moved[3 * places] = (float) (x - originX);
    moved[3 * places + 1] = (float) (y - originY);
    moved[3 * places++ + 2] = (float) (z - originZ);
  }

  /// Adds a box and gives its number.
  ///
  /// @param box centre, size and orientation in the frame of the points, at `at`: x, y, z, length,
  ///   width, height, then a quaternion, w first
  /// @param reachMeters how far off the box along its length points are looked for; 0 not at all
  public int add(double[] box, int at, double reachMeters) {
    int b = boxes++;
    if (b == reach.length) {
      grow(Math.max(64, 2 * b));
    }
    double w = box[at + 6];
    double i = box[at + 7];
    double j = box[at + 8];
    double k = box[at + 9];
    double s = 2 / (w * w + i * i + j * j + k * k);
    int a = b * AXES;
    axes[a] = (float) (1 - s * (j * j + k * k));
    axes[a + 1] = (float) (s * (i * j + w * k));
    axes[a + 2] = (float) (s * (i * k - w * j));
    axes[a + 3] = (float) (s * (i * j - w * k));
    axes[a + 4] = (float) (1 - s * (i * i + k * k));
    axes[a + 5] = (float) (s * (j * k + w * i));
    axes[a + 6] = (float) (s * (i * k + w * j));
    axes[a + 7] = (float) (s * (j * k - w * i));
    axes[a + 8] = (float) (1 - s * (i * i + j * j));
    for (int d = 0; d < 3; d++) {
      centre[3 * b + d] = (float) box[at + d];
      half[3 * b + d] = (float) (box[at + 3 + d] / 2);
    }
    for (int d = 0; d < 2; d++) {
      coreHigh[3 * b + d] = half[3 * b + d] * (float) CORE;
      coreLow[3 * b + d] = -coreHigh[3 * b + d];
    }
    float high = half[3 * b + 2];
    coreHigh[3 * b + 2] = high * (float) (2 * CORE_TOP - 1);
    coreLow[3 * b + 2] = -high + (float) Math.min(FOOT_METERS, high);
    reach[b] = (float) reachMeters;
    binsPerMeter[b] = (float) (BINS / (2 * (half[3 * b] + reachMeters)));
    float dx = originX - centre[3 * b];
    float dy = originY - centre[3 * b + 1];
    float dz = originZ - centre[3 * b + 2];
    for (int d = 0; d < 3; d++) {
      origin[3 * b + d] =
          dx * axes[a + 3 * d] + dy * axes[a + 3 * d + 1] + dz * axes[a + 3 * d + 2];
    }
    return b;
  }

  private void grow(int room) {
    centre = Arrays.copyOf(centre, 3 * room);
    axes = Arrays.copyOf(axes, AXES * room);
    half = Arrays.copyOf(half, 3 * room);
    origin = Arrays.copyOf(origin, 3 * room);
    coreLow = Arrays.copyOf(coreLow, 3 * room);
    coreHigh = Arrays.copyOf(coreHigh, 3 * room);
    reach = Arrays.copyOf(reach, room);
    binsPerMeter = Arrays.copyOf(binsPerMeter, room);
    view = Arrays.copyOf(view, VIEW * room);
    crossed = Arrays.copyOf(crossed, room);
    inside = Arrays.copyOf(inside, room);
    near = Arrays.copyOf(near, room);
    through = Arrays.copyOf(through, room);
    stopped = Arrays.copyOf(stopped, room);
    along = Arrays.copyOf(along, BINS * room);
    ground = Arrays.copyOf(ground, GROUND_BINS * room);
  }

  /// Looks at the points of the sweep, once the boxes are added.
  public void scan(PointColumns points) {
    Arrays.fill(inside, 0, boxes, 0);
    Arrays.fill(near, 0, boxes, 0);
    Arrays.fill(through, 0, boxes, 0);
    Arrays.fill(stopped, 0, boxes, 0);
    Arrays.fill(along, 0, boxes * BINS, 0);
    Arrays.fill(ground, 0, boxes * GROUND_BINS, 0);
    if (boxes == 0) {
      return;
    }
    grid.build(boxes, centre, axes, half, reach);
    buildSectors();
    float[] xs = points.x();
    float[] ys = points.y();
    float[] zs = points.z();
    float perCell = 1 / grid.cellSize;
    float gridX = grid.x;
    float gridY = grid.y;
    int columns = grid.columns;
    int rows = grid.rows;
    NumberLists cells = grid.cells;
    int[] cellStarts = cells.starts;
    int[] sectorStarts = sectors.starts;
    for (int p = 0; p < points.size(); p++) {
      float x = xs[p];
      float y = ys[p];
      int column = (int) ((x - gridX) * perCell);
      int row = (int) ((y - gridY) * perCell);
      // Left of and below the grid, the cast rounds up to cell 0, which is kept empty.
      if (column > 0 && row > 0 && column < columns && row < rows) {
        int cell = row * columns + column;
        for (int i = cellStarts[cell]; i < cellStarts[cell + 1]; i++) {
          place(cells.entries[i], x, y, zs[p]);
        }
      }
      float dx = x - originX;
      float dy = y - originY;
      int sector = sector(dx, dy);
      int end = sectorStarts[sector + 1];
      int i = sectorStarts[sector];
      if (i < end) {
        float dz = zs[p] - originZ;
        float away = (float) Math.sqrt(dx * dx + dy * dy);
        float slope = dz / away;
        for (; i < end; i++) {
          int b = sectors.entries[i];
          int v = VIEW * b;
          float near = slope * view[v];
          float far = slope * view[v + 1];
          // Rays that pass under or over the box say nothing.
          if (Math.max(near, far) >= view[v + 2] && Math.min(near, far) <= view[v + 3]) {
            if (away <= view[v]) {
              stopped[b]++;
            } else if (through[b] < MAX_RAYS) {
              cross(b, dx, dy, dz, away);
            }
          }
        }
      }
    }
  }

  private void place(int b, float x, float y, float z) {
    int c = 3 * b;
    int a = AXES * b;
    float dx = x - centre[c];
    float dy = y - centre[c + 1];
    float dz = z - centre[c + 2];
    float up = dx * axes[a + 6] + dy * axes[a + 7] + dz * axes[a + 8];
    float high = half[c + 2];
    if (up > high + NEAR_METERS || up < -high - GROUND_REACH_METERS) {
      return;
    }
    float side = Math.abs(dx * axes[a + 3] + dy * axes[a + 4] + dz * axes[a + 5]) - half[c + 1];
    if (side > AROUND_METERS) {
      return;
    }
    float u = dx * axes[a] + dy * axes[a + 1] + dz * axes[a + 2];
    float front = Math.abs(u) - half[c];
    float out = Math.max(front, side);
    // Beside the box only: before and behind it, points of a moving object may stick out.
    if (side > BESIDE_METERS && front <= 0) {
      int bin = (int) ((up + high + GROUND_REACH_METERS) * (GROUND_BINS / 4.0f));
      if (bin >= 0 && bin < GROUND_BINS) {
        ground[b * GROUND_BINS + bin]++;
      }
    }
    // Of low objects, the upper half is over the ground at least.
    if (up < -high + Math.min(FOOT_METERS, high)) {
      return;
    }
    if (out <= NEAR_METERS) {
      near[b]++;
      if (out <= INSIDE_METERS && up <= high + INSIDE_METERS) {
        inside[b]++;
      }
    }
    float r = reach[b];
    if (r > 0 && side <= 0 && front < r && up <= high) {
      int bin = (int) ((u + half[c] + r) * binsPerMeter[b]);
      if (bin >= 0 && bin < BINS) {
        along[b * BINS + bin]++;
      }
    }
  }

  /// Counts the ray to a point if it passes through the core of a box and ends behind it; `away` is
  /// its length on the ground.
  private void cross(int b, float dx, float dy, float dz, float away) {
    int a = AXES * b;
    float u = dx * axes[a] + dy * axes[a + 1] + dz * axes[a + 2];
    float v = dx * axes[a + 3] + dy * axes[a + 4] + dz * axes[a + 5];
    float w = dx * axes[a + 6] + dy * axes[a + 7] + dz * axes[a + 8];
    if (!passes(b, u, v, w, 0, 0, 0, away)) {
      return;
    }
    for (int i = 0; i < places; i++) {
      float mx = moved[3 * i];
      float my = moved[3 * i + 1];
      float mz = moved[3 * i + 2];
      float mu = mx * axes[a] + my * axes[a + 1] + mz * axes[a + 2];
      float mv = mx * axes[a + 3] + my * axes[a + 4] + mz * axes[a + 5];
      float mw = mx * axes[a + 6] + my * axes[a + 7] + mz * axes[a + 8];
      if (!passes(b, u - mu, v - mv, w - mw, mu, mv, mw, away)) {
        return;
      }
    }
    through[b]++;
  }

  /// Whether a ray passes the core of a box: in the box's axes, its way, and how far it begins from
  /// the first place of the LiDAR.
  private boolean passes(
      int b, float u, float v, float w, float mu, float mv, float mw, float away) {
    int c = 3 * b;
    float enter = 0;
    float leave = 1;
    for (int d = 0; d < 3; d++) {
      // A ray along a side divides by zero, which the infinities that come of it answer.
      float per = 1 / (d == 0 ? u : d == 1 ? v : w);
      float from = origin[c + d] + (d == 0 ? mu : d == 1 ? mv : mw);
      float first = (coreLow[c + d] - from) * per;
      float second = (coreHigh[c + d] - from) * per;
      float near = first < second ? first : second;
      float far = first < second ? second : first;
      enter = near > enter ? near : enter;
      leave = far < leave ? far : leave;
      if (enter >= leave) {
        return false;
      }
    }
    return (leave - enter) * away >= MIN_CHORD_METERS && (1 - leave) * away >= BEHIND_METERS;
  }

  /// Number of the sector of a direction: the way around a square is divided evenly, which takes no
  /// arc tangent.
  private static int sector(float dx, float dy) {
    float sum = Math.abs(dx) + Math.abs(dy);
    float turn = dy / sum;
    turn = dx >= 0 ? turn : dy >= 0 ? 2 - turn : -2 - turn;
    // From -2 to 2; of the LiDAR's own place, NaN, which becomes 0.
    return Math.min(SECTORS - 1, (int) ((turn + 2) * (SECTORS / 4.0f)));
  }

  private void buildSectors() {
    sectors.begin(SECTORS);
    for (int b = 0; b < boxes; b++) {
      double out = Math.hypot(half[3 * b], half[3 * b + 1]);
      double away = Math.hypot(originX - centre[3 * b], originY - centre[3 * b + 1]);
      crossed[b] = rays && away > out + 1;
      int a = AXES * b;
      double tilt = Math.abs(axes[a + 2]) * half[3 * b] + Math.abs(axes[a + 5]) * half[3 * b + 1];
      double up = centre[3 * b + 2] - originZ;
      int v = VIEW * b;
      view[v] = (float) Math.max(0, away - out);
      view[v + 1] = (float) (away + out);
      view[v + 2] = (float) (up - tilt - half[3 * b + 2]);
      view[v + 3] = (float) (up + tilt + half[3 * b + 2]);
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int b = 0; b < boxes; b++) {
        if (crossed[b]) {
          addSectors(pass, b);
        }
      }
      sectors.sum(pass);
    }
  }

  private void addSectors(int pass, int b) {
    int c = 3 * b;
    int a = AXES * b;
    int centreSector = sector(centre[c] - originX, centre[c + 1] - originY);
    int least = 0;
    int most = 0;
    for (int corner = 0; corner < 8; corner++) {
      float u = (float) ((corner & 1) == 0 ? CORE : -CORE) * half[c];
      float v = (float) ((corner & 2) == 0 ? CORE : -CORE) * half[c + 1];
      float w = (corner & 4) == 0 ? half[c + 2] : -half[c + 2];
      int at =
          sector(
              centre[c] + u * axes[a] + v * axes[a + 3] + w * axes[a + 6] - originX,
              centre[c + 1] + u * axes[a + 1] + v * axes[a + 4] + w * axes[a + 7] - originY);
      int off = (at - centreSector + SECTORS + SECTORS / 2) % SECTORS - SECTORS / 2;
      least = Math.min(least, off);
      most = Math.max(most, off);
    }
    for (int off = least; off <= most; off++) {
      sectors.put(pass, (centreSector + off + SECTORS) % SECTORS, b);
    }
  }

  /// Points in a box, those at its foot left out.
  public int inside(int box) {
    return inside[box];
  }

  /// Points in a box and half a meter around it.
  public int near(int box) {
    return near[box];
  }

  /// Rays towards the core of a box that end before it; below 0 where it is not known where rays
  /// begin.
  public int stopped(int box) {
    return rays ? stopped[box] : -1;
  }

  /// Rays that cross the core of a box and end behind it, up to 100.
  public int through(int box) {
    return through[box];
  }

  /// Direction of a box from the LiDAR, radians from the first axis of the points.
  public double azimuth(int box) {
    return Math.atan2(centre[3 * box + 1] - originY, centre[3 * box] - originX);
  }

  /// Height of the ground around a box over its bottom, meters; NaN where too few points tell.
  ///
  /// The lowest height that many points have: what lies below is noise, what lies above stands on
  /// the ground.
  public double ground(int box) {
    return PointProfile.ground(ground, box * GROUND_BINS, GROUND_BINS, GROUND_REACH_METERS);
  }

  /// How far the points of a box lie ahead of it, along its length, meters (negative behind): where
  /// its face that looks to the LiDAR would have to be for them to begin there. NaN where no such
  /// edge stands out, or the LiDAR sees only the box's side.
  public double ahead(int box) {
    float length = half[3 * box];
    float seen = origin[3 * box];
    if (reach[box] <= 0 || Math.abs(seen) < length + 1) {
      return Double.NaN;
    }
    return PointProfile.ahead(along, box * BINS, BINS, reach[box], binsPerMeter[box], seen > 0);
  }
}
