package dev.lockstep.source.mp4;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Consecutive samples of one track, all of which lie in the file.
final class Mp4Unit implements ScanUnit {
  private final TrackReader reader;
  private final Session session;
  private final MessageBatch batch;
  private final @Nullable SampleEntry entry;
  private final boolean[] syncs;
  private final FrameHeads heads = new FrameHeads();
  private final List<Fault> faults = new ArrayList<>();
  private long from = Long.MAX_VALUE;
  private long to;
  private long unexaminedBytes;
  private @Nullable MappedFaultException fault;

  private record Fault(int row, PayloadFacts.Fault what) {}

  Mp4Unit(TrackReader reader, Session session, @Nullable SampleEntry entry, int capacity) {
    this.reader = reader;
    this.session = session;
    this.batch = new MessageBatch(reader.stream, capacity);
    this.entry = entry;
    this.syncs = new boolean[capacity];
  }

  /// Number of samples.
  int size() {
    return batch.size();
  }

  /// Adds the sample that `samples` stands at.
  ///
  /// @param afterLoss whether samples in front of it are missing, as is reported
  /// @param doubtful whether what is wrong with it follows from what is reported
  void add(SampleCursor samples, long stampNs, long decodeNs, boolean afterLoss, boolean doubtful) {
    int row =
        batch.add(
            stampNs,
            Times.NONE,
            Times.NONE,
            samples.offset,
            (int) Math.min(samples.size, Integer.MAX_VALUE));
    batch.setDecodeTime(row, decodeNs);
    syncs[row] = samples.sync;
    if (afterLoss) {
      batch.addFlags(row, MessageBatch.AFTER_LOSS);
    }
    if (doubtful) {
      batch.addFlags(row, MessageBatch.DOUBTFUL);
    }
    from = Math.min(from, samples.offset);
    to = Math.max(to, samples.offset + samples.size);
  }

  @Override
  public void scan() {
    try {
      session.file.guard(from, to - from, this::read);
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  private void read() {
    MemorySegment file = session.file.segment();
    PayloadFacts facts = new PayloadFacts();
    PayloadProfile profile = entry == null ? null : entry.profile();
    for (int row = 0; row < batch.size(); row++) {
      long at = batch.positionsBytes()[row];
      int length = batch.lengthsBytes()[row];
      if (length > Math.min(session.options.maxBlockBytes(), Integer.MAX_VALUE - 1)) {
        tooLarge(row, length);
        continue;
      }
      MemorySegment sample = file.asSlice(at, length);
      if (session.options.digests()) {
        batch.setDigest(row, Crc32.of(sample));
      }
      if (session.options.crc32c()) {
        batch.setCrc32c(row, Crc32c.of(sample));
      }
      if (profile == null || !session.options.payloads()) {
        batch.addFlags(row, syncs[row] ? MessageBatch.KEYFRAME : (byte) 0);
        continue;
      }
      facts.reset();
      profile.reader().read(file, at, length, facts);
      facts.keyframe |= syncs[row] && !facts.holdsFrame();
      batch.addFlags(row, facts.flags());
      heads.add(row, facts);
      for (PayloadFacts.Fault what : facts.faults()) {
        faults.add(new Fault(row, what));
      }
    }
  }

  private void tooLarge(int row, long length) {
    batch.addFlags(row, MessageBatch.UNREADABLE);
    unexaminedBytes += length;
    long limit = session.options.maxBlockBytes();
    faults.add(
        new Fault(
            row,
            new PayloadFacts.Fault(
                DefectKind.CHUNK_TOO_LARGE,
                new Evidence.OutOfRange("sample", length, null, limit, "bytes"))));
  }

  @Override
  public void commit(RecordingSink sink) {
    MappedFaultException lost = fault;
    if (lost != null) {
      session.fault = session.fault == null ? lost : session.fault;
      return;
    }
    session.unexaminedBytes += unexaminedBytes;
    reader.commit(batch, entry, syncs, heads);
    for (Fault each : faults) {
      boolean symptom = (batch.flags()[each.row] & MessageBatch.DOUBTFUL) != 0;
      reader.malformed(!symptom);
      sink.defect(
          new Defect(
              each.what.kind(),
              symptom ? Severity.INFO : each.what.kind().severity(),
              batch.location(each.row).withFile(session.name),
              each.what.evidence()));
    }
    session.takeLater().forEach(sink::defect);
    sink.messages(batch);
  }
}
