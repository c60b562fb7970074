package dev.lockstep.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All labels of one origin over one recording: one row a box, in order of time, then of source.
///
/// Columns are arrays of which `[0, size())` is valid; a box takes about 190 bytes, held for the
/// whole recording because label rules look back and forth along tracks. Boxes are 3D, 2D or both;
/// absent numbers are NaN.
///
/// 3D boxes: centre `(x, y, z)` in meters in [#frameOfReference()], size in meters along the box's
/// own axes (length forward, width left, height up), orientation as a quaternion whose yaw is a
/// rotation about the up axis. Readers convert to this whatever their format's convention is. 2D
/// boxes: edges in pixels of the image, origin at its top left.
public final class LabelSet {
  /// Row has no track id.
  public static final int NO_TRACK = -1;

  /// Frame of reference in which a 3D box is given.
  public enum Frame {
    /// Fixed to the ground.
    WORLD,
    /// Moves with the vehicle; x forward, y left, z up.
    EGO,
    /// Moves with one sensor; axes as the readers' pages say, turned so that z is up.
    SENSOR,
    /// 2D only.
    IMAGE
  }

  private final String name;
  private Frame frameOfReference;
  private final StampSource stampSource;
  private final Names tracks = new Names();
  private final Names categories = new Names();
  private final Names annotators = new Names();
  private final Names files = new Names();
  private final LabelDetails details = new LabelDetails();

  private int size;
  private boolean sorted = true;
  private Columns c = new Columns(64);
  private int @Nullable [] trackStarts;
  private int @Nullable [] trackRows;

  /// An empty set.
  ///
  /// @param name name of the set, unique in the recording
  /// @param frameOfReference frame of the 3D boxes
  /// @param stampSource what the times of the rows rest on
  public LabelSet(String name, Frame frameOfReference, StampSource stampSource) {
    this.name = name;
    this.frameOfReference = frameOfReference;
    this.stampSource = stampSource;
  }

  /// Sets the frame of the 3D boxes, where a reader learns it only from the rows.
  public void setFrameOfReference(Frame frame) {
    frameOfReference = frame;
  }

  /// Adds a box without geometry, which is set on the returned row afterwards.
  ///
  /// @param stampNs stamp of the label; for sets without stamps, frame number times period
  /// @param frame frame number as in the labels, or -1
  /// @param track track id as in the labels, or null
  /// @param category category as in the labels
  /// @param file file of the label, relative to the recording
  /// @param position line number (1-based), table row (0-based) or message index in the file
  public int add(
      long stampNs,
      long frame,
      @Nullable String track,
      String category,
      String file,
      long position) {
    if (size == c.stampsNs.length) {
      c = c.grown(size * 2);
    }
    int row = size++;
    c.stampsNs[row] = stampNs;
    c.frames[row] = frame;
    c.tracks[row] = track == null ? NO_TRACK : tracks.idOf(track);
    c.categories[row] = categories.idOf(category);
    c.files[row] = files.idOf(file);
    c.positions[row] = position;
    if (row > 0 && stampNs < c.stampsNs[row - 1]) {
      sorted = false;
    }
    trackRows = null;
    return row;
  }

  /// Adds a row of another set with all that it says, and returns the new row.
  public int addCopy(LabelSet from, int row) {
    int track = from.tracks()[row];
    int added =
        add(
            from.stampsNs()[row],
            from.frames()[row],
            track == NO_TRACK ? null : from.trackName(track),
            from.categoryName(from.categories()[row]),
            from.file(row),
            from.positions()[row]);
    copyBox3d(added, from, row);
    System.arraycopy(from.boxes2d(), row * BOX_2D, c.box2d, added * BOX_2D, BOX_2D);
    setPoints(added, from.points()[row]);
    setVisibility(added, from.truncated()[row], from.occluded()[row]);
    String annotator = from.annotator(row);
    if (annotator != null) {
      setAuthor(added, annotator, from.editedNs()[row]);
    }
    details.copy(added, from.details(), row);
    return added;
  }

  /// Gives a row the 3D box that a row of another set has, or none if it has none.
  public void copyBox3d(int row, LabelSet from, int other) {
    System.arraycopy(from.boxes3d(), other * BOX_3D, c.box3d, row * BOX_3D, BOX_3D);
  }

  /// Sets centre and size of a 3D box, meters, and its orientation.
  public void setBox3d(
      int row,
      double x,
      double y,
      double z,
      double length,
      double width,
      double height,
      double qw,
      double qx,
      double qy,
      double qz) {
    double[] b = c.box3d;
    int at = row * BOX_3D;
    b[at] = x;
    b[at + 1] = y;
    b[at + 2] = z;
    b[at + 3] = length;
    b[at + 4] = width;
    b[at + 5] = height;
    b[at + 6] = qw;
    b[at + 7] = qx;
    b[at + 8] = qy;
    b[at + 9] = qz;
  }

