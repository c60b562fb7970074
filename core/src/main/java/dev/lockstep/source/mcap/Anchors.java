package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Where the summary of a complete file says that chunks lie: fixed points from which reading can
/// go on behind damage. Nothing is believed that the bytes there do not bear out.
final class Anchors {
  /// Chunk index entries that are read. Judged: a million chunks are a terabyte of recording.
  private static final int MAX_CHUNKS = 1 << 20;

  private long[] offsets = new long[16];
  private long[] lengths = new long[16];
  private int count;
  private final boolean hasEnd;

  /// Reads the footer and the chunk index of a complete file.
  Anchors(MemorySegment file) {
    long size = file.byteSize();
    hasEnd = endsWithFooter(file);
    if (!hasEnd) {
      return;
    }
    Fields fields = new Fields();
    long footer = size - McapLayout.FILE_TAIL_BYTES;
    long start =
        Records.Footer.read(
                fields.at(file, footer + McapLayout.RECORD_HEAD_BYTES, McapLayout.FOOTER_BYTES))
            .summaryStart();
    if (start < McapLayout.MAGIC_BYTES || start >= footer) {
      return;
    }
    RecordProbe probe = new RecordProbe(file, footer, false);
    long at = start;
    while (count < MAX_CHUNKS && probe.hasHead(at) && probe.headCredible(at) && probe.fits(at)) {
      long length = probe.length(at);
      if (probe.opcode(at) == McapLayout.CHUNK_INDEX) {
        Records.ChunkIndex entry =
            Records.ChunkIndex.read(fields.at(file, at + McapLayout.RECORD_HEAD_BYTES, length));
        if (!fields.broken() && bornOut(entry.offset(), entry.length(), start)) {
          add(entry.offset(), entry.length());
        }
      }
      at += McapLayout.RECORD_HEAD_BYTES + length;
    }
    sort();
  }

  /// Whether a complete file ends with a footer and the magic.
  static boolean endsWithFooter(MemorySegment file) {
    long size = file.byteSize();
    long footer = size - McapLayout.FILE_TAIL_BYTES;
    return footer >= McapLayout.MAGIC_BYTES
        && file.get(McapLayout.U64, size - McapLayout.MAGIC_BYTES) == McapLayout.MAGIC
        && (file.get(McapLayout.U8, footer) & 0xFF) == McapLayout.FOOTER
        && file.get(McapLayout.U64, footer + McapLayout.LENGTH_OFFSET) == McapLayout.FOOTER_BYTES;
  }

  private static boolean bornOut(long offset, long length, long limit) {
    return offset >= McapLayout.MAGIC_BYTES
        && offset < limit
        && length > McapLayout.RECORD_HEAD_BYTES
        && length <= limit - offset;
  }

  private void add(long offset, long length) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    offsets[count] = offset;
    lengths[count++] = length;
  }

  private void sort() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    boolean sorted = true;
    for (int i = 1; i < count; i++) {
      sorted &= offsets[i - 1] <= offsets[i];
    }
    if (sorted) {
      return;
    }
    Arrays.sort(order, (a, b) -> Long.compare(offsets[a], offsets[b]));
    long[] o = new long[count];
    long[] l = new long[count];
    for (int i = 0; i < count; i++) {
      o[i] = offsets[order[i]];
      l[i] = lengths[order[i]];
    }
    offsets = o;
    lengths = l;
  }

  /// Whether the file has its end.
  boolean hasEnd() {
    return hasEnd;
  }

  /// Length of the chunk record that is said to begin at `at`, or -1.
  long chunkLength(long at) {
    int i = Arrays.binarySearch(offsets, 0, count, at);
    return i < 0 ? -1 : lengths[i];
  }

  /// Where the next chunk is said to begin behind `at`, or -1.
  long nextChunk(long at) {
    int i = Arrays.binarySearch(offsets, 0, count, at + 1);
    int next = i < 0 ? -i - 1 : i;
    return next < count ? offsets[next] : -1;
  }
}
