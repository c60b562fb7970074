package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Says in what a message index and the messages of its chunk differ, entry by entry. Needed only
/// where they do: the chunk is read once more.
final class IndexComparison {
  /// Entries that are compared one by one. Judged: 64 MB, more messages than fit a chunk that
  /// anyone writes.
  private static final int MAX_ENTRIES = 1 << 22;

  private final ScanContext context;
  private final ChunkSpan chunk;
  private final ScanResult.IndexSeen index;

  IndexComparison(ScanContext context, ChunkSpan chunk, ScanResult.IndexSeen index) {
    this.context = context;
    this.chunk = chunk;
    this.index = index;
  }

  /// Offsets and times, ordered by offset.
  private static final class Entries {
    long[] offsets = new long[64];
    long[] times = new long[64];
    int count;

    void add(long offset, long time) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
        times = Arrays.copyOf(times, count * 2);
      }
      offsets[count] = offset;
      times[count++] = time;
    }

    void sort() {
      Integer[] order = new Integer[count];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(offsets[a], offsets[b]));
      long[] o = new long[count];
      long[] t = new long[count];
      for (int i = 0; i < count; i++) {
        o[i] = offsets[order[i]];
        t[i] = times[order[i]];
      }
      offsets = o;
      times = t;
    }
  }

  /// In what an index, or several of one chunk, differ from the messages.
  ///
  /// @param entries entries of the index
  /// @param messages messages of its channel
  /// @param missing messages without an entry
  /// @param astray entries that point to no message
  /// @param otherTime entries whose log time is not that of their message
  record Difference(long entries, long messages, long missing, long astray, long otherTime) {
    Difference plus(Difference other) {
      return new Difference(
          entries + other.entries,
          messages + other.messages,
          missing + other.missing,
          astray + other.astray,
          otherTime + other.otherTime);
    }

    /// The difference in one line, behind `has` or `have`.
    String inWords() {
      return "%d entries for %d messages: %d missing, %d at no message, %d with another time"
          .formatted(entries, messages, missing, astray, otherTime);
    }
  }

  /// The difference, entry by entry.
  Difference difference() {
    Entries stored = stored();
    Entries actual = actual();
    int missing = 0;
    int wrongTime = 0;
    int astray = 0;
    int s = 0;
    int a = 0;
    while (s < stored.count || a < actual.count) {
      if (s == stored.count || a < actual.count && actual.offsets[a] < stored.offsets[s]) {
        missing++;
        a++;
      } else if (a == actual.count || stored.offsets[s] < actual.offsets[a]) {
        astray++;
        s++;
      } else {
        if (stored.times[s] != actual.times[a]) {
          wrongTime++;
        }
        s++;
        a++;
      }
    }
    return new Difference(index.entries(), actual.count, missing, astray, wrongTime);
  }

  private Entries stored() {
    Entries entries = new Entries();
    MemorySegment file = context.segment();
    long from = index.at() + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_INDEX_HEAD_BYTES;
    long count = Math.min(index.entries(), MAX_ENTRIES);
    for (long i = 0; i < count; i++) {
      long at = from + i * McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
      entries.add(file.get(McapLayout.U64, at + Long.BYTES), file.get(McapLayout.U64, at));
    }
    entries.sort();
    return entries;
  }

  private Entries actual() {
    Entries entries = new Entries();
    try (ChunkContent content = ChunkContent.open(context, chunk, new UnitDefects())) {
      MemorySegment segment = content.segment();
      RecordProbe probe = new RecordProbe(segment, content.to(), true);
      long at = content.from();
      while (entries.count < MAX_ENTRIES && probe.hasHead(at) && probe.fits(at)) {
        long body = at + McapLayout.RECORD_HEAD_BYTES;
        if (probe.opcode(at) == McapLayout.MESSAGE
            && (segment.get(McapLayout.U16, body) & 0xFFFF) == index.channelId()) {
          entries.add(
              at - content.from(),
              segment.get(McapLayout.U64, body + McapLayout.MESSAGE_LOG_TIME_OFFSET));
        }
        at = body + probe.length(at);
      }
    }
    return entries;
  }
}
