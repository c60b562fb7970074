package dev.lockstep.source.mcap;

import dev.lockstep.source.RecordingCutter.Plan;
import dev.lockstep.source.RecordingCutter.Window;
import dev.lockstep.source.mcap.CutSource.Definition;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.LongPredicate;

/// Copies the pieces of a file that lie in a window, byte for byte, behind all definitions.
final class VerbatimCut {
  /// What file systems and memory lose at once.
  private static final int PAGE_BYTES = 4096;

  private final CutSource source;
  private final Plan plan;
  private final FileChannel out;
  private final LongPredicate inWindow;
  private long timeNs;
  private boolean chunkKept;
  private boolean defined;
  private boolean aligned;

  private VerbatimCut(CutSource source, Plan plan, FileChannel out, long firstNs) {
    this.source = source;
    this.plan = plan;
    this.out = out;
    this.inWindow = plan.window()::contains;
    this.timeNs = firstNs;
  }

  /// The pieces of the data section that lie in the window, as they are.
  ///
  /// @param whole the whole axis
  static void write(CutSource source, Plan plan, Window whole, Path target) throws IOException {
    MemorySegment bytes = source.context.segment();
    boolean open = !Anchors.endsWithFooter(bytes) && plan.window().last() >= whole.last();
    try (FileChannel out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      VerbatimCut cut = new VerbatimCut(source, plan, out, whole.first());
      cut.write(0, Math.min(McapLayout.MAGIC_BYTES, bytes.byteSize()));
      for (TopWalk.Span span : source.spans) {
        cut.span(span);
      }
      if (open) {
        long end = source.spans.isEmpty() ? McapLayout.MAGIC_BYTES : source.spans.getLast().end();
        cut.write(end, bytes.byteSize() - end);
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

  private void write(long at, long length) throws IOException {
    for (long done = 0; done < length; done += 1 << 20) {
      writeAll(
          out,
          ByteBuffer.wrap(
              CutSource.raw(
                  source.context.segment(), at + done, Math.min(1 << 20, length - done))));
    }
  }

  private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private void span(TopWalk.Span span) throws IOException {
    if (span.single() >= 0 || span.damage() != null && span.chunk() == null) {
      if (inWindow.test(timeNs)) {
        long from = Math.max(McapLayout.MAGIC_BYTES, span.start());
        align(from);
        write(from, span.end() - from);
      }
      return;
    }
    CutSource.visit(
        source.context.segment(), CutSource.recordsFrom(span), span.recordsEnd(), this::record);
    ChunkSpan chunk = span.chunk();
    if (chunk != null) {
      boolean sound = chunk.head().startNs() <= chunk.head().endNs();
      chunkKept = sound ? CutSource.overlaps(chunk, plan.window()) : inWindow.test(timeNs);
      timeNs = sound ? Math.clamp(timeNs, chunk.head().startNs(), chunk.head().endNs()) : timeNs;
      if (chunkKept) {
        align(chunk.offset());
        write(chunk.offset(), chunk.length());
      }
      timeNs = sound ? chunk.head().endNs() : timeNs;
    }
  }

  /// Puts a private record in front of the first piece, so that it lies in its page as it did: what
  /// was lost with whole pages is known by that.
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

  private boolean record(MemorySegment bytes, long at, int opcode, long length) throws IOException {
    boolean keep =
        switch (opcode) {
          case McapLayout.HEADER, McapLayout.SCHEMA, McapLayout.CHANNEL -> true;
          case McapLayout.MESSAGE_INDEX -> chunkKept;
          case McapLayout.MESSAGE -> message(bytes, at, length);
          default -> inWindow.test(timeNs);
        };
    if (keep) {
      write(at, McapLayout.RECORD_HEAD_BYTES + length);
    }
    if (!defined) {
      defined = true;
      for (byte[] schema : source.schemas.values()) {
        writeAll(out, ByteBuffer.wrap(schema));
      }
      for (Definition channel : source.channels.values()) {
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
    Definition channel = source.channels.get(bytes.get(McapLayout.U16, body) & 0xFFFF);
    return (channel == null || plan.streams().contains(channel.stream())) && inWindow.test(timeNs);
  }
}
