package dev.lockstep.source.rosbag1;

import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.source.BlockBuffers;
import dev.lockstep.source.MessageRows;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A chunk and the index data behind it.
///
/// Where the bag has no index, connections are learned from the chunks in order, and the work is
/// done when the unit is committed.
final class ChunkUnit implements ScanUnit {
  private static final String PLAIN = "none";

  /// First buffer for content whose stored size is impossible, and the factor to the next.
  private static final long FIRST_TRY_BYTES = 1 << 20;

  private final Bag1Reader reader;
  final long at;
  final long end;
  private final long dataAt;
  private final long dataBytes;
  private final String compression;
  private final long size;
  private final boolean cut;
  private final long indexEnd;

  /// Whether bytes in front of the chunk are lost.
  final boolean afterLoss;

  final Map<MessageStream, MessageRows> rows = new LinkedHashMap<>();
  final List<Defect> defects = new ArrayList<>();

  /// Messages by connections that nobody defined.
  final Map<Integer, Long> unknown = new TreeMap<>();

  /// Messages by connection, and the sums of their (time, offset).
  private final Map<Integer, long[]> found = new HashMap<>();

  final Map<Integer, Long> counts = new TreeMap<>();
  long messages;
  long firstNs = Long.MAX_VALUE;
  long lastNs = Long.MIN_VALUE;
  int losses;
  long lostBytes;
  long unexaminedBytes;
  long protectedBytes;
  boolean damaged;
  @Nullable MappedFaultException fault;
  private final PayloadFacts facts = new PayloadFacts();

  /// @param indexEnd where the index data behind the chunk end; its own end where there are none
  ChunkUnit(Bag1Reader reader, BagRecord chunk, boolean cut, long indexEnd, boolean afterLoss) {
    this.afterLoss = afterLoss;
    this.reader = reader;
    this.at = chunk.at;
    this.end = chunk.end;
    this.dataAt = chunk.dataAt;
    this.dataBytes = chunk.dataBytes;
    this.compression = chunk.compression;
    this.size = chunk.size;
    this.cut = cut;
    this.indexEnd = indexEnd;
  }

  String compression() {
    return compression;
  }

  @Override
  public void scan() {
    if (reader.indexed()) {
      guarded();
    }
  }

  @Override
  public void commit(RecordingSink sink) {
    if (!reader.indexed()) {
      guarded();
    }
    reader.commit(this, sink);
  }

