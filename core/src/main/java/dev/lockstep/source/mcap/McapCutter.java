package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.ScannedIndex;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Cuts MCAP files along log time.
///
/// Written anew, a cut has the messages of the streams in the window with their definitions, and
/// chunks, compression and checksums like the original's. Verbatim, it has the original's chunks,
/// message indexes and damaged bytes, byte for byte, behind all definitions; its summary is left
/// out, since it would have to be another one. A file that has no end keeps none if the window
/// reaches its end.
final class McapCutter implements RecordingCutter {
  /// What file systems and memory lose at once.
  private static final int PAGE_BYTES = 4096;

  private final ScanContext context;
  private final ScannedIndex index;
  private final List<TopWalk.Span> spans = new ArrayList<>();
  private final Map<Integer, byte[]> schemas = new LinkedHashMap<>();
  private final Map<Integer, Definition> channels = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();

  /// A channel with the name of its stream.
  private record Definition(
      String stream,
      int schemaId,
      String topic,
      String encoding,
      Map<String, String> metadata,
      byte[] record) {}

  /// Takes a record of the original; returns whether to go on.
  private interface Visitor {
    boolean record(MemorySegment bytes, long at, int opcode, long length) throws IOException;
  }

  private McapCutter(MappedFile file, ScannedIndex index) {
    this.context = new ScanContext(file, ReadOptions.DEFAULT);
    this.index = index;
  }

