package dev.lockstep.source.rosbag2;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one database of rosbag2, as its last commit left it when it was opened: messages in order
/// of their row ids, which is that of recording. While it grows, what was committed since
/// ([GrowingDatabase]); rows of the table's first page then wait for its second one.
///
/// After damage to a tree, all pages that belong to nothing are looked through for rows. Private
/// memory: two bits a page, 12 bytes a page in a log, some MB a unit under way, buffers of at most
/// twice [ReadOptions#maxBlockBytes]; after damage to the tree 16 bytes a leaf page.
final class Db3Reader implements RecordingReader {
  /// Leaf pages of a unit. Judged: some thousand small messages, or some hundred large ones.
  private static final int LEAVES_PER_UNIT = 32;

  private Db3Bytes bytes;
  private final Topics topics;
  private final ReadOptions options;
  private final boolean messagesCompressed;
  private final BlockBuffers buffers;
  private final Decompressors decompressors = new Decompressors();
  private final List<Defect> defects = new ArrayList<>();
  private final SensorPlaces places = new SensorPlaces();
  private final RowTally tally = new RowTally();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Database database;
  private @Nullable GrowingDatabase growing;
  private long available;
  private @Nullable TableWalk walk;
  private int[] sorted = {};
  private int sortedNext;
  private boolean analysed;
  private boolean ended;

  /// Whether the state of a growing database was not read to its end.
  private boolean cut;

  /// Last row that was handed over while the database grew.
  private long grownTo = Damages.UNKNOWN;

  /// Where in the file the pages end that were read while it grew.
  private long grownBytes;

  private boolean recovered;
  private boolean compressedChecksum;
  private int ids;
  private long leavesRead;
  private long lostBytes;
  private long unexaminedBytes;
  private @Nullable MappedFaultException fault;

  Db3Reader(Db3Bytes bytes, ReadOptions options, boolean messagesCompressed) {
    this.bytes = bytes;
    this.topics = new Topics(bytes.name(), options);
    this.options = options;
    this.messagesCompressed = messagesCompressed;
    this.buffers = new BlockBuffers(2L * options.maxBlockBytes());
  }

