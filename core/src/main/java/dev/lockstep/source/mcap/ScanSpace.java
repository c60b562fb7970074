package dev.lockstep.source.mcap;

import dev.lockstep.payload.PayloadFacts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What one thread needs while it scans a unit; used again for the next.
final class ScanSpace {
  final PayloadFacts facts = new PayloadFacts();
  final RunningCrc crc = new RunningCrc();
  final NearBytes near = new NearBytes();
  final Fields fields = new Fields();

  /// Entries of a message index, two numbers each. A loop over an array is fast from the first
  /// message on, one over a segment is not.
  final long[] indexEntries = new long[1024];

  /// Rows of the range under way by channel id, so that a message finds its channel in one step.
  /// Grows with the ids, which most writers count from 0 or 1, to 256 KiB at most.
  private @Nullable ChannelRows[] byId = new ChannelRows[64];

  private int[] touched = new int[64];
  private int touchedCount;

  @Nullable ChannelRows rows(int channelId) {
    return channelId < byId.length ? byId[channelId] : null;
  }

  void setRows(int channelId, ChannelRows rows) {
    if (channelId >= byId.length) {
      byId = Arrays.copyOf(byId, Math.max(channelId + 1, byId.length * 2));
    }
    byId[channelId] = rows;
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, touchedCount * 2);
    }
    touched[touchedCount++] = channelId;
  }

  /// Forgets the rows of the range before.
  void forgetRows() {
    for (int i = 0; i < touchedCount; i++) {
      byId[touched[i]] = null;
    }
    touchedCount = 0;
  }
}
