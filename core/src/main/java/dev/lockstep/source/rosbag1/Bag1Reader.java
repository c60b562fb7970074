package dev.lockstep.source.rosbag1;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.source.BlockBuffers;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.source.SensorPlaces;
import dev.lockstep.source.StreamFaults;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads one bag: chunk by chunk, then compares with its index.
///
/// Private memory: buffers of at most twice [ReadOptions#maxBlockBytes], the columns of the units
/// under way, some 100 bytes a chunk, definitions of at most 64 MB.
final class Bag1Reader implements RecordingReader {
  /// Damaged places between chunks that are told; more are counted.
  private static final int MAX_PLACES = 64;

  private final MappedFile file;
  private final ReadOptions options;
  private final BlockBuffers buffers;
  private final Decompressors decompressors = new Decompressors();
  private final Connections connections;
  private final BagIndex index;
  private final List<Defect> defects = new ArrayList<>();
  private final SensorPlaces sensorPlaces = new SensorPlaces();
  private final BagRecord record = new BagRecord();
  private final BagRecord ahead = new BagRecord();

  private final Map<Integer, Long> unknown = new TreeMap<>();
  private final TreeSet<String> compressions = new TreeSet<>();
  private boolean analysed;
  private boolean growing;
  private boolean unfit;
  private long next;
  private long limit;
  private long places;
  private boolean lossAhead;
  private boolean anyLoss;
  private int ids;
  private long chunks;
  private long messages;
  private long lostBytes;
  private long unexaminedBytes;
  private long protectedBytes;
  private @Nullable MappedFaultException fault;

  Bag1Reader(MappedFile file, ReadOptions options) {
    this.file = file;
    this.options = options;
    this.buffers = new BlockBuffers(2L * options.maxBlockBytes());
    this.connections = new Connections(file.name(), options);
    this.index = new BagIndex(file.name(), connections);
  }

  MappedFile file() {
    return file;
  }

  ReadOptions options() {
    return options;
  }

  BlockBuffers buffers() {
    return buffers;
  }

  Decompressors decompressors() {
    return decompressors;
  }

  /// Whether all connections are known from the index before the first chunk is read.
  boolean indexed() {
    return index.isUsable();
  }

  /// The stream of a connection, or null. For any thread where the bag is indexed.
  @Nullable MessageStream stream(int conn) {
    return connections.stream(conn);
  }

  /// Takes up a connection that a chunk defines. Where the bag is indexed it is known already.
  @Nullable String define(BagRecord connection, MemorySegment bytes, Location at) {
    if (indexed() && connections.stream(connection.conn) != null) {
      return null;
    }
    synchronized (connections) {
      return indexed() ? null : connections.define(connection, bytes, at);
    }
  }

  @Override
  public long available() throws IOException {
    return file.lengthBytes();
  }

