package dev.lockstep.source.mcap;

import static dev.lockstep.source.mcap.Mcaps.records;
import static dev.lockstep.source.mcap.Mcaps.setLong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.ReaderDriver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One fault at a time: each must give one defect, of the right kind and at the right place.
class McapFaultKindsTest {
  /// Messages of the drive that faults are put into: 4 chunks of 10 rounds of 3 streams.
  private static final int MESSAGES = 120;

  @TempDir Path folder;

  /// A fault.
  ///
  /// @param name what is wrong
  /// @param assemble changes the parts before the file is made
  /// @param patch changes the bytes
  /// @param kind what must be told
  /// @param messages messages that must be delivered
  private record Case(
      String name,
      Consumer<Assembly> assemble,
      UnaryOperator<byte[]> patch,
      DefectKind kind,
      int messages) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case made(String name, DefectKind kind, Consumer<Assembly> assemble) {
    return new Case(name, assemble, bytes -> bytes, kind, MESSAGES);
  }

  private static Case made(
      String name, DefectKind kind, int messages, Consumer<Assembly> assemble) {
    return new Case(name, assemble, bytes -> bytes, kind, messages);
  }

  private static Case patched(
      String name,
      DefectKind kind,
      int messages,
      Consumer<Assembly> assemble,
      UnaryOperator<byte[]> patch) {
    return new Case(name, assemble, patch, kind, messages);
  }

  private static void plain(Assembly file) {}

  private static void noCrcs(Assembly file) {
    file.chunkCrc = false;
    file.dataCrc = false;
  }

  private static byte[] flip(byte[] file, int at) {
    file[at] ^= 0x10;
    return file;
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /// Offset of message `index` in the second chunk of the file.
  private static int message(byte[] file, int index) {
    int at = records(file, McapLayout.CHUNK).get(1) + 9 + 40;
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < index; i++) {
      at += 9 + (int) bytes.getLong(at + 1);
    }
    return at;
  }

  static Stream<Case> faults() {
    return Stream.of(physical(), indexes(), statistics(), structure(), definitions())
        .flatMap(List::stream);
  }

