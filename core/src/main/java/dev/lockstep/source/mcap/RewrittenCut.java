package dev.lockstep.source.mcap;

import dev.lockstep.source.RecordingCutter.Plan;
import dev.lockstep.source.mcap.CutSource.Definition;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Writes a cut anew: the messages of the streams in the window with their definitions.
final class RewrittenCut {
  private final CutSource source;
  private final Plan plan;
  private final McapWriter writer;

  /// Numbers in the cut by those in the original.
  private final Map<Integer, Integer> written = new HashMap<>();

  private final Map<Integer, Integer> writtenSchemas = new HashMap<>();

  private RewrittenCut(CutSource source, Plan plan, McapWriter writer) {
    this.source = source;
    this.plan = plan;
    this.writer = writer;
  }

  /// Writes the cut.
  static void write(CutSource source, Plan plan, Path target) throws IOException {
    try (McapWriter writer = McapWriter.create(target, source.options())) {
      new RewrittenCut(source, plan, writer).write();
    }
  }

  private void write() throws IOException {
    for (TopWalk.Span span : source.spans) {
      ChunkSpan chunk = span.chunk();
      if (chunk != null && !CutSource.overlaps(chunk, plan.window())) {
        CutSource.visit(
            source.context.segment(), CutSource.recordsFrom(span), span.recordsEnd(), this::record);
      } else {
        source.visit(span, this::record);
      }
    }
  }

  private boolean record(MemorySegment bytes, long at, int opcode, long length) throws IOException {
    if (opcode != McapLayout.MESSAGE || length < McapLayout.MESSAGE_HEAD_BYTES) {
      return true;
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    int id = bytes.get(McapLayout.U16, body) & 0xFFFF;
    long logTimeNs = bytes.get(McapLayout.U64, body + McapLayout.MESSAGE_LOG_TIME_OFFSET);
    Definition channel = source.channels.get(id);
    if (channel == null
        || !plan.streams().contains(channel.stream())
        || !plan.window().contains(logTimeNs)) {
      return true;
    }
    Integer to = written.get(id);
    if (to == null) {
      int schema = channel.schemaId() == 0 ? 0 : schema(channel);
      to = writer.channel(schema, channel.topic(), channel.encoding(), channel.metadata());
      written.put(id, to);
    }
    writer.message(
        to,
        bytes.get(McapLayout.U32, body + McapLayout.MESSAGE_SEQUENCE_OFFSET),
        logTimeNs,
        bytes.get(McapLayout.U64, body + McapLayout.MESSAGE_PUBLISH_TIME_OFFSET),
        ByteBuffer.wrap(
            CutSource.raw(
                bytes,
                body + McapLayout.MESSAGE_HEAD_BYTES,
                length - McapLayout.MESSAGE_HEAD_BYTES)));
    return true;
  }

  private int schema(Definition channel) {
    byte[] record = source.schemas.get(channel.schemaId());
    if (record == null) {
      return 0;
    }
    return writtenSchemas.computeIfAbsent(
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
}
