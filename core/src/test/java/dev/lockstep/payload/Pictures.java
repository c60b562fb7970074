package dev.lockstep.payload;

import java.awt.image.BufferedImage;
import java.util.Random;

/// Pictures for tests.
final class Pictures {
  private Pictures() {}

  static BufferedImage noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }
}
