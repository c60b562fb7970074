package dev.lockstep.source;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Messages of which only the stamps are there: numbers `first` to `last` of a stream.
///
/// @param stampsNs tells the stamp of a message, or [Times#NONE]
/// @param spans tells when a sweep began and ended, or null
public record StampedRows(
    StreamInfo info,
    LongUnaryOperator stampsNs,
    LongFunction<@Nullable SweepProfile> spans,
    long first,
    long last)
    implements FileItem {
  /// Rows of a batch.
  private static final int BATCH = 4096;

  /// Messages of which nothing but the stamp is known.
  public StampedRows(StreamInfo info, LongUnaryOperator stampsNs, long first, long last) {
    this(info, stampsNs, i -> null, first, last);
  }

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
        SweepProfile span = spans.apply(i);
        if (span != null) {
          batch.setSweep(row, span);
        }
      }
      sink.messages(batch);
    }
  }
}
