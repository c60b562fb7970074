package dev.lockstep.source.rosbag1;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Location;
import dev.lockstep.source.BlockBuffers;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import dev.lockstep.source.ReadOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The pieces of a bag: its messages in their chunks, and what lies between chunks and is no
/// record.
///
/// A chunk of which all messages stay is copied as it is, with its index data and its chunk info;
/// one of which some stay is written anew, uncompressed, with connections, index data and info that
/// fit. What cannot be read is copied or left out as a whole. Of the index, places and counts are
/// made to fit: what was wrong by some number is wrong by as much.
final class BagPieces implements PieceCutter.Pieces {
  private final MappedFile file;
  private final BlockBuffers buffers = new BlockBuffers(ReadOptions.DEFAULT_MAX_BLOCK_BYTES);
  private final Decompressors decompressors = new Decompressors();
  private final PieceTable table = new PieceTable();
  private final List<Chunk> chunks = new ArrayList<>();
  private final Map<Integer, byte[]> definitions = new TreeMap<>();
  private final Map<Long, byte[]> infos = new HashMap<>();
  private final BagRecord header = new BagRecord();
  private boolean headed;
  private boolean indexed;
  private int connectionsSaid;

  /// A stretch of the file: a chunk with its index data, or bytes that are none.
  ///
  /// @param piece its number among the pieces
  /// @param record its head, null where it is no chunk
  /// @param end where it ends with its index data
  /// @param readable whether all of its records were read
  private record Chunk(int piece, long at, @Nullable Head record, long end, boolean readable) {}

  private record Head(String compression, long dataAt, long dataBytes, long size) {}

  /// Is told of the records of a chunk.
  private interface Records {
    void take(BagRecord record, MemorySegment bytes, long from);
  }

  private BagPieces(MappedFile file) {
    this.file = file;
  }

  /// Opens a bag.
  ///
  /// @throws IOException if it cannot be read
  static BagPieces open(Path path) throws IOException {
    BagPieces pieces = new BagPieces(MappedFile.open(path));
    try {
      pieces.file.guard(pieces::read);
      return pieces;
    } catch (IOException | RuntimeException | Error e) {
      pieces.close();
      throw e;
    }
  }

  private void read() {
    MemorySegment bytes = file.segment();
    long limit = bytes.byteSize();
    long next = Math.min(limit, BagLayout.MAGIC.length);
    headed =
        header.read(bytes, next, limit) == BagRecord.State.WHOLE
            && header.op == BagLayout.BAG_HEADER;
    next = headed ? header.end : next;
    long index = headed && header.indexPos >= next ? Math.min(header.indexPos, limit) : limit;
    readIndex(bytes, index, limit);
    long end = indexed ? index : limit;
    BagRecord record = new BagRecord();
    long lastNs = 0;
    while (next < end) {
      BagRecord.State state = record.read(bytes, next, end);
      boolean chunk = state != BagRecord.State.BROKEN && record.op == BagLayout.CHUNK;
      if (chunk) {
        lastNs = chunk(record, state == BagRecord.State.WHOLE, bytes, end, lastNs);
        next = chunks.getLast().end();
      } else if (state == BagRecord.State.WHOLE) {
        define(record, bytes);
        next = record.end;
      } else {
        long after = record.resync(bytes, next + 1, end, false);
        int piece = table.add(PieceTable.ANY, lastNs, file.name(), next, after - next, -1);
        chunks.add(new Chunk(piece, next, null, after, false));
        next = after;
      }
    }
  }

  private void readIndex(MemorySegment bytes, long from, long limit) {
    BagRecord record = new BagRecord();
    for (long next = from; next < limit; next = record.end) {
      boolean whole = record.read(bytes, next, limit) == BagRecord.State.WHOLE;
      if (!whole || record.op != BagLayout.CONNECTION && record.op != BagLayout.CHUNK_INFO) {
        indexed = false;
        return;
      }
      indexed = true;
      if (record.op == BagLayout.CHUNK_INFO) {
        infos.put(record.chunkPos, copy(bytes, record.at, record.end));
      } else {
        define(record, bytes);
        connectionsSaid++;
      }
    }
  }

  private void define(BagRecord record, MemorySegment bytes) {
    if (record.op == BagLayout.CONNECTION) {
      definitions.putIfAbsent(record.conn, copy(bytes, record.at, record.end));
    }
  }

