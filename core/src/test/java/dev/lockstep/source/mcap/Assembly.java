package dev.lockstep.source.mcap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/// Puts an MCAP file together record by record, so that a test can change anything about it before
/// the parts that depend on it are made, or after. Offsets and checksums are right unless a test
/// says otherwise. Independent of the writer.
final class Assembly {
  /// A record of the data section that stands by itself.
  static final class Item {
    final int opcode;
    byte[] body;
    long at;

    Item(int opcode, byte[] body) {
      this.opcode = opcode;
      this.body = body;
    }
  }

  /// An entry of a message index.
  static final class Entry {
    long time;
    long offset;

    Entry(long time, long offset) {
      this.time = time;
      this.offset = offset;
    }
  }

  /// A chunk, not compressed.
  static final class Chunk {
    final ByteArrayOutputStream records = new ByteArrayOutputStream();
    final Map<Integer, List<Entry>> indexes = new LinkedHashMap<>();
    long start = Long.MAX_VALUE;
    long end;
    Long size;
    Integer crc;
    String compression = "";
    byte[] pad = {};
    long at;
    long length;
    long indexLength;
    final Map<Integer, Long> indexAt = new TreeMap<>();
  }

  /// An entry of the chunk index.
  static final class ChunkEntry {
    long start;
    long end;
    long at;
    long length;
    Map<Integer, Long> indexes = new TreeMap<>();
    long indexLength;
    String compression = "";
    long compressed;
    long size;
  }

  /// Everything the summary holds, to be changed by a test.
  static final class Summary {
    final List<byte[]> schemas = new ArrayList<>();
    final List<byte[]> channels = new ArrayList<>();
    final List<ChunkEntry> chunks = new ArrayList<>();
    final List<byte[]> attachments = new ArrayList<>();
    final List<byte[]> metadata = new ArrayList<>();

    long messages;
    int schemaCount;
    int channelCount;
    int attachmentCount;
    int metadataCount;
    int chunkCount;
    long start;
    long end;
    final Map<Integer, Long> byChannel = new TreeMap<>();
    boolean statisticsFirst;
    boolean statisticsTwice;

    /// Records that a test adds: behind the group of that opcode.
    final Map<Integer, byte[]> added = new TreeMap<>();
  }

  /// The end of the file, to be changed by a test.
  static final class End {
    /// Opcode, start and length of each group.
    final List<long[]> offsets = new ArrayList<>();

    long summaryStart;
    long summaryOffsetStart;
  }

  final List<Object> data = new ArrayList<>();
  String profile = "";
  boolean dataEnd = true;
  boolean dataCrc = true;
  boolean summaryCrc = true;
  boolean chunkCrc = true;
  Consumer<Summary> onSummary = summary -> {};
  Consumer<End> onEnd = end -> {};
  final List<byte[]> schemas = new ArrayList<>();
  final List<byte[]> channels = new ArrayList<>();

  static byte[] body(Consumer<Writer> content) {
    Writer writer = new Writer();
    content.accept(writer);
    return writer.bytes.toByteArray();
  }

  /// Writes fields.
  static final class Writer {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Writer u8(int v) {
      bytes.write(v);
      return this;
    }

    Writer u16(int v) {
      return u8(v & 0xFF).u8(v >>> 8 & 0xFF);
    }

    Writer u32(long v) {
      return u16((int) (v & 0xFFFF)).u16((int) (v >>> 16 & 0xFFFF));
    }

    Writer u64(long v) {
      return u32(v & 0xFFFF_FFFFL).u32(v >>> 32);
    }

    Writer raw(byte[] v) {
      bytes.writeBytes(v);
      return this;
    }

    Writer text(String v) {
      byte[] utf8 = v.getBytes(StandardCharsets.UTF_8);
      return u32(utf8.length).raw(utf8);
    }
  }

  static byte[] record(int opcode, byte[] body) {
    return body(w -> w.u8(opcode).u64(body.length).raw(body));
  }

  static byte[] schema(int id, String name, String encoding, String data) {
    return body(w -> w.u16(id).text(name).text(encoding).text(data));
  }

  static byte[] channel(int id, int schema, String topic, String encoding, String... metadata) {
    byte[] map =
        body(w -> {
          for (String text : metadata) {
            w.text(text);
          }
        });
    return body(w -> w.u16(id).u16(schema).text(topic).text(encoding).u32(map.length).raw(map));
  }

  static byte[] message(int channel, int sequence, long time, byte[] payload) {
    return body(w -> w.u16(channel).u32(sequence).u64(time).u64(time).raw(payload));
  }

