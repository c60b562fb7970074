package dev.lockstep.source.mcap;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.ZeroRuns;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the records of a chunk in which one is broken: its message indexes say where messages
/// begin, and where there are none, bytes that look like records do.
final class ChunkRecovery {
  /// Index entries that are read. Judged: more messages than fit a chunk that anyone writes.
  private static final int MAX_ENTRIES = 1 << 22;

  private final ScanContext context;
  private final ChunkScan broken;
  private long[] anchors = new long[256];
  private int anchorCount;

  private MemorySegment segment = MemorySegment.NULL;
  private long base;
  private RecordProbe probe;
  private @Nullable Defect first;
  private long lostBytes;
  private long reached;
  private long indexed;

  ChunkRecovery(ScanContext context, ChunkScan broken) {
    this.context = context;
    this.broken = broken;
    this.probe = new RecordProbe(segment, 0, true);
  }

  /// Reads what can be read.
  ///
  /// @param indexEnd end of the message indexes behind the chunk
  ScanResult run(ScanSpace space, long indexEnd) {
    ChunkSpan chunk = broken.chunk;
    try (ChunkContent content = ChunkContent.open(context, chunk, new UnitDefects())) {
      segment = content.segment();
      base = content.from();
      readIndexes(chunk.end(), indexEnd, content.to());
      probe = new RecordProbe(segment, content.to(), true);
      RecordScan scan = broken.recordScan(space, context.definitions.inForce());
      scan.start(segment, base, content.to(), false);
      walk(scan, content.to());
      return scan.take();
    }
  }

  /// The first broken record, or null if all records could be read.
  @Nullable Defect defect() {
    return first;
  }

  /// Bytes of the content that could not be interpreted.
  long lostBytes() {
    return lostBytes;
  }

  /// End of the last record that was read, in the scanned content.
  long reached() {
    return reached - base;
  }

  /// Messages that the indexes list.
  long indexedMessages() {
    return indexed;
  }

  private void readIndexes(long from, long to, long contentEnd) {
    MemorySegment file = context.segment();
    RecordProbe records = new RecordProbe(file, to, false);
    Fields fields = new Fields();
    long at = from;
    while (records.hasHead(at) && records.headCredible(at) && records.fits(at)) {
      long body = at + McapLayout.RECORD_HEAD_BYTES;
      fields.at(file, body, records.length(at));
      if (records.opcode(at) == McapLayout.MESSAGE_INDEX) {
        int channelId = fields.u16();
        long arrayLength = Math.min(fields.u32(), fields.left());
        long entries = arrayLength / McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
        indexed += entries;
        for (long i = 0; i < entries && anchorCount < MAX_ENTRIES; i++) {
          anchor(channelId, fields.i64(), fields.i64(), contentEnd);
        }
      }
      at = body + records.length(at);
    }
    Arrays.sort(anchors, 0, anchorCount);
  }

  /// Keeps an index entry if the bytes bear it out.
  private void anchor(int channelId, long logTime, long offset, long contentEnd) {
    long at = base + offset;
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    if (offset < 0
        || offset > contentEnd - base - McapLayout.RECORD_HEAD_BYTES - McapLayout.MESSAGE_HEAD_BYTES
        || (segment.get(McapLayout.U16, body) & 0xFFFF) != channelId
        || segment.get(McapLayout.U64, body + McapLayout.MESSAGE_LOG_TIME_OFFSET) != logTime) {
      return;
    }
    if (anchorCount == anchors.length) {
      anchors = Arrays.copyOf(anchors, anchorCount * 2);
    }
    anchors[anchorCount++] = at;
  }

  private long nextAnchor(long behind) {
    int i = Arrays.binarySearch(anchors, 0, anchorCount, behind + 1);
    int next = i < 0 ? -i - 1 : i;
    return next < anchorCount ? anchors[next] : -1;
  }

  private boolean isAnchor(long at) {
    return Arrays.binarySearch(anchors, 0, anchorCount, at) >= 0;
  }

