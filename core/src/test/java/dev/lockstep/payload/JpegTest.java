package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegTest {
  private static final PayloadReader JPEG = PayloadProfile.ofFile(PayloadFile.JPEG).reader();

  static byte[] jpeg(int width, int height, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream to = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(to);
      writer.write(null, new IIOImage(Pictures.noise(width, height), null, null), param);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /// Bytes of a JPEG made by hand.
  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static final String HEAD =
      "FFD8 FFC0 000B 08 0010 0010 01 01 11 00 FFDA 0008 01 01 00 00 3F 00 ";
  private static final String HEAD_RST =
      "FFD8 FFDD 0004 0001 FFC0 000B 08 0010 0010 01 01 11 00 FFDA 0008 01 01 00 00 3F 00 ";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsNothingInWhatAnEncoderWrote(boolean progressive) {
    for (int size : List.of(1, 8, 17, 100, 333)) {
      assertThat(faults(read(JPEG, jpeg(size, size, progressive)))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsEveryTruncation(boolean progressive) {
    byte[] whole = jpeg(40, 30, progressive);
    for (int length = 2; length < whole.length; length++) {
      PayloadFacts facts = read(JPEG, Arrays.copyOf(whole, length));
      assertThat(facts.faults()).as("cut to %d", length).hasSize(1);
      assertThat(facts.faults().getFirst().kind()).isEqualTo(DefectKind.IMAGE_TRUNCATED);
    }
  }

  @Test
  void seesThatAScanEndsInTheMiddle() {
    byte[] whole = jpeg(48, 32, false);
    int scan = whole.length - 2;
    while (whole[scan] != (byte) 0xFF || whole[scan + 1] != (byte) JpegLayout.SOS) {
      scan--;
    }
    byte[] cut = Arrays.copyOf(whole, scan + (whole.length - scan) / 2);
    while (cut[cut.length - 3] == (byte) 0xFF) {
      cut = Arrays.copyOf(cut, cut.length - 1);
    }
    cut[cut.length - 2] = (byte) 0xFF;
    cut[cut.length - 1] = (byte) JpegLayout.EOI;
    assertThat(faults(read(JPEG, cut)))
        .containsExactly(
            "IMAGE_MALFORMED: codes of the scan end of the data in unit 2 of 6 (expected codes of"
                + " all blocks, and none behind them)");
  }

  @Test
  void seesManyFlippedBitsOfAScan() {
    byte[] whole = jpeg(48, 32, false);
    assertThat(whole.length).isLessThan(JpegScan.SMALL_BYTES);
    int seen = 0;
    int flipped = 0;
    for (int at = whole.length / 2; at < whole.length - 8; at++) {
      byte[] bad = whole.clone();
      bad[at] ^= 0x10;
      if (bad[at] != -1 && whole[at] != -1 && whole[at - 1] != -1) {
        flipped++;
        seen += read(JPEG, bad).faults().isEmpty() ? 0 : 1;
      }
    }
    assertThat(flipped).isGreaterThan(300);
    // Measured: 46 of 100. Bits of magnitudes change a picture, and no code.
    assertThat(seen).isGreaterThan(flipped * 2 / 5);
  }

  @Test
  void reportsEveryChangedLengthOfASegment() {
    byte[] whole = jpeg(40, 30, false);
    int at = 2;
    int changed = 0;
    while ((whole[at + 1] & 0xFF) != JpegLayout.SOS) {
      int length = ((whole[at + 2] & 0xFF) << 8) | (whole[at + 3] & 0xFF);
      for (int bit = 0; bit < 16; bit++) {
        byte[] bad = whole.clone();
        bad[at + 2 + bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(read(JPEG, bad).faults()).as("length at %d, bit %d", at + 2, bit).isNotEmpty();
        changed++;
      }
      at += 2 + length;
    }
    assertThat(changed).isGreaterThan(60);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "12 FF00 34 FFD9|",
        "12 FF00 34 FFD9 0000 0000|",
        "12 FF00 34 FFFF FFD9 FF|",
        "12 FF00 34 FFD9 FFD8 11|",
        "12 34 0000|IMAGE_TRUNCATED: JPEG end marker missing (expected FF D9 at the end)",
        "12 34 FFD9 41 42|IMAGE_MALFORMED: bytes behind the JPEG end marker 2 bytes (expected none,"
            + " or padding)",
        "12 FFD0 34 FFD9|IMAGE_MALFORMED: restart marker at byte 26 FF D0 (expected none, no"
            + " interval was defined)",
        "12 FFC5 34 FFD9|IMAGE_MALFORMED: marker in the scan at byte 26 FF C5 (expected FF 00, a"
            + " restart or the end)",
      })
  void judgesWhatFollowsTheHeader(String scan, String fault) {
    assertThat(faults(read(JPEG, bytes(HEAD + scan))))
        .isEqualTo(fault == null ? List.of() : List.of(fault));
  }

  @Test
  void followsTheOrderOfRestartMarkers() {
    assertThat(faults(read(JPEG, bytes(HEAD_RST + "11 FFD0 22 FFD1 33 FFD2 44 FFD9")))).isEmpty();
    assertThat(faults(read(JPEG, bytes(HEAD_RST + "11 FFD0 22 FFD2 33 FFD9"))))
        .containsExactly("IMAGE_MALFORMED: restart marker at byte 35 FF D2 (expected FF D1)");
  }

  @Test
  void tellsAnImageWithoutAPictureFromADamagedOne() {
    assertThat(faults(read(JPEG, bytes("FFD8 FFE0 0004 1122 334455667788 FFD9"))))
        .containsExactly(
            "IMAGE_WITHOUT_PICTURE: JPEG start and end only (expected a frame and a scan between"
                + " them)");
    assertThat(faults(read(JPEG, bytes("FFD8 FFE0 0004 1122 334455667788 0000"))))
        .containsExactly("IMAGE_TRUNCATED: JPEG end marker missing (expected FF D9 at the end)");
    assertThat(faults(read(JPEG, bytes("0000 FFE0 0004 1122 334455667788 FFD9"))))
        .containsExactly("IMAGE_MALFORMED: image start 00 00 FF E0 (expected FF D8 (JPEG start))");
  }

  @Test
  void findsPagesOfZerosWhereATornWriteLeavesThem() {
    byte[] image = jpeg(700, 700, false);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = arena.allocate(image.length, ZeroRuns.PAGE_BYTES);
      mapped.copyFrom(MemorySegment.ofArray(image));
      PayloadFacts facts = new PayloadFacts();
      JPEG.read(mapped, 0, image.length, facts);
      assertThat(faults(facts)).isEmpty();
      mapped.asSlice(2L * ZeroRuns.PAGE_BYTES, 2L * ZeroRuns.PAGE_BYTES).fill((byte) 0);
      JPEG.read(mapped, 0, image.length, facts);
      assertThat(faults(facts))
          .containsExactly(
              "ZERO_PAGES: coded data at byte 8192 8192 zero bytes on page bounds (expected data)");
    }
  }
}