  /// Three streams, one message of each every 100 ns, in chunks; an attachment and metadata.
  static Assembly drive(int chunks, int rounds) {
    Assembly file = new Assembly();
    for (int id = 1; id <= 3; id++) {
      file.schemas.add(schema(id, "Type" + id, "plain", "fields of " + id));
      file.channels.add(channel(id, id, "/stream" + id, "bytes", "key", "value"));
    }
    long time = 1_000_000;
    for (int c = 0; c < chunks; c++) {
      Chunk chunk = new Chunk();
      if (c == 0) {
        for (int id = 0; id < 3; id++) {
          chunk.records.writeBytes(record(McapLayout.SCHEMA, file.schemas.get(id)));
          chunk.records.writeBytes(record(McapLayout.CHANNEL, file.channels.get(id)));
        }
      }
      for (int r = 0; r < rounds; r++) {
        for (int id = 1; id <= 3; id++) {
          byte[] payload = new byte[40 + id * 10];
          for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (time * 31 + i * 7 + id + 1);
          }
          // As a CDR message begins.
          payload[0] = 0;
          payload[1] = 1;
          payload[2] = 0;
          payload[3] = 0;
          file.add(chunk, id, c * rounds + r, time + id, payload);
        }
        time += 100;
      }
      file.data.add(chunk);
    }
    byte[] content = "offset: 12\n".getBytes(StandardCharsets.UTF_8);
    byte[] attachment =
        body(w ->
            w.u64(5).u64(6).text("calib.yaml").text("text/yaml").u64(content.length).raw(content));
    file.data.add(
        new Item(McapLayout.ATTACHMENT, body(w -> w.raw(attachment).u32(crc(attachment)))));
    byte[] map = body(w -> w.text("vin").text("X1"));
    file.data.add(
        new Item(McapLayout.METADATA, body(w -> w.text("vehicle").u32(map.length).raw(map))));
    return file;
  }

  /// Adds a message to a chunk and its index.
  void add(Chunk chunk, int channel, int sequence, long time, byte[] payload) {
    chunk
        .indexes
        .computeIfAbsent(channel, id -> new ArrayList<>())
        .add(new Entry(time, chunk.records.size()));
    chunk.records.writeBytes(record(McapLayout.MESSAGE, message(channel, sequence, time, payload)));
    chunk.start = Math.min(chunk.start, time);
    chunk.end = Math.max(chunk.end, time);
  }

  Chunk chunk(int index) {
    return data.stream()
        .filter(Chunk.class::isInstance)
        .map(Chunk.class::cast)
        .skip(index)
        .findFirst()
        .orElseThrow();
  }

  Item item(int opcode) {
    return data.stream()
        .filter(o -> o instanceof Item item && item.opcode == opcode)
        .map(Item.class::cast)
        .findFirst()
        .orElseThrow();
  }

  static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// The file.
  byte[] build() {
    Writer out = new Writer();
    out.u64(McapLayout.MAGIC);
    out.raw(record(McapLayout.HEADER, body(w -> w.text(profile).text("assembly"))));
    Summary summary = new Summary();
    for (Object part : data) {
      if (part instanceof Chunk chunk) {
        write(out, chunk);
        count(summary, chunk);
      } else if (part instanceof Item item) {
        item.at = out.bytes.size();
        out.raw(record(item.opcode, item.body));
        count(summary, item);
      } else {
        out.raw((byte[]) part);
      }
    }
    summary.schemas.addAll(schemas);
    summary.channels.addAll(channels);
    summary.schemaCount = schemas.size();
    summary.channelCount = channels.size();
    onSummary.accept(summary);
    if (dataEnd) {
      int sum = dataCrc ? crc(out.bytes.toByteArray()) : 0;
      out.raw(record(McapLayout.DATA_END, body(w -> w.u32(sum))));
    }
    write(out, summary);
    return out.bytes.toByteArray();
  }

  private void write(Writer out, Chunk chunk) {
    byte[] records = chunk.records.toByteArray();
    chunk.at = out.bytes.size();
    boolean empty = chunk.end == 0;
    byte[] body =
        body(w ->
            w.u64(empty ? 0 : chunk.start)
                .u64(chunk.end)
                .u64(chunk.size == null ? records.length : chunk.size)
                .u32(chunk.crc != null ? chunk.crc : chunkCrc ? crc(records) : 0)
                .text(chunk.compression)
                .u64(records.length)
                .raw(records)
                .raw(chunk.pad));
    out.raw(record(McapLayout.CHUNK, body));
    chunk.length = out.bytes.size() - chunk.at;
    long from = out.bytes.size();
    chunk.indexes.forEach((channel, entries) -> {
      chunk.indexAt.put(channel, (long) out.bytes.size());
      out.raw(
          record(
              McapLayout.MESSAGE_INDEX,
              body(w -> {
                w.u16(channel).u32(entries.size() * 16L);
                entries.forEach(e -> w.u64(e.time).u64(e.offset));
              })));
    });
    chunk.indexLength = out.bytes.size() - from;
  }

  private static void count(Summary summary, Chunk chunk) {
    ChunkEntry entry = new ChunkEntry();
    entry.start = chunk.end == 0 ? 0 : chunk.start;
    entry.end = chunk.end;
    entry.at = chunk.at;
    entry.length = chunk.length;
    entry.indexes.putAll(chunk.indexAt);
    entry.indexLength = chunk.indexLength;
    entry.compression = chunk.compression;
    entry.compressed = chunk.records.size();
    entry.size = chunk.size == null ? chunk.records.size() : chunk.size;
    summary.chunks.add(entry);
    summary.chunkCount++;
    ByteBuffer records =
        ByteBuffer.wrap(chunk.records.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 9 <= records.limit(); ) {
      long length = records.getLong(at + 1);
      if (length < 0 || length > records.limit() - at - 9) {
        return;
      }
      if (records.get(at) == McapLayout.MESSAGE) {
        summary.byChannel.merge(records.getShort(at + 9) & 0xFFFF, 1L, Long::sum);
        long time = records.getLong(at + 9 + 6);
        summary.start = summary.messages == 0 ? time : Math.min(summary.start, time);
        summary.end = Math.max(summary.end, time);
        summary.messages++;
      }
      at += 9 + (int) length;
    }
  }

  private static void count(Summary summary, Item item) {
    int whole = item.body.length + 9;
    ByteBuffer body = ByteBuffer.wrap(item.body).order(ByteOrder.LITTLE_ENDIAN);
    if (item.opcode == McapLayout.ATTACHMENT) {
      summary.attachmentCount++;
      int name = 16;
      int media = name + 4 + body.getInt(name);
      int size = media + 4 + body.getInt(media);
      byte[] texts = new byte[size - name];
      body.get(name, texts);
      summary.attachments.add(
          body(w ->
              w.u64(item.at)
                  .u64(whole)
                  .u64(body.getLong(0))
                  .u64(body.getLong(8))
                  .u64(body.getLong(size))
                  .raw(texts)));
    } else if (item.opcode == McapLayout.METADATA) {
      summary.metadataCount++;
      byte[] name = new byte[4 + body.getInt(0)];
      body.get(0, name);
      summary.metadata.add(body(w -> w.u64(item.at).u64(whole).raw(name)));
    }
  }

  private void write(Writer file, Summary summary) {
    Writer out = new Writer();
    long start = file.bytes.size();
    End end = new End();
    if (summary.statisticsFirst) {
      statistics(out, summary, end, start);
    }
    group(out, McapLayout.SCHEMA, summary.schemas, summary, end, start);
    group(out, McapLayout.CHANNEL, summary.channels, summary, end, start);
    if (!summary.statisticsFirst) {
      statistics(out, summary, end, start);
    }
    List<byte[]> chunks = summary.chunks.stream().map(Assembly::chunkIndex).toList();
    group(out, McapLayout.CHUNK_INDEX, chunks, summary, end, start);
    group(out, McapLayout.ATTACHMENT_INDEX, summary.attachments, summary, end, start);
    group(out, McapLayout.METADATA_INDEX, summary.metadata, summary, end, start);
    end.summaryStart = out.bytes.size() == 0 ? 0 : start;
    end.summaryOffsetStart = end.offsets.isEmpty() ? 0 : start + out.bytes.size();
    onEnd.accept(end);
    for (long[] offset : end.offsets) {
      out.raw(
          record(
              McapLayout.SUMMARY_OFFSET,
              body(w -> w.u8((int) offset[0]).u64(offset[1]).u64(offset[2]))));
    }
    out.u8(McapLayout.FOOTER).u64(20).u64(end.summaryStart).u64(end.summaryOffsetStart);
    int sum = summaryCrc ? crc(out.bytes.toByteArray()) : 0;
    file.raw(out.bytes.toByteArray()).u32(sum).u64(McapLayout.MAGIC);
  }

  private static void group(
      Writer out, int opcode, List<byte[]> bodies, Summary summary, End end, long start) {
    int from = out.bytes.size();
    bodies.forEach(body -> out.raw(record(opcode, body)));
    int to = out.bytes.size();
    if (to > from) {
      end.offsets.add(new long[] {opcode, start + from, to - from});
    }
    byte[] added = summary.added.get(opcode);
    if (added != null) {
      out.raw(added);
    }
  }

  private static void statistics(Writer out, Summary s, End end, long start) {
    byte[] body =
        body(w -> {
          w.u64(s.messages).u16(s.schemaCount).u32(s.channelCount).u32(s.attachmentCount);
          w.u32(s.metadataCount).u32(s.chunkCount).u64(s.start).u64(s.end);
          w.u32(s.byChannel.size() * 10L);
          s.byChannel.forEach((id, n) -> w.u16(id).u64(n));
        });
    List<byte[]> bodies = s.statisticsTwice ? List.of(body, body) : List.of(body);
    group(out, McapLayout.STATISTICS, bodies, s, end, start);
  }

  private static byte[] chunkIndex(ChunkEntry e) {
    return body(w -> {
      w.u64(e.start).u64(e.end).u64(e.at).u64(e.length).u32(e.indexes.size() * 10L);
      e.indexes.forEach((id, at) -> w.u16(id).u64(at));
      w.u64(e.indexLength).text(e.compression).u64(e.compressed).u64(e.size);
    });
  }
}
