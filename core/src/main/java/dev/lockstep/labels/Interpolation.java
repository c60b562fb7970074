package dev.lockstep.labels;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;

/// Fills frames between two keyframes with evenly moving 2D boxes, for formats that define it so.
public final class Interpolation {
  /// Most frames between two keyframes; judged: over five minutes at 30 Hz. Further apart, a number
  /// is damaged.
  public static final long MAX_GAP = 10_000;

  /// Most rows that a file may imply; judged: they take 200 MB.
  public static final long MAX_ROWS = 1_000_000;

  private final LabelSet labels;
  private final FrameStamps rate;
  private final int firstFrame;
  private long rows;

  /// Rows are added to `labels`.
  public Interpolation(LabelSet labels, FrameStamps rate, int firstFrame) {
    this.labels = labels;
    this.rate = rate;
    this.firstFrame = firstFrame;
  }

  /// Adds the rows between the keyframes in rows `from` and `to`, if they are of one track.
  ///
  /// @return whether the gap was small enough to be filled
  public boolean fill(int from, int to) {
    long start = labels.frames()[from];
    long end = labels.frames()[to];
    if (end - start > MAX_GAP || rows + (end - start) > MAX_ROWS) {
      return false;
    }
    String track = labels.trackName(labels.tracks()[from]);
    String category = labels.categoryName(labels.categories()[from]);
    for (long frame = start + 1; frame < end; frame++) {
      double share = (double) (frame - start) / (end - start);
      int row =
          labels.add(
              rate.stampNs(frame - firstFrame),
              frame,
              track,
              category,
              labels.file(from),
              labels.positions()[from]);
      float[] b = labels.boxes2d();
      int a = from * LabelSet.BOX_2D;
      int z = to * LabelSet.BOX_2D;
      labels.setBox2d(
          row,
          b[a] + share * (b[z] - b[a]),
          b[a + 1] + share * (b[z + 1] - b[a + 1]),
          b[a + 2] + share * (b[z + 2] - b[a + 2]),
          b[a + 3] + share * (b[z + 3] - b[a + 3]));
      LabelDetails details = labels.details();
      details.addFlags(row, LabelDetails.INTERPOLATED);
      details.setAttributes(row, details.attributes(from));
      details.setSource(row, details.offsetBytes(from), details.lengthBytes(from));
      String annotator = labels.annotator(from);
      if (annotator != null) {
        labels.setAuthor(row, annotator, labels.editedNs()[from]);
      }
      rows++;
    }
    return true;
  }

  /// Rows that were added.
  public long rows() {
    return rows;
  }
}