  private void walk(RecordScan scan, long to) {
    long at = base;
    while (at < to) {
      long body = at + McapLayout.RECORD_HEAD_BYTES;
      if (isSound(at)) {
        take(scan, at, probe.length(at));
        at = reached;
        continue;
      }
      long anchor = nextAnchor(at);
      long found = probe.find(at + 1, anchor < 0 ? to : anchor);
      long resume = found >= 0 ? found : anchor >= 0 ? anchor : to;
      boolean message =
          probe.hasHead(at)
              && (isAnchor(at) || isMessage(at))
              && probe.length(at) >= McapLayout.MESSAGE_HEAD_BYTES;
      long end = message && probe.fits(at) ? body + probe.length(at) : -1;
      if (end >= 0 && (end == resume || end <= resume - McapLayout.RECORD_HEAD_BYTES)) {
        // It fits; what is damaged is its opcode, or a record behind it.
        if (!isMessage(at)) {
          note(at, end, to, false);
        }
        take(scan, at, probe.length(at));
        at = end;
      } else if (isAnchor(at) && anchor >= 0 && resume - body >= McapLayout.MESSAGE_HEAD_BYTES) {
        note(at, resume, to, true);
        take(scan, at, resume - body);
        at = resume;
      } else {
        note(at, resume, to, false);
        lostBytes += resume - at;
        at = resume;
      }
    }
  }

  private boolean isMessage(long at) {
    return probe.opcode(at) == McapLayout.MESSAGE && probe.headCredible(at);
  }

  private void take(RecordScan scan, long at, long length) {
    scan.scanOne(isAnchor(at) ? McapLayout.MESSAGE : probe.opcode(at), at, length);
    reached = at + McapLayout.RECORD_HEAD_BYTES + length;
  }

  private boolean isSound(long at) {
    if (!probe.hasHead(at) || !probe.headCredible(at) || !probe.fits(at)) {
      return false;
    }
    int opcode = probe.opcode(at);
    long length = probe.length(at);
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    long next = body + length;
    long anchor = nextAnchor(at);
    if (anchor >= 0 && anchor < next || isAnchor(at) && opcode != McapLayout.MESSAGE) {
      return false;
    }
    if (opcode == McapLayout.MESSAGE || opcode >= McapLayout.FIRST_PRIVATE) {
      return anchor == next || probe.goesOn(next);
    }
    long self = probe.selfLength(opcode, body);
    return RecordProbe.isKnown(opcode) && self != RecordProbe.ABSURD && self <= length;
  }

  private void note(long at, long resume, long to, boolean lengthKnown) {
    if (first != null) {
      return;
    }
    RecordScan.Place place = broken.place();
    long zeroEnd = ZeroRuns.end(segment, at);
    long zeroBegin = zeroEnd > at ? ZeroRuns.begin(segment, at, base) : at;
    if (zeroEnd - zeroBegin >= ZeroRuns.SECTOR_BYTES) {
      first =
          Defect.of(
              DefectKind.ZERO_PAGES,
              place.of(zeroBegin, zeroEnd - zeroBegin),
              new Evidence.Violation(
                  "bytes", (zeroEnd - zeroBegin) + " zeros", "a record at byte " + at));
      return;
    }
    if (!probe.hasHead(at)) {
      first =
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              place.of(at, to - at),
              new Evidence.Violation("end of the chunk", (to - at) + " bytes", "a whole record"));
      return;
    }
    int opcode = probe.opcode(at);
    if (isAnchor(at) && opcode != McapLayout.MESSAGE) {
      first =
          Defect.of(
              opcode == 0 ? DefectKind.RECORD_FORBIDDEN : DefectKind.RECORD_MALFORMED,
              place.of(at, resume - at),
              new Evidence.Mismatch(
                  "opcode of an indexed message", "0x%02X".formatted(opcode), "0x05"));
      return;
    }
    boolean named = RecordProbe.isKnown(opcode);
    String stored = Long.toUnsignedString(probe.length(at));
    String name = place.name(opcode, at);
    first =
        Defect.of(
            named ? DefectKind.RECORD_LENGTH : DefectKind.RECORD_MALFORMED,
            place.of(at, resume - at),
            lengthKnown
                ? new Evidence.Mismatch(
                    "length of " + name,
                    stored,
                    Long.toString(resume - at - McapLayout.RECORD_HEAD_BYTES))
                : new Evidence.Violation(
                    "length of " + name,
                    stored + ", " + (to - at - McapLayout.RECORD_HEAD_BYTES) + " bytes left",
                    "a record that fits and is followed by another"));
  }
}
