package dev.lockstep.geometry;

/// A grid over the ground that tells which boxes a point may lie in, or around. Holds numbers of
/// boxes only, so that nothing is allocated from sweep to sweep.
final class BoxGrid {
  private static final int MAX_CELLS = 1 << 16;

  /// Size of a cell of the grid, meters; cells grow where boxes lie further apart.
  private static final double CELL_METERS = 1;

  /// Numbers of boxes by cell, row by row; the cells of row and column 0 are empty.
  final NumberLists cells = new NumberLists();

  /// Length of a cell, meters.
  float cellSize;

  /// Corner of the first cell.
  float x;

  float y;

  int columns;
  int rows;
  private float[] centre = {};
  private float[] axes = {};
  private float[] half = {};
  private float[] reach = {};

  /// Builds it anew.
  ///
  /// @param boxes how many there are; arrays may be longer
  /// @param centre three numbers a box, meters
  /// @param axes nine numbers a box: its three axes
  /// @param half half of its length, width and height, meters
  /// @param reach how far off along its length points are looked for, meters
  void build(int boxes, float[] centre, float[] axes, float[] half, float[] reach) {
    this.centre = centre;
    this.axes = axes;
    this.half = half;
    this.reach = reach;
    float lowX = Float.POSITIVE_INFINITY;
    float lowY = Float.POSITIVE_INFINITY;
    float highX = Float.NEGATIVE_INFINITY;
    float highY = Float.NEGATIVE_INFINITY;
    for (int b = 0; b < boxes; b++) {
      float ex = extent(b, 0);
      float ey = extent(b, 1);
      lowX = Math.min(lowX, centre[3 * b] - ex);
      highX = Math.max(highX, centre[3 * b] + ex);
      lowY = Math.min(lowY, centre[3 * b + 1] - ey);
      highY = Math.max(highY, centre[3 * b + 1] + ey);
    }
    double area = (double) (highX - lowX + 4) * (highY - lowY + 4);
    cellSize = (float) Math.max(CELL_METERS, Math.sqrt(2 * area / MAX_CELLS));
    x = lowX - cellSize;
    y = lowY - cellSize;
    columns = Math.clamp((long) ((highX - x) / cellSize) + 1, 2, MAX_CELLS / 2);
    rows = Math.clamp((long) ((highY - y) / cellSize) + 1, 2, MAX_CELLS / columns);
    cells.begin(columns * rows);
    for (int pass = 0; pass < 2; pass++) {
      for (int b = 0; b < boxes; b++) {
        float ex = extent(b, 0);
        float ey = extent(b, 1);
        int left = (int) ((centre[3 * b] - ex - x) / cellSize);
        int right = Math.min(columns - 1, (int) ((centre[3 * b] + ex - x) / cellSize));
        int bottom = (int) ((centre[3 * b + 1] - ey - y) / cellSize);
        int top = Math.min(rows - 1, (int) ((centre[3 * b + 1] + ey - y) / cellSize));
        for (int row = bottom; row <= top; row++) {
          for (int column = left; column <= right; column++) {
            if (reaches(b, x + (column + 0.5f) * cellSize, y + (row + 0.5f) * cellSize)) {
              cells.put(pass, row * columns + column, b);
            }
          }
        }
      }
      cells.sum(pass);
    }
  }

  /// Whether what is looked at of a box may reach into the cell around a place on the ground. Boxes
  /// that lean are given more room.
  private boolean reaches(int b, float atX, float atY) {
    int a = BoxScan.AXES * b;
    float dx = atX - centre[3 * b];
    float dy = atY - centre[3 * b + 1];
    float u = Math.abs(dx * axes[a] + dy * axes[a + 1]);
    float v = Math.abs(dx * axes[a + 3] + dy * axes[a + 4]);
    double high = half[3 * b + 2] + BoxScan.GROUND_REACH_METERS;
    double cell = 0.75 * cellSize;
    return u
            <= half[3 * b]
                + Math.max(reach[b], BoxScan.AROUND_METERS)
                + Math.abs(axes[a + 2]) * high
                + cell
        && v <= half[3 * b + 1] + BoxScan.AROUND_METERS + Math.abs(axes[a + 5]) * high + cell;
  }

  /// Half of what a box takes along the first or second axis of the points, with all around it that
  /// is looked at.
  private float extent(int b, int axis) {
    int a = BoxScan.AXES * b + axis;
    double u = half[3 * b] + Math.max(reach[b], BoxScan.AROUND_METERS);
    double v = half[3 * b + 1] + BoxScan.AROUND_METERS;
    double w = half[3 * b + 2] + BoxScan.GROUND_REACH_METERS;
    return (float) (Math.abs(axes[a]) * u + Math.abs(axes[a + 3]) * v + Math.abs(axes[a + 6]) * w);
  }
}
