package dev.lockstep.synth.encode;

import java.io.ByteArrayOutputStream;

/// Baseline JPEG images of noise whose scans are written as fast as random numbers are made.
///
/// The Huffman tables give each coefficient, that of the mean, too, a code whose length and number
/// of further bits make eight: every byte that does not begin with five ones is a coefficient. A
/// full block is 64 of them; a short one is eight bytes, the last of which is EOB. No byte of a
/// scan is FF.
public final class NoiseJpeg {
  /// Codes of 1 to 5 bits for coefficients of 7 down to 3 bits.
  private static final int[] DC_COUNTS = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private static final int[] DC_VALUES = {7, 6, 5, 4, 3};

  /// The same, and one of 8 for EOB.
  private static final int[] AC_COUNTS = {1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};

  private static final int[] AC_VALUES = {7, 6, 5, 4, 3, 0};

  private static final long EOB = 0b1111_1000;

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

  /// Eight coefficients of a full block of 64.
  public static long coefficients(long random) {
    // What begins with five ones would be no coefficient.
    long five = random & random << 1 & random << 2 & random << 3 & random << 4 & HIGH;
    return random ^ five;
  }

  /// A short block, in the order of little-endian numbers.
  public static long shortBlock(long random) {
    return coefficients(random) & -1L >>> Byte.SIZE | EOB << Long.SIZE - Byte.SIZE;
  }
}
