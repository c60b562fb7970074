package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What lies behind the data section of a complete file: where the DataEnd, the groups of the
/// summary, the footer and the end are, and whether the summary's checksum holds.
///
/// Finding and reporting what is wrong with the framing is done here; what the records say is
/// compared elsewhere.
final class SummarySection {
  /// Groups that are kept. Judged: there are six kinds of records.
  private static final int MAX_GROUPS = 64;

  /// Records of one kind, one behind the other.
  record Group(int opcode, long start, long end) {}

  private final ScanContext context;
  private final DefectLog log;
  private final DataFacts facts;
  private final WrongSums sums;
  private final MemorySegment file;
  private final long size;
  private final RecordProbe probe;
  private final Fields fields = new Fields();
  private final List<Group> groups = new ArrayList<>();

  private int dataEndCrc;
  private boolean hasDataEnd;
  private long dataEnd;
  private long start;
  private long behindData;
  private long footerAt = -1;
  private Records.@Nullable Footer footer;
  private boolean framed = true;
  private boolean opcodesRight = true;
  private boolean crcRight;
  private boolean footerRight = true;
  private long shiftBytes;
  private boolean torn;
  private boolean footerTwice;

  /// @param dataEnd where the walk over the data section ended
  SummarySection(ScanContext context, Ledger ledger, long dataEnd) {
    this.context = context;
    this.log = ledger.log;
    this.facts = ledger.facts;
    this.sums = ledger.sums;
    this.file = context.segment();
    this.size = file.byteSize();
    this.dataEnd = dataEnd;
    this.probe = new RecordProbe(file, size, false);
  }

  /// Walks to the end of the file.
  void walk(RecordingSink sink) {
    long at = dataEnd;
    if (probe.hasHead(at) && probe.opcode(at) == McapLayout.DATA_END && probe.fits(at)) {
      hasDataEnd = true;
      dataEndCrc = file.get(McapLayout.U32, at + McapLayout.RECORD_HEAD_BYTES);
      at += McapLayout.RECORD_HEAD_BYTES + McapLayout.DATA_END_BYTES;
    }
    start = at;
    behindData = at;
    while (footerAt < 0 && at >= 0) {
      at = step(at, sink);
    }
    if (footerAt >= 0) {
      foot(sink);
    }
  }

  /// Takes the record at `at`; returns where the next one begins, or -1 if there is none.
  private long step(long at, RecordingSink sink) {
    boolean head = probe.hasHead(at) && probe.headCredible(at);
    if (head && probe.fits(at)) {
      int opcode = probe.opcode(at);
      long end = at + McapLayout.RECORD_HEAD_BYTES + probe.length(at);
      if (probe.isLastFooter(at)) {
        footerAt = at;
      } else if (opcode == McapLayout.FOOTER && probe.length(at) == McapLayout.FOOTER_BYTES) {
        footerTwice = true;
        log.report(
            sink,
            DefectKind.RECORD_DUPLICATED,
            Location.bytes(context.name, at, end - at),
            new Evidence.Violation("Footer", "more records behind it", "one, at the end"));
      } else {
        if (damagedOpcode(at, end, sink) == McapLayout.FOOTER) {
          footerAt = at;
          return end;
        }
        group(opcode, at, end);
      }
      return end;
    }
    long next = at >= size ? -1 : probe.find(at + 1);
    if (next < 0 && !Anchors.endsWithFooter(file)) {
      cut(at, head ? "a " + McapLayout.nameOf(probe.opcode(at)) : "the summary", sink);
      return -1;
    }
    framed = false;
    facts.lostBytes += (next < 0 ? size : next) - at;
    log.report(
        sink,
        head ? DefectKind.RECORD_LENGTH : DefectKind.RECORD_MALFORMED,
        Location.bytes(context.name, at, (next < 0 ? size : next) - at),
        new Evidence.Violation(
            "record in the summary",
            probe.hasHead(at)
                ? McapLayout.nameOf(probe.opcode(at))
                    + ", length "
                    + Long.toUnsignedString(probe.length(at))
                : (size - at) + " bytes left",
            "a record that fits the " + (size - at) + " bytes left"));
    return next;
  }

  private int damagedOpcode(long at, long end, RecordingSink sink) {
    int kind = probe.damagedKind(at);
    if (kind < 0) {
      return kind;
    }
    opcodesRight = false;
    facts.faults.add(at, end);
    log.report(
        sink,
        DefectKind.RECORD_MALFORMED,
        Location.bytes(context.name, at, end - at),
        new Evidence.Mismatch(
            "opcode of a record laid out as " + McapLayout.nameOf(kind),
            "0x%02X".formatted(probe.opcode(at)),
            "0x%02X".formatted(kind)));
    return kind;
  }

