package dev.lockstep.source.matroska;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Consecutive blocks of one cluster.
final class MatroskaUnit {
  private static final int ROWS = 64;

  /// Damaged clusters that are remembered (judged: with more, all of the file is).
  private static final int MAX_BROKEN = 1024;

  private final MappedFile file;
  private final String name;
  private final ReadOptions options;
  private final Map<TrackRows, Rows> rows = new LinkedHashMap<>();
  private long from = Long.MAX_VALUE;
  private long to;
  private int size;
  private long bytes;

  // The cluster as a whole, where its checksum is to be verified.
  private long clusterAt = -1;
  private long clusterBody;
  private long clusterEnd;
  private @Nullable Boolean sound;
  private @Nullable Evidence mismatch;

  private long unexaminedBytes;
  private @Nullable MappedFaultException fault;

  private static final class Rows {
    final MessageBatch batch;
    final BitSet syncs = new BitSet();
    final BitSet keyframes = new BitSet();
    final FrameHeads heads = new FrameHeads();
    final List<Fault> faults = new ArrayList<>();

    Rows(TrackRows track) {
      batch = new MessageBatch(track.stream, ROWS);
    }
  }

  private record Fault(int row, PayloadFacts.Fault what) {}

  MatroskaUnit(MappedFile file, ReadOptions options) {
    this.file = file;
    this.name = file.name();
    this.options = options;
  }

  /// Number of frames.
  int size() {
    return size;
  }

  long bytes() {
    return bytes;
  }

  /// Whether there is nothing to do.
  boolean isEmpty() {
    return size == 0 && clusterAt < 0;
  }

  /// Has the checksum of a cluster verified.
  void verify(long at, long body, long end) {
    clusterAt = at;
    clusterBody = body;
    clusterEnd = end;
  }

  /// Adds a frame.
  void add(TrackRows track, long stampNs, long at, long length, boolean keyframe) {
    Rows of = rows.computeIfAbsent(track, Rows::new);
    int row =
        of.batch.add(
            stampNs, Times.NONE, Times.NONE, at, (int) Math.min(length, Integer.MAX_VALUE));
    if (track.ordered()) {
      of.batch.setDecodeTime(row, stampNs);
    }
    of.syncs.set(row, keyframe);
    if (track.afterLoss) {
      of.batch.addFlags(row, MessageBatch.AFTER_LOSS);
      track.afterLoss = false;
    }
    from = Math.min(from, at);
    to = Math.max(to, at + length);
    size++;
    bytes += length;
  }

  /// Reads and verifies.
  void scan() {
    try {
      if (clusterAt >= 0) {
        file.guard(clusterAt, clusterEnd - clusterAt, this::checksum);
      }
      if (size > 0) {
        file.guard(from, to - from, this::read);
      }
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  private void checksum() {
    Boolean right = SegmentMap.matches(file.segment(), clusterBody, clusterEnd);
    sound = right;
    if (right != null && !right) {
      mismatch =
          SegmentMap.mismatch(file.segment(), MatroskaLayout.CLUSTER, clusterBody, clusterEnd);
    }
  }

  private void read() {
    PayloadFacts facts = new PayloadFacts();
    rows.forEach((track, of) -> {
      for (int row = 0; row < of.batch.size(); row++) {
        read(track, of, row, facts);
      }
    });
  }

  private void read(TrackRows track, Rows of, int row, PayloadFacts facts) {
    MessageBatch batch = of.batch;
    long at = batch.positionsBytes()[row];
    int length = batch.lengthsBytes()[row];
    if (length > Math.min(options.maxBlockBytes(), Integer.MAX_VALUE - 1)) {
      batch.addFlags(row, MessageBatch.UNREADABLE);
      unexaminedBytes += length;
      long limit = options.maxBlockBytes();
      of.faults.add(
          new Fault(
              row,
              new PayloadFacts.Fault(
                  DefectKind.CHUNK_TOO_LARGE,
                  new Evidence.OutOfRange("block", length, null, limit, "bytes"))));
      return;
    }
    MemorySegment frame = file.segment().asSlice(at, length);
    if (options.digests()) {
      batch.setDigest(row, Crc32.of(frame));
    }
    if (options.crc32c()) {
      batch.setCrc32c(row, Crc32c.of(frame));
    }
    PayloadProfile profile = track.track.profile();
    if (profile == null || !options.payloads()) {
      batch.addFlags(row, of.syncs.get(row) ? MessageBatch.KEYFRAME : (byte) 0);
      return;
    }
    facts.reset();
    profile.reader().read(file.segment(), at, length, facts);
    of.keyframes.set(row, facts.keyframe);
    facts.keyframe |= of.syncs.get(row) && !facts.holdsFrame() && !track.tellsKeyframes();
    batch.addFlags(row, facts.flags());
    of.heads.add(row, facts);
    for (PayloadFacts.Fault what : facts.faults()) {
      of.faults.add(new Fault(row, what));
    }
  }

  /// Hands over what was found, and adds to `totals`.
  void commit(RecordingSink sink, Totals totals) {
    MappedFaultException lost = fault;
    if (lost != null) {
      totals.fault = totals.fault == null ? lost : totals.fault;
      return;
    }
    totals.unexaminedBytes += unexaminedBytes;
    if (sound != null) {
      totals.checksums++;
      totals.protectedBytes += sound ? clusterEnd - clusterBody : 0;
    }
    Evidence wrong = mismatch;
    if (wrong != null) {
      totals.broken(clusterAt, clusterEnd);
      sink.defect(
          Defect.of(
              DefectKind.CHUNK_CRC,
              Location.bytes(name, clusterAt, clusterEnd - clusterAt),
              wrong));
    }
    rows.forEach((track, of) -> commit(track, of, totals.doubtfulTo, sink));
  }

  /// @param doubtfulTo end of the bytes of which it is told that they are not as they were written
  private void commit(TrackRows track, Rows of, long doubtfulTo, RecordingSink sink) {
    for (int row = 0; row < of.batch.size(); row++) {
      if (of.batch.positionsBytes()[row] < doubtfulTo) {
        of.batch.addFlags(row, MessageBatch.DOUBTFUL);
      }
    }
    track.commit(of.batch, of.heads, of.syncs, name, sink);
    if (track.tellsKeyframes() && options.payloads()) {
      for (int row = 0; row < of.batch.size(); row++) {
        boolean key = of.keyframes.get(row);
        track.mark(of.batch, row, of.syncs.get(row), key, key, name, sink);
      }
    }
    for (Fault each : of.faults) {
      boolean symptom = (of.batch.flags()[each.row] & MessageBatch.DOUBTFUL) != 0;
      sink.defect(
          new Defect(
              each.what.kind(),
              symptom ? Severity.INFO : each.what.kind().severity(),
              of.batch.location(each.row).withFile(name),
              each.what.evidence()));
    }
    sink.messages(of.batch);
  }

  /// What units add up to.
  static final class Totals {
    long unexaminedBytes;
    long protectedBytes;
    long checksums;

    /// End of the last cluster whose checksum is wrong.
    long doubtfulTo;

    /// Clusters whose checksums are wrong, as far as they are kept.
    private final List<Span> broken = new ArrayList<>();

    void broken(long from, long to) {
      doubtfulTo = to;
      if (broken.size() < MAX_BROKEN) {
        broken.add(new Span(from, to));
      }
    }

    /// Whether the byte lies in a cluster whose checksum is wrong.
    boolean isBroken(long at) {
      return broken.stream().anyMatch(span -> at >= span.first() && at < span.last());
    }

    @Nullable MappedFaultException fault;
  }
}
