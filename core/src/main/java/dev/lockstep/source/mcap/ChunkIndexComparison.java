package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/// Says in which fields a chunk index entry differs from the chunk and its message indexes. Needed
/// only where it does: the chunk's head is read once more.
final class ChunkIndexComparison {
  private final ScanContext context;
  private final Records.ChunkIndex entry;

  ChunkIndexComparison(ScanContext context, Records.ChunkIndex entry) {
    this.context = context;
    this.entry = entry;
  }

  /// The differences in one line.
  String inWords() {
    MemorySegment file = context.segment();
    Fields fields = new Fields();
    RecordProbe probe = new RecordProbe(file, file.byteSize(), false);
    long at = entry.offset();
    long length = McapLayout.RECORD_HEAD_BYTES + probe.length(at);
    ChunkSpan chunk = ChunkSpan.read(file, at, length, ChunkSpan.State.WHOLE, fields);
    Records.ChunkHead head = chunk.head();
    FieldDifferences differences =
        new FieldDifferences()
            .compare("message_start_time", entry.startNs(), head.startNs())
            .compare("message_end_time", entry.endNs(), head.endNs())
            .compare("chunk_length", entry.length(), length)
            .compare("compression", quoted(entry.compression()), quoted(head.compression()))
            .compare("compressed_size", entry.compressedSize(), head.recordsLength())
            .compare("uncompressed_size", entry.uncompressedSize(), head.uncompressedSize());
    Map<Integer, Long> actual = new TreeMap<>();
    long next = chunk.end();
    while (probe.hasHead(next)
        && probe.opcode(next) == McapLayout.MESSAGE_INDEX
        && probe.fits(next)) {
      fields.at(file, next + McapLayout.RECORD_HEAD_BYTES, probe.length(next));
      actual.put(fields.u16(), next);
      next += McapLayout.RECORD_HEAD_BYTES + probe.length(next);
    }
    differences.compare("message_index_length", entry.indexLength(), next - chunk.end());
    if (differences.isEmpty()) {
      differences.add(
          "message_index_offsets other than those of the " + actual.size() + " message indexes");
    }
    return differences.inWords();
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }
}
