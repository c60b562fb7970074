package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.codec.FrameBlocks;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.mcap.CutPiece.Chunk;
import dev.lockstep.source.mcap.CutPiece.Run;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A file taken apart into pieces, each of which belongs to items that a cut keeps or leaves out.
///
/// What belongs together is one item: a chunk, its message indexes and its entry in the chunk
/// index; all definitions of one id. Some are wider: the summary, its entries of one kind. Whatever
/// a file holds, sound or not, is in one piece or another.
final class CutTree {
  /// Item of the record that keeps the largest piece where it was in its page.
  static final int ALIGNMENT = 0;

  /// Longest run of messages without a chunk that is one piece where records are not told apart.
  private static final long RUN_BYTES = 256 << 10;

  private static final MemorySegment ZERO_PAGE =
      MemorySegment.ofArray(new byte[CutWriter.PAGE_BYTES]);

  private final ScanContext context;
  private final boolean fine;
  private final List<CutPiece> pieces = new ArrayList<>();
  private final List<RecordingCutter.Part> items = new ArrayList<>();
  private final Map<Long, Integer> definitions = new HashMap<>();

  /// Items by the offset of what an index may point to.
  private final Map<Long, Integer> targets = new HashMap<>();

  private final Map<Integer, Integer> kinds = new HashMap<>();
  private long dataEnd = -1;
  private int dataCrc;
  private boolean dataCrcKnown;
  private int chunkItem = -1;
  private int summaryItem = -1;
  private boolean begun;

  /// Takes a file apart.
  ///
  /// @param spans the pieces of its data section
  /// @param fine whether the records of chunks and the bytes of messages are told apart, too
  CutTree(ScanContext context, List<TopWalk.Span> spans, boolean fine) {
    this.context = context;
    this.fine = fine;
    item("alignment", 0, false);
    MemorySegment file = context.segment();
    long at = Math.min(McapLayout.MAGIC_BYTES, file.byteSize());
    add(0, at, CutPiece.RAW, List.of());
    for (TopWalk.Span span : spans) {
      long from = Math.max(span.start(), McapLayout.MAGIC_BYTES);
      cutBack(from);
      if (span.single() >= 0 || span.damage() != null && span.chunk() == null) {
        raw(from, span.end());
      } else {
        records(from, span.recordsEnd(), false);
        ChunkSpan chunk = span.chunk();
        if (chunk != null) {
          chunk(chunk);
        }
      }
      at = span.end();
    }
    tail(at);
  }

  /// The pieces, in order, without a gap.
  List<CutPiece> pieces() {
    return pieces;
  }

  /// The items.
  List<RecordingCutter.Part> items() {
    return items;
  }

  /// The file.
  MemorySegment file() {
    return context.segment();
  }

  /// Offset of the record that ends the data section, or -1.
  long dataEnd() {
    return dataEnd;
  }

  /// Whether a piece lies behind the data section.
  boolean inSummary(CutPiece piece) {
    return dataEnd >= 0 && piece.from() > dataEnd;
  }

  /// CRC-32 of the file up to where its data section ends.
  int dataCrc() {
    if (!dataCrcKnown) {
      dataCrc = Crc32.of(file(), 0, dataEnd);
      dataCrcKnown = true;
    }
    return dataCrc;
  }

  /// Log time of the last message of a run.
  long lastTime(CutPiece run) throws IOException {
    long[] timeNs = {run.timeNs()};
    CutSource.visit(
        file(),
        run.from(),
        run.to(),
        (bytes, at, _, length) -> {
          timeNs[0] = length < McapLayout.MESSAGE_HEAD_BYTES ? timeNs[0] : time(bytes, at);
          return true;
        });
    return timeNs[0];
  }

  /// Records of definitions that are kept, but all of whose records are in chunks that are not.
  List<byte[]> definitionsLeft(BitSet kept) {
    Map<Integer, byte[]> left = new LinkedHashMap<>();
    Set<Integer> there = new HashSet<>();
    for (CutPiece piece : pieces) {
      Chunk chunk = piece.chunk();
      boolean stays = CutWriter.isKept(piece, kept);
      if (chunk == null && stays && isDefinition(piece) && !inSummary(piece)) {
        there.addAll(piece.items());
      }
      if (chunk == null) {
        continue;
      }
      for (CutPiece each : chunk.pieces()) {
        if (!isDefinition(each) || !CutWriter.isKept(each, kept)) {
          continue;
        }
        if (stays) {
          there.addAll(each.items());
        } else {
          byte[] record =
              CutSource.raw(chunk.records(), chunk.base() + each.from(), each.to() - each.from());
          left.putIfAbsent(each.items().getLast(), record);
        }
      }
    }
    left.keySet().removeAll(there);
    return List.copyOf(left.values());
  }

