package dev.lockstep.synth.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegEncoderTest {
  @ParameterizedTest
  @CsvSource({"64, 48, 90", "61, 35, 90", "16, 16, 50", "200, 3, 75"})
  void anotherDecoderSeesTheSamePicture(int width, int height, int quality) throws IOException {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % width;
      int y = i / width;
      pixels[i] = (byte) (x > width / 3 && y > height / 3 ? 60 : 100 + (x + 2 * y) % 100);
    }

    byte[] jpeg = new JpegEncoder(width, height, quality).encode(pixels);

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
    double error = 0;
    for (int i = 0; i < pixels.length; i++) {
      int sample = image.getRaster().getSample(i % width, i / width, 0);
      error += Math.abs(sample - (pixels[i] & 0xFF));
    }
    assertThat(error / pixels.length).isLessThan(quality >= 90 ? 4.0 : 10.0);
  }
}
