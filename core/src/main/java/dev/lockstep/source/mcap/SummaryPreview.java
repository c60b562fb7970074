package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;

/// A look at the end of a complete file before it is read, to save work: whether the data section
/// has a checksum at all, and what channels there are. Nothing here decides what is found.
final class SummaryPreview {
  /// Records that are looked at. Judged: more than any summary has definitions.
  private static final int MAX_RECORDS = 1 << 17;

  private final ScanContext context;
  private final MemorySegment file;
  private final long footerAt;
  private final long summaryStart;

  SummaryPreview(ScanContext context) {
    this.context = context;
    this.file = context.segment();
    boolean whole = Anchors.endsWithFooter(file);
    footerAt = whole ? file.byteSize() - McapLayout.FILE_TAIL_BYTES : -1;
    summaryStart = whole ? file.get(McapLayout.U64, footerAt + McapLayout.RECORD_HEAD_BYTES) : 0;
  }

  /// Whether the file says that its data section has no checksum.
  boolean dataCrcIsAbsent() {
    long end = summaryStart == 0 ? footerAt : summaryStart;
    long dataEnd = end - McapLayout.RECORD_HEAD_BYTES - McapLayout.DATA_END_BYTES;
    return dataEnd >= McapLayout.MAGIC_BYTES
        && dataEnd < footerAt
        && (file.get(McapLayout.U8, dataEnd) & 0xFF) == McapLayout.DATA_END
        && file.get(McapLayout.U64, dataEnd + McapLayout.LENGTH_OFFSET) == McapLayout.DATA_END_BYTES
        && file.get(McapLayout.U32, dataEnd + McapLayout.RECORD_HEAD_BYTES) == 0;
  }

  /// Offers the definitions of the summary as guesses.
  void guessDefinitions() {
    if (summaryStart < McapLayout.MAGIC_BYTES || summaryStart >= footerAt) {
      return;
    }
    Fields fields = new Fields();
    RecordProbe probe = new RecordProbe(file, footerAt, false);
    long at = summaryStart;
    for (int i = 0;
        i < MAX_RECORDS && probe.hasHead(at) && probe.headCredible(at) && probe.fits(at);
        i++) {
      long length = probe.length(at);
      fields.at(file, at + McapLayout.RECORD_HEAD_BYTES, length);
      if (probe.opcode(at) == McapLayout.SCHEMA) {
        Records.Schema schema = Records.Schema.read(fields);
        if (!fields.broken()) {
          context.definitions.guess(schema);
        }
      } else if (probe.opcode(at) == McapLayout.CHANNEL) {
        Records.Channel channel = Records.Channel.read(fields);
        if (!fields.broken()) {
          Definitions definitions = context.definitions;
          definitions.guess(
              definitions.resolve(channel, definitions.guesses().schema(channel.schemaId())));
        }
      }
      at += McapLayout.RECORD_HEAD_BYTES + length;
    }
  }
}
