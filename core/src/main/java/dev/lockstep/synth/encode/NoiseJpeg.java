package dev.lockstep.synth.encode;

import java.io.ByteArrayOutputStream;

/// Baseline JPEG images of noise whose scans are written as fast as random numbers are made.
///
/// The Huffman tables give each coefficient a code whose length and number of further bits make
/// eight: nearly every byte is a coefficient, and a block is a whole number of bytes. A block
/// begins with one bit for an unchanged mean and ends with the seven bits of EOB. No byte of a scan
/// is FF.
public final class NoiseJpeg {
  /// Codes of 1 to 5 bits for coefficients of 7 down to 3 bits, and one of 7 for EOB.
  private static final int[] AC_COUNTS = {1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private static final int[] AC_VALUES = {7, 6, 5, 4, 3, 0};

  /// One code, for a mean like that of the block before.
  private static final int[] DC_COUNTS = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private static final int[] DC_VALUES = {0};

  private static final int EOB_BITS = 7;
  private static final long EOB = 0b111_1100;

  /// The highest bit of each byte.
  private static final long HIGH = 0x8080_8080_8080_8080L;

  private static final int QUALITY = 75;

  private NoiseJpeg() {}

  /// Marker segments from SOI to SOS; the blocks of the scan and EOI follow.
  public static byte[] header(int width, int height) {
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    JpegEncoder.table(tables, 0x00, DC_COUNTS, DC_VALUES);
    JpegEncoder.table(tables, 0x10, AC_COUNTS, AC_VALUES);
    return new JpegEncoder(width, height, QUALITY).header(tables.toByteArray());
  }

  /// One block of seven coefficients, eight bytes in the order of big-endian numbers.
  ///
  /// @param random whose lower seven bytes are the noise
  public static long block(long random) {
    long noise = coefficients(random) & 0x00FF_FFFF_FFFF_FFFFL;
    return noise << EOB_BITS | EOB;
  }

  /// Two blocks of three coefficients each in eight bytes.
  public static long twoBlocks(long random) {
    long noise = coefficients(random);
    long first = (noise >>> Integer.SIZE & 0xFF_FFFF) << EOB_BITS | EOB;
    long second = (noise & 0xFF_FFFF) << EOB_BITS | EOB;
    return first << Integer.SIZE | second;
  }

  /// The same bytes, none of which begins with five ones, as EOB does.
  private static long coefficients(long random) {
    long five = random & random << 1 & random << 2 & random << 3 & random << 4 & HIGH;
    return random ^ five;
  }
}