  private static List<Case> physical() {
    return List.of(
        patched(
            "payload flip under a chunk checksum",
            DefectKind.CHUNK_CRC,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> flip(f, message(f, 5) + 40)),
        patched(
            "payload flip under the data checksum only",
            DefectKind.DATA_CRC,
            MESSAGES,
            f -> f.chunkCrc = false,
            f -> flip(f, message(f, 5) + 40)),
        patched(
            "message index flip under the data checksum",
            DefectKind.MESSAGE_INDEX,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> flip(f, records(f, McapLayout.MESSAGE_INDEX).get(4) + 9 + 6 + 8)),
        patched(
            "message index flip without any checksum",
            DefectKind.MESSAGE_INDEX,
            MESSAGES,
            McapFaultKindsTest::noCrcs,
            f -> flip(f, records(f, McapLayout.MESSAGE_INDEX).get(4) + 9 + 6)),
        patched(
            "attachment flip",
            DefectKind.ATTACHMENT_CRC,
            MESSAGES,
            f -> f.dataCrc = false,
            f -> flip(f, records(f, McapLayout.ATTACHMENT).get(0) + 60)),
        patched(
            "summary flip",
            DefectKind.SUMMARY_CRC,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> flip(f, records(f, McapLayout.STATISTICS).get(0) + 12)),
        patched(
            "summary flip without a checksum",
            DefectKind.STATISTICS,
            MESSAGES,
            f -> f.summaryCrc = false,
            f -> flip(f, records(f, McapLayout.STATISTICS).get(0) + 9)),
        patched(
            "topic in the summary flipped without a checksum",
            DefectKind.CHANNEL_REDEFINED,
            MESSAGES,
            f -> f.summaryCrc = false,
            f -> flip(f, records(f, McapLayout.CHANNEL).get(0) + 9 + 10)),
        patched(
            "chunk start time flipped",
            DefectKind.CHUNK_TIMES,
            MESSAGES,
            McapFaultKindsTest::noCrcs,
            f -> flip(f, records(f, McapLayout.CHUNK).get(1) + 9)),
        patched(
            "data checksum wrong",
            DefectKind.DATA_CRC,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> flip(f, records(f, McapLayout.DATA_END).get(0) + 9)),
        patched(
            "start magic damaged",
            DefectKind.MAGIC_DAMAGED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> flip(f, 2)),
        patched(
            "end magic damaged",
            DefectKind.MAGIC_DAMAGED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> flip(f, f.length - 3)),
        patched(
            "cut in a chunk",
            DefectKind.FILE_TRUNCATED,
            66,
            McapFaultKindsTest::plain,
            f -> Arrays.copyOf(f, records(f, McapLayout.CHUNK).get(2) + 49 + 560)),
        patched(
            "cut between a chunk and its indexes",
            DefectKind.FILE_TRUNCATED,
            90,
            McapFaultKindsTest::plain,
            f -> Arrays.copyOf(f, records(f, McapLayout.MESSAGE_INDEX).get(6))),
        patched(
            "cut in the summary",
            DefectKind.FILE_TRUNCATED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> Arrays.copyOf(f, records(f, McapLayout.CHUNK_INDEX).get(1) + 20)),
        patched(
            "cut in front of the footer",
            DefectKind.FILE_TRUNCATED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> Arrays.copyOf(f, f.length - 37)),
        patched(
            "end magic missing",
            DefectKind.FILE_TRUNCATED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> Arrays.copyOf(f, f.length - 8)),
        patched(
            "four bytes missing at the end",
            DefectKind.FILE_TRUNCATED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> Arrays.copyOf(f, f.length - 4)),
        patched(
            "chunk length far too large",
            DefectKind.RECORD_LENGTH,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> setLong(f, records(f, McapLayout.CHUNK).get(1) + 1, 1L << 60)),
        patched(
            "chunk length a little too large",
            DefectKind.RECORD_LENGTH,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> {
              int at = records(f, McapLayout.CHUNK).get(1) + 1;
              return setLong(
                  f, at, ByteBuffer.wrap(f).order(ByteOrder.LITTLE_ENDIAN).getLong(at) + 3);
            }),
        patched(
            "chunk length too small",
            DefectKind.RECORD_LENGTH,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> setLong(f, records(f, McapLayout.CHUNK).get(1) + 1, 100)),
        patched(
            "chunk opcode destroyed",
            DefectKind.RECORD_MALFORMED,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> {
              f[records(f, McapLayout.CHUNK).get(1)] = 0;
              return f;
            }),
        patched(
            "message length too large in a chunk without checksum",
            DefectKind.RECORD_LENGTH,
            MESSAGES,
            McapFaultKindsTest::noCrcs,
            f -> setLong(f, message(f, 7) + 1, 1L << 40)),
        patched(
            "message length one too small in a chunk without checksum",
            DefectKind.RECORD_LENGTH,
            MESSAGES,
            McapFaultKindsTest::noCrcs,
            f -> setLong(f, message(f, 7) + 1, 22 + 60 - 1)),
        patched(
            "opcode of a message zeroed in a chunk without checksum",
            DefectKind.RECORD_FORBIDDEN,
            MESSAGES,
            McapFaultKindsTest::noCrcs,
            f -> {
              f[message(f, 7)] = 0;
              return f;
            }),
        patched(
            "600 zeros in a chunk without checksum",
            DefectKind.ZERO_PAGES,
            MESSAGES - 6,
            McapFaultKindsTest::noCrcs,
            f -> {
              int at = message(f, 7);
              Arrays.fill(f, at + 40, at + 640, (byte) 0);
              return f;
            }),
        patched(
            "bytes behind the end",
            DefectKind.TRAILING_BYTES,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> joined(f, new byte[] {1, 2, 3})),
        patched(
            "two files one behind the other",
            DefectKind.TRAILING_BYTES,
            MESSAGES,
            McapFaultKindsTest::plain,
            f -> joined(f, f)));
  }

