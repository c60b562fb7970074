package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.payload.ZeroRuns;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One reading of one chunk: content, checksum, records.
final class ChunkScan {
  /// Messages that one scan keeps as rows; a chunk with more is read again, in portions, when its
  /// turn to be committed has come. Bounds a unit to about 20 MB whatever a chunk decompresses to.
  static final int MAX_ROWS = 1 << 18;

  private final ScanContext context;
  final ChunkSpan chunk;

  /// What is wrong with the chunk as a whole.
  final UnitDefects defects = new UnitDefects();

  /// Records of the chunk, as far as they could be read in one go.
  ScanResult result = new ScanResult();

  /// Whether there was anything to read.
  boolean readable;

  /// Whether everything was read, down to the last record.
  boolean complete;

  /// Whether a stored checksum covers the content and was right.
  boolean protectedByCrc;

  /// Whether a checksum of the compression covers the content and was right.
  boolean protectedByFrame;

  /// Whether the content contradicts its stored checksum.
  boolean crcWrong;

  /// Checksum of the content as computed, where it contradicts the stored one.
  private int computedCrc;

  /// Whether the chunk holds too many messages for one scan.
  boolean portioned;

  /// Pages of zeros that may stand in place of the chunk's bytes, or -1. Looked for where no
  /// checksum has shown the bytes to be right.
  long lostPages = -1;

  long lostPagesEnd = -1;

  /// Zeros from a sector on to the end of the chunk, or -1: data, unless the chunk is damaged.
  private long lostTail = -1;

  /// CRC-32 of the bytes of the chunk record as they lie in the file; meaningless unless wanted.
  int fileCrc;

  long unexaminedBytes;

  /// How many bytes of content are missing, by the size that the chunk gives.
  private long missingBytes;

  ChunkScan(ScanContext context, ChunkSpan chunk) {
    this.context = context;
    this.chunk = chunk;
  }

  /// Reads the chunk.
  ///
  /// @param known what is known of channels and schemas
  void run(ScanSpace space, Definitions.Known known) {
    try (ChunkContent content = ChunkContent.open(context, chunk, defects)) {
      readable = content.readable();
      unexaminedBytes = content.unexaminedBytes();
      protectedByFrame = content.checksummed();
      boolean dataCrc = context.dataCrcWanted;
      if (readable) {
        long present = content.to() - content.from();
        missingBytes = content.whole() ? chunk.head().uncompressedSize() - present : 0;
        boolean stored = chunk.head().crc() != 0 && content.whole();
        RecordScan scan = recordScan(space, known);
        boolean wanted = stored || dataCrc && chunk.plain();
        scan.start(content.segment(), content.from(), content.to(), wanted);
        long reached = scan.scan(content.from(), content.to(), MAX_ROWS);
        result = scan.result();
        portioned = reached < content.to() && result.brokenAt < 0 && framesHold(content, reached);
        complete = content.whole() && reached == content.to();
        int crc = scan.crcUpTo(content.to());
        if (stored) {
          compare(crc);
        }
        if (chunk.plain()) {
          fileCrc = crc;
        }
      }
      if (dataCrc) {
        sumFileBytes();
      }
    }
    if (!protectedByCrc && !protectedByFrame) {
      findLostPages();
    }
  }

  private static boolean framesHold(ChunkContent content, long from) {
    RecordProbe probe = new RecordProbe(content.segment(), content.to(), true);
    long at = from;
    while (probe.hasHead(at) && probe.headCredible(at) && probe.fits(at)) {
      at += McapLayout.RECORD_HEAD_BYTES + probe.length(at);
    }
    return at == content.to();
  }

  private void findLostPages() {
    MemorySegment file = context.segment();
    long from = chunk.head().recordsOffset();
    long to = from + chunk.recordsLength();
    lostPages = ZeroRuns.findLostPages(file, from, to);
    if (lostPages >= 0) {
      lostPagesEnd = ZeroRuns.end(file, lostPages);
      return;
    }
    // Sectors that are lost up to the end of the chunk. What follows does not count: it need not be
    // there yet.
    long begin = ZeroRuns.begin(file, to, from);
    long sector = (begin + ZeroRuns.SECTOR_BYTES - 1) & -ZeroRuns.SECTOR_BYTES;
    if (sector - begin <= Long.BYTES && to - sector >= ZeroRuns.SECTOR_BYTES) {
      lostTail = begin;
    }
  }

  /// A scan of the chunk's records.
  RecordScan recordScan(ScanSpace space, Definitions.Known known) {
    return new RecordScan(place(), context, space, known);
  }

  /// How places in the chunk are named.
  RecordScan.Place place() {
    return new RecordScan.Place(context.name, chunk.offset(), chunk.length(), chunk.plain());
  }

  private void compare(int crc) {
    if (crc == chunk.head().crc()) {
      protectedByCrc = true;
      return;
    }
    crcWrong = true;
    computedCrc = crc;
  }

  private void sumFileBytes() {
    MemorySegment file = context.segment();
    long records = chunk.head().recordsOffset();
    long length = chunk.recordsLength();
    int crc = Crc32.of(file, chunk.offset(), records - chunk.offset());
    if (chunk.plain() && readable) {
      crc = Crc32.combine(crc, fileCrc, length);
    } else {
      crc = Crc32.update(crc, file, records, length);
    }
    fileCrc = Crc32.update(crc, file, records + length, chunk.end() - records - length);
  }

  /// What there is to say about the chunk: one defect where it is damaged, whatever follows from
  /// that. A broken record is told by the one who reads around it.
  ///
  /// @param sums tells of wrong checksums
  List<Defect> conclusions(WrongSums sums) {
    if (chunk.state() == ChunkSpan.State.CUT) {
      return List.of();
    }
    if (isDamaged()) {
      long zeros = lostPages >= 0 ? lostPages : lostTail;
      if (zeros >= 0 && (crcWrong || !readable)) {
        long end =
            lostPages >= 0 ? lostPagesEnd : chunk.head().recordsOffset() + chunk.recordsLength();
        long length = end - zeros;
        return List.of(
            Defect.of(
                DefectKind.ZERO_PAGES,
                Location.bytes(context.name, zeros, length),
                new Evidence.Violation(
                    "bytes of a chunk that is not as it was written", length + " zeros", "data")));
      }
      if (crcWrong) {
        return List.of(wrongSum(sums));
      }
      return readable ? List.of() : List.of(defects.kept().getLast());
    }
    List<Defect> all = new ArrayList<>(defects.kept());
    all.addAll(result.defects.kept());
    return all;
  }

  private Defect wrongSum(WrongSums sums) {
    long from = chunk.head().recordsOffset();
    long length = chunk.recordsLength();
    String what = "CRC-32 of the chunk";
    int stored = chunk.head().crc();
    return chunk.plain()
        ? sums.defect(DefectKind.CHUNK_CRC, what, from, length, stored, computedCrc)
        : Defect.of(
            DefectKind.CHUNK_CRC,
            Location.bytes(context.name, from, length),
            Evidence.Mismatch.ofCrc(what + "'s decompressed records", stored, computedCrc));
  }

  /// Whether the content is not what was written, or not all there.
  boolean isDamaged() {
    return crcWrong || !readable || isBroken();
  }

  /// Whether so much less is there than the chunk says that messages may be missing.
  boolean isShort() {
    return missingBytes >= McapLayout.RECORD_HEAD_BYTES;
  }

  /// Whether the walk over the records stopped at a broken one.
  boolean isBroken() {
    return readable && !complete && !portioned;
  }
}