  private static boolean isDefinition(CutPiece piece) {
    return piece.opcode() == McapLayout.SCHEMA || piece.opcode() == McapLayout.CHANNEL;
  }

  /// Hands over the records of a chunk.
  void visit(ChunkSpan chunk, CutSource.Visitor visitor) throws IOException {
    CutSource.visitChunk(context, chunk, visitor);
  }

  private int item(String what, long bytes, boolean within) {
    items.add(new RecordingCutter.Part(what, bytes, within));
    return items.size() - 1;
  }

  private int bytes(long count, boolean within) {
    return item("bytes", count, within);
  }

  private void add(long from, long to, int opcode, List<Integer> in) {
    if (to > from) {
      pieces.add(new CutPiece(from, to, opcode, 0, 0, in, List.of(new Run(from, to, -1)), null));
    }
  }

  private void raw(long from, long to) {
    if (to > from) {
      List<Run> runs =
          fine
              ? CutPiece.divided(from, to, false, this::bytes)
              : List.of(new Run(from, to, item("bytes", to - from, false)));
      pieces.add(new CutPiece(from, to, CutPiece.RAW, 0, 0, List.of(), runs, null));
    }
  }

  /// A record that claims what others hold ends where they begin.
  private void cutBack(long at) {
    while (!pieces.isEmpty() && pieces.getLast().to() > at) {
      CutPiece last = pieces.removeLast();
      if (last.from() < at) {
        pieces.add(last.upTo(at));
      }
    }
  }

  private void tail(long from) {
    MemorySegment file = file();
    long at = records(from, file.byteSize(), true);
    boolean ended = !pieces.isEmpty() && pieces.getLast().opcode() == McapLayout.FOOTER;
    long magic = ended ? Math.min(file.byteSize(), at + McapLayout.MAGIC_BYTES) : at;
    add(at, magic, CutPiece.RAW, List.of());
    raw(magic, file.byteSize());
  }

  /// Adds the records of a range; returns where they end.
  private long records(long from, long to, boolean tail) {
    MemorySegment file = file();
    RecordProbe probe = new RecordProbe(file, to, false);
    long at = from;
    long run = -1;
    while (probe.hasHead(at) && probe.fits(at)) {
      int opcode = probe.opcode(at);
      long end = at + McapLayout.RECORD_HEAD_BYTES + probe.length(at);
      boolean message = opcode == McapLayout.MESSAGE && end - at >= headed();
      boolean joins =
          message && run >= 0 && end - run <= RUN_BYTES && channel(file, at) == channel(file, run);
      if (run >= 0 && !joins) {
        messages(run, at);
        run = -1;
      }
      if (message && !fine && !tail) {
        run = joins ? run : at;
      } else {
        record(file, 0, at, end, opcode, tail);
      }
      at = end;
      if (tail && opcode == McapLayout.FOOTER) {
        return at;
      }
    }
    if (run >= 0) {
      messages(run, at);
    }
    if (!tail) {
      raw(at, to);
    }
    return at;
  }

  private static int headed() {
    return McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES;
  }

  static int channel(MemorySegment bytes, long at) {
    return bytes.get(McapLayout.U16, at + McapLayout.RECORD_HEAD_BYTES) & 0xFFFF;
  }

  static long time(MemorySegment bytes, long at) {
    return bytes.get(
        McapLayout.U64, at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_LOG_TIME_OFFSET);
  }

  private void messages(long from, long to) {
    pieces.add(
        new CutPiece(
            from,
            to,
            McapLayout.MESSAGE,
            channel(file(), from),
            time(file(), from),
            List.of(item("Message", to - from, false)),
            List.of(new Run(from, to, -1)),
            null));
  }

