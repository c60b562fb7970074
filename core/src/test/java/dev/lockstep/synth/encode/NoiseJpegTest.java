package dev.lockstep.synth.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class NoiseJpegTest {
  @Test
  void anotherDecoderReadsImagesOfNoise() throws IOException {
    Random random = new Random(5);
    int blocks = 40 * 30;
    int shorts = 100;
    int words = shorts + 8 * (blocks - shorts);
    ByteBuffer scan = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < words; i++) {
      long bits = random.nextLong();
      scan.putLong(i < shorts ? NoiseJpeg.shortBlock(bits) : NoiseJpeg.coefficients(bits));
    }
    assertThat(scan.array()).doesNotContain((byte) 0xFF);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    jpeg.writeBytes(NoiseJpeg.header(320, 240));
    jpeg.writeBytes(scan.array());
    jpeg.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg.toByteArray()));

    assertThat(image.getWidth()).isEqualTo(320);
    // The last block is noise, too: nothing of the scan was left over or lacked.
    int[] last = image.getRaster().getPixels(312, 232, 8, 8, (int[]) null);
    assertThat(Arrays.stream(last).distinct().count()).isGreaterThan(4);
  }
}
