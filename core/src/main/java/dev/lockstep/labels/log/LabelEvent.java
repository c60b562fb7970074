package dev.lockstep.labels.log;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event of a log or one row of a table, reused for all.
final class LabelEvent {
  @Nullable String id;
  int revision;
  boolean deleted;
  long stampNs;
  long frame;
  @Nullable String track;
  String category = "";
  final double[] box2d = new double[LabelSet.BOX_2D];
  final double[] box3d = new double[LabelSet.BOX_3D];
  double score;
  long points;
  double truncated;
  double occluded;
  int flags;
  @Nullable String annotator;
  @Nullable String tool;
  long editedNs;
  List<Attribute> attributes = List.of();
  @Nullable String sourceFile;
  long sourceOffset;
  long sourceLength;
  long sourceMessage;

  void clear() {
    id = null;
    revision = -1;
    deleted = false;
    stampNs = Times.NONE;
    frame = -1;
    track = null;
    category = "";
    Arrays.fill(box2d, Double.NaN);
    Arrays.fill(box3d, Double.NaN);
    score = Double.NaN;
    points = -1;
    truncated = Double.NaN;
    occluded = Double.NaN;
    flags = 0;
    annotator = null;
    tool = null;
    editedNs = Times.NONE;
    attributes = List.of();
    sourceFile = null;
    sourceOffset = -1;
    sourceLength = -1;
    sourceMessage = -1;
  }

  /// Takes the values of a row.
  void take(LabelSet labels, int row) {
    clear();
    LabelDetails details = labels.details();
    id = details.labelId(row);
    revision = details.revision(row);
    stampNs = labels.stampsNs()[row];
    frame = labels.frames()[row];
    int number = labels.tracks()[row];
    track = number < 0 ? null : labels.trackName(number);
    category = labels.categoryName(labels.categories()[row]);
    for (int i = 0; i < box2d.length; i++) {
      box2d[i] = labels.boxes2d()[row * LabelSet.BOX_2D + i];
    }
    System.arraycopy(labels.boxes3d(), row * LabelSet.BOX_3D, box3d, 0, box3d.length);
    score = details.score(row);
    points = labels.points()[row];
    truncated = labels.truncated()[row];
    occluded = labels.occluded()[row];
    flags = details.flags(row);
    annotator = labels.annotator(row);
    tool = details.tool(row);
    editedNs = labels.editedNs()[row];
    attributes = details.attributes(row);
    LabelDetails.Source source = details.message(row);
    if (source != null) {
      sourceFile = source.file();
      sourceOffset = source.offsetBytes();
      sourceLength = source.lengthBytes();
      sourceMessage = source.message();
    }
  }

  /// Whether all of a box or nothing of it is there.
  static boolean whole(double[] box) {
    int absent = 0;
    for (double value : box) {
      absent += Double.isNaN(value) ? 1 : 0;
    }
    return absent == 0 || absent == box.length;
  }

  /// What is wrong with the event: name of the member, and what it should be; or null.
  String @Nullable [] fault() {
    if (stampNs == Times.NONE && frame < 0) {
      return new String[] {"stamp_ns, frame", "one of both"};
    }
    if (frame > FrameStamps.MAX_FRAME) {
      return new String[] {"frame", "a frame number"};
    }
    if (!whole(box2d)) {
      return new String[] {"box2d", "4 numbers"};
    }
    return whole(box3d) ? null : new String[] {"box3d", "10 numbers"};
  }

  /// Adds the event as a row.
  int addTo(LabelSet labels, String file, long position, FrameStamps frames) {
    long stamp =
        stampNs == Times.NONE ? frames.stampNs(frame - labels.details().firstFrame()) : stampNs;
    int row = labels.add(stamp, frame, track, category, file, position);
    if (!Double.isNaN(box2d[0])) {
      labels.setBox2d(row, box2d[0], box2d[1], box2d[2], box2d[3]);
    }
    if (!Double.isNaN(box3d[0])) {
      System.arraycopy(box3d, 0, labels.boxes3d(), row * LabelSet.BOX_3D, box3d.length);
    }
    labels.setPoints(row, Math.clamp(points, -1, Integer.MAX_VALUE));
    labels.setVisibility(row, truncated, occluded);
    LabelDetails details = labels.details();
    if (annotator != null) {
      labels.setAuthor(row, annotator, editedNs);
    } else if (editedNs != Times.NONE) {
      labels.setAuthor(row, "", editedNs);
    }
    if (id != null) {
      details.setLabelId(row, id);
    }
    if (revision >= 0) {
      details.setRevision(row, revision);
    }
    if (!Double.isNaN(score)) {
      details.setScore(row, score);
    }
    details.addFlags(row, flags);
    if (tool != null) {
      details.setTool(row, tool);
    }
    details.setAttributes(row, attributes);
    if (sourceFile != null) {
      details.setMessage(
          row,
          new LabelDetails.Source(
              sourceFile,
              sourceOffset,
              Math.clamp(sourceLength, -1, Integer.MAX_VALUE),
              sourceMessage));
    }
    return row;
  }
}
