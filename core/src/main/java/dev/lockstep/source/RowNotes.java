package dev.lockstep.source;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.PayloadFacts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the messages of one stream in one scanned range hold besides their columns: faults and
/// boxes. Filled by the scanning thread.
public class RowNotes {
  /// Runs of neighbouring messages with one kind of fault that a stream passes on; more are
  /// counted. Judged: enough to see a pattern.
  public static final int KEPT_RUNS = 64;

  /// Faults that leave in doubt what any member of a message says.
  private static final Set<DefectKind> MALFORMED =
      Set.of(
          DefectKind.PAYLOAD_EMPTY,
          DefectKind.CDR_MALFORMED,
          DefectKind.ROS1_MALFORMED,
          DefectKind.PROTOBUF_MALFORMED,
          DefectKind.JSON_INVALID,
          DefectKind.JSON_SCHEMA);

  /// Stamps that differ more from the log time are none where the message is faulty. Judged.
  private static final long FAR_NS = 365L * 86_400 * Times.SECOND;

  private final List<Fault> faults = new ArrayList<>();
  private final Map<DefectKind, Runs> runsByKind = new EnumMap<>(DefectKind.class);
  private final List<Box> boxes = new ArrayList<>();
  private @Nullable FrameHeads heads;
  private @Nullable GeometryNotes geometry;

  /// Nothing yet.
  public RowNotes() {}

  /// Something wrong with a message.
  ///
  /// @param row row of the message
  /// @param at where the message begins in what was scanned
  public record Fault(int row, long at, DefectKind kind, Evidence evidence) {}

  /// A box of the message of row `row`.
  public record Box(int row, PayloadFacts.Box box) {}

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

  /// Keeps what the payload of row `row` said: points and flags go to the columns.
  ///
  /// @param at where the message begins in what is scanned
  public final void keep(MessageBatch batch, int row, long at, PayloadFacts facts) {
    if (facts.points >= 0) {
      batch.setPoints(row, facts.points, facts.nonFinitePoints);
    }
    if (facts.pictureWidth > 0) {
      batch.setPicture(row, facts.pictureWidth, facts.pictureHeight);
    }
    SweepProfile sweep = facts.sweep;
    if (sweep != null) {
      batch.setSweep(row, sweep);
    }
    facts.motionTo(batch, row);
    batch.addFlags(row, facts.flags());
    if (facts.holdsFrame()) {
      FrameHeads kept = heads == null ? new FrameHeads() : heads;
      kept.add(row, facts);
      heads = kept;
    }
    if (facts.geometryRead) {
      GeometryNotes kept = geometry == null ? new GeometryNotes() : geometry;
      kept.add(facts);
      geometry = kept;
    }
    String frameId = facts.frameId;
    if (facts.wantFrameId && frameId != null) {
      batch.setFrameId(frameId);
    }
    // Nearly every message has neither, and small ones come by the million.
    if (!facts.faults().isEmpty()) {
      boolean malformed = facts.faults().stream().anyMatch(f -> MALFORMED.contains(f.kind()));
      if (malformed
          && (facts.stampNs == Times.NONE || isFar(batch.logTimesNs()[row], facts.stampNs))) {
        // What is missing or absurd in a faulty message is a symptom of the fault.
        batch.addFlags(row, MessageBatch.UNREADABLE);
        if (batch.stampsNs()[row] == facts.stampNs) {
          batch.setStamp(row, Times.NONE);
        }
      }
      for (PayloadFacts.Fault fault : facts.faults()) {
        fault(row, at, fault.kind(), fault.evidence());
      }
    }
    if (!facts.boxes().isEmpty()) {
      for (PayloadFacts.Box box : facts.boxes()) {
        boxes.add(new Box(row, box));
      }
    }
  }

  private static boolean isFar(long logTimeNs, long stampNs) {
    return logTimeNs != Times.NONE && Math.abs(Times.difference(stampNs, logTimeNs)) > FAR_NS;
  }

  /// Adds a fault of the message of row `row`, bounded: of each kind the first runs of neighbouring
  /// messages are kept, all faults are counted. A run shares the evidence of its first fault.
  public final void fault(int row, long at, DefectKind kind, Evidence evidence) {
    Runs runs = runsByKind.computeIfAbsent(kind, k -> new Runs(evidence));
    runs.faults++;
    if (row > runs.lastRow + 1) {
      runs.begun++;
      // One more than a stream keeps: the first may continue a run of the range before.
      runs.kept = runs.begun <= KEPT_RUNS + 1;
      runs.evidence = evidence;
    }
    if (runs.kept && row != runs.lastRow) {
      faults.add(new Fault(row, at, kind, runs.evidence));
    }
    runs.lastRow = row;
  }

  /// The kept faults, by row.
  public final List<Fault> faults() {
    return faults;
  }

  /// Number of faults of a kind.
  public final long faultCount(DefectKind kind) {
    Runs runs = runsByKind.get(kind);
    return runs == null ? 0 : runs.faults;
  }

  /// Kinds of fault that were found.
  public final Set<DefectKind> faultKinds() {
    return runsByKind.keySet();
  }

  /// Heads of video frames, or null where there are none.
  public final @Nullable FrameHeads heads() {
    return heads;
  }

  /// Whether calibration and transforms of the next message are wanted.
  public final boolean wantsGeometry() {
    return geometry == null || geometry.messages() < GeometryNotes.MAX_MESSAGES;
  }

  /// What messages say of where sensors sit, null where they say nothing.
  final @Nullable GeometryNotes geometry() {
    return geometry;
  }

  /// All boxes, by row.
  public final List<Box> boxes() {
    return boxes;
  }
}
