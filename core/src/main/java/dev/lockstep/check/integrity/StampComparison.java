package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Block;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// Compares the stamps of messages whose content agrees. A manifest stores the stamps of the first
/// and the last message of each block; differences without an agreement between them are one
/// finding.
final class StampComparison {
  private final CheckSink sink;
  private @Nullable Location open;
  private @Nullable Evidence evidence;
  private long first;

  StampComparison(CheckSink sink) {
    this.sink = sink;
  }

  /// Message `expected` of the manifest, in its block `stored`, is message `computed` of the data,
  /// in place `place` of the block `block`.
  void accept(Block stored, long expected, Block block, int place, long computed) {
    boolean begins = expected == stored.firstMessage();
    if (!begins && expected != stored.lastMessage()) {
      return;
    }
    long storedNs = begins ? stored.firstStampNs() : stored.lastStampNs();
    long stampNs = block.places().stampNs(place);
    if (storedNs == stampNs) {
      end();
      return;
    }
    if (open == null) {
      first = computed;
      evidence =
          new Evidence.Mismatch(
              "stamp of message " + computed + " in block " + stored.index(),
              text(storedNs),
              text(stampNs));
    }
    open = Location.stream(stored.stream()).withMessages(first, computed);
  }

  private static String text(long stampNs) {
    return stampNs == Times.NONE ? "none" : stampNs + " ns";
  }

  /// Reports what is still to be reported.
  void end() {
    Location at = open;
    Evidence values = evidence;
    if (at != null && values != null) {
      sink.report(Severity.ERROR, "stamps were changed", at, values);
    }
    open = null;
  }
}