  /// Adds a record of the file.
  private void record(MemorySegment bytes, long base, long at, long end, int opcode, boolean tail) {
    if (opcode == McapLayout.MESSAGE_INDEX && !tail) {
      index(at, end);
      return;
    }
    chunkItem = -1;
    if (tail && opcode == McapLayout.DATA_END && summaryItem < 0) {
      summaryItem = item("summary", 0, false);
      dataEnd = at;
      add(at, end, opcode, List.of());
      return;
    }
    if (opcode == McapLayout.FOOTER && tail || opcode == McapLayout.HEADER && !begun) {
      begun = true;
      add(at, end, opcode, List.of());
      return;
    }
    begun = true;
    pieces.add(piece(bytes, base, at, end, opcode, tail));
  }

  private void index(long at, long end) {
    List<Integer> in = new ArrayList<>();
    if (chunkItem >= 0) {
      in.add(chunkItem);
    }
    in.add(kind(McapLayout.MESSAGE_INDEX));
    in.add(item("MessageIndex", end - at, false));
    pieces.add(
        new CutPiece(
            at,
            end,
            McapLayout.MESSAGE_INDEX,
            channel(file(), at),
            0,
            in,
            List.of(new Run(at, end, -1)),
            null));
  }

  private int kind(int opcode) {
    return kinds.computeIfAbsent(opcode, _ -> item("all of one kind", 0, false));
  }

