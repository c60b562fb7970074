package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
  private static final PayloadReader PNG = PayloadProfile.ofFile(PayloadFile.PNG).reader();

  static byte[] png(int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(Pictures.noise(width, height), "png", out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  @Test
  void findsNothingInWhatAnEncoderWrote() {
    assertThat(faults(read(PNG, png(1, 1)))).isEmpty();
    assertThat(faults(read(PNG, png(200, 100)))).isEmpty();
  }

  @Test
  void reportsEveryFlippedBit() {
    byte[] whole = png(9, 9);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] bad = whole.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(read(PNG, bad).faults()).as("bit %d", bit).hasSize(1);
    }
  }

  @Test
  void reportsEveryTruncation() {
    byte[] whole = png(9, 9);
    for (int length = 1; length < whole.length; length++) {
      PayloadFacts facts = read(PNG, Arrays.copyOf(whole, length));
      assertThat(facts.faults()).as("cut to %d", length).hasSize(1);
      assertThat(facts.faults().getFirst().kind()).isEqualTo(DefectKind.IMAGE_TRUNCATED);
    }
  }

  @Test
  void namesTheChunkWhoseChecksumIsWrong() {
    byte[] bad = png(9, 9);
    bad[45] ^= 1;
    assertThat(faults(read(PNG, bad)).getFirst())
        .startsWith("IMAGE_MALFORMED: CRC-32 of chunk IDAT at byte 33 stored 0x");
  }

  @Test
  void allowsZerosBehindTheEndAndNothingElse() {
    byte[] whole = png(9, 9);
    byte[] padded = Arrays.copyOf(whole, whole.length + 5);
    assertThat(faults(read(PNG, padded))).isEmpty();
    padded[whole.length + 3] = 1;
    assertThat(faults(read(PNG, padded)))
        .containsExactly(
            "IMAGE_MALFORMED: bytes behind the PNG end chunk 5 bytes (expected none, or zeros)");
  }
}
