package dev.lockstep.source.mcap;

import dev.lockstep.source.CutSums;
import dev.lockstep.source.OffsetMap;
import dev.lockstep.source.mcap.CutPiece.Chunk;
import dev.lockstep.source.mcap.CutPiece.Run;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Records that say where others lie, made to say it of a cut while it is written.
final class CutPointers {
  private final long fileBytes;
  private final BitSet kept;
  private final OffsetMap places = new OffsetMap();

  /// Places inside of pieces of which bytes were left out, by where those begin.
  private final TreeMap<Long, OffsetMap> inside = new TreeMap<>();

  private final Map<Long, Written> chunks = new HashMap<>();

  /// The chunk that message indexes speak of.
  private @Nullable Written last;

  /// What became of a chunk.
  ///
  /// @param records where its records went, null where none were left out
  /// @param packedGone bytes fewer that they take in the file
  /// @param gone bytes fewer that they have
  /// @param now its head in the cut
  private record Written(
      Records.ChunkHead before,
      @Nullable OffsetMap records,
      long packedGone,
      long gone,
      CutChunks.Head now) {}

  CutPointers(long fileBytes, BitSet kept) {
    this.fileBytes = fileBytes;
    this.kept = kept;
  }

  /// Where a byte of the file is now; -1 if it was left out, or [CutSums#UNKNOWN].
  long byteAt(long offset) {
    long at = places.byteAt(offset);
    if (at != CutSums.UNKNOWN) {
      return at;
    }
    Map.Entry<Long, OffsetMap> in = inside.floorEntry(offset);
    return in == null ? at : in.getValue().byteAt(offset);
  }

  /// Notes that a piece is now the bytes from `from` to `to`.
  void passed(CutPiece piece, long from, long to) {
    places.add(piece.from(), piece.to(), from, to - from);
    if (to - from != 0 && to - from != piece.to() - piece.from() && piece.runs().size() > 1) {
      OffsetMap runs = new OffsetMap();
      runs(runs, piece, kept, 0, from);
      inside.put(piece.from(), runs);
    }
    if (piece.opcode() != McapLayout.CHUNK && piece.opcode() != McapLayout.MESSAGE_INDEX) {
      last = null;
    }
  }

  /// Notes the runs of a piece that begins at `at` in the cut and whose offsets count from `base`.
  static void runs(OffsetMap map, CutPiece piece, BitSet kept, long base, long at) {
    long to = at;
    for (Run run : piece.runs()) {
      boolean stays = run.item() < 0 || kept.get(run.item());
      long length = stays ? run.to() - run.from() : 0;
      map.add(base + run.from(), base + run.to(), to, length);
      to += length;
    }
  }

  /// Notes a chunk.
  ///
  /// @param at where it is now
  /// @param records where its records went in it, null if none were left out
  void chunk(
      CutPiece piece,
      Chunk chunk,
      long at,
      @Nullable OffsetMap records,
      long packedGone,
      long gone,
      CutChunks.Head now) {
    Records.ChunkHead before = chunk.span().head();
    Written written = new Written(before, records, packedGone, gone, now);
    chunks.put(piece.from(), written);
    last = written;
    if (records != null && chunk.span().plain()) {
      long headBytes = before.recordsOffset() - piece.from();
      OffsetMap exact = new OffsetMap();
      exact.add(piece.from(), before.recordsOffset(), at, headBytes);
      long to = at + headBytes;
      for (CutPiece each : chunk.pieces()) {
        boolean stays = CutWriter.isKept(each, kept);
        if (stays) {
          runs(exact, each, kept, before.recordsOffset(), to);
          to = exact.endAt();
        } else {
          exact.add(
              before.recordsOffset() + each.from(), before.recordsOffset() + each.to(), to, 0);
        }
      }
      inside.put(piece.from(), exact);
    }
  }

  /// A record of the cut in place of `record` of the original; empty if nothing is left of it.
  byte[] record(int opcode, byte[] record) {
    return switch (opcode) {
      case McapLayout.MESSAGE_INDEX -> messageIndex(record);
      case McapLayout.CHUNK_INDEX -> chunkIndex(record);
      case McapLayout.ATTACHMENT_INDEX -> {
        long gone = range(record, 0);
        yield record.length < McapLayout.RECORD_HEAD_BYTES + 40
            ? record
            : plus(record, McapLayout.RECORD_HEAD_BYTES + 32, -gone);
      }
      case McapLayout.METADATA_INDEX -> {
        range(record, 0);
        yield record;
      }
      case McapLayout.SUMMARY_OFFSET -> {
        long gone = range(record, 1);
        long left = gone == 0 ? 1 : get(record, McapLayout.RECORD_HEAD_BYTES + 1 + Long.BYTES);
        yield left == 0 ? new byte[0] : record;
      }
      default -> record;
    };
  }

  private boolean lies(long offset, long length) {
    return offset >= 0 && offset <= fileBytes && length >= 0 && length <= fileBytes - offset;
  }

  /// Moves an offset and the length behind it, which stand at `field` of the body; returns by how
  /// much the length shrank.
  private long range(byte[] record, int field) {
    int at = McapLayout.RECORD_HEAD_BYTES + field;
    if (record.length < at + 2 * Long.BYTES) {
      return 0;
    }
    long offset = get(record, at);
    long length = get(record, at + Long.BYTES);
    if (!lies(offset, length)) {
      return 0;
    }
    long to = places.pointer(offset);
    long now = places.pointer(offset + length) - to;
    set(record, at, to);
    set(record, at + Long.BYTES, now);
    return length - now;
  }

