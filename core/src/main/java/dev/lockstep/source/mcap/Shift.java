package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/// Tells bytes that were lost or put in between records: nothing that is left is damaged, but all
/// that is stored about places behind them is wrong by one and the same amount.
final class Shift {
  /// Faults that say already what was lost or put in.
  private static final Set<DefectKind> TELLING =
      Set.of(
          DefectKind.RECORD_DUPLICATED,
          DefectKind.RECORD_MISPLACED,
          DefectKind.RECORD_MALFORMED,
          DefectKind.RECORD_FORBIDDEN,
          DefectKind.RECORD_UNKNOWN,
          DefectKind.MESSAGE_INDEX,
          DefectKind.MESSAGE_INDEX_MISSING,
          DefectKind.CHANNEL_UNKNOWN);

  private final ScanContext context;
  private final DefectLog log;
  private final DataFacts facts;
  private final MemorySegment file;
  private final RecordProbe probe;
  private final List<SummarySection.Group> groups;
  private final Fields fields = new Fields();

  Shift(ScanContext context, DefectLog log, DataFacts facts, List<SummarySection.Group> groups) {
    this.context = context;
    this.log = log;
    this.facts = facts;
    this.groups = groups;
    this.file = context.segment();
    this.probe = new RecordProbe(file, file.byteSize(), false);
  }

  /// Takes one record.
  @FunctionalInterface
  private interface Visitor {
    void visit(long at, long length);
  }

  private void each(int opcode, Visitor visitor) {
    for (SummarySection.Group group : groups) {
      long at = group.start();
      while (group.opcode() == opcode && at < group.end()) {
        long length = probe.length(at);
        visitor.visit(at + McapLayout.RECORD_HEAD_BYTES, length);
        at += McapLayout.RECORD_HEAD_BYTES + length;
      }
    }
  }

  private SummarySection.Group groupOf(int opcode) {
    for (SummarySection.Group group : groups) {
      if (group.opcode() == opcode) {
        return group;
      }
    }
    return new SummarySection.Group(opcode, -1, -1);
  }

  /// Whether all summary offsets say that each group stands `shift` bytes before where it does.
  boolean summary(long shift) {
    long[] seen = new long[2];
    each(
        McapLayout.SUMMARY_OFFSET,
        (at, length) -> {
          Records.SummaryOffset offset = Records.SummaryOffset.read(fields.at(file, at, length));
          if (!fields.broken() && offset.length() != 0) {
            seen[0]++;
            seen[1] += offset.start() + shift == groupOf(offset.opcode()).start() ? 1 : 0;
          }
        });
    return seen[0] > 0 && seen[0] == seen[1];
  }

  /// Reports that bytes of the data section are missing or too many, unless something else told
  /// what they were; from here on, the data section counts as damaged.
  ///
  /// @param dataEnd where the data section ends
  void reportData(long shift, long dataEnd, RecordingSink sink) {
    long[] between = {McapLayout.MAGIC_BYTES, dataEnd};
    narrow(McapLayout.CHUNK_INDEX, facts.chunks, shift, between);
    narrow(McapLayout.ATTACHMENT_INDEX, facts.attachments, shift, between);
    narrow(McapLayout.METADATA_INDEX, facts.metadata, shift, between);
    long from = Math.min(between[0], between[1]);
    long to = between[1];
    facts.damaged = true;
    facts.faults.add(from, Math.max(to, from + 1));
    log.examined(DefectKind.BYTES_SHIFTED, 1);
    if (TELLING.stream().noneMatch(kind -> log.count(kind) > 0)) {
      log.report(
          sink,
          DefectKind.BYTES_SHIFTED,
          Location.bytes(context.name, from, to - from),
          evidence("all offsets that point behind this place", shift));
    }
  }

  private static Evidence evidence(String what, long shift) {
    return new Evidence.Violation(
        what,
        shift < 0
            ? -shift + " too high: " + -shift + " bytes are missing"
            : shift + " too low: " + shift + " bytes were put in",
        "where the records stand");
  }

  /// Draws the ends of the place closer: behind the last record that is where its entry says, in
  /// front of the first that is not.
  private void narrow(int opcode, IndexTable table, long shift, long[] between) {
    each(
        opcode,
        (at, length) -> {
          long offset = offset(opcode, at, length);
          int right = table.at(offset);
          int moved = table.at(offset + shift);
          if (right >= 0 && moved < 0) {
            long end = offset + McapLayout.RECORD_HEAD_BYTES + probe.length(offset);
            between[0] = Math.max(between[0], end);
          } else if (moved >= 0 && right < 0) {
            between[1] = Math.min(between[1], offset + shift);
          }
        });
  }

  private long offset(int opcode, long at, long length) {
    fields.at(file, at, length);
    return switch (opcode) {
      case McapLayout.CHUNK_INDEX -> Records.ChunkIndex.read(fields).offset();
      case McapLayout.ATTACHMENT_INDEX -> Records.AttachmentIndex.read(fields).offset();
      default -> Records.MetadataIndex.read(fields).offset();
    };
  }

  /// Reports that bytes of a group of the summary are missing or too many, if the summary offsets
  /// say so; returns whether they do.
  ///
  /// @param shift how far the summary offsets stand behind where the footer says they are
  boolean inSummary(long shift, RecordingSink sink) {
    long[] torn = {-1, -1};
    int[] odd = {0};
    each(
        McapLayout.SUMMARY_OFFSET,
        (at, length) -> {
          Records.SummaryOffset offset = Records.SummaryOffset.read(fields.at(file, at, length));
          SummarySection.Group group = groupOf(offset.opcode());
          long size = group.end() - group.start();
          boolean moved = offset.start() + shift == group.start();
          if (fields.broken() || offset.length() == 0) {
            return;
          }
          if (group.start() < 0 && offset.length() == -shift) {
            torn[0] = offset.start();
            torn[1] = offset.start();
          } else if (offset.start() == group.start() && offset.length() + shift == size) {
            torn[0] = group.start();
            torn[1] = group.end();
          } else if (!(moved || offset.start() == group.start()) || offset.length() != size) {
            odd[0]++;
          }
        });
    if (shift == 0 || torn[0] < 0 || odd[0] > 0) {
      return false;
    }
    log.examined(DefectKind.BYTES_SHIFTED, 1);
    log.report(
        sink,
        DefectKind.BYTES_SHIFTED,
        Location.bytes(context.name, torn[0], torn[1] - torn[0]),
        evidence("all offsets of the summary that point behind this place", shift));
    return true;
  }
}