  /// Sets centre and size of a 3D box, meters, turned by `yaw` radians about the up axis.
  public void setBox3d(
      int row,
      double x,
      double y,
      double z,
      double length,
      double width,
      double height,
      double yaw) {
    setBox3d(row, x, y, z, length, width, height, Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2));
  }

  /// Sets the edges of a 2D box, pixels.
  public void setBox2d(int row, double left, double top, double right, double bottom) {
    int at = row * BOX_2D;
    c.box2d[at] = (float) left;
    c.box2d[at + 1] = (float) top;
    c.box2d[at + 2] = (float) right;
    c.box2d[at + 3] = (float) bottom;
  }

  /// Sets how many LiDAR points the label claims to hold.
  public void setPoints(int row, int points) {
    c.points[row] = points;
  }

  /// Sets how much of the object the image border cuts off and how much others hide it, each 0 to
  /// 1; NaN where unknown.
  public void setVisibility(int row, double truncated, double occluded) {
    c.truncated[row] = (float) truncated;
    c.occluded[row] = (float) occluded;
  }

  /// Sets who made the label and when it was last changed ([Times#NONE] where unknown).
  public void setAuthor(int row, String annotator, long editedNs) {
    c.annotators[row] = annotators.idOf(annotator);
    c.editedNs[row] = editedNs;
  }

  /// Sorts rows by stamp, keeping the order of equal ones, and builds the track index. Readers call
  /// it once, after the last row.
  public void seal() {
    if (!sorted) {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      long[] stamps = c.stampsNs;
      Arrays.sort(order, (a, b) -> Long.compare(stamps[a], stamps[b]));
      c = c.reordered(order);
      int[] rows = new int[size];
      Arrays.setAll(rows, to -> order[to]);
      details.reorder(rows);
      sorted = true;
    }
    int n = tracks.size();
    int[] starts = new int[n + 1];
    for (int r = 0; r < size; r++) {
      if (c.tracks[r] >= 0) {
        starts[c.tracks[r] + 1]++;
      }
    }
    for (int t = 0; t < n; t++) {
      starts[t + 1] += starts[t];
    }
    int[] rows = new int[starts[n]];
    int[] next = starts.clone();
    for (int r = 0; r < size; r++) {
      int t = c.tracks[r];
      if (t >= 0) {
        rows[next[t]++] = r;
      }
    }
    trackStarts = starts;
    trackRows = rows;
  }

  /// Name of the set.
  public String name() {
    return name;
  }

  /// Frame of the 3D boxes.
  public Frame frameOfReference() {
    return frameOfReference;
  }

  /// What the stamps rest on.
  public StampSource stampSource() {
    return stampSource;
  }

  /// Number of boxes.
  public int size() {
    return size;
  }

  /// Stamps, ns, ascending once sealed.
  public long[] stampsNs() {
    return c.stampsNs;
  }

  /// Frame numbers as in the labels; -1 where there are none.
  public long[] frames() {
    return c.frames;
  }

  /// Track numbers into [#trackName], or [#NO_TRACK].
  public int[] tracks() {
    return c.tracks;
  }

  /// Category numbers into [#categoryName].
  public int[] categories() {
    return c.categories;
  }

  /// LiDAR points that each label claims to hold; -1 where unknown.
  public int[] points() {
    return c.points;
  }

  /// Share cut off by the image border, 0 to 1, NaN unknown.
  public float[] truncated() {
    return c.truncated;
  }

  /// Share hidden by others, 0 to 1, NaN unknown.
  public float[] occluded() {
    return c.occluded;
  }

  /// Doubles a 3D box takes in [#boxes3d()].
  public static final int BOX_3D = 10;

  /// 3D boxes, [#BOX_3D] doubles each: x, y, z, length, width, height, qw, qx, qy, qz; NaN where a
  /// row has none.
  public double[] boxes3d() {
    return c.box3d;
  }

  /// Floats a 2D box takes in [#boxes2d()].
  public static final int BOX_2D = 4;

  /// 2D boxes, [#BOX_2D] floats each: left, top, right, bottom; NaN where a row has none.
  public float[] boxes2d() {
    return c.box2d;
  }

  /// Whether the row has a 3D box.
  public boolean has3d(int row) {
    return !Double.isNaN(c.box3d[row * BOX_3D]);
  }

  /// Whether the row has a 2D box.
  public boolean has2d(int row) {
    return !Float.isNaN(c.box2d[row * BOX_2D]);
  }

  /// Who made the label, or null.
  public @Nullable String annotator(int row) {
    return c.annotators[row] < 0 ? null : annotators.name(c.annotators[row]);
  }

  /// When the label was last changed, ns, or [Times#NONE].
  public long[] editedNs() {
    return c.editedNs;
  }

  /// What is known about the rows beyond place and identity.
  public LabelDetails details() {
    return details;
  }

  /// File of the row, relative to the recording.
  public String file(int row) {
    return files.name(c.files[row]);
  }

  /// Line, table row or message index of each row in its file.
  public long[] positions() {
    return c.positions;
  }

  /// Number of tracks.
  public int trackCount() {
    return tracks.size();
  }

  /// Track id as in the labels.
  public String trackName(int track) {
    return tracks.name(track);
  }

  /// Number of categories.
  public int categoryCount() {
    return categories.size();
  }

  /// Category as in the labels.
  public String categoryName(int category) {
    return categories.name(category);
  }

  /// First position of `track` in [#trackRows()]; `trackStart(track + 1)` is one past its last.
  ///
  /// @throws IllegalStateException before [#seal()]
  public int trackStart(int track) {
    int[] starts = trackStarts;
    if (starts == null) {
      throw new IllegalStateException("label set is not sealed");
    }
    return starts[track];
  }

  /// Rows grouped by track, in order of time in each.
  ///
  /// @throws IllegalStateException before [#seal()]
  public int[] trackRows() {
    int[] rows = trackRows;
    if (rows == null) {
      throw new IllegalStateException("label set is not sealed");
    }
    return rows;
  }

  /// Where rows `from` and `to` lie: label set, track of `from`, frames, stamps, file and position.
  public Location location(int from, int to) {
    Location at = Location.stream(name).withFile(file(from));
    if (c.tracks[from] >= 0) {
      at = at.withTrack(trackName(c.tracks[from]));
    }
    if (c.frames[from] >= 0 && c.frames[to] >= c.frames[from]) {
      at = at.withFrames(c.frames[from], c.frames[to]);
    }
    if (stampSource != StampSource.FRAME_NUMBER && c.stampsNs[from] != Times.NONE) {
      at = at.withStamps(c.stampsNs[from], c.stampsNs[to]);
    }
    long first = Math.min(c.positions[from], c.positions[to]);
    return at.withMessages(first, Math.max(c.positions[from], c.positions[to]));
  }

  private static final class Columns {
    final long[] stampsNs;
    final long[] frames;
    final long[] positions;
    final long[] editedNs;
    final int[] tracks;
    final int[] categories;
    final int[] annotators;
    final int[] files;
    final int[] points;
    final float[] truncated;
    final float[] occluded;
    final float[] box2d;
    final double[] box3d;

    Columns(int room) {
      stampsNs = new long[room];
      frames = new long[room];
      positions = new long[room];
      editedNs = new long[room];
      tracks = new int[room];
      categories = new int[room];
      annotators = new int[room];
      files = new int[room];
      points = new int[room];
      truncated = new float[room];
      occluded = new float[room];
      box2d = new float[room * BOX_2D];
      box3d = new double[room * BOX_3D];
      Arrays.fill(editedNs, Times.NONE);
      Arrays.fill(annotators, -1);
      Arrays.fill(points, -1);
      Arrays.fill(truncated, Float.NaN);
      Arrays.fill(occluded, Float.NaN);
      Arrays.fill(box2d, Float.NaN);
      Arrays.fill(box3d, Double.NaN);
    }

    Columns grown(int room) {
      Columns more = new Columns(room);
      int n = stampsNs.length;
      System.arraycopy(stampsNs, 0, more.stampsNs, 0, n);
      System.arraycopy(frames, 0, more.frames, 0, n);
      System.arraycopy(positions, 0, more.positions, 0, n);
      System.arraycopy(editedNs, 0, more.editedNs, 0, n);
      System.arraycopy(tracks, 0, more.tracks, 0, n);
      System.arraycopy(categories, 0, more.categories, 0, n);
      System.arraycopy(annotators, 0, more.annotators, 0, n);
      System.arraycopy(files, 0, more.files, 0, n);
      System.arraycopy(points, 0, more.points, 0, n);
      System.arraycopy(truncated, 0, more.truncated, 0, n);
      System.arraycopy(occluded, 0, more.occluded, 0, n);
      System.arraycopy(box2d, 0, more.box2d, 0, box2d.length);
      System.arraycopy(box3d, 0, more.box3d, 0, box3d.length);
      return more;
    }

    Columns reordered(Integer[] order) {
      Columns out = new Columns(stampsNs.length);
      for (int to = 0; to < order.length; to++) {
        int from = order[to];
        out.stampsNs[to] = stampsNs[from];
        out.frames[to] = frames[from];
        out.positions[to] = positions[from];
        out.editedNs[to] = editedNs[from];
        out.tracks[to] = tracks[from];
        out.categories[to] = categories[from];
        out.annotators[to] = annotators[from];
        out.files[to] = files[from];
        out.points[to] = points[from];
        out.truncated[to] = truncated[from];
        out.occluded[to] = occluded[from];
        System.arraycopy(box2d, from * BOX_2D, out.box2d, to * BOX_2D, BOX_2D);
        System.arraycopy(box3d, from * BOX_3D, out.box3d, to * BOX_3D, BOX_3D);
      }
      return out;
    }
  }
}
