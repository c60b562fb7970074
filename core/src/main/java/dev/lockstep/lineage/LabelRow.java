package dev.lockstep.lineage;

import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.source.LabelCollector;
import org.jspecify.annotations.Nullable;

/// One label, and what is recorded about how it came to be.
///
/// @param set name of its label set
/// @param stream name of the stream whose messages hold it, where labels are messages
/// @param file file that holds it
/// @param position line (from 1), table row (from 0) or message index in that file
/// @param bytes its bytes in that file, or those of the message that holds it, or null where they
///   are not known
/// @param track track id, or null
/// @param category category
/// @param frame frame number, or -1
/// @param stampNs stamp, or [dev.lockstep.model.Times#NONE]
/// @param stampSource what the stamp rests on
/// @param solid whether it is a 3D box
/// @param annotator who made it, or null where that is not recorded
/// @param editedNs when it was last changed, ns since 1970, or [dev.lockstep.model.Times#NONE]
/// @param tool what it was made with, or null where that is not recorded
/// @param revision how often it was changed before, or -1 where that is not recorded
public record LabelRow(
    String set,
    String stream,
    String file,
    long position,
    @Nullable ByteRange bytes,
    @Nullable String track,
    String category,
    long frame,
    long stampNs,
    StampSource stampSource,
    boolean solid,
    @Nullable String annotator,
    long editedNs,
    @Nullable String tool,
    int revision) {

  /// Row `row` of a label set.
  public static LabelRow of(LabelSet labels, int row) {
    int track = labels.tracks()[row];
    LabelDetails details = labels.details();
    int length = details.lengthBytes(row);
    return new LabelRow(
        labels.name(),
        LabelCollector.streamOf(labels),
        labels.file(row),
        labels.positions()[row],
        length < 0 ? null : new ByteRange(details.offsetBytes(row), length),
        track == LabelSet.NO_TRACK ? null : labels.trackName(track),
        labels.categoryName(labels.categories()[row]),
        labels.frames()[row],
        labels.stampsNs()[row],
        labels.stampSource(),
        labels.has3d(row),
        labels.annotator(row),
        labels.editedNs()[row],
        details.tool(row),
        details.revision(row));
  }

  /// The same with its bytes.
  LabelRow withBytes(ByteRange bytes) {
    return new LabelRow(
        set,
        stream,
        file,
        position,
        bytes,
        track,
        category,
        frame,
        stampNs,
        stampSource,
        solid,
        annotator,
        editedNs,
        tool,
        revision);
  }

  /// File and row, as a selector takes them.
  public String place() {
    return file + ":" + position;
  }
}
