package dev.lockstep.source.mcap;

import static dev.lockstep.source.mcap.Mcaps.records;
import static dev.lockstep.source.mcap.Mcaps.setLong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.ReaderDriver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Faults from which others seem to follow: the first one is told, and what only follows from it is
/// not.
class McapCascadesTest {
  @TempDir Path folder;

  private record Case(
      String name, DefectKind kind, Consumer<Assembly> assemble, UnaryOperator<byte[]> patch) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case made(String name, DefectKind kind, Consumer<Assembly> assemble) {
    return new Case(name, kind, assemble, bytes -> bytes);
  }

  private static Case patched(
      String name, DefectKind kind, boolean checksums, UnaryOperator<byte[]> patch) {
    return new Case(
        name,
        kind,
        file -> {
          file.chunkCrc = checksums;
          file.dataCrc = checksums;
          file.summaryCrc = checksums;
        },
        patch);
  }

  static Stream<Case> cascades() {
    byte[] footer = Assembly.record(McapLayout.FOOTER, new byte[McapLayout.FOOTER_BYTES]);
    return Stream.of(
        made(
            "a channel that cannot be read, nor its copy in the summary",
            DefectKind.RECORD_MALFORMED,
            f -> f.channels.set(1, cut(f, f.channels.get(1)))),
        made(
            "a schema that cannot be read, nor its copy in the summary",
            DefectKind.RECORD_MALFORMED,
            f -> f.schemas.set(1, cut(f, f.schemas.get(1)))),
        made(
            "a schema with id 0 that a channel misses",
            DefectKind.SCHEMA_ID_ZERO,
            f -> {
              byte[] zero = f.schemas.get(1).clone();
              zero[0] = 0;
              replace(f, f.schemas.get(1), zero);
              f.schemas.set(1, zero);
            }),
        made(
            "a message index under another channel",
            DefectKind.MESSAGE_INDEX,
            f -> f.chunk(1).indexes.put(41, f.chunk(1).indexes.remove(2))),
        made(
            "an attachment with a name that is not UTF-8",
            DefectKind.TEXT_ENCODING,
            f -> {
              Assembly.Item attachment = f.item(McapLayout.ATTACHMENT);
              attachment.body[20] = (byte) 0xFF;
              byte[] summed = Arrays.copyOf(attachment.body, attachment.body.length - 4);
              ByteBuffer.wrap(attachment.body)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putInt(summed.length, Assembly.crc(summed));
            }),
        made("a footer in the data section", DefectKind.RECORD_MISPLACED, f -> f.data.add(footer)),
        made(
            "a footer in the summary",
            DefectKind.RECORD_DUPLICATED,
            f -> f.onSummary = s -> s.added.put(McapLayout.STATISTICS, footer)),
        patched(
            "a wrong length of the data end",
            DefectKind.RECORD_LENGTH,
            true,
            f -> setLong(f, records(f, McapLayout.DATA_END).getFirst() + 1, 20)),
        patched(
            "a header that cannot be read",
            DefectKind.RECORD_MALFORMED,
            true,
            f -> {
              f[8 + 9] = 99;
              return f;
            }),
        patched("an opcode of an attachment", DefectKind.RECORD_MALFORMED, true, f -> opcode(f, 9)),
        patched("an opcode of metadata", DefectKind.RECORD_MALFORMED, false, f -> opcode(f, 12)),
        patched("an opcode of a chunk", DefectKind.RECORD_MALFORMED, false, f -> opcode(f, 6)),
        patched("an opcode in the summary", DefectKind.RECORD_MALFORMED, false, f -> opcode(f, 13)),
        patched(
            "a byte too many in a chunk",
            DefectKind.CHUNK_CRC,
            true,
            f -> {
              int at = records(f, McapLayout.CHUNK).get(1) + 200;
              byte[] more = new byte[f.length + 1];
              System.arraycopy(f, 0, more, 0, at);
              more[at] = 'x';
              System.arraycopy(f, at, more, at + 1, f.length - at);
              return more;
            }),
        patched("a chunk that was lost", DefectKind.MESSAGE_INDEX, true, f -> lost(f, 6, 2)),
        patched(
            "a message index that was lost",
            DefectKind.MESSAGE_INDEX_MISSING,
            false,
            f -> lost(f, 7, 4)),
        patched("metadata that were lost", DefectKind.BYTES_SHIFTED, true, f -> lost(f, 12, 0)),
        patched("an attachment that was lost", DefectKind.BYTES_SHIFTED, true, f -> lost(f, 9, 0)),
        patched(
            "an attachment that was put in", DefectKind.BYTES_SHIFTED, true, f -> twice(f, 9, 0)),
        patched("a DataEnd that was lost", DefectKind.RECORD_MISPLACED, true, f -> lost(f, 15, 0)),
        patched(
            "a DataEnd that was put in", DefectKind.RECORD_DUPLICATED, true, f -> twice(f, 15, 0)),
        patched(
            "a footer that was put in", DefectKind.RECORD_DUPLICATED, true, f -> twice(f, 2, 0)),
        patched("statistics that were lost", DefectKind.BYTES_SHIFTED, true, f -> lost(f, 11, 0)),
        patched(
            "statistics that were put in", DefectKind.BYTES_SHIFTED, true, f -> twice(f, 11, 0)),
        patched(
            "a chunk index entry that was lost",
            DefectKind.BYTES_SHIFTED,
            true,
            f -> lost(f, 8, 1)),
        made(
            "chunk indexes that are all off",
            DefectKind.CHUNK_INDEX,
            f -> f.onSummary = s -> s.chunks.forEach(c -> c.at += 8)),
        patched(
            "another file behind the data, whose end is missing",
            DefectKind.FILE_TRUNCATED,
            true,
            f -> {
              int end = records(f, McapLayout.DATA_END).getFirst();
              byte[] both = Arrays.copyOf(f, end + f.length);
              System.arraycopy(f, 0, both, end, f.length);
              return both;
            }),
        patched(
            "zeros from a chunk to the end",
            DefectKind.ZERO_PAGES,
            true,
            f -> {
              int sector = (records(f, McapLayout.CHUNK).get(2) + 1000) & -512;
              Arrays.fill(f, sector, f.length, (byte) 0);
              return f;
            }));
  }