  private void regroup() {
    groups.clear();
    long at = start;
    while (at < footerAt && probe.hasHead(at) && probe.headCredible(at) && probe.fits(at)) {
      long end = at + McapLayout.RECORD_HEAD_BYTES + probe.length(at);
      group(probe.opcode(at), at, end);
      at = end;
    }
  }

  private void group(int opcode, long at, long end) {
    Group last = groups.isEmpty() ? null : groups.getLast();
    if (last != null && last.opcode == opcode && last.end == at) {
      groups.set(groups.size() - 1, new Group(opcode, last.start, end));
    } else if (groups.size() < MAX_GROUPS) {
      groups.add(new Group(opcode, at, end));
    }
  }

  private void cut(long at, String where, RecordingSink sink) {
    framed = false;
    facts.truncated = true;
    facts.lostBytes += size - at;
    log.report(
        sink,
        DefectKind.FILE_TRUNCATED,
        Location.bytes(context.name, at, size - at),
        new Evidence.Violation(
            "end of file",
            at == size ? "behind a whole record" : "after " + (size - at) + " bytes of " + where,
            "Footer and magic"));
  }

  private void foot(RecordingSink sink) {
    Records.Footer read =
        Records.Footer.read(
            fields.at(file, footerAt + McapLayout.RECORD_HEAD_BYTES, McapLayout.FOOTER_BYTES));
    footer = read;
    end(footerAt + McapLayout.RECORD_HEAD_BYTES + McapLayout.FOOTER_BYTES, sink);
    if (!hasDataEnd && read.summaryStart() > 0 && read.summaryStart() < start) {
      // Without a DataEnd, the first groups of the summary look like data.
      start = read.summaryStart();
      behindData = start;
      regroup();
    }
    for (Group group : groups) {
      if (group.start == read.summaryStart()) {
        // Data behind the DataEnd is misplaced and no part of the summary.
        start = group.start;
      } else if (belongs(group.opcode)) {
        break;
      }
    }
    if (framed) {
      pointers(read, sink);
    }
    checksum(read, sink);
  }

  /// Whether records of that kind form groups in a summary.
  static boolean belongs(int opcode) {
    return switch (opcode) {
      case McapLayout.SCHEMA,
          McapLayout.CHANNEL,
          McapLayout.STATISTICS,
          McapLayout.CHUNK_INDEX,
          McapLayout.ATTACHMENT_INDEX,
          McapLayout.METADATA_INDEX ->
          true;
      default -> false;
    };
  }

  private void end(long at, RecordingSink sink) {
    long left = size - at;
    if (left < McapLayout.MAGIC_BYTES) {
      if (isMagic(at, left)) {
        facts.truncated = true;
        log.report(
            sink,
            DefectKind.FILE_TRUNCATED,
            Location.bytes(context.name, at, left),
            new Evidence.Violation(
                "end of file", "after " + left + " of 8 bytes of the magic", "all of them"));
        return;
      }
    } else if (isMagic(at, McapLayout.MAGIC_BYTES)) {
      trailing(at + McapLayout.MAGIC_BYTES, sink);
      return;
    }
    log.report(
        sink,
        DefectKind.MAGIC_DAMAGED,
        Location.bytes(context.name, at, Math.min(left, McapLayout.MAGIC_BYTES)),
        new Evidence.Violation(
            "last bytes", hex(at, Math.min(left, McapLayout.MAGIC_BYTES)), "894D434150300D0A"));
  }

  private boolean isMagic(long at, long bytes) {
    for (long i = 0; i < bytes; i++) {
      if (file.get(McapLayout.U8, at + i) != (byte) (McapLayout.MAGIC >>> (8 * i))) {
        return false;
      }
    }
    return true;
  }