  private static byte[] copy(MemorySegment bytes, long from, long to) {
    return bytes.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Takes up a chunk and gives the time of its last message.
  private long chunk(
      BagRecord record, boolean whole, MemorySegment bytes, long limit, long lastNs) {
    long at = record.at;
    Head head = new Head(record.compression, record.dataAt, record.dataBytes, record.size);
    long end = record.end;
    BagRecord behind = new BagRecord();
    while (behind.read(bytes, end, limit) == BagRecord.State.WHOLE
        && behind.op == BagLayout.INDEX_DATA) {
      end = behind.end;
    }
    int piece = table.add(PieceTable.ANY, lastNs, file.name(), at, end - at, -1);
    long[] last = {lastNs};
    boolean readable =
        forEachRecord(
                head,
                bytes,
                (each, content, from) -> {
                  define(each, content);
                  if (each.op == BagLayout.MESSAGE) {
                    last[0] = BagLayout.ns(each.time);
                    table.add(
                        topic(each.conn), last[0], file.name(), at, each.end - each.at, piece);
                  }
                })
            && whole;
    chunks.add(new Chunk(piece, at, head, end, readable));
    return last[0];
  }

  private final Map<Integer, String> topics = new HashMap<>();

  /// Name of the stream that a connection feeds.
  private String topic(int conn) {
    return topics.computeIfAbsent(
        conn,
        id -> {
          // Names are given in order of definition.
          Connections connections = new Connections(file.name(), ReadOptions.DEFAULT);
          definitions.forEach((number, bytes) -> {
            BagRecord record = new BagRecord();
            MemorySegment segment = MemorySegment.ofArray(bytes);
            record.read(segment, 0, bytes.length);
            connections.define(record, segment, Location.file(file.name()));
          });
          MessageStream stream = connections.stream(id);
          return stream == null ? PieceTable.ANY : stream.name();
        });
  }

  /// Reads the records of a chunk; `false` if not all can be read.
  private boolean forEachRecord(Head head, MemorySegment file, Records records) {
    MemorySegment stored = file.asSlice(head.dataAt(), head.dataBytes());
    boolean packed =
        head.compression().equals(Decompressors.LZ4)
            || head.compression().equals(Decompressors.BZ2);
    if (!packed) {
      return head.compression().equals("none") && forEachRecord(stored, records);
    }
    if (head.size() > ReadOptions.DEFAULT_MAX_BLOCK_BYTES) {
      return false;
    }
    try (BlockBuffers.Lease lease = buffers.take(Math.max(1, head.size()))) {
      MemorySegment plain = lease.segment();
      long length = decompressors.decompress(head.compression(), stored, plain).outputBytes();
      return length == head.size() && forEachRecord(plain.asSlice(0, length), records);
    } catch (MalformedCompressionException e) {
      return false;
    }
  }

  private static boolean forEachRecord(MemorySegment content, Records records) {
    BagRecord record = new BagRecord();
    for (long next = 0; next < content.byteSize(); next = record.end) {
      boolean whole = record.read(content, next, content.byteSize()) == BagRecord.State.WHOLE;
      if (!whole || record.op != BagLayout.MESSAGE && record.op != BagLayout.CONNECTION) {
        return false;
      }
      records.take(record, content, 0);
    }
    return true;
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public boolean hasContainer() {
    return true;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder)
      throws IOException {
    Path target = folder.resolve(file.name());
    Cut cut = new Cut(kept, shortened, verbatim);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      file.guard(() -> cut.write(out));
    }
    if (headed) {
      try (RandomAccessFile head = new RandomAccessFile(target.toFile(), "rw")) {
        cut.writeHead(head);
      }
    }
    return target;
  }

  @Override
  public void close() {
    decompressors.close();
    file.close();
  }

  /// One cut that is being written.
  private final class Cut {
    private final BitSet kept;
    private final BitSet shortened;
    private final boolean verbatim;
    private final MemorySegment bytes = file.segment();
    private final List<byte[]> newInfos = new ArrayList<>();
    private final Map<Integer, byte[]> used = new TreeMap<>();
    private long position;
    private long indexPos;

    Cut(BitSet kept, BitSet shortened, boolean verbatim) {
      this.kept = kept;
      this.shortened = shortened;
      this.verbatim = verbatim;
    }

    void write(OutputStream out) throws IOException {
      long head = headed ? header.end : Math.min(bytes.byteSize(), BagLayout.MAGIC.length);
      append(out, copy(bytes, 0, head));
      if (!indexed) {
        defineFirst(out);
      }
      for (Chunk chunk : chunks) {
        if (kept.get(chunk.piece())) {
          write(chunk, out);
        }
      }
      indexPos = position;
      if (indexed) {
        for (byte[] connection : used.values()) {
          append(out, connection);
        }
        for (byte[] info : newInfos) {
          append(out, info);
        }
      }
    }

    private void append(OutputStream out, byte[] some) throws IOException {
      out.write(some);
      position += some.length;
    }

    private boolean isWhole(Chunk chunk) {
      int piece = chunk.piece() + 1;
      while (piece < table.size() && table.parent(piece) == chunk.piece()) {
        if (!kept.get(piece) || shortened.get(piece++)) {
          return false;
        }
      }
      return true;
    }

    private void write(Chunk chunk, OutputStream out) throws IOException {
      Head head = chunk.record();
      if (head == null || !chunk.readable() || verbatim || isWhole(chunk)) {
        byte[] info = infos.get(chunk.at());
        if (info != null) {
          byte[] moved = info.clone();
          BagFields.put(moved, "chunk_pos", BagRecords.u64(position));
          newInfos.add(moved);
        }
        if (head != null) {
          forEachRecord(head, bytes, (record, content, from) -> use(record.conn));
        }
        append(out, copy(bytes, chunk.at(), chunk.end()));
        return;
      }
      Anew anew = new Anew(chunk.piece() + 1);
      forEachRecord(head, bytes, anew::take);
      if (infos.containsKey(chunk.at())) {
        newInfos.add(anew.info(position));
      }
      append(out, anew.chunk());
    }

    private void use(int conn) {
      byte[] definition = definitions.get(conn);
      if (definition != null) {
        used.put(conn, definition);
      }
    }

    /// A bag without an index has its connections in chunks, perhaps in one that is left out.
    private void defineFirst(OutputStream out) throws IOException {
      BagChunk chunk = new BagChunk();
      definitions.values().forEach(chunk::define);
      if (!definitions.isEmpty()) {
        append(out, chunk.record());
      }
    }

    void writeHead(RandomAccessFile out) throws IOException {
      byte[] head = copy(bytes, header.at, header.end);
      if (indexed) {
        BagFields.put(head, "index_pos", BagRecords.u64(indexPos));
        // Wrong by as much as it was.
        count(head, "conn_count", header.connCount, connectionsSaid, used.size());
        count(head, "chunk_count", header.chunkCount, chunkCount(chunks), newChunks());
      }
      out.seek(header.at);
      out.write(head);
    }

    private long newChunks() {
      return chunkCount(chunks.stream().filter(chunk -> kept.get(chunk.piece())).toList());
    }

    private long chunkCount(List<Chunk> some) {
      return some.stream().filter(chunk -> chunk.record() != null).count();
    }

    private void count(byte[] head, String field, long said, long was, long is) {
      BagFields.put(head, field, BagRecords.u32((int) (said - was + is)));
    }

    /// A chunk that is written anew.
    private final class Anew {
      private final BagChunk chunk = new BagChunk();
      private int piece;

      Anew(int piece) {
        this.piece = piece;
      }

      void take(BagRecord record, MemorySegment content, long from) {
        if (record.op != BagLayout.MESSAGE) {
          return;
        }
        boolean whole = !shortened.get(piece);
        if (kept.get(piece++)) {
          use(record.conn);
          byte[] definition = definitions.get(record.conn);
          if (definition != null) {
            chunk.defineOnce(record.conn, definition);
          }
          byte[] message = copy(content, record.at, record.end);
          chunk.add(
              record.conn,
              record.time,
              whole
                  ? message
                  : BagFields.shortened(
                      message, (int) (record.dataAt - record.at), PieceCutter.SHORT_BYTES));
        }
      }

      byte[] info(long at) {
        return chunk.info(at);
      }

      byte[] chunk() {
        return chunk.recordWithIndex();
      }
    }
  }
}
