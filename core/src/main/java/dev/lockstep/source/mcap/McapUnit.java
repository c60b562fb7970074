package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import org.jspecify.annotations.Nullable;

/// One span of the data section: top-level records and the chunk behind them, scanned together.
final class McapUnit implements ScanUnit {
  final TopWalk.Span span;
  private final ScanContext context;
  private final Ledger ledger;

  /// Top-level records.
  ScanResult records = new ScanResult();

  /// The chunk, or null if the span has none.
  @Nullable ChunkScan chunk;

  /// CRC-32 of all bytes of the span, if [ScanContext#dataCrcWanted] said so.
  int crc;

  /// Whether [#crc] was computed.
  boolean summed;

  /// Where pages of zeros stand among the records in front of the chunk, or -1.
  long lostPages = -1;

  /// Why the bytes could not be read, or null.
  @Nullable MappedFaultException fault;

  McapUnit(TopWalk.Span span, ScanContext context, Ledger ledger) {
    this.span = span;
    this.context = context;
    this.ledger = ledger;
  }

  /// The same span, not scanned.
  McapUnit withoutResults() {
    McapUnit bare = new McapUnit(span, context, ledger);
    ChunkSpan chunkSpan = span.chunk();
    bare.chunk = chunkSpan == null ? null : new ChunkScan(context, chunkSpan);
    return bare;
  }

  @Override
  public void scan() {
    ScanSpace space = context.borrow();
    try {
      context.file.guard(span.start(), span.end() - span.start(), () -> scan(space));
    } catch (MappedFaultException e) {
      fault = e;
    } finally {
      space.forgetRows();
      context.giveBack(space);
    }
  }

  private void scan(ScanSpace space) {
    summed = context.dataCrcWanted;
    boolean lost = isLost();
    long end = span.recordsEnd();
    RecordScan scan = records(space, context.definitions.guesses(), summed);
    records = scan.result();
    crc = scan.crcUpTo(end);
    if (!lost) {
      lostPages = ZeroRuns.findLostPages(context.segment(), span.start(), end);
    }
    ChunkSpan chunkSpan = span.chunk();
    if (chunkSpan != null) {
      ChunkScan mine = new ChunkScan(context, chunkSpan);
      mine.run(space, context.definitions.guesses());
      chunk = mine;
      if (summed) {
        crc = Crc32.combine(crc, mine.fileCrc, chunkSpan.length());
      }
    }
  }

  /// Scans the records in front of the chunk.
  RecordScan records(ScanSpace space, Definitions.Known known, boolean crcWanted) {
    RecordScan.Place place = new RecordScan.Place(context.name, -1, 0, true);
    RecordScan scan = new RecordScan(place, context, space, known);
    long start = span.start();
    scan.start(context.segment(), start, span.recordsEnd(), crcWanted);
    if (span.single() >= 0 && span.kind() >= 0) {
      scan.scanOne(span.kind(), start, span.single());
    } else if (span.single() >= 0) {
      scan.scanOne(start, span.single());
    } else if (!isLost()) {
      scan.scan(start == 0 ? McapLayout.MAGIC_BYTES : start, span.recordsEnd(), Long.MAX_VALUE);
    }
    return scan;
  }

  private boolean isLost() {
    return span.damage() != null && span.chunk() == null && span.single() < 0;
  }

  @Override
  public void commit(RecordingSink sink) {
    ledger.commit(this, sink);
  }
}
