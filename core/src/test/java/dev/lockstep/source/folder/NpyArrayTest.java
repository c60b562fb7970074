package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyArrayTest {
  @TempDir private Path root;

  private RecordedReading read(String unit, String column, byte[] array) throws IOException {
    Trees.write(root, "t", array);
    String yaml =
        "streams:\n  - {stream: a, modality: imu, stamps: {npy: t, unit: %s, column: %s}}\n"
            .formatted(unit, column);
    return RecordedReading.of(FolderFormat.of(yaml, "x.yaml", LabelFormats.ALL), root);
  }

  private static byte[] body(String type, long... values) {
    ByteBuffer body =
        ByteBuffer.allocate(values.length * 8)
            .order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      switch (type.substring(1)) {
        case "f8" -> body.putDouble((double) value);
        case "f4" -> body.putFloat((float) value);
        case "i8", "u8" -> body.putLong(value);
        default -> body.putInt((int) value);
      }
    }
    return Arrays.copyOf(body.array(), body.position());
  }

  @ParameterizedTest
  @CsvSource({
    "1, <f8", "2, <f8", "3, >f8", "1, <f4", "2, >f4", "1, <i8", "3, >i8", "1, <i4", "2, >i4",
    "1, <u8", "2, >u8", "1, <u4", "3, >u4"
  })
  void readsEachTypeOrderAndVersion(int version, String type) throws IOException {
    long[] values = {1, 2, 3, 70_000};
    RecordedReading reading =
        read("ms", "0", Trees.npy(version, type, false, "4,", body(type, values)));
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.stampsNs("a"))
        .containsExactly(1_000_000, 2_000_000, 3_000_000, 70_000_000_000L);
  }

  @Test
  void readsColumnsInEitherOrder() throws IOException {
    byte[] rows = Trees.npy(1, "<i8", false, "3, 2", body("<i8", 1, 10, 2, 20, 3, 30));
    assertThat(read("ns", "1", rows).stampsNs("a")).containsExactly(10, 20, 30);
    byte[] columns = Trees.npy(1, "<i8", true, "3, 2", body("<i8", 1, 2, 3, 10, 20, 30));
    assertThat(read("ns", "1", columns).stampsNs("a")).containsExactly(10, 20, 30);
    assertThat(read("ns", "0", columns).stampsNs("a")).containsExactly(1, 2, 3);
  }

  @Test
  void splitsFloatingPointSecondsAtThePoint() throws IOException {
    // The double nearest to the first is 1574859771.7446603775...; one product would be off by 120.
    double[] seconds = {Double.parseDouble("1574859771.744660272"), 46408.547498, -0.25, 1e-9};
    assertThat(read("s", "0", Trees.npy(1, seconds)).stampsNs("a"))
        .containsExactly(1_574_859_771_744_660_378L, 46_408_547_498_000L, -250_000_000L, 1L);
  }

  @Test
  void whatIsNoNumberIsNoStamp() throws IOException {
    RecordedReading reading =
        read("s", "0", Trees.npy(1, 1, Double.NaN, Double.POSITIVE_INFINITY, 4, 1e200));
    assertThat(reading.defectText())
        .isEqualTo(
            "error TEXT_MALFORMED: rows 1..2, 4 3 without a stamp, such as NaN (expected numbers of"
                + " s) @ a, messages 1..2, t, byte 136+8");
    assertThat(reading.stampsNs("a")[1]).isEqualTo(Long.MIN_VALUE);
    long[] large = {Long.MIN_VALUE, -1};
    assertThat(read("s", "0", Trees.npy(1, "<u8", false, "2,", body("<u8", large))).defectText())
        .contains("2 without a stamp, such as 9223372036854775808");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'<c8' | False | '3,' | array header elements of type <c8 (expected f8, f4, i8, i4, u8,"
            + " u4)",
        "'<f8' | Perhaps | '3,' | array header not understood: {'descr': '<f8', 'fortran_order':"
            + " Perhaps",
        "'<f8' | False | '' | array header shape () (expected one or two dimensions)",
        "'<f8' | False | '1, 2, 3' | array header shape (1, 2, 3) (expected one or two dimensions)",
        "'<f8' | False | '9999999999,' | array header shape (9999999999,) (expected rows and at"
            + " least one column)",
        "'<f8' | False | '1, 0' | array header shape (1, 0) (expected rows and at least one column)"
      })
  void tellsWhatIsWrongWithAHeader(String type, String order, String shape, String expected)
      throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n".formatted(type, order, shape);
    byte[] array =
        ByteBuffer.allocate(10 + header.length() + 24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
            .putShort((short) header.length())
            .put(header.getBytes(StandardCharsets.US_ASCII))
            .array();
    assertThat(read("s", "0", array).defectText())
        .startsWith("error HEADER_MALFORMED: " + expected)
        .contains("@ a, t, byte 0+" + (10 + header.length()));
  }

  @Test
  void lengthsMustAgree() throws IOException {
    byte[] array = Trees.npy(1, 1, 2, 3);
    assertThat(read("s", "0", Arrays.copyOf(array, array.length - 9)).defectText())
        .isEqualTo(
            "error FILE_TRUNCATED: elements of the array stored 3, computed 1 @ a, t, byte 128+15");
    assertThat(read("s", "0", Arrays.copyOf(array, array.length + 2)).defectText())
        .isEqualTo(
            "warning TRAILING_BYTES: bytes of the array stored 152, computed 154 @ a, t, byte"
                + " 152+2");
    assertThat(read("s", "1", array).defectText())
        .isEqualTo("error LAYOUT_BROKEN: column 1 (expected 0 to 0) @ a, t, byte 0+128");
    assertThat(read("s", "0", "no array at all".getBytes(StandardCharsets.US_ASCII)).defectText())
        .isEqualTo(
            "error HEADER_MALFORMED: array header no NumPy array (expected descr, fortran_order and"
                + " shape of a plain array) @ a, t, byte 0+15");
  }
}
