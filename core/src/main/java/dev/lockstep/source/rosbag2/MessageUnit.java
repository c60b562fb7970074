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
  private final Db3Bytes bytes;
  private final Pages pages;
  private final int[] leaves;
  private final long afterRow;

  /// Whether the recorder may still write: then the unit ends in front of the first thing that
  /// looks wrong.
  final boolean growing;

  private final @Nullable Wal log;

  /// Whether the unit is not to be used, since its log was begun anew meanwhile.
  boolean gone;

  /// Whether the unit ends early.
  boolean cut;

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
  long lostBytes;
  long unexaminedBytes;
  @Nullable MappedFaultException fault;

  private final PayloadFacts facts = new PayloadFacts();

  /// Leaves of a recording that has ended.
  ///
  /// @param afterRow last row that is left out
  MessageUnit(Db3Reader reader, int[] leaves, long afterRow) {
    this.reader = reader;
    this.bytes = reader.bytes();
    this.pages = reader.database().pages;
    this.leaves = leaves;
    this.afterRow = afterRow;
    this.growing = false;
    this.log = null;
  }

  /// Leaves of one state of a recording that grows.
  MessageUnit(Db3Reader reader, GrowingDatabase state, int[] leaves, long afterRow) {
    this.reader = reader;
    this.bytes = state.bytes();
    this.pages = state.pages();
    this.leaves = leaves;
    this.afterRow = afterRow;
    this.growing = true;
    this.log = state.wal();
  }

  /// Whether a row looks like a message.
  static boolean isMessage(LeafReader row) {
    return row.columns == 4
        && (row.serialTypes[0] == 0 || row.isInteger(0))
        && row.isInteger(TOPIC)
        && row.isInteger(TIME)
        && row.isBlob(DATA);
  }

  /// Where in the file the last of the leaves ends.
  long endBytes() {
    return leaves.length == 0 ? 0 : (long) leaves[leaves.length - 1] * pages.pageSize;
  }

  @Override
  public void scan() {
    try {
      bytes.guard(growing ? this::rowsSoFar : this::pages);
    } catch (MappedFaultException e) {
      gone = growing;
      fault = e;
    }
  }

  private void rowsSoFar() {
    try {
      soundRows();
      gone = log != null && !log.isStill();
    } catch (IndexOutOfBoundsException e) {
      gone = log != null && !log.isStill();
      if (!gone) {
        throw e;
      }
    }
  }

  private void soundRows() {
    LeafReader cells = new LeafReader(pages);
    for (int page : leaves) {
      cut = cells.open(page) != null;
      for (int cell = 0; !cut && cell < cells.cells(); cell++) {
        cut = cells.read(cell) != null || !isMessage(cells);
        if (!cut && cells.rowid > Math.max(afterRow, lastRow)) {
          cut = message(cells) != null;
          if (!cut) {
            firstRow = firstRow == Damages.UNKNOWN ? cells.rowid : firstRow;
            lastRow = cells.rowid;
          }
        }
      }
      if (cut) {
        return;
      }
    }
  }

  private void pages() {
    LeafReader cells = new LeafReader(pages);
    for (int page : leaves) {
      long before = lastRow;
      String wrong = cells.open(page);
      int readable = 0;
      boolean overflows = false;
      for (int cell = 0; cell < cells.cells(); cell++) {
        long previous = lastRow;
        String bad = cells.read(cell);
        if (bad == null && !isMessage(cells)) {
          bad = "row " + cells.rowid + " is no message";
        }
        if (bad == null && previous != Damages.UNKNOWN && cells.rowid <= previous) {
          wrong = wrong == null ? "row " + cells.rowid + " behind row " + previous : wrong;
        }
        if (bad == null && cells.rowid <= afterRow) {
          readable++;
          continue;
        }
        if (bad == null) {
          bad = message(cells);
          overflows |= bad != null;
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
        boolean overflow = overflows && readable == cells.cells();
        damaged.add(
            new Damages.Page(
                page,
                wrong,
                overflow ? "overflow pages that follow each other" : "a leaf page of messages",
                cells.cells(),
                readable));
        lastRows.add(before);
        if (readable < cells.cells() || cells.cells() == 0) {
          lostBytes += pages.pageSize;
        }
      }
    }
  }

  /// Adds a message.
  ///
  /// @return what is wrong with its overflow pages, or null
  private @Nullable String message(LeafReader row) {
    long topic = row.integer(TOPIC);
    MessageStream stream = reader.streams().get(topic);
    if (growing && stream == null) {
      return "no such topic yet";
    }
    messages++;
    if (stream == null) {
      unknown.merge(topic, 1L, Long::sum);
      return null;
    }
    long time = row.integer(TIME);
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
      if (growing && wrong != null) {
        messages--;
        return wrong;
      }
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
