package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.source.CutSums;
import dev.lockstep.source.OffsetMap;
import dev.lockstep.source.mcap.CutPiece.Chunk;
import dev.lockstep.source.mcap.CutPiece.Run;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes those pieces of a file whose items are kept. Every length, count, offset and checksum
/// says of the cut what it says of the original: a right one is right, a wrong one is wrong in the
/// same way.
final class CutWriter {
  /// What file systems and memory lose at once.
  static final int PAGE_BYTES = 4096;

  private static final int COPY_BYTES = 1 << 20;

  private final CutTree tree;
  private final MemorySegment file;
  private final BitSet kept;
  private final List<byte[]> definitions;
  private final CutPointers pointers;
  private final CutCounts counts = new CutCounts();
  private final CRC32 dataCrc = new CRC32();
  private final @Nullable FileChannel out;
  private final int gap;
  private long position;

  private CutWriter(
      CutTree tree, BitSet kept, List<byte[]> definitions, @Nullable FileChannel out, int gap) {
    this.tree = tree;
    this.file = tree.file();
    this.kept = kept;
    this.definitions = definitions;
    this.pointers = new CutPointers(file.byteSize(), kept);
    this.out = out;
    this.gap = gap;
  }

  /// Writes a cut.
  ///
  /// @param kept the items that are kept
  /// @param definitions records that are written in front, because the chunks that hold them are
  ///   left out
  /// @param end whether an end is written behind what has none
  static void write(CutTree tree, BitSet kept, List<byte[]> definitions, boolean end, Path target)
      throws IOException {
    long anchor = kept.get(CutTree.ALIGNMENT) ? longest(tree, kept) : -1;
    int gap = 0;
    if (anchor >= 0) {
      CutWriter trial = new CutWriter(tree, kept, definitions, null, 0);
      trial.write(end);
      gap = (int) Math.floorMod(anchor - trial.pointers.byteAt(anchor), (long) PAGE_BYTES);
    }
    try (FileChannel out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      new CutWriter(tree, kept, definitions, out, gap).write(end);
    }
  }

  /// Where the longest bytes in a row begin that are kept in the file as they are; -1 if there are
  /// none.
  private static long longest(CutTree tree, BitSet kept) {
    long at = -1;
    long length = 0;
    for (CutPiece piece : tree.pieces()) {
      if (piece.from() == 0 || !isKept(piece, kept)) {
        continue;
      }
      Chunk chunk = piece.chunk();
      long base = 0;
      List<CutPiece> inFile = List.of(piece);
      if (chunk != null && chunk.isOpen() && chunk.span().plain()) {
        base = chunk.span().head().recordsOffset();
        inFile = chunk.pieces();
      }
      for (CutPiece each : inFile) {
        for (Run run : isKept(each, kept) ? each.runs() : List.<Run>of()) {
          boolean stays = run.item() < 0 || kept.get(run.item());
          if (stays && run.to() - run.from() > length) {
            at = base + run.from();
            length = run.to() - run.from();
          }
        }
      }
    }
    return at;
  }

  static boolean isKept(CutPiece piece, BitSet kept) {
    for (int item : piece.items()) {
      if (!kept.get(item)) {
        return false;
      }
    }
    return true;
  }