  /// Opens a file.
  ///
  /// @throws IOException if it cannot be read
  static McapCutter open(Path path) throws IOException {
    ScannedIndex index =
        ScannedIndex.of(
            path,
            new McapReader(MappedFile.openFirst(path, 0), ReadOptions.DEFAULT.containerOnly()),
            true);
    McapCutter cutter = new McapCutter(MappedFile.open(path), index);
    try {
      cutter.guarded(cutter::plan);
      return cutter;
    } catch (IOException | RuntimeException e) {
      cutter.close();
      throw e;
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void guarded(Work work) throws IOException {
    try {
      context.file.guard(0, context.file.lengthBytes(), work::run);
    } catch (MappedFaultException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void plan() throws IOException {
    TopWalk walk = new TopWalk();
    walk.extend(context.segment(), true);
    for (TopWalk.Span span = walk.next(); span != null; span = walk.next()) {
      spans.add(span);
    }
    int known = index.streams().size();
    for (TopWalk.Span span : spans) {
      if (channels.size() >= known) {
        break;
      }
      visit(
          span,
          (bytes, at, opcode, length) -> {
            define(bytes, at, opcode, length);
            return true;
          });
    }
  }

  /// Hands over the records of a span, those of its chunk included.
  private void visit(TopWalk.Span span, Visitor visitor) throws IOException {
    if (span.single() < 0) {
      long from = span.start() == 0 ? McapLayout.MAGIC_BYTES : span.start();
      visit(context.segment(), from, span.recordsEnd(), visitor);
    }
    ChunkSpan chunk = span.chunk();
    if (chunk != null) {
      try (ChunkContent content = ChunkContent.open(context, chunk, new UnitDefects())) {
        if (content.readable()) {
          visit(content.segment(), content.from(), content.to(), visitor);
        }
      }
    }
  }

  private static void visit(MemorySegment bytes, long from, long to, Visitor visitor)
      throws IOException {
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

  private void define(MemorySegment bytes, long at, int opcode, long length) {
    if (opcode != McapLayout.SCHEMA && opcode != McapLayout.CHANNEL
        || length > Definitions.MAX_SCHEMA_BYTES) {
      return;
    }
    Fields fields = new Fields().at(bytes, at + McapLayout.RECORD_HEAD_BYTES, length);
    byte[] record = raw(bytes, at, McapLayout.RECORD_HEAD_BYTES + length);
    int id = fields.u16();
    if (opcode == McapLayout.SCHEMA) {
      schemas.putIfAbsent(id, record);
      return;
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
      return;
    }
    String name = names.add(topic) ? topic : topic + " (channel " + id + ")";
    channels.put(id, new Definition(name, schemaId, topic, encoding, metadata, record));
  }

  private static byte[] raw(MemorySegment bytes, long at, long length) {
    byte[] copy = new byte[Math.toIntExact(length)];
    MemorySegment.copy(bytes, at, MemorySegment.ofArray(copy), 0, copy.length);
    return copy;
  }

  @Override
  public List<String> streams() {
    return index.streams().stream().map(StreamInfo::name).toList();
  }

  @Override
  public Window whole() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (String stream : streams()) {
      for (long i = 0; i < index.messages(stream); i++) {
        long at = index.message(stream, i).logTimeNs();
        first = Math.min(first, at);
        last = Math.max(last, at);
      }
    }
    return first > last ? new Window(0, 0) : new Window(first, last);
  }

  @Override
  public long axisOf(String stream, long message) {
    return message >= 0 && message < index.messages(stream)
        ? index.message(stream, message).logTimeNs()
        : whole().first();
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    MessageAt best = null;
    for (String stream : streams()) {
      for (long i = 0; i < index.messages(stream); i++) {
        MessageAt each = index.message(stream, i);
        long at = each.bytes().offsetBytes();
        if (at <= offsetBytes && (best == null || at > best.bytes().offsetBytes())) {
          best = each;
        }
      }
    }
    return best == null ? whole().first() : best.logTimeNs();
  }

  @Override
  public long step(String stream) {
    long count = index.messages(stream);
    if (count < 2) {
      Window all = whole();
      return Math.max(1, (all.last() - all.first()) / 100);
    }
    long spanNs =
        Times.difference(
            index.message(stream, count - 1).logTimeNs(), index.message(stream, 0).logTimeNs());
    return Math.max(1, Math.abs(spanNs) / (count - 1));
  }

  @Override
  public boolean hasContainer() {
    return true;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    Path target = folder.resolve(context.name);
    guarded(() -> {
      if (plan.verbatim()) {
        copy(plan, target);
      } else {
        rewrite(plan, target);
      }
    });
    return target;
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

  private McapWriterOptions options() throws IOException {
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

  private void rewrite(Plan plan, Path target) throws IOException {
    Map<Integer, Integer> written = new HashMap<>();
    Map<Integer, Integer> writtenSchemas = new HashMap<>();
    try (McapWriter writer = McapWriter.create(target, options())) {
      for (TopWalk.Span span : spans) {
        ChunkSpan chunk = span.chunk();
        if (chunk != null && !overlaps(chunk, plan.window())) {
          visit(
              context.segment(),
              span.start() == 0 ? McapLayout.MAGIC_BYTES : span.start(),
              span.recordsEnd(),
              (bytes, at, opcode, length) ->
                  rewrite(bytes, at, opcode, length, plan, writer, written, writtenSchemas));
          continue;
        }
        visit(
            span,
            (bytes, at, opcode, length) ->
                rewrite(bytes, at, opcode, length, plan, writer, written, writtenSchemas));
      }
    }
  }

  private static boolean overlaps(ChunkSpan chunk, Window window) {
    return chunk.head().startNs() <= window.last() && chunk.head().endNs() >= window.first();
  }

  private boolean rewrite(
      MemorySegment bytes,
      long at,
      int opcode,
      long length,
      Plan plan,
      McapWriter writer,
      Map<Integer, Integer> written,
      Map<Integer, Integer> writtenSchemas)
      throws IOException {
    if (opcode != McapLayout.MESSAGE || length < McapLayout.MESSAGE_HEAD_BYTES) {
      return true;
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    int id = bytes.get(McapLayout.U16, body) & 0xFFFF;
    long logTimeNs = bytes.get(McapLayout.U64, body + McapLayout.MESSAGE_LOG_TIME_OFFSET);
    Definition channel = channels.get(id);
    if (channel == null
        || !plan.streams().contains(channel.stream())
        || !plan.window().contains(logTimeNs)) {
      return true;
    }
    Integer to = written.get(id);
    if (to == null) {
      int schema = channel.schemaId() == 0 ? 0 : schema(channel, writer, writtenSchemas);
      to = writer.channel(schema, channel.topic(), channel.encoding(), channel.metadata());
      written.put(id, to);
    }
    writer.message(
        to,
        bytes.get(McapLayout.U32, body + McapLayout.MESSAGE_SEQUENCE_OFFSET),
        logTimeNs,
        bytes.get(McapLayout.U64, body + McapLayout.MESSAGE_PUBLISH_TIME_OFFSET),
        ByteBuffer.wrap(
            raw(
                bytes,
                body + McapLayout.MESSAGE_HEAD_BYTES,
                length - McapLayout.MESSAGE_HEAD_BYTES)));
    return true;
  }

  private int schema(Definition channel, McapWriter writer, Map<Integer, Integer> written) {
    byte[] record = schemas.get(channel.schemaId());
    if (record == null) {
      return 0;
    }
    return written.computeIfAbsent(
        channel.schemaId(),
        _ -> {
          Fields fields =
              new Fields()
                  .at(
                      MemorySegment.ofArray(record),
                      McapLayout.RECORD_HEAD_BYTES,
                      record.length - McapLayout.RECORD_HEAD_BYTES);
          Records.Schema schema = Records.Schema.read(fields);
          return writer.schema(schema.name(), schema.encoding(), schema.data());
        });
  }

  /// The pieces of the data section that lie in the window, as they are.
  private void copy(Plan plan, Path target) throws IOException {
    Window window = plan.window();
    boolean open = !Anchors.endsWithFooter(context.segment()) && window.last() >= whole().last();
    try (FileChannel out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(out, 0, Math.min(McapLayout.MAGIC_BYTES, context.segment().byteSize()));
      Copy copy = new Copy(plan, out);
      for (TopWalk.Span span : spans) {
        copy.span(span);
      }
      if (open) {
        long end = spans.isEmpty() ? McapLayout.MAGIC_BYTES : spans.getLast().end();
        write(out, end, context.segment().byteSize() - end);
      } else {
        RecordBuffer tail = new RecordBuffer(64);
        int dataEnd = tail.begin(McapLayout.DATA_END);
        tail.u32(0).end(dataEnd);
        int footer = tail.begin(McapLayout.FOOTER);
        tail.u64(0).u64(0).u32(0).end(footer);
        tail.u64(McapLayout.MAGIC);
        writeAll(out, tail.written());
      }
    }
  }

  private void write(FileChannel out, long at, long length) throws IOException {
    for (long done = 0; done < length; done += 1 << 20) {
      writeAll(
          out,
          ByteBuffer.wrap(raw(context.segment(), at + done, Math.min(1 << 20, length - done))));
    }
  }

  private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private final class Copy {
    private final Plan plan;
    private final FileChannel out;
    private final LongPredicate inWindow;
    private long timeNs;
    private boolean chunkKept;
    private boolean defined;
    private boolean aligned;

    Copy(Plan plan, FileChannel out) {
      this.plan = plan;
      this.out = out;
      this.inWindow = plan.window()::contains;
      this.timeNs = whole().first();
    }

    void span(TopWalk.Span span) throws IOException {
      if (span.single() >= 0 || span.damage() != null && span.chunk() == null) {
        if (inWindow.test(timeNs)) {
          long from = Math.max(McapLayout.MAGIC_BYTES, span.start());
          align(from);
          write(out, from, span.end() - from);
        }
        return;
      }
      long from = span.start() == 0 ? McapLayout.MAGIC_BYTES : span.start();
      visit(context.segment(), from, span.recordsEnd(), this::record);
      ChunkSpan chunk = span.chunk();
      if (chunk != null) {
        boolean sound = chunk.head().startNs() <= chunk.head().endNs();
        chunkKept = sound ? overlaps(chunk, plan.window()) : inWindow.test(timeNs);
        timeNs = sound ? Math.clamp(timeNs, chunk.head().startNs(), chunk.head().endNs()) : timeNs;
        if (chunkKept) {
          align(chunk.offset());
          write(out, chunk.offset(), chunk.length());
        }
        timeNs = sound ? chunk.head().endNs() : timeNs;
      }
    }

    /// Puts a private record in front of the first piece, so that it lies in its page as it did:
    /// what was lost with whole pages is known by that.
    private void align(long offset) throws IOException {
      if (aligned) {
        return;
      }
      aligned = true;
      int gap = (int) Math.floorMod(offset - out.position(), (long) PAGE_BYTES);
      if (gap == 0) {
        return;
      }
      int length = gap < McapLayout.RECORD_HEAD_BYTES ? gap + PAGE_BYTES : gap;
      byte[] filler = new byte[length - McapLayout.RECORD_HEAD_BYTES];
      Arrays.fill(filler, (byte) ' ');
      RecordBuffer record = new RecordBuffer(length);
      record.u8(McapLayout.FIRST_PRIVATE).u64(filler.length).raw(filler);
      writeAll(out, record.written());
    }

    private boolean record(MemorySegment bytes, long at, int opcode, long length)
        throws IOException {
      boolean keep =
          switch (opcode) {
            case McapLayout.HEADER, McapLayout.SCHEMA, McapLayout.CHANNEL -> true;
            case McapLayout.MESSAGE_INDEX -> chunkKept;
            case McapLayout.MESSAGE -> message(bytes, at, length);
            default -> inWindow.test(timeNs);
          };
      if (keep) {
        write(out, at, McapLayout.RECORD_HEAD_BYTES + length);
      }
      if (!defined) {
        defined = true;
        for (byte[] schema : schemas.values()) {
          writeAll(out, ByteBuffer.wrap(schema));
        }
        for (Definition channel : channels.values()) {
          writeAll(out, ByteBuffer.wrap(channel.record()));
        }
      }
      return true;
    }

    private boolean message(MemorySegment bytes, long at, long length) {
      if (length < McapLayout.MESSAGE_HEAD_BYTES) {
        return inWindow.test(timeNs);
      }
      long body = at + McapLayout.RECORD_HEAD_BYTES;
      timeNs = bytes.get(McapLayout.U64, body + McapLayout.MESSAGE_LOG_TIME_OFFSET);
      Definition channel = channels.get(bytes.get(McapLayout.U16, body) & 0xFFFF);
      return (channel == null || plan.streams().contains(channel.stream()))
          && inWindow.test(timeNs);
    }
  }

  @Override
  public void close() {
    context.close();
    index.close();
  }
}
