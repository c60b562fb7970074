package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.MessageBatch;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Remembers in front of which messages of a stream the reader reports a loss, once for all rules:
/// what is missing there is a symptom and theirs to mention, not to report.
final class LossMarks {
  /// Messages for which marks are kept: as long as a lattice may take to learn, several times over.
  private static final int REMEMBERED = 1024;

  /// What to say of a symptom.
  static final Cause CAUSE =
      new Cause("damaged-file", "bytes of the file are damaged here, which is reported as such");

  /// Runs of marked messages, in order.
  private final ArrayDeque<long[]> runs = new ArrayDeque<>();

  private long nextIndex;

  private LossMarks() {}

  /// The marks of a stream, shared by its rules.
  static LossMarks of(SharedAnalyses shared) {
    return shared.get(LossMarks.class, LossMarks::new);
  }

  /// Takes a batch, unless it was taken before.
  void accept(MessageBatch batch) {
    if (batch.firstIndex() + batch.size() <= nextIndex) {
      return;
    }
    nextIndex = batch.firstIndex() + batch.size();
    while (!runs.isEmpty() && runs.getFirst()[1] + REMEMBERED < batch.firstIndex()) {
      runs.removeFirst();
    }
    if (!batch.mayHaveFlags(MessageBatch.AFTER_LOSS)) {
      return;
    }
    byte[] flags = batch.flags();
    for (int r = 0; r < batch.size(); r++) {
      if ((flags[r] & MessageBatch.AFTER_LOSS) != 0) {
        mark(batch.firstIndex() + r);
      }
    }
  }

  private void mark(long message) {
    long @Nullable [] last = runs.peekLast();
    if (last != null && last[1] + 1 == message) {
      last[1] = message;
    } else {
      runs.addLast(new long[] {message, message});
    }
  }

  /// Whether one of the messages `first` to `last` is marked.
  boolean any(long first, long last) {
    for (long[] run : runs) {
      if (run[0] <= last && run[1] >= first) {
        return true;
      }
    }
    return false;
  }
}
