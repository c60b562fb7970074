package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.source.Interruption;
import dev.lockstep.source.RecordingSink;
import org.eclipse.collections.impl.map.mutable.primitive.LongLongHashMap;
import org.jspecify.annotations.Nullable;

/// What has been committed of a file so far: takes scanned units in order, puts definitions in
/// force, hands messages over, and keeps the sums that the end of the file is compared with.
///
/// One thread. Memory: 16 bytes a chunk, attachment or metadata record and some 32 more a chunk
/// (bounded), and what a stream needs; nothing a message.
final class Ledger {
  private final ScanContext context;
  final DefectLog log = new DefectLog();
  final WrongSums sums;
  final DataFacts facts = new DataFacts();
  final Streams streams;
  private final Orphans orphans = new Orphans();

  /// Where the last message index without a chunk ended.
  private long strayEnd = -1;

  private final Interruption.Note interruption;
  private @Nullable OpenChunk open;
  private boolean interruptionTold;

  /// Whether the chunk that is being taken repeats one before.
  private boolean repeated;

  /// Where chunks lie, by a fingerprint of times and offsets of their messages. The first ones.
  private final LongLongHashMap chunksByMessages = new LongLongHashMap();

  /// CRC-32 of the file from its beginning to [#summedTo].
  private int dataCrc;

  private long summedTo;

  Ledger(ScanContext context) {
    this.context = context;
    this.streams = new Streams(context, log);
    this.sums = new WrongSums(context.name);
    this.interruption = Interruption.beside(context.file.path());
  }

  /// Says, once, whether the endpoint noted a hole in front of the file.
  void interruption(RecordingSink sink) {
    if (interruptionTold) {
      return;
    }
    interruptionTold = true;
    String unknown = interruption.unknown();
    if (unknown != null) {
      sink.unexamined(DefectKind.RECORDING_INTERRUPTED, unknown);
      return;
    }
    log.examined(DefectKind.RECORDING_INTERRUPTED, 1);
    Interruption hole = interruption.interruption();
    if (hole != null) {
      log.report(sink, hole.defect(context.name));
    }
  }

  /// Takes a scanned unit.
  void commit(McapUnit unit, RecordingSink sink) {
    if (facts.changed) {
      return;
    }
    interruption(sink);
    MappedFaultException fault = unit.fault;
    if (fault == null) {
      try {
        context.file.guard(0, 0, () -> take(unit, sink));
        return;
      } catch (MappedFaultException e) {
        fault = e;
      }
    }
    fileChanged(fault, unit.span.start(), sink);
  }

  /// Reports that the file cannot be read any more, and that nothing behind `from` was.
  void fileChanged(MappedFaultException fault, long from, RecordingSink sink) {
    facts.changed = true;
    facts.damaged = true;
    long size = context.file.lengthBytes();
    facts.lostBytes += size - Math.min(from, size);
    log.report(
        sink,
        DefectKind.FILE_CHANGED,
        Location.bytes(context.name, Math.min(fault.offset(), size), 0),
        new Evidence.Violation("file", String.valueOf(fault.getMessage()), "bytes that stay"));
  }

  private void take(McapUnit unit, RecordingSink sink) {
    sum(unit);
    Damage damage = unit.span.damage();
    if (damage != null) {
      damaged(damage, unit.span.chunk() == null, sink);
    }
    records(unit, sink);
    ChunkScan chunk = unit.chunk;
    if (chunk != null) {
      closeChunk(sink);
      chunk(unit, chunk, sink);
    }
  }

  private void sum(McapUnit unit) {
    TopWalk.Span span = unit.span;
    if (unit.summed && span.start() == summedTo) {
      dataCrc = Crc32.combine(dataCrc, unit.crc, span.end() - span.start());
      summedTo = span.end();
    }
  }

  /// CRC-32 of the first `end` bytes of the file.
  int dataCrc(long end) {
    return summedTo == end ? dataCrc : Crc32.of(context.segment(), 0, end);
  }

