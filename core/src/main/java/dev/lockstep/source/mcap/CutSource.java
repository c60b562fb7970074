package dev.lockstep.source.mcap;

import dev.lockstep.source.RecordingCutter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What lies where in an MCAP file that is to be cut: its spans, and the definitions that its
/// messages rest on.
final class CutSource {
  private static final byte[] NONE = new byte[0];

  final ScanContext context;
  final List<TopWalk.Span> spans = new ArrayList<>();
  final Map<Integer, byte[]> schemas = new LinkedHashMap<>();
  final Map<Integer, Definition> channels = new LinkedHashMap<>();

  /// Of definitions that stand in chunks: where the first of those begins.
  private final IdentityHashMap<byte[], Long> chunks = new IdentityHashMap<>();

  private final Set<String> names = new HashSet<>();

  /// A channel with the name of its stream.
  record Definition(
      String stream,
      int schemaId,
      String topic,
      String encoding,
      Map<String, String> metadata,
      byte[] record) {}

  /// Takes a record of the original; returns whether to go on.
  interface Visitor {
    boolean record(MemorySegment bytes, long at, int opcode, long length) throws IOException;
  }

  CutSource(ScanContext context) {
    this.context = context;
  }

  /// Walks over the file until the definitions of `known` channels are found.
  void read(int known) throws IOException {
    TopWalk walk = new TopWalk();
    walk.extend(context.segment(), true);
    for (TopWalk.Span span = walk.next(); span != null; span = walk.next()) {
      spans.add(span);
    }
    for (TopWalk.Span span : spans) {
      if (channels.size() >= known) {
        break;
      }
      visitRecords(
          span,
          (bytes, at, opcode, length) -> {
            define(bytes, at, opcode, length);
            return true;
          });
      ChunkSpan chunk = span.chunk();
      if (chunk != null) {
        visitChunk(
            context,
            chunk,
            (bytes, at, opcode, length) -> {
              chunks.put(define(bytes, at, opcode, length), chunk.offset());
              return true;
            });
      }
    }
  }

  /// The definitions whose first record stands in one of the chunks that begin at `offsets`.
  List<byte[]> definitionsIn(Set<Long> offsets) {
    List<byte[]> found = new ArrayList<>();
    for (byte[] schema : schemas.values()) {
      found.add(schema);
    }
    for (Definition channel : channels.values()) {
      found.add(channel.record());
    }
    found.removeIf(record -> !offsets.contains(chunks.get(record)));
    return found;
  }

  /// Hands over the records of a span, those of its chunk included.
  void visit(TopWalk.Span span, Visitor visitor) throws IOException {
    visitRecords(span, visitor);
    ChunkSpan chunk = span.chunk();
    if (chunk != null) {
      visitChunk(context, chunk, visitor);
    }
  }

  private void visitRecords(TopWalk.Span span, Visitor visitor) throws IOException {
    if (span.single() < 0) {
      visit(context.segment(), recordsFrom(span), span.recordsEnd(), visitor);
    }
  }

  /// Hands over the records of a chunk, as far as it can be read.
  static void visitChunk(ScanContext context, ChunkSpan chunk, Visitor visitor) throws IOException {
    try (ChunkContent content = ChunkContent.open(context, chunk, new UnitDefects())) {
      if (content.readable()) {
        visit(content.segment(), content.from(), content.to(), visitor);
      }
    }
  }

  /// Hands over the whole records of a range.
  static void visit(MemorySegment bytes, long from, long to, Visitor visitor) throws IOException {
    RecordProbe probe = new RecordProbe(bytes, to, false);
    long at = from;
    while (probe.hasHead(at) && probe.fits(at)) {
      long length = probe.length(at);
      if (!visitor.record(bytes, at, probe.opcode(at), length)) {
        return;
      }
      at += McapLayout.RECORD_HEAD_BYTES + length;
    }
  }

  /// Keeps a definition that is the first of its id and returns its record, else no bytes.
  private byte[] define(MemorySegment bytes, long at, int opcode, long length) {
    if (opcode != McapLayout.SCHEMA && opcode != McapLayout.CHANNEL
        || length > Definitions.MAX_SCHEMA_BYTES) {
      return NONE;
    }
    Fields fields = new Fields().at(bytes, at + McapLayout.RECORD_HEAD_BYTES, length);
    byte[] record = raw(bytes, at, McapLayout.RECORD_HEAD_BYTES + length);
    int id = fields.u16();
    if (opcode == McapLayout.SCHEMA) {
      return schemas.putIfAbsent(id, record) == null ? record : NONE;
    }
    int schemaId = fields.u16();
    String topic = fields.text();
    String encoding = fields.text();
    Map<String, String> metadata = new LinkedHashMap<>();
    long end = fields.u32();
    end += fields.position();
    while (!fields.broken() && fields.position() < end) {
      metadata.put(fields.text(), fields.text());
    }
    if (fields.broken() || channels.containsKey(id)) {
      return NONE;
    }
    String name = names.add(topic) ? topic : topic + " (channel " + id + ")";
    channels.put(id, new Definition(name, schemaId, topic, encoding, metadata, record));
    return record;
  }

  /// A copy of bytes.
  static byte[] raw(MemorySegment bytes, long at, long length) {
    byte[] copy = new byte[Math.toIntExact(length)];
    MemorySegment.copy(bytes, at, MemorySegment.ofArray(copy), 0, copy.length);
    return copy;
  }

  /// Where the records of a span begin.
  static long recordsFrom(TopWalk.Span span) {
    return span.start() == 0 ? McapLayout.MAGIC_BYTES : span.start();
  }

  /// Whether messages of a chunk may lie in `window`.
  static boolean overlaps(ChunkSpan chunk, RecordingCutter.Window window) {
    return chunk.head().startNs() <= window.last() && chunk.head().endNs() >= window.first();
  }

  private Records.@Nullable Header header() throws IOException {
    Records.Header[] header = new Records.Header[1];
    if (!spans.isEmpty()) {
      visit(
          context.segment(),
          McapLayout.MAGIC_BYTES,
          spans.getFirst().recordsEnd(),
          (bytes, at, opcode, length) -> {
            if (opcode == McapLayout.HEADER) {
              Fields fields = new Fields().at(bytes, at + McapLayout.RECORD_HEAD_BYTES, length);
              header[0] = Records.Header.read(fields);
            }
            return false;
          });
    }
    return header[0];
  }

  /// What a writer needs to write a file like this one.
  McapWriterOptions options() throws IOException {
    McapWriterOptions options = McapWriterOptions.DEFAULT;
    Records.Header header = header();
    if (header != null) {
      options = options.withProfile(header.profile()).withLibrary(header.library());
    }
    long largest = 0;
    String compression = "";
    boolean summed = false;
    for (TopWalk.Span span : spans) {
      ChunkSpan chunk = span.chunk();
      if (chunk != null) {
        largest = Math.max(largest, chunk.head().uncompressedSize());
        summed |= chunk.head().crc() != 0;
        compression = chunk.head().compression();
      }
    }
    boolean known = compression.equals("lz4") || compression.equals("zstd");
    options =
        options
            .withCompression(known ? compression : "")
            .withChunkBytes(Math.clamp(largest, 0, 4 << 20));
    if (!summed) {
      options = options.without(McapWriterOptions.Part.CHUNK_CRC);
    }
    return new SummaryPreview(context).dataCrcIsAbsent()
        ? options.without(McapWriterOptions.Part.DATA_CRC)
        : options;
  }
}