  private static List<Case> indexes() {
    return List.of(
        made(
            "message index without a channel",
            DefectKind.MESSAGE_INDEX_MISSING,
            f -> f.chunk(1).indexes.remove(2)),
        made(
            "message index with other times",
            DefectKind.MESSAGE_INDEX,
            f -> f.chunk(1).indexes.get(2).forEach(e -> e.time++)),
        made(
            "message index with a wrong offset",
            DefectKind.MESSAGE_INDEX,
            f -> f.chunk(1).indexes.get(2).get(3).offset += 9),
        made(
            "message index without its last entry",
            DefectKind.MESSAGE_INDEX,
            f -> f.chunk(1).indexes.get(2).removeLast()),
        made(
            "message index with an entry too many",
            DefectKind.MESSAGE_INDEX,
            f -> f.chunk(1).indexes.get(2).add(new Assembly.Entry(5, 5))),
        made(
            "message index of a channel that is not in the chunk",
            DefectKind.MESSAGE_INDEX,
            f -> f.chunk(1).indexes.put(9, List.of(new Assembly.Entry(5, 5)))),
        made(
            "no message index behind one chunk",
            DefectKind.MESSAGE_INDEX_MISSING,
            f -> f.chunk(1).indexes.clear()),
        made(
            "chunk index with wrong message index offsets",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).indexes.merge(1, 5L, Long::sum)),
        made(
            "chunk index without one message index offset",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).indexes.remove(1)),
        made(
            "chunk index with a wrong message index length",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).indexLength++),
        made(
            "chunk without index entry",
            DefectKind.CHUNK_INDEX_MISSING,
            f -> f.onSummary = s -> s.chunks.remove(1)),
        made(
            "no chunk index at all",
            DefectKind.CHUNK_INDEX_MISSING,
            f -> f.onSummary = s -> s.chunks.clear()),
        made(
            "chunk indexed twice",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.add(s.chunks.get(1))),
        made(
            "chunk index entry that points astray",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).at += 7),
        made(
            "chunk index entry that points past the file",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).at = -9),
        made(
            "chunk index with a wrong length",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).length--),
        made(
            "chunk index with wrong times",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).end++),
        made(
            "chunk index with another compression",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).compression = "lz4"),
        made(
            "chunk index with a wrong compressed size",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).compressed++),
        made(
            "chunk index with a wrong uncompressed size",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.get(1).size++),
        made(
            "attachment index with a wrong offset",
            DefectKind.ATTACHMENT_INDEX,
            f -> f.onSummary = s -> s.attachments.get(0)[0] += 3),
        made(
            "attachment index with a wrong size",
            DefectKind.ATTACHMENT_INDEX,
            f -> f.onSummary = s -> s.attachments.get(0)[32]++),
        made(
            "attachment index with another name",
            DefectKind.ATTACHMENT_INDEX,
            f -> f.onSummary = s -> s.attachments.get(0)[45]++),
        made(
            "attachment without index entry",
            DefectKind.ATTACHMENT_INDEX,
            f -> f.onSummary = s -> s.attachments.clear()),
        made(
            "metadata index with a wrong offset",
            DefectKind.METADATA_INDEX,
            f -> f.onSummary = s -> s.metadata.get(0)[0] += 3),
        made(
            "metadata index with a wrong length",
            DefectKind.METADATA_INDEX,
            f -> f.onSummary = s -> s.metadata.get(0)[8]++),
        made(
            "metadata without index entry",
            DefectKind.METADATA_INDEX,
            f -> f.onSummary = s -> s.metadata.clear()));
  }

  private static List<Case> statistics() {
    return List.of(
        made("message count", DefectKind.STATISTICS, f -> f.onSummary = s -> s.messages++),
        made("schema count", DefectKind.STATISTICS, f -> f.onSummary = s -> s.schemaCount++),
        made("channel count", DefectKind.STATISTICS, f -> f.onSummary = s -> s.channelCount--),
        made(
            "attachment count", DefectKind.STATISTICS, f -> f.onSummary = s -> s.attachmentCount++),
        made("metadata count", DefectKind.STATISTICS, f -> f.onSummary = s -> s.metadataCount--),
        made("chunk count", DefectKind.STATISTICS, f -> f.onSummary = s -> s.chunkCount += 5),
        made("first log time", DefectKind.STATISTICS, f -> f.onSummary = s -> s.start++),
        made("last log time", DefectKind.STATISTICS, f -> f.onSummary = s -> s.end--),
        made(
            "messages of a channel",
            DefectKind.STATISTICS,
            f -> f.onSummary = s -> s.byChannel.merge(2, 1L, Long::sum)),
        made(
            "statistics without a channel",
            DefectKind.STATISTICS,
            f -> f.onSummary = s -> s.byChannel.remove(2)),
        made(
            "statistics in front of the channels",
            DefectKind.SPEC_MUST,
            f -> f.onSummary = s -> s.statisticsFirst = true),
        made(
            "two statistics",
            DefectKind.RECORD_DUPLICATED,
            f -> f.onSummary = s -> s.statisticsTwice = true));
  }

  private static List<Case> structure() {
    byte[] attachment =
        Assembly.record(
            McapLayout.ATTACHMENT,
            Assembly.body(w -> w.u64(1).u64(1).text("a").text("b").u64(0).u32(0)));
    byte[] stray =
        Assembly.record(McapLayout.MESSAGE, Assembly.message(3, 1, 1_000_001, new byte[70]));
    return List.of(
        made(
            "summary offset with another opcode",
            DefectKind.SUMMARY_OFFSET,
            f -> f.onEnd = e -> e.offsets.get(0)[0] = McapLayout.CHANNEL),
        made(
            "summary offset with a wrong start",
            DefectKind.SUMMARY_OFFSET,
            f -> f.onEnd = e -> e.offsets.get(0)[1]++),
        made(
            "summary offset with a wrong length",
            DefectKind.SUMMARY_OFFSET,
            f -> f.onEnd = e -> e.offsets.get(1)[2]--),
        made(
            "group without summary offset",
            DefectKind.SUMMARY_OFFSET,
            f -> f.onEnd = e -> e.offsets.remove(1)),
        made(
            "group with two summary offsets",
            DefectKind.SUMMARY_OFFSET,
            f -> f.onEnd = e -> e.offsets.add(e.offsets.get(1))),
        made(
            "summary start points into the data",
            DefectKind.FOOTER_POINTER,
            f -> f.onEnd = e -> e.summaryStart -= 100),
        made(
            "summary start is missing",
            DefectKind.FOOTER_POINTER,
            f -> f.onEnd = e -> e.summaryStart = 0),
        made(
            "summary offset start is wrong",
            DefectKind.FOOTER_POINTER,
            f -> f.onEnd = e -> e.summaryOffsetStart += 26),
        made(
            "summary start points past the file",
            DefectKind.FOOTER_POINTER,
            f -> f.onEnd = e -> e.summaryStart = Long.MAX_VALUE),
        made(
            "summary is not grouped",
            DefectKind.SUMMARY_UNGROUPED,
            f ->
                f.onSummary =
                    s -> {
                      byte[] channel = s.channels.removeLast();
                      s.added.put(
                          McapLayout.STATISTICS, Assembly.record(McapLayout.CHANNEL, channel));
                      s.byChannel.clear();
                    }),
        made(
            "schema missing from the summary",
            DefectKind.SPEC_MUST,
            f -> f.onSummary = s -> s.schemas.remove(1)),
        made(
            "channel missing from the summary",
            DefectKind.SPEC_MUST,
            f -> f.onSummary = s -> s.channels.remove(1)),
        made(
            "attachment in a chunk",
            DefectKind.RECORD_MISPLACED,
            f -> f.chunk(1).records.writeBytes(attachment)),
        made(
            "chunk in a chunk",
            DefectKind.RECORD_MISPLACED,
            f ->
                f.chunk(1)
                    .records
                    .writeBytes(
                        Assembly.record(
                            McapLayout.CHUNK,
                            Assembly.body(w -> w.u64(0).u64(0).u64(0).u32(0).text("").u64(0))))),
        made(
            "opcode 0 in the data",
            DefectKind.RECORD_FORBIDDEN,
            f -> f.data.add(2, Assembly.record(0, new byte[] {1, 2, 3}))),
        made(
            "message in the summary",
            DefectKind.RECORD_MISPLACED,
            f -> f.onSummary = s -> s.added.put(McapLayout.STATISTICS, stray)),
        made("second header", DefectKind.RECORD_DUPLICATED, f -> f.data.add(2, header())),
        made("no data end", DefectKind.RECORD_MISPLACED, f -> f.dataEnd = false),
        made(
            "second data end between chunks",
            DefectKind.RECORD_DUPLICATED,
            f -> f.data.add(2, Assembly.record(McapLayout.DATA_END, new byte[4]))),
        made(
            "second data end behind the first",
            DefectKind.RECORD_DUPLICATED,
            f -> f.data.add(Assembly.record(McapLayout.DATA_END, new byte[4]))),
        made(
            "data end in the summary",
            DefectKind.RECORD_DUPLICATED,
            f ->
                f.onSummary =
                    s ->
                        s.added.put(
                            McapLayout.STATISTICS,
                            Assembly.record(McapLayout.DATA_END, new byte[4]))),
        made(
            "statistics in the data",
            DefectKind.RECORD_MISPLACED,
            f -> f.data.add(2, Assembly.record(McapLayout.STATISTICS, new byte[46]))),
        made(
            "message index without a chunk",
            DefectKind.RECORD_MISPLACED,
            f -> {
              f.data.add(
                  Assembly.record(McapLayout.MESSAGE_INDEX, Assembly.body(w -> w.u16(1).u32(0))));
            }),
        made("wrong uncompressed size", DefectKind.CHUNK_SIZE, f -> f.chunk(1).size = 17L),
        made("huge uncompressed size", DefectKind.CHUNK_SIZE, f -> f.chunk(1).size = 1L << 62),
        made(
            "unknown compression",
            DefectKind.CHUNK_UNREADABLE,
            MESSAGES - 30,
            f -> f.chunk(1).compression = "lzma"),
        made(
            "compression that was not applied",
            DefectKind.CHUNK_UNREADABLE,
            MESSAGES - 30,
            f -> f.chunk(1).compression = "zstd"),
        made(
            "lz4 that was not applied",
            DefectKind.CHUNK_UNREADABLE,
            MESSAGES - 30,
            f -> f.chunk(1).compression = "lz4"),
        made("wrong chunk checksum", DefectKind.CHUNK_CRC, f -> f.chunk(1).crc = 77),
        made(
            "wrong chunk times",
            DefectKind.CHUNK_TIMES,
            f -> {
              f.chunk(1).start--;
              f.onSummary = s -> s.chunks.get(1).start++;
            }),
        made(
            "metadata shorter than its fields",
            DefectKind.RECORD_MALFORMED,
            f -> {
              Assembly.Item metadata = f.item(McapLayout.METADATA);
              metadata.body[4 + 7 + 4] = 99;
            }));
  }

  private static byte[] header() {
    return Assembly.record(McapLayout.HEADER, Assembly.body(w -> w.text("").text("again")));
  }

  private static List<Case> definitions() {
    return List.of(
        made(
            "topic that is not UTF-8",
            DefectKind.TEXT_ENCODING,
            f -> replaceInFile(f, "/stream2", "/str\u00ffam2")),
        made(
            "unknown schema",
            DefectKind.SCHEMA_UNKNOWN,
            f -> {
              byte[] channel = f.channels.get(1);
              byte[] other = channel.clone();
              other[2] = 99;
              replaceInChunk(f, channel, other);
              f.channels.set(1, other);
            }),
        made(
            "message of an unknown channel",
            DefectKind.CHANNEL_UNKNOWN,
            f -> f.add(f.chunk(1), 55, 1, 1_001_000, new byte[20])),
        made(
            "channel redefined",
            DefectKind.CHANNEL_REDEFINED,
            f ->
                f.chunk(1)
                    .records
                    .writeBytes(
                        Assembly.record(
                            McapLayout.CHANNEL, Assembly.channel(2, 2, "/other", "bytes")))),
        made(
            "schema redefined",
            DefectKind.SCHEMA_REDEFINED,
            f ->
                f.chunk(1)
                    .records
                    .writeBytes(
                        Assembly.record(
                            McapLayout.SCHEMA, Assembly.schema(2, "Type2", "plain", "else")))),
        made(
            "schema with id 0",
            DefectKind.SCHEMA_ID_ZERO,
            f -> {
              f.chunk(1)
                  .records
                  .writeBytes(
                      Assembly.record(McapLayout.SCHEMA, Assembly.schema(0, "Zero", "plain", "")));
              f.onSummary = s -> s.schemaCount++;
            }),
        made(
            "two channels of one topic with different schemas",
            DefectKind.TOPIC_SHARED,
            f -> {
              byte[] channel = f.channels.get(1);
              byte[] other = Assembly.channel(2, 2, "/stream1", "bytes", "key", "value");
              replaceInChunk(f, channel, other);
              f.channels.set(1, other);
            }),
        made(
            "the same key twice in a channel",
            DefectKind.RECORD_MALFORMED,
            f -> {
              byte[] channel = f.channels.get(1);
              byte[] other = Assembly.channel(2, 2, "/stream2", "bytes", "k", "1", "k", "2");
              replaceInChunk(f, channel, other);
              f.channels.set(1, other);
            }),
        made(
            "profile ros2 without metadata",
            DefectKind.PROFILE_BROKEN,
            f -> {
              f.profile = "ros2";
              asRos(f, "cdr");
            }),
        made(
            "profile ros2 with another encoding",
            DefectKind.PROFILE_BROKEN,
            f -> {
              f.profile = "ros2";
              asRos(f, "json", "offered_qos_profiles", "");
            }),
        made(
            "log time beyond 63 bits",
            DefectKind.TIME_OUT_OF_RANGE,
            MESSAGES + 1,
            f -> {
              Assembly.Chunk chunk = f.chunk(1);
              f.add(chunk, 2, 1, -5, new byte[20]);
              chunk.end = -5;
              chunk.start = 1_001_001;
              f.onSummary =
                  s -> {
                    s.end = -5;
                    s.start = 1_000_001;
                  };
            }));
  }

  private static void asRos(Assembly file, String encoding, String... metadata) {
    byte[] schema = file.schemas.get(1);
    byte[] channel = file.channels.get(1);
    byte[] otherSchema = Assembly.schema(2, "pkg/msg/Two", "ros2msg", "");
    byte[] otherChannel = Assembly.channel(2, 2, "/stream2", encoding, metadata);
    replaceInChunk(file, schema, otherSchema);
    replaceInChunk(file, channel, otherChannel);
    file.schemas.set(1, otherSchema);
    file.channels.set(1, otherChannel);
  }

  /// Exchanges a definition in the first chunk, whose messages move accordingly.
  private static void replaceInChunk(Assembly file, byte[] from, byte[] to) {
    Assembly.Chunk chunk = file.chunk(0);
    byte[] records = chunk.records.toByteArray();
    byte[] before = record(records, from);
    int at = indexOf(records, from) - 9;
    byte[] after = Assembly.record(before[0], to);
    chunk.records.reset();
    chunk.records.write(records, 0, at);
    chunk.records.writeBytes(after);
    chunk.records.write(records, at + before.length, records.length - at - before.length);
    long moved = after.length - (long) before.length;
    chunk.indexes.values().forEach(entries -> entries.forEach(e -> e.offset += moved));
  }

  private static byte[] record(byte[] records, byte[] body) {
    int at = indexOf(records, body) - 9;
    return Arrays.copyOfRange(records, at, at + 9 + body.length);
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  /// Exchanges a text of the same length everywhere; characters above 7F become single bytes.
  private static void replaceInFile(Assembly file, String from, String to) {
    byte[] a = from.getBytes(StandardCharsets.ISO_8859_1);
    byte[] b = to.getBytes(StandardCharsets.ISO_8859_1);
    byte[] channel = file.channels.get(1);
    byte[] other = channel.clone();
    System.arraycopy(b, 0, other, indexOf(channel, a), b.length);
    replaceInChunk(file, channel, other);
    file.channels.set(1, other);
  }

  @Test
  void findsNothingInTheDriveItself() {
    ReaderDriver.Read read = Mcaps.read(folder, Assembly.drive(4, 10).build());
    assertThat(read.defects()).isEmpty();
    assertThat(read.messageCount()).isEqualTo(MESSAGES);
    assertThat(read.coverage().lostBytes()).isZero();
  }

  @Test
  void findsNothingInADriveWithPrivateRecordsAndPadding() {
    Assembly file = Assembly.drive(4, 10);
    file.data.add(1, Assembly.record(0x90, new byte[] {1, 2, 3}));
    file.chunk(2).records.writeBytes(Assembly.record(0xFF, new byte[100]));
    file.chunk(2).pad = new byte[] {1, -1, -1};
    file.onSummary = s -> s.added.put(McapLayout.STATISTICS, Assembly.record(0x80, new byte[10]));
    assertThat(Mcaps.read(folder, file.build()).defects()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void tellsTheFaultOnceAndWhere(Case fault) {
    Assembly file = Assembly.drive(4, 10);
    fault.assemble.accept(file);
    byte[] bytes = fault.patch.apply(file.build());
    ReaderDriver.Read read = Mcaps.read(folder, bytes);
    assertThat(Mcaps.kinds(read)).as(read.findings()).containsExactly(fault.kind);
    Defect defect = read.defects(Severity.WARNING).get(0);
    assertThat(defect.location().file()).isEqualTo("drive.mcap");
    assertThat(defect.location().bytes()).isNotNull();
    assertThat(Objects.requireNonNull(defect.location().bytes()).endBytes())
        .isLessThanOrEqualTo(bytes.length);
    assertThat(read.messageCount()).as(read.findings()).isEqualTo(fault.messages);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void tellsTheSameOfAFileThatGrows(Case fault) {
    Assembly file = Assembly.drive(4, 10);
    fault.assemble.accept(file);
    byte[] bytes = fault.patch.apply(file.build());
    String whole = Mcaps.read(folder, bytes).text();
    long[] steps = new long[bytes.length / 97];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = i * 97L;
    }
    assertThat(Mcaps.read(folder, bytes, steps).text()).isEqualTo(whole);
  }
}