  /// A definition whose last bytes are missing, and so in the first chunk.
  private static byte[] cut(Assembly file, byte[] definition) {
    byte[] shorter = Arrays.copyOf(definition, definition.length - 3);
    replace(file, definition, shorter);
    return shorter;
  }

  /// Replaces a record's body in the first chunk, before its messages are moved.
  private static void replace(Assembly file, byte[] body, byte[] other) {
    Assembly.Chunk chunk = file.chunk(0);
    String records = chunk.records.toString(StandardCharsets.ISO_8859_1);
    int at = records.indexOf(new String(body, StandardCharsets.ISO_8859_1));
    byte[] before = records.substring(0, at - 8).getBytes(StandardCharsets.ISO_8859_1);
    byte[] behind = records.substring(at + body.length).getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream changed = chunk.records;
    changed.reset();
    changed.writeBytes(before);
    changed.writeBytes(Assembly.body(w -> w.u64(other.length).raw(other)));
    changed.writeBytes(behind);
    long moved = (long) other.length - body.length;
    chunk.indexes.values().forEach(entries -> entries.forEach(e -> e.offset += moved));
  }

  /// The file without one of its records, as a copy that skips it leaves it.
  private static byte[] lost(byte[] file, int opcode, int number) {
    int at = records(file, opcode).get(number);
    int behind = at + length(file, at);
    byte[] shorter = Arrays.copyOf(file, file.length - (behind - at));
    System.arraycopy(file, behind, shorter, at, file.length - behind);
    return shorter;
  }

  /// The file with one of its records twice.
  private static byte[] twice(byte[] file, int opcode, int number) {
    int at = records(file, opcode).get(number);
    int length = length(file, at);
    byte[] longer = Arrays.copyOf(file, file.length + length);
    System.arraycopy(file, at, longer, at + length, file.length - at);
    return longer;
  }

  private static int length(byte[] file, int at) {
    return McapLayout.RECORD_HEAD_BYTES
        + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(at + 1);
  }

  private static byte[] opcode(byte[] file, int opcode) {
    file[records(file, opcode).getFirst()] ^= 0x40;
    return file;
  }

  @ParameterizedTest
  @MethodSource("cascades")
  void tellsTheFaultAndNotWhatFollows(Case fault) {
    Assembly file = Assembly.drive(4, 10);
    fault.assemble.accept(file);

    ReaderDriver.Read read = Mcaps.read(folder, fault.patch.apply(file.build()));

    assertThat(read.defects(Severity.WARNING))
        .as(read.text())
        .extracting(Defect::kind)
        .containsExactly(fault.kind);
  }

  @Test
  void tellsOfATransferInTextModeAndNothingElse() {
    byte[] file = Assembly.drive(4, 10).build();
    String bytes = new String(file, StandardCharsets.ISO_8859_1);
    for (String changed :
        List.of(
            bytes.replace("\n", "\r\n"), bytes.replace("\r\n", "\n"), bytes.replace('\n', '\r'))) {
      ReaderDriver.Read read = Mcaps.read(folder, changed.getBytes(StandardCharsets.ISO_8859_1));

      assertThat(Mcaps.kinds(read)).as(read.text()).containsExactly(DefectKind.MAGIC_DAMAGED);
      assertThat(read.defects(Severity.WARNING).getFirst().evidence().observed())
          .contains("transfer in text mode");
    }
  }

