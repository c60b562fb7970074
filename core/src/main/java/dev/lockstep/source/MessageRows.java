package dev.lockstep.source;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import java.lang.foreign.MemorySegment;

/// The messages of one stream in one scanned range of a bag: columns, and what their payloads hold
/// besides. Filled by the scanning thread.
public final class MessageRows extends RowNotes {
  /// Stands in for the stream until the range is committed.
  private static final StreamInfo UNASSIGNED =
      StreamInfo.of(0, "", Modality.OTHER, StampSource.LOG_TIME, null, null);

  private final MessageBatch batch = new MessageBatch(UNASSIGNED, 16);
  private final String stream;
  private final PayloadProfile profile;
  private final ReadOptions options;
  private int losses;

  /// @param stream name of the stream
  MessageRows(String stream, PayloadProfile profile, ReadOptions options) {
    this.stream = stream;
    this.profile = profile;
    this.options = options;
  }

  /// The columns.
  public MessageBatch batch() {
    return batch;
  }

  /// How many losses of the range lie in front of the last row.
  int losses() {
    return losses;
  }

  /// Adds a message whose payload is at `[at, at + lengthBytes)` of `bytes`.
  ///
  /// @param positionBytes where the payload begins in the file; where its block does, if that is
  ///   compressed
  /// @param order number by which faults of all streams of the range are told in order
  /// @param losses how many losses of the range lie in front of it
  public void add(
      MemorySegment bytes,
      long at,
      int lengthBytes,
      long logTimeNs,
      long positionBytes,
      long order,
      int losses,
      PayloadFacts facts) {
    int row = batch.add(logTimeNs, logTimeNs, Times.NONE, positionBytes, lengthBytes);
    if (losses > this.losses) {
      this.losses = losses;
      batch.addFlags(row, MessageBatch.AFTER_LOSS);
    }
    long content = at;
    long contentLength = lengthBytes;
    SweepVisitor visitor = options.sweeps();
    if (options.payloads() && (visitor == null || profile.modality() == Modality.LIDAR)) {
      facts.reset();
      facts.wantFrameId = batch.frameId() == null;
      facts.cloud = visitor == null ? null : visitor.room();
      facts.wantGeometry = wantsGeometry();
      profile.reader().read(bytes, at, lengthBytes, facts);
      if (visitor != null) {
        visitor.read(stream, profile.stamped() ? facts.stampNs : logTimeNs, facts);
      }
      if (profile.stamped()) {
        batch.setStamp(row, facts.stampNs);
      }
      keep(batch, row, order, facts);
      if (facts.contentOffsetBytes >= 0
          && facts.contentLengthBytes >= 0
          && facts.contentLengthBytes <= lengthBytes - facts.contentOffsetBytes) {
        content += facts.contentOffsetBytes;
        contentLength = facts.contentLengthBytes;
      }
    }
    if (options.digests()) {
      batch.setDigest(row, Crc32.of(bytes, content, contentLength));
    }
    if (options.crc32c()) {
      batch.setCrc32c(row, Crc32c.of(bytes, at, lengthBytes));
    }
  }

  /// Adds a message whose payload is lost or was left out.
  ///
  /// @return its row
  public int addUnread(long logTimeNs, long positionBytes, int lengthBytes) {
    int row = batch.add(logTimeNs, logTimeNs, Times.NONE, positionBytes, lengthBytes);
    batch.addFlags(row, MessageBatch.UNREADABLE);
    if (profile.stamped() && options.payloads()) {
      batch.setStamp(row, Times.NONE);
    }
    return row;
  }
}
