package dev.lockstep.source.kitti;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.RecordingSink;

/// Messages of which only the stamps are there: numbers `first` to `last` of a stream.
///
/// @param stream tells the stamps
record StampedRows(StreamInfo info, DriveStream stream, long first, long last) implements FileItem {
  /// Rows of a batch.
  private static final int BATCH = 4096;

  @Override
  public void scan() {}

  @Override
  public void commit(RecordingSink sink) {
    for (long from = first; from <= last; from += BATCH) {
      long to = Math.min(last, from + BATCH - 1);
      MessageBatch batch = new MessageBatch(info, (int) (to - from + 1));
      for (long i = from; i <= to; i++) {
        int row = batch.add(stream.stampNs(i), Times.NONE, Times.NONE, 0, 0);
        batch.addFlags(row, MessageBatch.UNREADABLE);
        SweepProfile span = stream.spanOf(i);
        if (span != null) {
          batch.setSweep(row, span);
        }
      }
      sink.messages(batch);
    }
  }
}