  private void damaged(Damage damage, boolean closes, RecordingSink sink) {
    boolean moved = open != null && open.scan.isDamaged() && open.indexCount() == 0;
    long movedEnd = open == null ? -1 : open.span.end();
    if (open != null && open.span.offset() == damage.from()) {
      // The chunk that was just taken is longer or shorter than it says.
      open.doubt();
    } else if (closes) {
      if (open != null) {
        // Indexes of the chunk in front may be among what is damaged.
        open.doubt();
      }
      closeChunk(sink);
    }
    facts.damaged = true;
    streams.lost();
    streams.definitionsMayBeLost();
    facts.lostBytes += damage.lostBytes();
    facts.truncated |= damage.fatal();
    // One run of zeros from a chunk into what follows it, or a chunk that lost or gained bytes.
    boolean told =
        damage.kind() == DefectKind.ZERO_PAGES && facts.faults.has(damage.from())
            || moved && damage.from() == movedEnd;
    facts.faults.add(damage.from(), damage.to());
    facts.attachments.doubt(damage.from());
    facts.metadata.doubt(damage.from());
    if (told) {
      return;
    }
    log.report(
        sink,
        damage.kind(),
        Location.bytes(context.name, damage.from(), damage.to() - damage.from()),
        damage.evidence());
  }

  // ---- top-level records

  private void records(McapUnit unit, RecordingSink sink) {
    ScanResult result = unit.records;
    for (ScanResult.Event event : result.events) {
      if (event instanceof ScanResult.IndexSeen index && open != null && index.attached()) {
        open.index(index, sink);
      } else {
        closeChunk(sink);
        // A record whose true length had to be found is reported as that.
        if (unit.span.damage() == null || !(event instanceof ScanResult.DataEndSeen)) {
          topLevel(event, sink);
        }
      }
    }
    if (result.messages > 0 || !result.defects.isEmpty()) {
      closeChunk(sink);
    }
    facts.unexaminedBytes += result.unexaminedBytes;
    facts.unchunkedMessages += result.messages;
    if (unit.lostPages >= 0) {
      facts.suspectPages.add(unit.lostPages, ZeroRuns.end(context.segment(), unit.lostPages));
    }
    log.report(sink, result.defects);
    facts.count(result);
    boolean waits =
        streams.commit(
            result,
            new RecordScan.Place(context.name, -1, 0, true),
            unit.span.damage() == null,
            () -> again(unit),
            sink);
    if (waits) {
      orphans.add(unit, false);
    }
  }

  private ScanResult again(McapUnit unit) {
    ScanSpace space = context.borrow();
    try {
      return unit.records(space, context.definitions.inForce(), false).take();
    } finally {
      context.giveBack(space);
    }
  }

  private void topLevel(ScanResult.Event event, RecordingSink sink) {
    if (event instanceof ScanResult.IndexSeen index) {
      strayIndex(index, sink);
    } else if (event instanceof ScanResult.AttachmentSeen attachment) {
      attachment(attachment, sink);
    } else if (event instanceof ScanResult.MetadataSeen metadata) {
      metadata(metadata, sink);
    } else if (event instanceof ScanResult.HeaderSeen header) {
      header(header, sink);
    } else if (event instanceof ScanResult.DataEndSeen dataEnd) {
      log.report(
          sink,
          DefectKind.RECORD_DUPLICATED,
          Location.bytes(context.name, dataEnd.at(), dataEnd.length()),
          new Evidence.Violation("DataEnd", "another one follows", "one, behind all data"));
    } else if (event instanceof ScanResult.Unreadable record) {
      switch (record.opcode()) {
        case McapLayout.ATTACHMENT -> facts.attachments.add(record.at(), 0, false);
        case McapLayout.METADATA -> facts.metadata.add(record.at(), 0, false);
        case McapLayout.HEADER -> facts.headerUnreadable = true;
        default -> {}
      }
    }
  }

  private void strayIndex(ScanResult.IndexSeen index, RecordingSink sink) {
    boolean goesOn = index.at() == strayEnd;
    strayEnd = index.at() + index.length();
    // One chunk that is gone leaves all of its indexes. It may have become something else, too.
    if (!goesOn && !facts.damaged && log.count(DefectKind.RECORD_FORBIDDEN) == 0) {
      log.report(
          sink,
          DefectKind.RECORD_MISPLACED,
          Location.bytes(context.name, index.at(), index.length()),
          new Evidence.Violation(
              "MessageIndex of channel " + index.channelId(),
              "no chunk in front of it",
              "directly behind its chunk"));
    }
  }