  private byte[] messageIndex(byte[] record) {
    Written chunk = last;
    OffsetMap records = chunk == null ? null : chunk.records;
    int head = McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_INDEX_HEAD_BYTES;
    if (records == null || record.length < head) {
      return record;
    }
    byte[] now = record.clone();
    int length = head;
    int at = head;
    for (;
        at + McapLayout.MESSAGE_INDEX_ENTRY_BYTES <= record.length;
        at += McapLayout.MESSAGE_INDEX_ENTRY_BYTES) {
      long offset = get(record, at + Long.BYTES);
      if (!records.isLeftOut(offset)) {
        set(now, length, get(record, at));
        set(now, length + Long.BYTES, records.pointer(offset));
        length += McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
      }
    }
    if (length == head && at > head) {
      return new byte[0];
    }
    System.arraycopy(record, at, now, length, record.length - at);
    int gone = at - length;
    int count = McapLayout.RECORD_HEAD_BYTES + Short.BYTES;
    set(now, count, (int) (Integer.toUnsignedLong(getInt(now, count)) - gone));
    return plus(Arrays.copyOf(now, record.length - gone), McapLayout.LENGTH_OFFSET, -gone);
  }

  private byte[] chunkIndex(byte[] record) {
    byte[] body = body(record);
    Fields fields = new Fields().at(MemorySegment.ofArray(body), 0, body.length);
    long start = fields.i64();
    long end = fields.i64();
    long offset = fields.i64();
    long length = fields.i64();
    long mapLength = fields.u32();
    long entries = fields.skip(mapLength);
    long indexLength = fields.i64();
    long textAt = fields.position();
    fields.text();
    long textEnd = fields.position();
    long packed = fields.i64();
    long size = fields.i64();
    if (fields.broken() || !lies(offset, length) || !lies(offset + length, indexLength)) {
      return record;
    }
    Written chunk = chunks.get(offset);
    RecordBuffer map = new RecordBuffer((int) mapLength + 1);
    Fields each = new Fields().at(MemorySegment.ofArray(body), entries, mapLength);
    while (each.left() >= Short.BYTES + Long.BYTES) {
      int channel = each.u16();
      long index = each.i64();
      if (!places.isLeftOut(index)) {
        map.u16(channel).u64(lies(index, 0) ? places.pointer(index) : index);
      }
    }
    if (chunk != null) {
      start = start == chunk.before.startNs() ? chunk.now.startNs() : start;
      end = end == chunk.before.endNs() ? chunk.now.endNs() : end;
      packed -= chunk.packedGone;
      size -= chunk.gone;
    }
    RecordBuffer out = new RecordBuffer(body.length);
    out.u64(start).u64(end);
    long to = places.pointer(offset);
    long behind = places.pointer(offset + length);
    out.u64(to).u64(behind - to).u32(map.size()).raw(map.written());
    out.u64(places.pointer(offset + length + indexLength) - behind);
    out.raw(Arrays.copyOfRange(body, (int) textAt, (int) textEnd));
    out.u64(packed).u64(size);
    out.raw(Arrays.copyOfRange(body, (int) fields.position(), body.length));
    return withBody(record, out.toArray());
  }

  /// Moves the two offsets of a footer that is written at `at`. One whose records are all gone
  /// becomes 0.
  void footer(byte[] record, CutPiece piece, long at) {
    for (int field = 0; field < 2; field++) {
      int place = McapLayout.RECORD_HEAD_BYTES + field * Long.BYTES;
      long offset = get(record, place);
      if (offset > 0 && lies(offset, 0)) {
        long to = places.pointer(offset);
        set(record, place, to == at && offset != piece.from() ? 0 : to);
      }
    }
  }

  static byte[] body(byte[] record) {
    return Arrays.copyOfRange(record, McapLayout.RECORD_HEAD_BYTES, record.length);
  }

  /// A record with another body, whose length is as right or wrong as it was.
  static byte[] withBody(byte[] record, byte[] body) {
    byte[] now = Arrays.copyOf(record, McapLayout.RECORD_HEAD_BYTES + body.length);
    System.arraycopy(body, 0, now, McapLayout.RECORD_HEAD_BYTES, body.length);
    return plus(now, McapLayout.LENGTH_OFFSET, now.length - record.length);
  }

  private static long get(byte[] record, int at) {
    return MemorySegment.ofArray(record).get(McapLayout.U64, at);
  }

  private static int getInt(byte[] record, int at) {
    return MemorySegment.ofArray(record).get(McapLayout.U32, at);
  }

  private static void set(byte[] record, int at, long value) {
    MemorySegment.ofArray(record).set(McapLayout.U64, at, value);
  }

  /// Sets a number of 32 bits and returns the record.
  static byte[] set(byte[] record, int at, int value) {
    MemorySegment.ofArray(record).set(McapLayout.U32, at, value);
    return record;
  }

  /// Adds to a number of 64 bits and returns the record.
  static byte[] plus(byte[] record, int at, long value) {
    set(record, at, get(record, at) + value);
    return record;
  }
}
