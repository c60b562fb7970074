package dev.lockstep.shadow;

import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelLosses;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import java.util.Arrays;
import java.util.Map;

/// One of the two label sets that are compared, with the times by which its rows are found.
///
/// @param labels the set, sealed
/// @param can what its format can say
/// @param format name of its format
/// @param time frame number from 0, or rank of the instant, by row
/// @param settled rows that are known to be equal in both, by row
/// @param names what its ids are in the other set, where they differ
/// @param flat edges of its 2D boxes, which may be others than it says
record Side(
    LabelSet labels,
    LabelCapabilities can,
    String format,
    long[] time,
    boolean[] settled,
    Map<String, String> names,
    float[] flat) {

  Side(LabelSet labels, LabelCapabilities can, String format, long[] time, boolean[] settled) {
    this(labels, can, format, time, settled, Map.of(), labels.boxes2d());
  }

  /// The same with other names for its tracks, and no row settled.
  Side renamed(Map<String, String> others) {
    return new Side(labels, can, format, time, new boolean[size()], others, flat);
  }

  /// The same with no row settled.
  Side unsettled() {
    return new Side(labels, can, format, time, new boolean[size()], names, flat);
  }

  /// The same with other times, by row.
  Side timed(long[] times) {
    return new Side(labels, can, format, times, settled, names, flat);
  }

  /// The same with other edges of its 2D boxes, and no row settled.
  Side withFlat(float[] edges) {
    return new Side(labels, can, format, time, new boolean[size()], names, edges);
  }

  int size() {
    return labels.size();
  }

  /// Whether the row belongs to a track.
  boolean tracked(int row) {
    return labels.tracks()[row] != LabelSet.NO_TRACK;
  }

  /// Track of the row as the labels name it, empty without one.
  String ownTrack(int row) {
    return tracked(row) ? labels.trackName(labels.tracks()[row]) : "";
  }

  /// Track of the row as the other set names it, empty without one.
  String track(int row) {
    String own = ownTrack(row);
    return names.isEmpty() ? own : names.getOrDefault(own, own);
  }

  String category(int row) {
    return labels.categoryName(labels.categories()[row]);
  }

  /// Whether the row has a box of any sort.
  boolean boxed(int row) {
    return labels.has2d(row) || labels.has3d(row);
  }

  /// Whether rows can hold a field and this one does.
  boolean has(int row, LabelField field) {
    return LabelLosses.has(labels, row, field);
  }

  double[] solid() {
    return labels.boxes3d();
  }

  /// The whole set as a place, with the frames of `rows`.
  Location place(int[] rows) {
    Location at = Location.stream(labels.name());
    if (rows.length == 0) {
      return at;
    }
    at = at.withFile(labels.file(rows[0]));
    long first = Arrays.stream(rows).mapToLong(r -> labels.frames()[r]).min().orElse(-1);
    long last = Arrays.stream(rows).mapToLong(r -> labels.frames()[r]).max().orElse(-1);
    if (first >= 0) {
      at = at.withFrames(first, last);
    }
    return at;
  }

  /// The row as a place, with its bytes where they are known.
  Location place(int row) {
    Location at = labels.location(row, row);
    long offset = labels.details().offsetBytes(row);
    return offset < 0 ? at : at.withBytes(offset, labels.details().lengthBytes(row));
  }
}
