package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What a cut leaves out, counted as the statistics of a file count it, and the times of what there
/// was and is.
final class CutCounts {
  private long messages;
  private final Map<Integer, Long> byChannel = new HashMap<>();
  private final Map<Integer, Integer> records = new HashMap<>();
  private final Set<Integer> schemas = new HashSet<>();
  private final Set<Integer> channels = new HashSet<>();
  final Times before = new Times();
  final Times now = new Times();

  /// First and last of log times, which are unsigned.
  static final class Times {
    private boolean any;
    private long first;
    private long last;

    void add(long timeNs) {
      first = any && Long.compareUnsigned(first, timeNs) <= 0 ? first : timeNs;
      last = any && Long.compareUnsigned(last, timeNs) >= 0 ? last : timeNs;
      any = true;
    }

    /// The first; 0 if there is none.
    long first() {
      return first;
    }

    /// The last; 0 if there is none.
    long last() {
      return last;
    }
  }

  /// Counts messages of a channel that are left out.
  void messages(int channel, long count) {
    messages += count;
    byChannel.merge(channel, count, Long::sum);
  }

  /// Counts a record of another kind that is left out.
  void record(int opcode, int id) {
    switch (opcode) {
      case McapLayout.SCHEMA -> schemas.add(id);
      case McapLayout.CHANNEL -> channels.add(id);
      default -> records.merge(opcode, 1, Integer::sum);
    }
  }

  private int of(int opcode) {
    return records.getOrDefault(opcode, 0);
  }

  /// The statistics that say of the cut what `body` says of the original, right or wrong.
  byte[] statistics(byte[] body) {
    Fields fields = new Fields().at(MemorySegment.ofArray(body), 0, body.length);
    RecordBuffer out = new RecordBuffer(body.length);
    out.u64(fields.i64() - messages);
    out.u16(fields.u16() - schemas.size()).u32(fields.u32() - channels.size());
    out.u32(fields.u32() - of(McapLayout.ATTACHMENT)).u32(fields.u32() - of(McapLayout.METADATA));
    out.u32(fields.u32() - of(McapLayout.CHUNK));
    long start = fields.i64();
    long end = fields.i64();
    out.u64(start == before.first() ? now.first() : start);
    out.u64(end == before.last() ? now.last() : end);
    long left = fields.u32();
    RecordBuffer counts = new RecordBuffer(body.length);
    for (; left >= 10 && !fields.broken(); left -= 10) {
      int channel = fields.u16();
      long count = fields.i64();
      long gone = byChannel.getOrDefault(channel, 0L);
      if (count != gone || gone == 0) {
        counts.u16(channel).u64(count - gone);
      }
    }
    if (fields.broken() || left != 0) {
      return body;
    }
    out.u32(counts.size()).raw(counts.written());
    return out.raw(CutSource.raw(MemorySegment.ofArray(body), fields.position(), fields.left()))
        .toArray();
  }
}