  private void guarded() {
    try {
      reader.file().guard(at, end - at, this::content);
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  private Location place() {
    return Location.bytes(reader.file().name(), at, end - at);
  }

  private void defect(DefectKind kind, Evidence evidence) {
    damaged = true;
    defects.add(Defect.of(kind, place(), evidence));
  }

  private void content() {
    MemorySegment bytes = reader.file().segment();
    if (compression.equals(PLAIN)) {
      if (size != dataBytes && !cut) {
        defect(
            DefectKind.CHUNK_SIZE,
            Evidence.Mismatch.ofCount("size of the chunk's content", size, dataBytes));
      }
      records(bytes, dataAt, dataAt + dataBytes, true);
    } else if (compression.equals(Decompressors.LZ4) || compression.equals(Decompressors.BZ2)) {
      decompress(bytes.asSlice(dataAt, dataBytes));
    } else {
      lostBytes += dataBytes;
      losses++;
      defect(
          DefectKind.CHUNK_UNREADABLE,
          new Evidence.Violation("compression", "'" + compression + "'", "none, bz2 or lz4"));
    }
    index(bytes);
  }

  private void decompress(MemorySegment in) {
    long limit = reader.options().maxBlockBytes();
    boolean credible = size <= limit;
    long room = credible ? size : Math.min(limit, FIRST_TRY_BYTES);
    while (true) {
      try (BlockBuffers.Lease lease = reader.buffers().take(room)) {
        try {
          Decompressed done = reader.decompressors().decompress(compression, in, lease.segment());
          if (done.outputBytes() != size) {
            defect(
                DefectKind.CHUNK_SIZE,
                Evidence.Mismatch.ofCount("size of the chunk's content", size, done.outputBytes()));
          }
          if (done.inputBytes() < in.byteSize()) {
            defect(
                DefectKind.CODEC_TRAILING,
                new Evidence.Violation(
                    "bytes behind the " + compression + " frame",
                    Long.toString(in.byteSize() - done.inputBytes()),
                    "0"));
          }
          protectedBytes = done.checksummed() ? done.inputBytes() : 0;
          records(lease.segment(), 0, done.outputBytes(), false);
          return;
        } catch (MalformedCompressionException e) {
          boolean full = e.decodedBytes() >= room - (room >> 3);
          if (full && room < limit) {
            room = Math.min(limit, Math.max(FIRST_TRY_BYTES, room * 8));
            continue;
          }
          failed(e, full, limit);
          // What was decompressed before is as good as the content of a plain chunk.
          records(lease.segment(), 0, e.decodedBytes(), false);
          losses++;
          return;
        }
      }
    }
  }

  private void failed(MalformedCompressionException e, boolean full, long limit) {
    damaged = true;
    if (full && size > limit) {
      unexaminedBytes += dataBytes;
      defect(
          DefectKind.CHUNK_TOO_LARGE,
          new Evidence.OutOfRange("size of the chunk's content", size, null, limit, "bytes"));
      return;
    }
    lostBytes += Math.max(0, dataBytes - e.offset());
    if (!cut) {
      defect(
          e.what().contains("checksum") ? DefectKind.FRAME_CHECKSUM : DefectKind.CHUNK_UNREADABLE,
          new Evidence.Violation(
              compression + " frame",
              e.what() + " at byte " + (dataAt + e.offset()) + " of the file",
              "a whole frame"));
    }
  }

  /// Reads the records of the content.
  private void records(MemorySegment bytes, long from, long to, boolean inPlace) {
    BagRecord record = new BagRecord();
    long next = from;
    while (next < to) {
      BagRecord.State state = record.read(bytes, next, to);
      boolean known = record.op == BagLayout.MESSAGE || record.op == BagLayout.CONNECTION;
      if (state == BagRecord.State.WHOLE && known) {
        take(record, bytes, from, inPlace);
        next = record.end;
        continue;
      }
      long again = record.resync(bytes, next + 1, to, true);
      losses++;
      damaged = true;
      if (inPlace) {
        lostBytes += again - next;
      }
      boolean atEnd = again == to && cut;
      if (!atEnd && defects.size() < 64) {
        String where = inPlace ? "byte " + next : "byte " + (next - from) + " of the content";
        defects.add(
            Defect.of(
                DefectKind.RECORD_MALFORMED,
                inPlace ? Location.bytes(reader.file().name(), next, again - next) : place(),
                new Evidence.Violation(
                    "record at " + where,
                    (again - next) + " bytes are lost",
                    "a message or a connection")));
      }
      next = again;
    }
  }

  private void take(BagRecord record, MemorySegment bytes, long from, boolean inPlace) {
    if (record.op == BagLayout.CONNECTION) {
      String wrong = reader.define(record, bytes, inPlace ? whole(record) : place());
      if (wrong != null) {
        damaged = true;
        defects.add(
            Defect.of(
                DefectKind.RECORD_MALFORMED,
                inPlace ? whole(record) : place(),
                new Evidence.Violation("connection " + record.conn, wrong, "a connection")));
      }
      return;
    }
    long ns = BagLayout.ns(record.time);
    messages++;
    firstNs = Math.min(firstNs, ns);
    lastNs = Math.max(lastNs, ns);
    long[] sums = found.computeIfAbsent(record.conn, id -> new long[2]);
    sums[0]++;
    sums[1] += fingerprint(record.time, record.at - from);
    counts.merge(record.conn, 1L, Long::sum);
    MessageStream stream = reader.stream(record.conn);
    if (stream == null) {
      unknown.merge(record.conn, 1L, Long::sum);
      return;
    }
    MessageRows to = rows.computeIfAbsent(stream, MessageStream::rows);
    long position = inPlace ? record.dataAt : at;
    boolean time = BagLayout.isTime(record.time);
    if (record.dataBytes > reader.options().maxBlockBytes()) {
      int row = to.addUnread(ns, position, (int) Math.min(record.dataBytes, Integer.MAX_VALUE));
      unexaminedBytes += record.dataBytes;
      stored(to, inPlace);
      to.fault(
          row,
          messages,
          DefectKind.CHUNK_TOO_LARGE,
          new Evidence.OutOfRange(
              "message length", record.dataBytes, null, reader.options().maxBlockBytes(), "bytes"));
      return;
    }
    to.add(bytes, record.dataAt, (int) record.dataBytes, ns, position, messages, losses, facts);
    stored(to, inPlace);
    if (!time) {
      to.fault(
          to.batch().size() - 1,
          messages,
          DefectKind.TIME_OUT_OF_RANGE,
          new Evidence.OutOfRange(
              "nanoseconds of the log time", record.time >>> 32, null, Times.SECOND - 1, "ns"));
    }
  }

  /// Notes of the row just added that it lies in a compressed chunk.
  private void stored(MessageRows to, boolean inPlace) {
    if (!inPlace) {
      to.batch().setStored(to.batch().size() - 1, end - at);
    }
  }

  private Location whole(BagRecord record) {
    return Location.bytes(reader.file().name(), record.at, record.end - record.at);
  }

  private static long fingerprint(long time, long offset) {
    long mixed = (time ^ offset * 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L;
    return mixed ^ mixed >>> 29;
  }

  /// Compares the index data behind the chunk with what it holds.
  private void index(MemorySegment bytes) {
    if (damaged || cut || !reader.indexed()) {
      return;
    }
    Map<Integer, long[]> indexed = new HashMap<>();
    BagRecord record = new BagRecord();
    for (long next = end; next < indexEnd; next = record.end) {
      if (record.read(bytes, next, indexEnd) != BagRecord.State.WHOLE) {
        break;
      }
      long[] sums = indexed.computeIfAbsent(record.conn, id -> new long[2]);
      long entries = record.dataBytes / BagLayout.INDEX_ENTRY_BYTES;
      if (entries != record.count || record.dataBytes % BagLayout.INDEX_ENTRY_BYTES != 0) {
        defects.add(
            Defect.of(
                DefectKind.MESSAGE_INDEX,
                whole(record),
                new Evidence.Violation(
                    "entries of index data",
                    record.dataBytes + " bytes",
                    record.count + " entries of 12 bytes")));
      }
      for (long entry = 0; entry < entries; entry++) {
        long position = record.dataAt + entry * BagLayout.INDEX_ENTRY_BYTES;
        sums[0]++;
        sums[1] +=
            fingerprint(
                bytes.get(BagLayout.U64, position),
                Integer.toUnsignedLong(bytes.get(BagLayout.U32, position + Long.BYTES)));
      }
    }
    for (Map.Entry<Integer, long[]> entry : new TreeMap<>(found).entrySet()) {
      long[] has = entry.getValue();
      long[] says = indexed.remove(entry.getKey());
      if (says == null) {
        defects.add(
            Defect.of(
                DefectKind.MESSAGE_INDEX_MISSING,
                place(),
                new Evidence.Violation(
                    "index data of connection " + entry.getKey(),
                    "missing, " + has[0] + " messages",
                    "behind the chunk")));
      } else if (says[0] != has[0] || says[1] != has[1]) {
        mismatch(entry.getKey(), says[0], has[0]);
      }
    }
    new TreeMap<>(indexed).forEach((conn, says) -> mismatch(conn, says[0], 0));
  }

  private void mismatch(int conn, long says, long has) {
    defects.add(
        Defect.of(
            DefectKind.MESSAGE_INDEX,
            place(),
            says == has
                ? new Evidence.Violation(
                    "index data of connection " + conn,
                    says + " entries, some with another time or place",
                    "those of the messages")
                : Evidence.Mismatch.ofCount("index entries of connection " + conn, says, has)));
  }
}