  @Override
  public void extend(long available, boolean complete) throws IOException {
    if (!complete) {
      grow(available);
      return;
    }
    if (growing) {
      throw new IllegalStateException("a bag that was followed is opened anew at its end");
    }
    if (analysed) {
      return;
    }
    analysed = true;
    try {
      file.guard(this::analyse);
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  /// Takes up what a recorder has written meanwhile; what does not look right yet is let be. A bag
  /// that is closed already is read at its end, as a whole.
  private void grow(long available) throws IOException {
    if (available > file.lengthBytes()) {
      file.extendTo(available);
      file.releaseSuperseded();
    }
    if (!growing) {
      try {
        file.guard(0, available, () -> begin(available));
      } catch (MappedFaultException e) {
        fault = e;
      }
    }
    if (growing) {
      limit = available;
    }
  }

  private void begin(long available) {
    growing =
        record.read(file.segment(), BagLayout.MAGIC.length, available) == BagRecord.State.WHOLE
            && record.op == BagLayout.BAG_HEADER
            && record.indexPos == 0;
    if (growing) {
      next = record.end;
    }
  }

  private Location at(long from, long to) {
    return Location.bytes(file.name(), from, to - from);
  }

  private void analyse() {
    MemorySegment bytes = file.segment();
    limit = bytes.byteSize();
    Defect wrong = FileFaults.emptyOrPointer(bytes, Location.file(file.name()));
    if (wrong != null) {
      defects.add(wrong);
      unfit = true;
      return;
    }
    for (int i = 0; i < BagLayout.MAGIC.length; i++) {
      if (i >= limit || bytes.get(BagLayout.U8, i) != BagLayout.MAGIC[i]) {
        defects.add(
            Defect.of(
                DefectKind.MAGIC_DAMAGED,
                at(0, Math.min(limit, BagLayout.MAGIC.length)),
                new Evidence.Violation(
                    "first bytes", "byte " + i + " differs", "'#ROSBAG V2.0' and a newline")));
        break;
      }
    }
    next = Math.min(limit, BagLayout.MAGIC.length);
    boolean headed =
        record.read(bytes, next, limit) == BagRecord.State.WHOLE
            && record.op == BagLayout.BAG_HEADER;
    if (headed) {
      next = record.end;
    } else {
      defects.add(
          Defect.of(
              DefectKind.HEADER_MALFORMED,
              at(next, Math.min(limit, next + BagLayout.BAG_HEADER_BYTES)),
              new Evidence.Violation("first record", "no bag header", "a bag header")));
    }
    limit = index.read(bytes, headed ? record : null, next, limit, defects);
    if (!indexed()) {
      connectionsBehindChunks(bytes);
    }
  }

  /// Takes up the connections that stand between and behind the chunks, so that it does not matter
  /// how far the walk is ahead of the commits.
  private void connectionsBehindChunks(MemorySegment bytes) {
    long position = next;
    while (position < limit) {
      BagRecord.State state = ahead.read(bytes, position, limit);
      if (state != BagRecord.State.WHOLE) {
        position = ahead.resync(bytes, position + 1, limit, false);
        continue;
      }
      if (ahead.op == BagLayout.CONNECTION) {
        connections.define(ahead, bytes, at(ahead.at, ahead.end));
      }
      position = ahead.end;
    }
  }

  @Override
  public @Nullable ScanUnit next() {
    if (fault != null || unfit) {
      return null;
    }
    @Nullable ChunkUnit[] found = new @Nullable ChunkUnit[1];
    try {
      file.guard(0, 0, () -> found[0] = growing ? closedChunk() : chunk());
    } catch (MappedFaultException e) {
      fault = e;
      return null;
    }
    return found[0];
  }

  /// The next chunk of a bag that is being recorded, once something else follows it and its index
  /// data.
  private @Nullable ChunkUnit closedChunk() {
    MemorySegment bytes = file.segment();
    while (next > 0 && record.read(bytes, next, limit) == BagRecord.State.WHOLE) {
      if (record.op != BagLayout.CHUNK) {
        next = record.end;
        continue;
      }
      long end = record.end;
      BagRecord.State behind = ahead.read(bytes, end, limit);
      while (behind == BagRecord.State.WHOLE && ahead.op == BagLayout.INDEX_DATA) {
        end = ahead.end;
        behind = ahead.read(bytes, end, limit);
      }
      boolean open = record.dataBytes == 0;
      if (open || behind == BagRecord.State.BROKEN || ahead.op == BagLayout.INDEX_DATA) {
        return null;
      }
      next = end;
      return new ChunkUnit(this, record, false, end, false);
    }
    return null;
  }

  private @Nullable ChunkUnit chunk() {
    MemorySegment bytes = file.segment();
    while (next < limit) {
      BagRecord.State state = record.read(bytes, next, limit);
      if (state == BagRecord.State.BROKEN) {
        damaged(bytes);
        continue;
      }
      if (state == BagRecord.State.CUT) {
        long after = record.resync(bytes, next + 1, limit, false);
        record.read(bytes, next, limit);
        if (after < limit) {
          // Its length is wrong: what follows is whole.
          record.end = after;
          record.dataBytes = after - record.dataAt;
          place(next, after, "length of the " + BagLayout.nameOf(record.op));
        } else {
          defects.add(
              Defect.of(
                  DefectKind.FILE_TRUNCATED,
                  at(next, limit),
                  new Evidence.Violation(
                      BagLayout.nameOf(record.op) + " at byte " + next,
                      "ends with the file, after " + (limit - next) + " bytes",
                      "a whole record")));
        }
      }
      boolean cut = state == BagRecord.State.CUT;
      next = record.end;
      if (record.op == BagLayout.CHUNK) {
        boolean afterLoss = lossAhead;
        lossAhead = false;
        return new ChunkUnit(this, record, cut, indexEnd(bytes), afterLoss);
      }
      if (record.op == BagLayout.CONNECTION && !cut) {
        if (BagRecord.fields(bytes, record.dataAt, record.dataBytes) == null) {
          place(record.at, record.end, "connection whose fields do not fit");
        }
      }
    }
    return null;
  }

  /// Steps over the index data behind a chunk.
  private long indexEnd(MemorySegment bytes) {
    long end = next;
    while (end < limit
        && ahead.read(bytes, end, limit) == BagRecord.State.WHOLE
        && ahead.op == BagLayout.INDEX_DATA) {
      end = ahead.end;
    }
    next = end;
    return end;
  }

  private void damaged(MemorySegment bytes) {
    long from = next;
    next = record.resync(bytes, from + 1, limit, false);
    place(from, next, "no record");
    lostBytes += next - from;
  }

  private void place(long from, long to, String what) {
    lossAhead = true;
    if (++places <= MAX_PLACES) {
      defects.add(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              at(from, to),
              new Evidence.Violation(
                  "bytes between chunks", what, "a chunk, index data or a connection")));
    }
  }

  @Override
  public long position() {
    return next;
  }

  void commit(ChunkUnit unit, RecordingSink sink) {
    chunks++;
    MappedFaultException lost = unit.fault;
    if (lost != null) {
      fault = fault == null ? lost : fault;
      return;
    }
    if (unit.afterLoss) {
      anyLoss = true;
      connections.streams().forEach(MessageStream::lost);
    }
    anyLoss |= unit.losses > 0;
    compressions.add(unit.compression());
    messages += unit.messages;
    lostBytes += unit.lostBytes;
    unexaminedBytes += unit.unexaminedBytes;
    protectedBytes += unit.protectedBytes;
    unit.unknown.forEach((conn, count) -> unknown.merge(conn, count, Long::sum));
    unit.defects.forEach(sink::defect);
    index.compare(unit, sink);
    List<StreamFaults.Placed> placed = new ArrayList<>();
    for (MessageStream stream : connections.streams()) {
      var rows = unit.rows.get(stream);
      if (rows != null) {
        stream.emit(rows, unit.losses, this::nextId, sensorPlaces, placed, sink);
      } else if (unit.losses > 0) {
        stream.lost();
      }
    }
    placed.sort(Order.byLong(StreamFaults.Placed::at));
    placed.forEach(each -> sink.defect(each.defect()));
  }

  private int nextId() {
    return ids++;
  }

  @Override
  public void finish(RecordingSink sink) {
    MappedFaultException lost = fault;
    defects.forEach(sink::defect);
    connections.defects.forEach(sink::defect);
    if (lost != null) {
      lostBytes = file.lengthBytes();
      sink.defect(
          Defect.of(
              DefectKind.FILE_CHANGED,
              Location.file(file.name()),
              new Evidence.Violation("file", String.valueOf(lost.getMessage()), "no change")));
    } else if (!unfit) {
      judge(sink);
    }
    for (MessageStream stream : connections.streams()) {
      stream.finish(this::nextId, sink);
    }
    sensorPlaces.finish(sink);
    sink.examined(DefectKind.FILE_EMPTY, 1);
    sink.examined(DefectKind.LFS_POINTER, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    String basis =
        protectedBytes == 0
            ? "none"
            : String.join(
                ", ",
                compressions.stream()
                    .filter(name -> !name.equals("none"))
                    .map(name -> name + " checksum")
                    .toList());
    sink.coverage(
        new Coverage(
            file.lengthBytes(),
            protectedBytes,
            Math.min(file.lengthBytes(), lostBytes),
            unexaminedBytes,
            basis));
  }

  private void judge(RecordingSink sink) {
    if (places > MAX_PLACES) {
      sink.defect(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              Location.file(file.name()),
              new Evidence.Violation(
                  "more damaged places", (places - MAX_PLACES) + " not listed", "none")));
    }
    if (places > 0 || anyLoss) {
      sink.note(file.name() + ": " + messages + " messages could be read around the damage");
    }
    index.judge(chunks, messages, connections.size(), places == 0, sink);
    unknown.forEach((conn, count) ->
        sink.defect(
            Defect.of(
                DefectKind.CHANNEL_UNKNOWN,
                Location.file(file.name()),
                new Evidence.Violation(
                    "connection " + Integer.toUnsignedLong(conn),
                    count + " messages, " + (indexed() ? "not in the index" : "nobody defines it"),
                    "a connection record"))));
    sink.examined(DefectKind.MAGIC_DAMAGED, 1);
    sink.examined(DefectKind.HEADER_MALFORMED, 1);
    sink.examined(DefectKind.FILE_TRUNCATED, 1);
    sink.examined(DefectKind.FOOTER_POINTER, 1);
    sink.examined(DefectKind.RECORD_MALFORMED, messages + chunks);
    sink.examined(DefectKind.CHUNK_UNREADABLE, chunks);
    sink.examined(DefectKind.CHUNK_SIZE, chunks);
    sink.examined(DefectKind.CODEC_TRAILING, chunks);
    sink.examined(DefectKind.CHANNEL_UNKNOWN, messages);
    sink.examined(DefectKind.CHANNEL_REDEFINED, connections.size());
    sink.examined(DefectKind.TOPIC_SHARED, connections.size());
    sink.examined(DefectKind.SCHEMA_UNPARSABLE, connections.size());
    sink.examined(DefectKind.TIME_OUT_OF_RANGE, messages);
    if (protectedBytes > 0) {
      sink.examined(DefectKind.FRAME_CHECKSUM, chunks);
    } else {
      sink.unexamined(DefectKind.FRAME_CHECKSUM, "no checksum stored");
    }
  }

  @Override
  public void close() {
    file.close();
    buffers.close();
    decompressors.close();
  }
}