  @Test
  void readsOnWhereOneBitOfTheMagicLooksLikeATransfer() {
    byte[] file = Assembly.drive(4, 10).build();
    file[0] &= 0x7F;

    ReaderDriver.Read read = Mcaps.read(folder, file);

    assertThat(Mcaps.kinds(read)).containsExactly(DefectKind.MAGIC_DAMAGED);
    assertThat(read.text()).doesNotContain("text mode");
  }

  @Test
  void namesTheKindOfAFileThatIsNone() {
    for (String[] kind :
        new String[][] {
          {"\u001F\u008B\b\0", "as gzip begins"},
          {"(\u00B5/\u00FD", "as zstd begins"},
          {"\r\n<!DOCTYPE html>", "a download that failed"}
        }) {
      byte[] file = (kind[0] + "x".repeat(400)).getBytes(StandardCharsets.ISO_8859_1);

      ReaderDriver.Read read = Mcaps.read(folder, file);

      assertThat(Mcaps.kinds(read)).containsExactly(DefectKind.MAGIC_DAMAGED);
      assertThat(read.defects(Severity.WARNING).getFirst().evidence().observed()).contains(kind[1]);
    }
  }

  @Test
  void takesSchemasThatDifferInTheLayoutOfTheirTextForOne() {
    for (String text : new String[] {"int8 a\r\nint8 b", "int8 a\n\n  int8 b\n", "int8 a"}) {
      Assembly file = Assembly.drive(4, 10);
      byte[] first = Assembly.schema(1, "pkg/msg/T", "ros2msg", "int8 a\nint8 b\n");
      byte[] second = Assembly.schema(2, "pkg/msg/T", "ros2msg", text);
      replace(file, file.schemas.get(0), first);
      file.schemas.set(0, first);
      replace(file, file.schemas.get(1), second);
      file.schemas.set(1, second);
      byte[] channel = Assembly.channel(2, 2, "/stream1", "bytes", "key", "value");
      replace(file, file.channels.get(1), channel);
      file.channels.set(1, channel);

      assertThat(Mcaps.kinds(Mcaps.read(folder, file.build())))
          .as(text)
          .filteredOn(kind -> kind == DefectKind.TOPIC_SHARED)
          .hasSize(text.contains("b") ? 0 : 1);
    }
  }

  @Test
  void warnsOfAnIndexThatWasLeftOutAndFailsOneThatLacksAChunk() {
    Assembly without = Assembly.drive(4, 10);
    without.onSummary = s -> s.chunks.clear();
    Assembly lacking = Assembly.drive(4, 10);
    lacking.onSummary = s -> s.chunks.remove(1);

    assertThat(Mcaps.read(folder, without.build()).defects(Severity.WARNING))
        .extracting(Defect::severity)
        .containsExactly(Severity.WARNING);
    assertThat(Mcaps.read(folder, lacking.build()).defects(Severity.WARNING))
        .extracting(Defect::severity)
        .containsExactly(Severity.ERROR);
  }

  @Test
  void reportsAChunkThatStandsTwiceAndDoubtsItsMessages() {
    Assembly file = Assembly.drive(4, 10);
    file.data.add(2, file.chunk(1));
    file.onSummary = s -> s.chunks.clear();

    ReaderDriver.Read read = Mcaps.read(folder, file.build());

    assertThat(read.defects(Severity.WARNING).getFirst().evidence().observed())
        .startsWith("the 30 messages of the chunk at byte ");
  }

  @Test
  void takesChunksOfEqualTimesAndOtherContentForTwo() {
    Assembly file = Assembly.drive(4, 10);
    Assembly.Chunk chunk = new Assembly.Chunk();
    for (int i = 0; i < 30; i++) {
      byte[] payload = new byte[40 + (1 + i % 3) * 10];
      payload[5] = 77;
      file.add(chunk, 1 + i % 3, 20 + i / 3, 1_001_000 + 100 * (i / 3) + 1 + i % 3, payload);
    }
    file.data.add(2, chunk);

    assertThat(Mcaps.kinds(Mcaps.read(folder, file.build()))).isEmpty();
  }

  @Test
  void reportsARecordOfAnUnknownKind() {
    Assembly file = Assembly.drive(4, 10);
    file.data.add(2, Assembly.record(0x40, new byte[] {1, 2, 3}));

    assertThat(Mcaps.kinds(Mcaps.read(folder, file.build())))
        .containsExactly(DefectKind.RECORD_UNKNOWN);
  }

  @Test
  void reportsAChannelWithoutATopic() {
    Assembly file = Assembly.drive(4, 10);
    byte[] nameless = Assembly.channel(2, 2, "", "bytes", "key", "value");
    replace(file, file.channels.get(1), nameless);
    file.channels.set(1, nameless);

    assertThat(Mcaps.kinds(Mcaps.read(folder, file.build())))
        .containsExactly(DefectKind.RECORD_MALFORMED);
  }
}
