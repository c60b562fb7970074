package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules about a picture without compression: step, rows and data agree with its encoding.
final class RawImage {
  /// Characters of an encoding that are looked at.
  private static final int MAX_ENCODING = 64;

  /// OpenCV's names: `8UC3`, `32FC1`; without channels they mean one.
  private static final Pattern OPENCV = Pattern.compile("(8|16|32|64)[USF]C?([0-9]{0,3})");

  /// Bits of a pixel (sensor_msgs/image_encodings; foxglove.RawImage uses the same names). Planar
  /// formats give the bits of the first plane.
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("mono8", 8),
          Map.entry("mono16", 16),
          Map.entry("rgb8", 24),
          Map.entry("bgr8", 24),
          Map.entry("rgba8", 32),
          Map.entry("bgra8", 32),
          Map.entry("rgb16", 48),
          Map.entry("bgr16", 48),
          Map.entry("rgba16", 64),
          Map.entry("bgra16", 64),
          Map.entry("yuv422", 16),
          Map.entry("uyvy", 16),
          Map.entry("yuv422_yuy2", 16),
          Map.entry("yuyv", 16),
          Map.entry("nv12", 8),
          Map.entry("nv21", 8),
          Map.entry("nv24", 8));

  /// Halves of a plane that follow the first plane.
  private static final Map<String, Integer> MORE_HALF_PLANES =
      Map.of("nv12", 1, "nv21", 1, "nv24", 4);

  private RawImage() {}

  /// Examines an image whose parts stand in `image`: encoding in [Scratch#FORMAT], pixels in
  /// [Scratch#DATA].
  static void examine(
      MemorySegment bytes, Scratch image, long height, long width, long step, PayloadFacts facts) {
    long dataBytes = image.count[Scratch.DATA];
    if (dataBytes == 0 && (height == 0 || width == 0)) {
      facts.fault(
          DefectKind.IMAGE_WITHOUT_PICTURE,
          new Evidence.Violation("image", width + " x " + height + " pixels", "a picture"));
      return;
    }
    facts.picture(width, height);
    String encoding = "";
    if (image.at[Scratch.FORMAT] >= 0 && image.count[Scratch.FORMAT] <= MAX_ENCODING) {
      encoding =
          Texts.utf8(bytes, image.at[Scratch.FORMAT], image.count[Scratch.FORMAT])
              .toLowerCase(Locale.ROOT);
    }
    if (encoding.isEmpty() && image.count[Scratch.FORMAT] == 0) {
      facts.fault(
          DefectKind.IMAGE_LAYOUT,
          new Evidence.Violation(
              "encoding of " + width + " x " + height + " pixels", "none", "its name"));
      return;
    }
    int bits = bitsPerPixel(encoding);
    long needStep = (width * bits + 7) / 8;
    if (bits > 0 && step < needStep) {
      facts.fault(
          DefectKind.IMAGE_LAYOUT,
          new Evidence.OutOfRange(
              "step of " + width + " pixels " + encoding, step, needStep, null, "bytes"));
      return;
    }
    if (bits == 0 && dataBytes % Math.max(1, step) != 0) {
      // An encoding of unknown planes still comes in whole rows.
      facts.fault(
          DefectKind.IMAGE_LAYOUT,
          new Evidence.Violation(
              "data length", dataBytes + " bytes", "a multiple of the step " + step));
      return;
    }
    long needBytes = height * step;
    needBytes += needBytes / 2 * MORE_HALF_PLANES.getOrDefault(encoding, 0);
    if (bits > 0 && dataBytes != needBytes) {
      facts.fault(
          DefectKind.IMAGE_LAYOUT,
          new Evidence.Mismatch(
              "data length of " + height + " rows of " + step + " bytes",
              Long.toString(dataBytes),
              Long.toUnsignedString(needBytes)));
    }
  }

  /// Bits of a pixel, 0 where the encoding is unknown.
  static int bitsPerPixel(String encoding) {
    Integer bits = BITS.get(encoding);
    if (bits != null) {
      return bits;
    }
    if (encoding.startsWith("bayer_")) {
      return encoding.endsWith("16") ? 16 : encoding.endsWith("8") ? 8 : 0;
    }
    Matcher m = OPENCV.matcher(encoding.toUpperCase(Locale.ROOT));
    if (m.matches()) {
      int channels = m.group(2).isEmpty() ? 1 : Integer.parseInt(m.group(2));
      return Integer.parseInt(m.group(1)) * channels;
    }
    return 0;
  }
}
