package dev.lockstep.check.video;

import dev.lockstep.check.Cause;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.MessageBatch;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Places in a video at which something is told already: frames in front of which the reader
/// reports a loss, and frames that a rule reports as shown at a wrong time. What the order of
/// showing lacks there is a symptom. Shared by the rules of a stream.
final class ToldFaults {
  /// Places that are kept (judged: of more, each one says nothing new).
  private static final int MAX = 1 << 14;

  private static final Cause DAMAGED =
      new Cause("damaged-file", "bytes of the file are damaged here, which is reported as such");

  private final NavigableMap<Long, Cause> causes = new TreeMap<>();

  /// Frames that come out of the order in which they are coded to be shown.
  private final NavigableMap<Long, Cause> disordered = new TreeMap<>();

  private final NavigableSet<Long> damaged = new TreeSet<>();
  private long nextIndex;

  private ToldFaults() {}

  static ToldFaults of(SharedAnalyses shared) {
    return shared.get(ToldFaults.class, ToldFaults::new);
  }

  /// Takes the next messages, once however many rules hand them over.
  void accept(MessageBatch batch) {
    int marks = MessageBatch.AFTER_LOSS | MessageBatch.DOUBTFUL;
    long end = batch.firstIndex() + batch.size();
    if (end <= nextIndex
        || !batch.mayHaveFlags(MessageBatch.AFTER_LOSS)
            && !batch.mayHaveFlags(MessageBatch.DOUBTFUL)) {
      nextIndex = Math.max(nextIndex, end);
      return;
    }
    for (int row = 0; row < batch.size(); row++) {
      if ((batch.flags()[row] & marks) != 0 && batch.firstIndex() + row >= nextIndex) {
        add(batch.firstIndex() + row, DAMAGED);
        if (damaged.size() < MAX) {
          damaged.add(batch.firstIndex() + row);
        }
      }
    }
    nextIndex = end;
  }

  /// Notes that the rule `id` reports message `index` as shown at a wrong time.
  void misplaced(long index, String id) {
    add(index, wrongTime(id));
  }

  /// Notes that the rule `id` reports message `index` as shown out of its coded order.
  void disordered(long index, String id) {
    if (disordered.size() < MAX) {
      disordered.putIfAbsent(index, wrongTime(id));
    }
  }

  private static Cause wrongTime(String id) {
    return new Cause("wrong-time", id + " reports that a frame here is shown at a wrong time");
  }

  private void add(long index, Cause cause) {
    if (causes.size() < MAX) {
      causes.putIfAbsent(index, cause);
    }
  }

  /// Why what is wrong with message `index` follows from damage in front of it or there; null if
  /// nothing of the kind is told.
  @Nullable Cause damage(long index) {
    Long at = damaged.floor(index);
    return at == null || at < index - ShownOrder.MAX_REORDER ? null : DAMAGED;
  }

  /// Why frames around message `index` may be out of order, as far as decoders may reorder them;
  /// null where nothing is told there.
  @Nullable Cause near(long index) {
    return near(causes, index);
  }

  /// Why frames around message `index` may be missing where they should be shown; null where
  /// nothing is told there.
  @Nullable Cause ofHole(long index) {
    Cause cause = near(causes, index);
    return cause == null ? near(disordered, index) : cause;
  }

  private static @Nullable Cause near(NavigableMap<Long, Cause> of, long index) {
    Long at = of.ceilingKey(index - ShownOrder.MAX_REORDER);
    return at == null || at > index + ShownOrder.MAX_REORDER ? null : of.get(at);
  }
}