  private String hex(long at, long bytes) {
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < bytes; i++) {
      text.append("%02X".formatted(file.get(McapLayout.U8, at + i)));
    }
    return text.toString();
  }

  private void trailing(long at, RecordingSink sink) {
    long left = size - at;
    log.examined(DefectKind.TRAILING_BYTES, 1);
    if (left == 0) {
      return;
    }
    facts.unexaminedBytes += left;
    boolean another = left >= McapLayout.MAGIC_BYTES && isMagic(at, McapLayout.MAGIC_BYTES);
    log.report(
        sink,
        DefectKind.TRAILING_BYTES,
        Location.bytes(context.name, at, left),
        new Evidence.Violation(
            "bytes behind the end",
            left + (another ? ", another MCAP file that readers do not see" : ""),
            "0"));
  }

  private void pointers(Records.Footer read, RecordingSink sink) {
    long expectedStart = groups.isEmpty() ? 0 : start;
    long expectedOffsets = 0;
    for (Group group : groups) {
      if (group.opcode == McapLayout.SUMMARY_OFFSET) {
        expectedOffsets = group.start;
        break;
      }
    }
    log.examined(DefectKind.FOOTER_POINTER, 1);
    boolean startWrong = read.summaryStart() != expectedStart;
    boolean offsetsWrong = read.summaryOffsetStart() != expectedOffsets;
    if (!startWrong && !offsetsWrong || !hasDataEnd) {
      return;
    }
    long shift = expectedStart - read.summaryStart();
    if (facts.damaged && expectedOffsets - read.summaryOffsetStart() == shift) {
      // Bytes are missing or too many where the damage is: everything behind it has moved.
      shiftBytes = shift;
      return;
    }
    Shift moved = new Shift(context, log, facts, groups);
    if (expectedOffsets > 0) {
      if (startWrong
          && expectedOffsets - read.summaryOffsetStart() == shift
          && moved.summary(shift)) {
        shiftBytes = shift;
        moved.reportData(shift, dataEnd, sink);
        return;
      }
      if (!startWrong && moved.inSummary(expectedOffsets - read.summaryOffsetStart(), sink)) {
        torn = true;
        footerRight = false;
        return;
      }
    }
    footerRight = false;
    log.report(
        sink,
        DefectKind.FOOTER_POINTER,
        Location.bytes(context.name, footerAt, McapLayout.FILE_TAIL_BYTES - 8L),
        startWrong
            ? Evidence.Mismatch.ofCount("summary_start", read.summaryStart(), expectedStart)
            : Evidence.Mismatch.ofCount(
                "summary_offset_start", read.summaryOffsetStart(), expectedOffsets));
  }

  private void checksum(Records.Footer read, RecordingSink sink) {
    if (read.summaryCrc() == 0) {
      return;
    }
    log.examined(DefectKind.SUMMARY_CRC, 1);
    long summed = footerAt + McapLayout.FOOTER_SUMMED_BYTES - start;
    int crc = Crc32.of(file, start, summed);
    crcRight = crc == read.summaryCrc();
    // A footer that points elsewhere, and a record that was cut short, say why already.
    // So does damage that reaches into the summary.
    boolean told =
        facts.faults.overlaps(start, footerAt) || footerTwice || !hasDataEnd && !facts.damaged;
    if (!crcRight && footerRight && framed && opcodesRight && !told) {
      facts.faults.add(start, start + summed);
      log.report(
          sink,
          sums.defect(
              DefectKind.SUMMARY_CRC,
              "CRC-32 of the summary",
              start,
              summed,
              read.summaryCrc(),
              crc));
    }
  }

  /// Whether a DataEnd ends the data section.
  boolean hasDataEnd() {
    return hasDataEnd;
  }

  /// Checksum of the data section as the DataEnd stores it, 0 if there is none.
  int dataEndCrc() {
    return dataEndCrc;
  }

  /// Where the data section ends.
  long dataEnd() {
    return dataEnd;
  }

  /// Where the summary begins.
  long start() {
    return start;
  }

  /// Where the records behind the data section begin.
  long behindData() {
    return behindData;
  }

  /// How far the summary stands behind where it says it is, because the data section was damaged.
  long shiftBytes() {
    return shiftBytes;
  }

  /// Where the summary ends: the footer, or where its records cannot be read any more.
  long end() {
    return footerAt >= 0 ? footerAt : groups.isEmpty() ? start : groups.getLast().end;
  }

  /// The footer, or null.
  Records.@Nullable Footer footer() {
    return footer;
  }

  /// Groups of records, in order; those of summary offsets included.
  List<Group> groups() {
    return groups;
  }

  /// Whether all of it is there and not known to be damaged, so that it must agree with the data.
  boolean believed() {
    Records.Footer read = footer;
    return framed
        && opcodesRight
        && !torn
        && read != null
        && (crcRight || read.summaryCrc() == 0 || !footerRight);
  }

  /// Bytes under the summary's checksum, if that holds.
  long protectedBytes() {
    return crcRight ? footerAt + McapLayout.FOOTER_SUMMED_BYTES - start : 0;
  }
}
