package dev.lockstep.source;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.function.LongUnaryOperator;

/// Messages of which only the stamps are there: numbers `first` to `last` of a stream.
///
/// @param stampsNs tells the stamp of a message, or [Times#NONE]
public record StampedRows(StreamInfo info, LongUnaryOperator stampsNs, long first, long last)
    implements FileItem {
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
        int row = batch.add(stampsNs.applyAsLong(i), Times.NONE, Times.NONE, 0, 0);
        batch.addFlags(row, MessageBatch.UNREADABLE);
      }
      sink.messages(batch);
    }
  }
}