  /// A record of the file or of a chunk, which begins at `base`.
  private CutPiece piece(
      MemorySegment bytes, long base, long at, long end, int opcode, boolean tail) {
    List<Integer> in = new ArrayList<>();
    if (tail && summaryItem >= 0) {
      in.add(summaryItem);
      in.add(kind(opcode));
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    List<Run> runs = List.of(new Run(at - base, end - base, -1));
    int id = 0;
    long timeNs = 0;
    switch (opcode) {
      case McapLayout.SCHEMA, McapLayout.CHANNEL -> {
        id = end - body < Short.BYTES ? 0 : channel(bytes, at);
        long key = (long) opcode << Integer.SIZE | id;
        in.add(
            definitions.computeIfAbsent(
                key, _ -> item(McapLayout.nameOf(opcode), end - at, false)));
      }
      case McapLayout.MESSAGE -> {
        in.add(item(McapLayout.nameOf(opcode), end - at, false));
        if (end - at >= headed()) {
          id = channel(bytes, at);
          timeNs = time(bytes, at);
          if (fine) {
            runs =
                CutPiece.around(
                    at - base, end - base, at - base + headed(), end - base, this::bytes);
          }
        }
      }
      case McapLayout.ATTACHMENT, McapLayout.METADATA -> {
        int item = item(McapLayout.nameOf(opcode), end - at, false);
        targets.put(at, item);
        in.add(item);
        if (fine && opcode == McapLayout.ATTACHMENT) {
          runs = attachment(bytes, base, at, end);
        }
      }
      case McapLayout.CHUNK_INDEX, McapLayout.ATTACHMENT_INDEX, McapLayout.METADATA_INDEX -> {
        int pointer = opcode == McapLayout.CHUNK_INDEX ? 2 * Long.BYTES : 0;
        Integer target =
            end - body < pointer + Long.BYTES
                ? null
                : targets.get(bytes.get(McapLayout.U64, body + pointer));
        in.add(target == null ? item(McapLayout.nameOf(opcode), end - at, false) : target);
      }
      default -> in.add(item(McapLayout.nameOf(opcode), end - at, false));
    }
    return new CutPiece(at - base, end - base, opcode, id, timeNs, in, runs, null);
  }

  private List<Run> attachment(MemorySegment bytes, long base, long at, long end) {
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    Fields fields = new Fields().at(bytes, body, end - body);
    Records.Attachment head = Records.Attachment.read(fields);
    long data = fields.position();
    boolean whole = !fields.broken() && head.dataLength() == end - Integer.BYTES - data;
    return whole
        ? CutPiece.around(
            at - base, end - base, data - base, data + head.dataLength() - base, this::bytes)
        : List.of(new Run(at - base, end - base, -1));
  }

  private void chunk(ChunkSpan span) {
    int item = item("Chunk", span.length(), false);
    targets.put(span.offset(), item);
    chunkItem = item;
    Chunk chunk = fine ? opened(span) : Chunk.closed(span);
    List<Run> runs = List.of(new Run(span.offset(), span.end(), -1));
    long records = span.head().recordsOffset();
    if (fine && !chunk.isOpen() && records < span.end()) {
      runs = new ArrayList<>();
      long at = span.offset();
      long present = Math.min(span.recordsLength(), span.end() - records);
      List<Long> blocks =
          FrameBlocks.of(span.head().compression(), file().asSlice(records, present));
      // The head of a frame stays: a block that cannot be decoded then shows that by itself.
      long head = blocks.isEmpty() ? records : Math.min(records + blocks.getFirst(), span.end());
      runs.add(new Run(at, head, -1));
      at = head;
      for (long start : blocks) {
        long next = Math.min(records + start, span.end());
        if (next > at) {
          runs.add(new Run(at, next, item("block", next - at, false)));
          at = next;
        }
      }
      runs.addAll(CutPiece.divided(at, span.end(), false, this::bytes));
    }
    pieces.add(
        new CutPiece(
            span.offset(),
            span.end(),
            McapLayout.CHUNK,
            0,
            span.head().startNs(),
            List.of(item),
            runs,
            chunk));
  }

  private Chunk opened(ChunkSpan span) {
    if (!span.plain() && holdsZeroPage(span)) {
      // Packed anew, the page would be gone.
      return Chunk.closed(span);
    }
    try (ChunkContent content = ChunkContent.open(context, span, new UnitDefects())) {
      // Compressed records that are not whole cannot be compressed again to break off there.
      if (!content.readable() || !content.whole() && !span.plain()) {
        FrameSum summed =
            span.plain() || span.state() != ChunkSpan.State.WHOLE
                ? null
                : FrameSum.read(context, span);
        return summed == null ? Chunk.closed(span) : opened(span, summed);
      }
      long length = content.to() - content.from();
      int crc = Crc32.of(content.segment(), content.from(), length);
      MemorySegment records = content.segment();
      long base = content.from();
      long trailing = 0;
      if (!span.plain()) {
        byte[] copy = CutSource.raw(records, base, length);
        trailing = trailing(span, content.segment());
        records = MemorySegment.ofArray(copy);
        base = 0;
      }
      return new Chunk(span, crc, records, base, inner(records, base, base + length), trailing, 0);
    }
  }

  private boolean holdsZeroPage(ChunkSpan span) {
    long first = (span.offset() + CutWriter.PAGE_BYTES - 1) / CutWriter.PAGE_BYTES;
    for (long page = first; (page + 1) * CutWriter.PAGE_BYTES <= span.end(); page++) {
      MemorySegment bytes = file().asSlice(page * CutWriter.PAGE_BYTES, CutWriter.PAGE_BYTES);
      if (bytes.get(McapLayout.U64, 0) == 0 && bytes.mismatch(ZERO_PAGE) < 0) {
        return true;
      }
    }
    return false;
  }

  private Chunk opened(ChunkSpan span, FrameSum summed) {
    MemorySegment records = MemorySegment.ofArray(summed.records());
    int crc = Crc32.of(records, 0, records.byteSize());
    List<CutPiece> inner = inner(records, 0, records.byteSize());
    return new Chunk(span, crc, records, 0, inner, 0, summed.difference());
  }

  private long trailing(ChunkSpan span, MemorySegment room) {
    MemorySegment in = file().asSlice(span.head().recordsOffset(), span.recordsLength());
    try {
      return in.byteSize()
          - context.decompressors.decompress(span.head().compression(), in, room).inputBytes();
    } catch (MalformedCompressionException e) {
      throw new IllegalStateException("decompressed once, but not twice", e);
    }
  }

  private List<CutPiece> inner(MemorySegment records, long base, long to) {
    List<CutPiece> inner = new ArrayList<>();
    RecordProbe probe = new RecordProbe(records, to, true);
    long at = base;
    while (probe.hasHead(at) && probe.fits(at)) {
      long end = at + McapLayout.RECORD_HEAD_BYTES + probe.length(at);
      inner.add(piece(records, base, at, end, probe.opcode(at), false));
      at = end;
    }
    if (to > at) {
      inner.add(
          new CutPiece(
              at - base,
              to - base,
              CutPiece.RAW,
              0,
              0,
              List.of(),
              CutPiece.divided(at - base, to - base, false, this::bytes),
              null));
    }
    return inner;
  }
}
