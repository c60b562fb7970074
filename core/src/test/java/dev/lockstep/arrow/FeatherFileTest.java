package dev.lockstep.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.testing.Feathers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FeatherFileTest {
  private static final int LIMIT = 1 << 20;
  private static final Decompressors DECOMPRESSORS = new Decompressors();

  @TempDir private Path folder;

  @AfterAll
  static void release() {
    DECOMPRESSORS.close();
  }

  private static Feathers table(int rows) {
    return new Feathers()
        .longs("stamp", IntStream.range(0, rows).mapToLong(i -> 1_000_000_000_000L + i).toArray())
        .texts(
            "name",
            IntStream.range(0, rows)
                .mapToObj(i -> i % 7 == 3 ? null : "object " + i % 5)
                .toArray(String[]::new))
        .doubles("x", IntStream.range(0, rows).mapToDouble(i -> i * 0.5).toArray());
  }

  /// Reads everything, as text.
  private String read(byte[] bytes) throws IOException, MalformedFeatherException {
    Path path = Files.write(folder.resolve("t.feather"), bytes);
    List<String> rows = new ArrayList<>();
    try (MappedFile file = MappedFile.open(path);
        FeatherFile table = FeatherFile.open(file.segment(), LIMIT, DECOMPRESSORS)) {
      for (int i = 0; i < table.batchCount(); i++) {
        try (VectorSchemaRoot batch = table.load(i)) {
          FeatherColumns.Integers stamps = FeatherColumns.integers(batch, "stamp");
          FeatherColumns.Texts names = FeatherColumns.texts(batch, "name");
          FeatherColumns.Numbers x = FeatherColumns.numbers(batch, "x");
          for (int row = 0; row < batch.getRowCount(); row++) {
            rows.add(
                (stamps == null || !stamps.has(row) ? "-" : stamps.get(row))
                    + " "
                    + (names == null ? "-" : names.get(row))
                    + " "
                    + (x == null ? "-" : x.get(row)));
          }
        }
      }
    }
    return String.join("\n", rows);
  }

  @ParameterizedTest
  @EnumSource(CodecType.class)
  void readsWhatArrowWrites(CodecType compression) throws Exception {
    String text = read(table(500).compressed(compression).bytes());
    assertThat(text.lines()).hasSize(500);
    assertThat(text.lines().skip(2).limit(3))
        .containsExactly(
            "1000000000002 object 2 1.0", "1000000000003 null 1.5", "1000000000004 object 4 2.0");
  }

  @Test
  void givesUncompressedColumnsWhereTheyLie() throws Exception {
    Path path = table(500).compressed(CodecType.NO_COMPRESSION).write(folder.resolve("a.feather"));
    try (MappedFile file = MappedFile.open(path);
        FeatherFile table = FeatherFile.open(file.segment(), 0, DECOMPRESSORS);
        VectorSchemaRoot batch = table.load(0)) {
      long address = ((BigIntVector) batch.getVector("stamp")).getDataBuffer().memoryAddress();
      long start = file.segment().address();
      assertThat(address).isBetween(start, start + file.lengthBytes());
    }
  }

  @Test
  void readsATableWithoutRows() throws Exception {
    assertThat(read(table(0).bytes())).isEmpty();
  }

  @Test
  void readsBatchesOfTheOutput() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Schema schema = new Schema(List.of(Field.notNullable("stamp", new ArrowType.Int(64, true))));
    try (ArrowFileOutput output =
        new ArrowFileOutput(Channels.newChannel(bytes), schema, CodecType.ZSTD)) {
      for (int batch = 0; batch < 3; batch++) {
        BigIntVector stamps = (BigIntVector) output.root().getVector("stamp");
        stamps.allocateNew(2);
        stamps.set(0, batch * 10L);
        stamps.set(1, batch * 10L + 1);
        output.writeBatch(2);
      }
      output.finish();
    }
    assertThat(read(bytes.toByteArray())).isEqualTo("0 - -\n1 - -\n10 - -\n11 - -\n20 - -\n21 - -");
  }

  @Test
  void columnWithoutANameIsNoColumn() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Schema schema =
        new Schema(
            List.of(
                Field.notNullable("stamp", new ArrowType.Int(64, true)),
                Field.notNullable(null, new ArrowType.Int(64, true))));
    try (ArrowFileOutput output =
        new ArrowFileOutput(Channels.newChannel(bytes), schema, CodecType.ZSTD)) {
      output.finish();
    }
    byte[] file = bytes.toByteArray();
    int footerBytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 10);
    assertFault(file, MalformedFeatherException.Fault.METADATA, file.length - 10 - footerBytes);
  }

  @Test
  void saysWhyAndWhereAFileIsNone() throws Exception {
    byte[] good = table(100).bytes();
    assertFault(
        "ARROWX and more bytes".getBytes(StandardCharsets.US_ASCII),
        MalformedFeatherException.Fault.HEADER,
        0);
    assertFault(
        Arrays.copyOf(good, good.length - 1), MalformedFeatherException.Fault.END, good.length - 7);
    byte[] long1 = good.clone();
    long1[good.length - 8] = 0x7F;
    assertFault(long1, MalformedFeatherException.Fault.FOOTER, good.length - 10);
    int frame = indexOf(good, new byte[] {0x04, 0x22, 0x4D, 0x18});
    assertFault(frameWithout(good, frame), MalformedFeatherException.Fault.COMPRESSION, frame);
  }

  private static byte[] frameWithout(byte[] good, int frame) {
    byte[] bad = good.clone();
    bad[frame] = 0;
    return bad;
  }

  private void assertFault(byte[] bytes, MalformedFeatherException.Fault fault, long offset)
      throws IOException {
    try {
      fail("read: " + read(bytes));
    } catch (MalformedFeatherException e) {
      assertThat(e.fault()).isEqualTo(fault);
      assertThat(e.offsetBytes()).isEqualTo(offset);
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; ; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
  }

  @Test
  void refusesABatchOverTheLimit() throws Exception {
    byte[] large = new Feathers().doubles("x", Feathers.all(200_000, 1)).bytes();
    assertThat(large.length).isLessThan(LIMIT);
    try {
      fail("read: " + read(large).length());
    } catch (MalformedFeatherException e) {
      assertThat(e.fault()).isEqualTo(MalformedFeatherException.Fault.TOO_LARGE);
      assertThat(e.getMessage()).contains("at most " + LIMIT + " together");
    }
  }

  @Test
  void survivesEveryTruncation() throws Exception {
    for (CodecType compression : CodecType.values()) {
      byte[] good = table(12).compressed(compression).bytes();
      for (int length = 0; length < good.length; length++) {
        try {
          fail(
              "cut to " + length + " of " + good.length + ": " + read(Arrays.copyOf(good, length)));
        } catch (MalformedFeatherException e) {
          assertThat(e.offsetBytes() + e.lengthBytes()).isLessThanOrEqualTo(length);
        }
      }
    }
  }

  @Test
  void survivesDamageAnywhere() throws Exception {
    Set<MalformedFeatherException.Fault> seen =
        EnumSet.noneOf(MalformedFeatherException.Fault.class);
    for (CodecType compression : CodecType.values()) {
      byte[] good = table(60).compressed(compression).bytes();
      for (long seed = 1; seed <= 1500; seed++) {
        Random random = new Random(seed);
        byte[] bad = good.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
          int at = random.nextInt(bad.length);
          bad[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bad[at] ^ 0x80);
        }
        try {
          String _ = read(bad);
        } catch (MalformedFeatherException e) {
          seen.add(e.fault());
          assertThat(e.offsetBytes()).as("seed " + seed).isBetween(0L, (long) bad.length);
        } catch (RuntimeException | Error e) {
          throw new AssertionError("seed " + seed + ", " + compression, e);
        }
      }
    }
    assertThat(seen)
        .contains(
            MalformedFeatherException.Fault.HEADER,
            MalformedFeatherException.Fault.END,
            MalformedFeatherException.Fault.FOOTER,
            MalformedFeatherException.Fault.METADATA,
            MalformedFeatherException.Fault.RANGE,
            MalformedFeatherException.Fault.COMPRESSION,
            MalformedFeatherException.Fault.CONTENT);
  }
}
