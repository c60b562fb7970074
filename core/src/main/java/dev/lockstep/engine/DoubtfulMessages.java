package dev.lockstep.engine;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages of a stream that come from damaged bytes. What rules find in them alone follows
/// from the damage, which is reported as such; they are believed again where sound messages follow.
///
/// Where a stream has no sound message in front of the damage, as with a recorder that writes every
/// checksum wrong, nothing follows from it: its findings stay as they are.
final class DoubtfulMessages {
  /// Runs that are kept; findings in later ones stay as they are. Judged.
  private static final int MAX_RUNS = 1 << 10;

  /// Sound messages on each side of a run that a finding may take in: steps of time end there.
  private static final int NEIGHBOURS = 1;

  private final List<Span> runs = new ArrayList<>();

  /// Notes the doubtful rows of a batch whose first index is that in the stream.
  void take(MessageBatch batch) {
    if (!batch.mayHaveFlags(MessageBatch.DOUBTFUL)) {
      return;
    }
    byte[] flags = batch.flags();
    for (int row = 0; row < batch.size(); row++) {
      if ((flags[row] & MessageBatch.DOUBTFUL) != 0) {
        add(batch.firstIndex() + row);
      }
    }
  }

  private void add(long message) {
    Span last = runs.isEmpty() ? null : runs.getLast();
    if (last != null && last.last() == message - 1) {
      runs.set(runs.size() - 1, new Span(last.first(), message));
    } else if (runs.size() < MAX_RUNS) {
      runs.add(new Span(message, message));
    }
  }

  /// Whether all messages of a finding lie in one run behind sound messages.
  boolean explain(@Nullable Span messages) {
    if (messages == null) {
      return false;
    }
    for (Span run : runs) {
      if (run.first() > 0
          && messages.first() >= run.first() - NEIGHBOURS
          && messages.last() <= run.last() + NEIGHBOURS) {
        return true;
      }
    }
    return false;
  }
}