  private void attachment(ScanResult.AttachmentSeen seen, RecordingSink sink) {
    boolean stored = seen.storedCrc() != 0;
    boolean wrong = stored && seen.storedCrc() != seen.crc();
    if (wrong) {
      facts.faults.add(seen.at(), seen.at() + seen.length());
      log.report(
          sink,
          sums.defect(
              DefectKind.ATTACHMENT_CRC,
              "CRC-32 of attachment '" + seen.attachment().name() + "'",
              seen.at() + McapLayout.RECORD_HEAD_BYTES,
              seen.summedBytes(),
              seen.storedCrc(),
              seen.crc()));
    } else if (stored) {
      facts.protectedBytes += seen.summedBytes();
    }
    if (stored) {
      facts.attachmentsWithCrc++;
    } else {
      facts.attachmentsWithoutCrc++;
    }
    facts.attachments.add(
        seen.at(),
        seen.attachment().fingerprint(seen.at(), seen.length()),
        !wrong && seen.legible());
  }

  private void metadata(ScanResult.MetadataSeen seen, RecordingSink sink) {
    facts.metadata.add(
        seen.at(),
        Records.MetadataIndex.fingerprint(seen.at(), seen.length(), seen.name()),
        seen.legible());
    if (!seen.duplicateKey().isEmpty()) {
      streams.duplicateKey(
          "Metadata '" + seen.name() + "'",
          seen.duplicateKey(),
          Location.bytes(context.name, seen.at(), seen.length()),
          sink);
    }
  }

  private void header(ScanResult.HeaderSeen seen, RecordingSink sink) {
    if (facts.header == null) {
      facts.header = seen.header();
      if (seen.at() == McapLayout.MAGIC_BYTES) {
        return;
      }
    }
    log.report(
        sink,
        DefectKind.RECORD_DUPLICATED,
        Location.bytes(context.name, seen.at(), seen.length()),
        new Evidence.Violation("Header", "at byte " + seen.at(), "one, at byte 8"));
  }

  // ---- chunks

  private void chunk(McapUnit unit, ChunkScan scan, RecordingSink sink) {
    ChunkSpan span = scan.chunk;
    for (Defect defect : scan.conclusions(sums)) {
      log.report(sink, defect);
      ByteRange bytes = defect.location().bytes();
      if (defect.kind() == DefectKind.ZERO_PAGES && bytes != null) {
        facts.faults.add(bytes.offsetBytes(), bytes.endBytes());
      }
    }
    boolean believed = !scan.isDamaged() && unit.span.damage() == null;
    boolean whole = scan.defects.isEmpty() && !scan.result.mistaken();
    OpenChunk chunk = new OpenChunk(context, log, scan, believed && whole);
    open = chunk;
    repeated = isRepeated(scan, sink);
    facts.take(scan);
    if (scan.isDamaged() || scan.isShort()) {
      streams.lost();
      facts.damaged = true;
      streams.definitionsMayBeLost();
      facts.faults.add(span.offset(), span.end());
    }
    if (!scan.readable) {
      facts.lostBytes += scan.unexaminedBytes > 0 ? 0 : span.length();
    } else if (scan.portioned) {
      portions(unit, scan, chunk, sink);
      chunk.checkTimes(sink);
    } else if (!scan.isBroken()) {
      take(unit, scan, scan.result, chunk, sink);
      chunk.checkTimes(sink);
    }
  }

  private void take(
      McapUnit unit, ChunkScan scan, ScanResult result, OpenChunk chunk, RecordingSink sink) {
    facts.count(result);
    chunk.add(result);
    boolean waits =
        streams.commit(
            result,
            scan.place(),
            !repeated && (chunk.believed || !scan.crcWrong && unit.span.damage() == null),
            () -> again(scan),
            sink);
    if (waits) {
      orphans.add(unit, true);
    }
  }

