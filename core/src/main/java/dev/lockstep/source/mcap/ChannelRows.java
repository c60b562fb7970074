package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The messages of one channel in one scanned range: columns, sums for the comparison with the
/// message index, and what their payloads hold besides.
final class ChannelRows {
  /// Stands in for the stream until the range is committed.
  private static final StreamInfo UNASSIGNED =
      StreamInfo.of(0, "", Modality.OTHER, StampSource.LOG_TIME, null, null);

  final int channelId;

  /// What the channel was taken for, or null where nothing was known of it.
  final @Nullable Resolved used;

  /// Whether the range itself defines the channel in front of its first message.
  final boolean definedBefore;

  /// Columns; null where nothing was known of the channel.
  final @Nullable MessageBatch batch;

  /// How payloads are read, or null where they are not.
  final @Nullable PayloadProfile profile;

  /// Where the first message record begins in the scanned segment.
  final long firstAt;

  /// Heads of video frames, or null where there are none.
  @Nullable FrameHeads heads;

  /// Number of messages.
  long count;

  /// Sum of the fingerprints of (log time, offset in the chunk).
  long indexSum;

  private final List<Fault> faults = new ArrayList<>();
  private final Map<DefectKind, Runs> runsByKind = new EnumMap<>(DefectKind.class);
  private final List<Box> boxes = new ArrayList<>();

  ChannelRows(
      int channelId,
      @Nullable Resolved used,
      boolean definedBefore,
      @Nullable PayloadProfile profile,
      long firstAt) {
    this.channelId = channelId;
    this.used = used;
    this.definedBefore = definedBefore;
    this.firstAt = firstAt;
    this.batch = used == null ? null : new MessageBatch(UNASSIGNED, used.usualMessages);
    this.profile = profile;
  }

  /// Whether the rows are what `inForce` would have made of the messages.
  boolean readBy(Resolved inForce) {
    Resolved guess = used;
    PayloadProfile seen = inForce.seen;
    return guess != null
        && guess.readsLike(inForce)
        && (profile == null || seen == null || profile.stamped() == seen.stamped());
  }

  /// Something wrong with a message.
  ///
  /// @param row row of the message
  /// @param at where the message record begins in the scanned segment
  record Fault(int row, long at, DefectKind kind, Evidence evidence) {}

  /// A box of the message of row `row`.
  record Box(int row, PayloadFacts.Box box) {}

  /// Runs of faults of one kind, and whether the last one is kept.
  private static final class Runs {
    int begun;
    int lastRow = -2;
    boolean kept;
    Evidence evidence;
    long faults;

    Runs(Evidence evidence) {
      this.evidence = evidence;
    }
  }

  /// Adds a fault of the message of row `row`, bounded: of each kind the first runs of neighbouring
  /// messages are kept, all faults are counted. A run shares the evidence of its first fault.
  void fault(int row, long at, DefectKind kind, Evidence evidence) {
    Runs runs = runsByKind.computeIfAbsent(kind, k -> new Runs(evidence));
    runs.faults++;
    if (row > runs.lastRow + 1) {
      runs.begun++;
      // One more than a stream keeps: the first may continue a run of the range before.
      runs.kept = runs.begun <= StreamState.KEPT_RUNS + 1;
      runs.evidence = evidence;
    }
    if (runs.kept && row != runs.lastRow) {
      faults.add(new Fault(row, at, kind, runs.evidence));
    }
    runs.lastRow = row;
  }

  /// Keeps what a message says of its place among the frames of a video.
  void heads(int row, PayloadFacts facts) {
    FrameHeads kept = heads == null ? new FrameHeads() : heads;
    kept.add(row, facts);
    heads = kept;
  }

  void box(int row, PayloadFacts.Box box) {
    boxes.add(new Box(row, box));
  }

  /// The kept faults, by row.
  List<Fault> faults() {
    return faults;
  }

  /// Number of faults of a kind.
  long faultCount(DefectKind kind) {
    Runs runs = runsByKind.get(kind);
    return runs == null ? 0 : runs.faults;
  }

  /// Kinds of fault that were found.
  Set<DefectKind> faultKinds() {
    return runsByKind.keySet();
  }

  /// All boxes, by row.
  List<Box> boxes() {
    return boxes;
  }
}
