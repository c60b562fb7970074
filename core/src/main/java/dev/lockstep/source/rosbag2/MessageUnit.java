package dev.lockstep.source.rosbag2;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.codec.ZstdFrameHeader;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.source.BlockBuffers;
import dev.lockstep.source.MessageRows;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Some leaf pages of the table of messages.
final class MessageUnit implements ScanUnit {
  private static final int TOPIC = 1;
  private static final int TIME = 2;
  private static final int DATA = 3;

  private final Db3Reader reader;
  private final int[] leaves;

  final Map<Long, MessageRows> rows = new LinkedHashMap<>();

  /// Messages by topic ids that no topic has.
  final Map<Long, Long> unknown = new TreeMap<>();

  final List<Damages.Page> damaged = new ArrayList<>();

  /// Places where rows may be missing.
  int losses;

  /// Last row in front of each damaged page.
  final List<Long> lastRows = new ArrayList<>();

  /// First of the damaged pages behind which no row was read yet.
  private int openDamage;

  long firstRow = Damages.UNKNOWN;
  long lastRow = Damages.UNKNOWN;
  long messages;
  long minTimeNs = Long.MAX_VALUE;
  long maxTimeNs = Long.MIN_VALUE;
  long lostBytes;
  long unexaminedBytes;
  @Nullable MappedFaultException fault;

  private final PayloadFacts facts = new PayloadFacts();

  MessageUnit(Db3Reader reader, int[] leaves) {
    this.reader = reader;
    this.leaves = leaves;
  }

  /// Whether a row looks like a message.
  static boolean isMessage(LeafReader row) {
    return row.columns == 4
        && (row.serialTypes[0] == 0 || row.isInteger(0))
        && row.isInteger(TOPIC)
        && row.isInteger(TIME)
        && row.isBlob(DATA);
  }

  @Override
  public void scan() {
    try {
      reader.bytes().guard(this::pages);
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  private void pages() {
    LeafReader cells = new LeafReader(reader.database().pages);
    for (int page : leaves) {
      long before = lastRow;
      String wrong = cells.open(page);
      int readable = 0;
      boolean cut = false;
      for (int cell = 0; cell < cells.cells(); cell++) {
        long previous = lastRow;
        String bad = cells.read(cell);
        if (bad == null && !isMessage(cells)) {
          bad = "row " + cells.rowid + " is no message";
        }
        if (bad == null && previous != Damages.UNKNOWN && cells.rowid <= previous) {
          wrong = wrong == null ? "row " + cells.rowid + " behind row " + previous : wrong;
        }
        if (bad == null) {
          bad = message(cells);
          cut |= bad != null;
          readable++;
          if (firstRow == Damages.UNKNOWN) {
            firstRow = cells.rowid;
          }
          while (openDamage < damaged.size()) {
            damaged.get(openDamage++).after = cells.rowid;
          }
          lastRow = cells.rowid;
        }
        if (bad != null) {
          losses++;
          wrong = wrong == null ? bad : wrong;
        }
      }
      if (wrong != null) {
        losses++;
        boolean overflow = cut && readable == cells.cells();
        damaged.add(
            new Damages.Page(
                page,
                wrong,
                overflow ? "overflow pages that follow each other" : "a leaf page of messages",
                cells.cells(),
                readable));
        lastRows.add(before);
        if (readable < cells.cells() || cells.cells() == 0) {
          lostBytes += reader.database().pages.pageSize;
        }
      }
    }
  }

  /// Adds a message.
  ///
  /// @return what is wrong with its overflow pages, or null
  private @Nullable String message(LeafReader row) {
    long topic = row.integer(TOPIC);
    long time = row.integer(TIME);
    messages++;
    minTimeNs = Math.min(minTimeNs, time);
    maxTimeNs = Math.max(maxTimeNs, time);
    MessageStream stream = reader.streams().get(topic);
    if (stream == null) {
      unknown.merge(topic, 1L, Long::sum);
      return null;
    }
    MessageRows to = rows.computeIfAbsent(topic, id -> stream.rows());
    long offset = row.valueOffsets[DATA];
    long length = LeafReader.bytesOf(row.serialTypes[DATA]);
    long position = row.position(offset);
    if (length > reader.options().maxBlockBytes()) {
      int at = to.addUnread(time, position, (int) Math.min(length, Integer.MAX_VALUE));
      unexaminedBytes += length;
      to.fault(
          at,
          row.rowid,
          DefectKind.CHUNK_TOO_LARGE,
          new Evidence.OutOfRange(
              "message length", length, null, reader.options().maxBlockBytes(), "bytes"));
      return null;
    }
    if (offset + length <= row.localBytes) {
      return content(
          to, row.segment(), row.payloadAt + offset, (int) length, time, position, row.rowid);
    }
    try (BlockBuffers.Lease lease = reader.buffers().take(length)) {
      String wrong = row.copy(offset, length, lease.segment());
      if (wrong != null) {
        lostBytes += length;
        to.addUnread(time, position, (int) length);
        return wrong;
      }
      return content(to, lease.segment(), 0, (int) length, time, position, row.rowid);
    }
  }

  private @Nullable String content(
      MessageRows to,
      MemorySegment bytes,
      long at,
      int length,
      long time,
      long position,
      long row) {
    if (!reader.messagesCompressed()) {
      to.add(bytes, at, length, time, position, row, losses, facts);
      return null;
    }
    MemorySegment in = bytes.asSlice(at, length);
    try {
      long limit = reader.options().maxBlockBytes();
      long size = ZstdFrameHeader.read(in, 0).contentSizeBytes();
      long room = size == ZstdFrameHeader.UNKNOWN ? Math.min(limit, length * 16L + 4096) : size;
      if (room > limit) {
        throw new MalformedCompressionException(0, size + " bytes when decompressed", 0);
      }
      try (BlockBuffers.Lease lease = reader.buffers().take(room)) {
        int plain =
            (int)
                reader
                    .decompressors()
                    .decompress(Decompressors.ZSTD, in, lease.segment())
                    .outputBytes();
        to.add(lease.segment(), 0, plain, time, position, row, losses, facts);
        to.batch().setStored(to.batch().size() - 1, length);
      }
    } catch (MalformedCompressionException e) {
      int unread = to.addUnread(time, position, length);
      to.fault(
          unread,
          row,
          DefectKind.CHUNK_UNREADABLE,
          new Evidence.Violation("zstd frame of the message", e.what(), "a whole frame"));
    }
    return null;
  }

  @Override
  public void commit(RecordingSink sink) {
    reader.commit(this, sink);
  }
}