  Db3Bytes bytes() {
    return bytes;
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

  boolean messagesCompressed() {
    return messagesCompressed;
  }

  Map<Long, MessageStream> streams() {
    return topics.streams();
  }

  Database database() {
    Database opened = database;
    if (opened == null) {
      throw new IllegalStateException("not analysed yet");
    }
    return opened;
  }

  @Override
  public long available() throws IOException {
    return bytes.stored().byteSize();
  }

  @Override
  public void extend(long available, boolean complete) throws IOException {
    this.available = available;
    if (analysed || !complete && bytes.isCompressed()) {
      return;
    }
    if (!complete) {
      GrowingDatabase state = growing;
      if (state == null) {
        state = new GrowingDatabase(bytes.path());
        growing = state;
      }
      cut = false;
      state.look(topics, tally.lastRow());
      grownTo = tally.lastRow();
      return;
    }
    endGrowth();
    grownTo = tally.lastRow();
    analysed = true;
    try {
      bytes.guard(this::analyse);
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  /// Takes the files as they are now, if they have been looked at before.
  private void endGrowth() throws IOException {
    GrowingDatabase state = growing;
    growing = null;
    if (state != null) {
      state.close();
      Db3Bytes now = Db3Bytes.open(bytes.path());
      bytes.close();
      bytes = now;
    }
  }

  private void analyse() {
    Defect unfit = FileFaults.emptyOrPointer(bytes.stored(), Location.file(bytes.name()));
    if (unfit != null && (unfit.kind() != DefectKind.FILE_EMPTY || bytes.logBytes() == 0)) {
      defects.add(unfit);
      return;
    }
    if (bytes.isCompressed() && !decompress()) {
      return;
    }
    long journal = bytes.hotJournalBytes();
    if (journal > 0) {
      defects.add(
          Defect.of(
              DefectKind.TRANSACTION_OPEN,
              Location.file(bytes.name() + "-journal"),
              new Evidence.Violation(
                  "rollback journal",
                  journal + " bytes that were not played back",
                  "none beside a recording that has ended")));
    }
    Database opened = Database.open(bytes.name(), bytes.content(), bytes.log(), null);
    database = opened;
    topics.take(Topics.read(opened));
    Wal wal = opened.wal;
    if (wal != null) {
      log(wal);
    }
    Integer root = opened.tables.get("messages");
    if (root != null) {
      // Interior pages first: only where all are sound can rows be had in order without a search.
      BitSet before = (BitSet) opened.used.clone();
      TableWalk rehearsal = new TableWalk(opened.pages, root, opened.used, opened.damages);
      while (rehearsal.next() != 0) {
        // Pages are claimed as they come.
      }
      if (!rehearsal.damaged()) {
        walk = new TableWalk(opened.pages, root, before, new Damages(), grownTo);
      } else {
        search(opened, root, before);
      }
    } else if (opened.pages.count > 0) {
      search(opened, 0, opened.used);
    }
  }

  private boolean decompress() {
    try {
      compressedChecksum = bytes.decompress(buffers, decompressors, options.maxBlockBytes());
      return true;
    } catch (MalformedCompressionException e) {
      boolean large = e.decodedBytes() >= options.maxBlockBytes() / 2;
      if (large) {
        unexaminedBytes += bytes.stored().byteSize();
      } else {
        lostBytes += bytes.stored().byteSize();
      }
      defects.add(
          Defect.of(
              large ? DefectKind.CHUNK_TOO_LARGE : DefectKind.CHUNK_UNREADABLE,
              Location.bytes(bytes.name(), 0, bytes.stored().byteSize()),
              new Evidence.Violation(
                  "zstd frame",
                  e.what(),
                  large
                      ? "at most " + options.maxBlockBytes() + " bytes; zstd -d makes it readable"
                      : "a whole frame")));
      return false;
    }
  }

  private void log(Wal wal) {
    if (wal.committedFrames > 0) {
      notes.add(
          bytes.name()
              + ": "
              + wal.committedFrames
              + " pages come from the write-ahead log beside it");
    }
    if (wal.brokenFrame >= 0 && wal.lostCommits > 0) {
      defects.add(
          Defect.of(
              DefectKind.DATA_CRC,
              Location.bytes(
                  bytes.name() + "-wal",
                  wal.frameOffset(wal.brokenFrame),
                  SqliteLayout.FRAME_HEADER_BYTES + wal.pageSize),
              new Evidence.Violation(
                  "checksum of frame " + wal.brokenFrame + " of the write-ahead log",
                  "differs; " + wal.lostCommits + " commits from there on are lost",
                  "the one that is stored")));
    } else if (wal.brokenFrame >= 0) {
      notes.add(bytes.name() + "-wal: the last frame was not finished");
    }
  }

  /// Gathers the leaves of the table, and those that the tree has lost, by their first rows.
  private void search(Database opened, int root, BitSet before) {
    recovered = true;
    List<long[]> found = new ArrayList<>();
    LeafReader reader = new LeafReader(opened.pages);
    if (root != 0) {
      TableWalk again = new TableWalk(opened.pages, root, before, new Damages());
      for (int leaf = again.next(); leaf != 0; leaf = again.next()) {
        long first = Long.MAX_VALUE;
        if (reader.open(leaf) == null) {
          for (int cell = 0; cell < reader.cells() && first == Long.MAX_VALUE; cell++) {
            first = reader.read(cell) == null ? reader.rowid : first;
          }
        }
        found.add(new long[] {first, leaf});
      }
    }
    int known = found.size();
    opened.orphans(MessageUnit::isMessage, (row, page) -> found.add(new long[] {row.rowid, page}));
    found.sort(Order.byLong(entry -> entry[0]));
    sorted = found.stream().mapToInt(entry -> (int) entry[1]).toArray();
    notes.add(
        bytes.name()
            + ": table of messages is damaged; "
            + (found.size() - known)
            + " of its pages were found by a search of all pages");
  }

  @Override
  public @Nullable ScanUnit next() {
    GrowingDatabase state = growing;
    if (state != null) {
      int[] some = state.next(LEAVES_PER_UNIT);
      return some.length == 0 ? null : new MessageUnit(this, state, some, grownTo);
    }
    if (fault != null || ended || !analysed) {
      return null;
    }
    int[] leaves = new int[LEAVES_PER_UNIT];
    int[] count = {0};
    try {
      bytes.guard(() -> {
        for (int leaf = nextLeaf(); leaf != 0; leaf = nextLeaf()) {
          leaves[count[0]++] = leaf;
          if (count[0] == LEAVES_PER_UNIT) {
            return;
          }
        }
        ended = true;
      });
    } catch (MappedFaultException e) {
      fault = e;
      return null;
    }
    leavesRead += count[0];
    return count[0] == 0 ? null : new MessageUnit(this, Arrays.copyOf(leaves, count[0]), grownTo);
  }

  private int nextLeaf() {
    TableWalk tree = walk;
    if (tree != null) {
      return tree.next();
    }
    return sortedNext < sorted.length ? sorted[sortedNext++] : 0;
  }

  @Override
  public long position() {
    GrowingDatabase state = growing;
    if (state != null) {
      return state.isWhole() && !cut ? available : Math.min(available - 1, grownBytes);
    }
    Database opened = database;
    long size = bytes.stored().byteSize();
    return opened == null ? 0 : ended ? size : Math.min(size, leavesRead * opened.pages.pageSize);
  }

  void commit(MessageUnit unit, RecordingSink sink) {
    if (unit.growing) {
      // Behind a unit that does not count, or only in part, there is none that does.
      cut |= unit.gone;
      if (!cut) {
        grownBytes = Math.max(grownBytes, unit.endBytes());
        cut = unit.cut;
        add(unit, sink);
      }
      return;
    }
    MappedFaultException lost = unit.fault;
    if (lost != null) {
      fault = fault == null ? lost : fault;
      return;
    }
    Damages damages = database().damages;
    int losses = unit.damaged.size();
    if (unit.firstRow != Damages.UNKNOWN) {
      damages.next(unit.firstRow);
    }
    for (int i = 0; i < losses; i++) {
      long before = unit.lastRows.get(i);
      damages.add(unit.damaged.get(i), before == Damages.UNKNOWN ? tally.lastRow() : before);
    }
    add(unit, sink);
  }

  private void add(MessageUnit unit, RecordingSink sink) {
    tally.add(unit);
    lostBytes += unit.lostBytes;
    unexaminedBytes += unit.unexaminedBytes;
    List<StreamFaults.Placed> placed = new ArrayList<>();
    // In order of their first rows: then the numbers of streams do not depend on how units are cut.
    unit.rows.forEach((topic, rows) -> {
      MessageStream stream = streams().get(topic);
      if (stream != null && rows.batch().size() > 0) {
        stream.emit(rows, unit.losses, this::nextId, places, placed, sink);
      }
    });
    if (!unit.damaged.isEmpty()) {
      streams()
          .forEach((topic, stream) -> {
            if (!unit.rows.containsKey(topic)) {
              stream.lost();
            }
          });
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
    Database opened = database;
    if (opened != null && lost == null) {
      try {
        bytes.guard(() -> judge(opened, sink));
      } catch (MappedFaultException e) {
        lost = e;
      }
    } else {
      defects.forEach(sink::defect);
    }
    if (lost != null) {
      lostBytes = bytes.stored().byteSize();
      sink.defect(
          Defect.of(
              DefectKind.FILE_CHANGED,
              Location.file(bytes.name()),
              new Evidence.Violation("file", String.valueOf(lost.getMessage()), "no change")));
    }
    for (MessageStream stream : streams().values()) {
      stream.finish(this::nextId, sink);
    }
    places.finish(sink);
    notes.forEach(sink::note);
    sink.examined(DefectKind.FILE_EMPTY, 1);
    sink.examined(DefectKind.LFS_POINTER, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    sink.examined(DefectKind.TRANSACTION_OPEN, 1);
    coverage(opened, sink);
  }

  private void judge(Database opened, RecordingSink sink) {
    long damaged = opened.damages.count();
    if (bytes.changed() && damaged > 0) {
      // What looks like damage is two states of the file, mixed.
      sink.defect(
          new Defect(
              DefectKind.FILE_CHANGED,
              Severity.WARNING,
              Location.file(bytes.name()),
              new Evidence.Violation(
                  "file", "was written while it was read", "a recording that has ended")));
    } else {
      defects.forEach(sink::defect);
      opened.defects.forEach(sink::defect);
      topics.defects().forEach(sink::defect);
      opened.damages.report(opened.pages, sink);
      tally.compare(opened, recovered, sink);
    }
    tally.tellUnknown(bytes.name(), damaged > 0, sink);
    sink.examined(DefectKind.MAGIC_DAMAGED, 1);
    sink.examined(DefectKind.HEADER_MALFORMED, 1);
    sink.examined(DefectKind.FILE_TRUNCATED, 1);
    sink.examined(DefectKind.TRAILING_BYTES, 1);
    sink.examined(DefectKind.RECORD_MALFORMED, opened.used.cardinality());
    sink.examined(DefectKind.CHANNEL_UNKNOWN, tally.messages());
    sink.examined(DefectKind.TOPIC_SHARED, streams().size());
    sink.examined(DefectKind.SCHEMA_UNPARSABLE, streams().size());
    sink.examined(DefectKind.COUNT_MISMATCH, 1);
    if (opened.wal != null) {
      sink.examined(DefectKind.DATA_CRC, opened.wal.committedFrames);
    } else {
      sink.unexamined(DefectKind.DATA_CRC, "SQLite stores no checksum of a page");
    }
  }

  private void coverage(@Nullable Database opened, RecordingSink sink) {
    long total = bytes.stored().byteSize() + bytes.logBytes();
    Wal wal = opened == null ? null : opened.wal;
    long guarded = wal == null || wal.committedFrames == 0 ? 0 : wal.protectedBytes();
    String basis = guarded > 0 ? "SQLite log frame checksum" : "none";
    if (compressedChecksum) {
      guarded = bytes.stored().byteSize();
      basis = "zstd content checksum";
    }
    sink.coverage(new Coverage(total, guarded, Math.min(total, lostBytes), unexaminedBytes, basis));
  }

  @Override
  public void close() {
    GrowingDatabase state = growing;
    if (state != null) {
      state.close();
    }
    bytes.close();
    buffers.close();
    decompressors.close();
  }
}