  private void write(boolean end) throws IOException {
    boolean headed = false;
    List<CutPiece> pieces = tree.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      CutPiece piece = pieces.get(i);
      if (!headed && i > 0 && piece.opcode() != McapLayout.HEADER) {
        headed = true;
        front();
      }
      count(i);
      long from = position;
      if (!isKept(piece, kept)) {
        pointers.passed(piece, from, from);
      } else {
        piece(piece);
        pointers.passed(piece, from, position);
      }
    }
    if (end) {
      RecordBuffer tail = new RecordBuffer(64);
      int dataEnd = tail.begin(McapLayout.DATA_END);
      tail.u32(0).end(dataEnd);
      int footer = tail.begin(McapLayout.FOOTER);
      tail.u64(0).u64(0).u32(0).end(footer);
      tail.u64(McapLayout.MAGIC);
      put(tail.toArray());
    }
  }

  /// Definitions from chunks that are left out, and a private record that pushes the longest bytes
  /// to where they were in their page: what was lost with whole pages is known by that.
  private void front() throws IOException {
    for (byte[] record : definitions) {
      put(record);
    }
    if (gap > 0) {
      int length = gap < McapLayout.RECORD_HEAD_BYTES ? gap + PAGE_BYTES : gap;
      byte[] filler = new byte[length - McapLayout.RECORD_HEAD_BYTES];
      Arrays.fill(filler, (byte) ' ');
      RecordBuffer record = new RecordBuffer(length);
      record.u8(McapLayout.FIRST_PRIVATE).u64(filler.length).raw(filler);
      put(record.toArray());
    }
  }

  private void put(byte[] bytes) throws IOException {
    put(ByteBuffer.wrap(bytes));
  }

  private void put(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    dataCrc.update(bytes.duplicate());
    FileChannel to = out;
    while (to != null && bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private void copy(long from, long to) throws IOException {
    for (long at = from; at < to; at += COPY_BYTES) {
      put(CutSource.raw(file, at, Math.min(COPY_BYTES, to - at)));
    }
  }

  /// Counts what is left out of the piece of that number, and its times.
  private void count(int number) throws IOException {
    CutPiece piece = tree.pieces().get(number);
    boolean whole = isKept(piece, kept);
    Chunk chunk = piece.chunk();
    if (chunk != null) {
      ChunkSpan span = chunk.span();
      if (span.head().startNs() != 0 || span.head().endNs() != 0) {
        counts.before.add(span.head().startNs());
        counts.before.add(span.head().endNs());
      }
      if (whole) {
        chunk.pieces().stream().filter(each -> !isKept(each, kept)).forEach(this::left);
      } else {
        counts.record(McapLayout.CHUNK, 0);
        leftWith(number, chunk);
      }
    } else if (piece.opcode() == McapLayout.MESSAGE && !tree.inSummary(piece)) {
      CutSource.visit(
          file,
          piece.from(),
          piece.to(),
          (bytes, at, _, length) -> {
            if (length >= McapLayout.MESSAGE_HEAD_BYTES) {
              long timeNs = CutTree.time(bytes, at);
              counts.before.add(timeNs);
              if (whole) {
                counts.now.add(timeNs);
              } else {
                counts.messages(CutTree.channel(bytes, at), 1);
              }
            }
            return true;
          });
    } else if (!whole && !tree.inSummary(piece)) {
      left(piece);
    }
  }

  private void left(CutPiece piece) {
    if (piece.opcode() == McapLayout.MESSAGE) {
      counts.messages(piece.id(), 1);
    } else if (piece.opcode() != CutPiece.RAW) {
      // A definition that stands elsewhere, too, is not gone.
      boolean definition =
          piece.opcode() == McapLayout.SCHEMA || piece.opcode() == McapLayout.CHANNEL;
      if (!definition || !kept.get(piece.items().getLast())) {
        counts.record(piece.opcode(), piece.id());
      }
    }
  }

  /// Counts the messages of a chunk that is left out: by its message indexes, if it has any.
  private void leftWith(int number, Chunk chunk) throws IOException {
    chunk.pieces().forEach(this::left);
    if (chunk.isOpen()) {
      return;
    }
    boolean indexed = false;
    List<CutPiece> pieces = tree.pieces();
    for (int i = number + 1;
        i < pieces.size() && pieces.get(i).opcode() == McapLayout.MESSAGE_INDEX;
        i++) {
      CutPiece index = pieces.get(i);
      long entries =
          (index.to() - index.from() - McapLayout.RECORD_HEAD_BYTES)
              / McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
      counts.messages(index.id(), entries);
      indexed = true;
    }
    if (!indexed) {
      tree.visit(
          chunk.span(),
          (bytes, at, opcode, length) -> {
            if (opcode == McapLayout.MESSAGE && length >= McapLayout.MESSAGE_HEAD_BYTES) {
              counts.messages(CutTree.channel(bytes, at), 1);
            }
            return true;
          });
    }
  }

  private void piece(CutPiece piece) throws IOException {
    Chunk chunk = piece.chunk();
    if (chunk != null) {
      chunk(piece, chunk);
    } else if (piece.opcode() == CutPiece.RAW || piece.opcode() == McapLayout.MESSAGE) {
      put(piece, file, 0);
    } else {
      put(record(piece));
    }
  }

  private void put(CutPiece piece, MemorySegment bytes, long base) throws IOException {
    if (piece.runs().size() == 1 && base == 0) {
      copy(piece.from(), piece.to());
    } else {
      put(joined(piece, bytes, base));
    }
  }

  /// A piece without the runs that are left out.
  private byte[] joined(CutPiece piece, MemorySegment bytes, long base) {
    RecordBuffer joined = new RecordBuffer((int) Math.max(1, piece.to() - piece.from()));
    for (Run run : piece.runs()) {
      if (run.item() < 0 || kept.get(run.item())) {
        joined.raw(CutSource.raw(bytes, base + run.from(), run.to() - run.from()));
      }
    }
    byte[] record = joined.toArray();
    long gone = piece.to() - piece.from() - record.length;
    return gone > 0 && piece.opcode() != CutPiece.RAW
        ? CutPointers.plus(record, McapLayout.LENGTH_OFFSET, -gone)
        : record;
  }

  /// A record of the file that may speak of others.
  private byte[] record(CutPiece piece) throws IOException {
    byte[] record = joined(piece, file, 0);
    return switch (piece.opcode()) {
      case McapLayout.ATTACHMENT -> attachment(piece, record);
      case McapLayout.STATISTICS ->
          CutPointers.withBody(record, counts.statistics(CutPointers.body(record)));
      case McapLayout.DATA_END -> dataEnd(piece, record);
      case McapLayout.FOOTER -> footer(piece, record);
      default -> pointers.record(piece.opcode(), record);
    };
  }

  private byte[] attachment(CutPiece piece, byte[] record) {
    long gone = piece.to() - piece.from() - record.length;
    if (gone == 0) {
      return record;
    }
    OffsetMap runs = new OffsetMap();
    CutPointers.runs(runs, piece, kept, 0, 0);
    int data = (int) (piece.runs().getFirst().to() - piece.from());
    CutPointers.plus(record, data - Long.BYTES, -gone);
    int head = McapLayout.RECORD_HEAD_BYTES;
    long length = piece.to() - piece.from() - head - Integer.BYTES;
    int at = record.length - Integer.BYTES;
    int now = Crc32.of(MemorySegment.ofArray(record), head, at - head);
    int stored = file.get(McapLayout.U32, piece.to() - Integer.BYTES);
    int computed = Crc32.of(file, piece.from() + head, length);
    CutSums.Bytes moved =
        place -> {
          long to = runs.byteAt(piece.from() + head + place);
          return to < 0 ? -1 : to - head;
        };
    int sum = CutSums.stored(stored, computed, length, now, at - (long) head, moved);
    return CutPointers.set(record, at, sum);
  }

  private byte[] dataEnd(CutPiece piece, byte[] record) {
    int at = McapLayout.RECORD_HEAD_BYTES;
    if (record.length < at + Integer.BYTES || piece.from() != tree.dataEnd()) {
      return record;
    }
    int stored = file.get(McapLayout.U32, piece.from() + at);
    if (stored == 0) {
      return record;
    }
    int computed = tree.dataCrc();
    int now = (int) dataCrc.getValue();
    return CutPointers.set(
        record,
        at,
        CutSums.stored(stored, computed, piece.from(), now, position, pointers::byteAt));
  }

  private byte[] footer(CutPiece piece, byte[] record) throws IOException {
    int head = McapLayout.RECORD_HEAD_BYTES;
    if (record.length != head + McapLayout.FOOTER_BYTES) {
      return record;
    }
    long start = file.get(McapLayout.U64, piece.from() + head);
    pointers.footer(record, piece, position);
    long startNow = MemorySegment.ofArray(record).get(McapLayout.U64, head);
    long crcAt = piece.from() + McapLayout.FOOTER_SUMMED_BYTES;
    int stored = file.get(McapLayout.U32, crcAt);
    boolean gone = start != 0 && startNow == 0;
    long from = start == 0 ? piece.from() : start;
    long fromNow = startNow == 0 ? position : startNow;
    if (stored == 0 || gone || from < 0 || from > crcAt || fromNow < 0 || fromNow > position) {
      return gone ? CutPointers.set(record, McapLayout.FOOTER_SUMMED_BYTES, 0) : record;
    }
    int computed = Crc32.of(file, from, crcAt - from);
    int now = summed(fromNow, Arrays.copyOf(record, McapLayout.FOOTER_SUMMED_BYTES));
    long length = position - fromNow + McapLayout.FOOTER_SUMMED_BYTES;
    CutSums.Bytes moved =
        place -> {
          long to = pointers.byteAt(from + place);
          return to < fromNow ? to : to - fromNow;
        };
    return CutPointers.set(
        record,
        McapLayout.FOOTER_SUMMED_BYTES,
        CutSums.stored(stored, computed, crcAt - from, now, length, moved));
  }

  /// The checksum of what was written from `from` on, and of `more`.
  private int summed(long from, byte[] more) throws IOException {
    CRC32 crc = new CRC32();
    FileChannel written = out;
    if (written != null) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      for (long at = from; at < position; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(COPY_BYTES, position - at));
        int read = 1;
        while (buffer.hasRemaining() && read > 0) {
          read = written.read(buffer, at + buffer.position());
        }
        crc.update(buffer.flip());
      }
    }
    crc.update(more);
    return (int) crc.getValue();
  }

  private void chunk(CutPiece piece, Chunk chunk) throws IOException {
    long at = position;
    Records.ChunkHead stored = chunk.span().head();
    CutChunks.Head head = new CutChunks.Head(stored.startNs(), stored.endNs());
    if (!chunk.isOpen()) {
      byte[] record = piece.runs().size() == 1 ? new byte[0] : joined(piece, file, 0);
      long gone = piece.to() - piece.from() - record.length;
      if (record.length == 0 || gone == 0) {
        copy(piece.from(), piece.to());
        gone = 0;
      } else {
        int field = (int) (stored.recordsOffset() - piece.from()) - Long.BYTES;
        put(CutPointers.plus(record, field, -gone));
      }
      pointers.chunk(piece, chunk, at, null, gone, 0, head);
      timed(head);
      return;
    }
    OffsetMap inner = new OffsetMap();
    RecordBuffer records = new RecordBuffer((int) Math.max(1, chunk.pieces().getLast().to()));
    CutCounts.Times before = new CutCounts.Times();
    CutCounts.Times now = new CutCounts.Times();
    for (CutPiece each : chunk.pieces()) {
      boolean message = each.opcode() == McapLayout.MESSAGE;
      if (message) {
        before.add(each.timeNs());
      }
      if (isKept(each, kept)) {
        CutPointers.runs(inner, each, kept, 0, records.size());
        records.raw(joined(each, chunk.records(), chunk.base()));
        if (message) {
          now.add(each.timeNs());
        }
      } else {
        inner.add(each.from(), each.to(), records.size(), 0);
      }
    }
    long gone = chunk.pieces().getLast().to() - records.size();
    if (gone == 0) {
      copy(piece.from(), piece.to());
    } else {
      head = CutChunks.head(stored, before, now);
      put(CutChunks.of(file, chunk, records.toArray(), inner, head));
    }
    long packed = piece.to() - piece.from() - (position - at);
    pointers.chunk(piece, chunk, at, gone == 0 ? null : inner, packed, gone, head);
    timed(head);
  }

  private void timed(CutChunks.Head head) {
    if (head.startNs() != 0 || head.endNs() != 0) {
      counts.now.add(head.startNs());
      counts.now.add(head.endNs());
    }
  }
}