  /// Whether the messages of a chunk stood in one before, which is reported: whatever they seem to
  /// tell of time follows from it.
  private boolean isRepeated(ChunkScan scan, RecordingSink sink) {
    ScanResult result = scan.result;
    if (scan.portioned || scan.isDamaged() || result.firstLogTime == result.lastLogTime) {
      return false;
    }
    long key = Fingerprint.with(Fingerprint.start(), scan.chunk.head().uncompressedSize());
    for (ChannelRows rows : result.channels) {
      key = Fingerprint.with(Fingerprint.with(key, rows.channelId), rows.indexSum);
    }
    long before = chunksByMessages.getIfAbsent(key, -1);
    if (before < 0 || !isSame(before, scan.chunk)) {
      if (before < 0 && chunksByMessages.size() < IndexTable.MAX_RECORDS) {
        chunksByMessages.put(key, scan.chunk.offset());
      }
      return false;
    }
    log.report(
        sink,
        DefectKind.RECORD_DUPLICATED,
        Location.bytes(context.name, scan.chunk.offset(), scan.chunk.length()),
        new Evidence.Violation(
            "Chunk",
            "the " + result.messages + " messages of the chunk at byte " + before + " once more",
            "each message once"));
    return true;
  }

  /// Whether the chunk at `before` is the same byte for byte: a clock that was set back can make
  /// equal times.
  private boolean isSame(long before, ChunkSpan chunk) {
    return context
            .segment()
            .asSlice(before, chunk.length())
            .mismatch(context.segment().asSlice(chunk.offset(), chunk.length()))
        < 0;
  }

  private ScanResult again(ChunkScan scan) {
    ChunkScan certain = new ChunkScan(context, scan.chunk);
    ScanSpace space = context.borrow();
    try {
      certain.run(space, context.definitions.inForce());
      return certain.result;
    } finally {
      space.forgetRows();
      context.giveBack(space);
    }
  }

  /// Reads a chunk with very many messages once more, some at a time.
  private void portions(McapUnit unit, ChunkScan scan, OpenChunk chunk, RecordingSink sink) {
    ScanSpace space = context.borrow();
    try (ChunkContent content = ChunkContent.open(context, scan.chunk, new UnitDefects())) {
      RecordScan again = scan.recordScan(space, context.definitions.inForce());
      again.start(content.segment(), content.from(), content.to(), false);
      long at = content.from();
      while (at < content.to()) {
        at = again.scan(at, content.to(), ChunkScan.MAX_ROWS);
        ScanResult portion = again.take();
        take(unit, scan, portion, chunk, sink);
      }
    } finally {
      space.forgetRows();
      context.giveBack(space);
    }
  }

  /// Ends the comparison of the last chunk with its indexes; reads it around a broken record if
  /// there was one.
  void closeChunk(RecordingSink sink) {
    OpenChunk chunk = open;
    if (chunk == null) {
      return;
    }
    open = null;
    if (chunk.scan.isBroken()) {
      recover(chunk, sink);
    } else if (!chunk.scan.readable) {
      facts.lostMessages += chunk.indexedMessages();
    }
    chunk.finish(sink);
    facts.close(chunk);
  }

  private void recover(OpenChunk chunk, RecordingSink sink) {
    ChunkScan scan = chunk.scan;
    ChunkRecovery recovery = new ChunkRecovery(context, scan);
    ScanSpace space = context.borrow();
    ScanResult result;
    try {
      result = recovery.run(space, chunk.indexEnd());
    } finally {
      space.forgetRows();
      context.giveBack(space);
    }
    Defect defect = recovery.defect();
    boolean cut = scan.chunk.state() == ChunkSpan.State.CUT;
    if (defect != null && !cut && !scan.crcWrong) {
      log.report(sink, defect);
      ByteRange bytes = defect.location().bytes();
      if (bytes != null) {
        facts.faults.add(bytes.offsetBytes(), bytes.endBytes());
      }
    }
    if (cut) {
      // Counted as lost when the end of the file was found.
      facts.lostBytes -= scan.chunk.plain() ? recovery.reached() : 0;
    } else if (scan.chunk.plain()) {
      facts.lostBytes += recovery.lostBytes();
    }
    facts.lostMessages += Math.max(0, recovery.indexedMessages() - result.messages);
    facts.count(result);
    chunk.add(result);
    streams.commit(result, scan.place(), false, () -> result, sink);
    streams.lost();
  }

  /// Hands over messages that waited for definitions which came later or stand in the summary only.
  void deliverWaiting(RecordingSink sink) {
    for (Orphans.Range range : orphans.ranges()) {
      McapUnit unit = range.unit();
      ChunkScan chunk = unit.chunk;
      ScanResult result = range.inChunk() && chunk != null ? again(chunk) : again(unit);
      streams.emitWaiting(result, sink);
    }
  }
}
