package dev.lockstep.synth.encode;

import java.io.ByteArrayOutputStream;

/// Baseline sequential JPEG (ITU-T T.81) of one gray component, with the example tables of its
/// annex K. Slow and simple: a direct transform in strict arithmetic, so that equal pixels give
/// equal bytes on every machine.
public final class JpegEncoder {
  /// Table K.1, in rows.
  private static final int[] LUMINANCE = {
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99
  };

  /// Figure A.6: which coefficient stands where in the zigzag.
  private static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  /// Table K.3: number of codes of each length 1 to 16, and their values.
  private static final int[] DC_COUNTS = {0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0};

  private static final int[] DC_VALUES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  /// Table K.5.
  private static final int[] AC_COUNTS = {0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125};

  private static final int[] AC_VALUES = {
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
    0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5,
    0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
    0xF9, 0xFA
  };

  private static final int BLOCK = 8;
  private static final double[] COSINES = cosines();
  private static final int[] DC_CODES = codes(DC_COUNTS, DC_VALUES);
  private static final int[] AC_CODES = codes(AC_COUNTS, AC_VALUES);

  private final int width;
  private final int height;
  private final int[] quantizers = new int[64];
  private final byte[] header;
  private final double[] samples = new double[64];
  private final double[] rows = new double[64];
  private final int[] coefficients = new int[64];

  /// An encoder for images of one size.
  ///
  /// @param quality 1 to 100, as the common rule scales table K.1 by it
  public JpegEncoder(int width, int height, int quality) {
    this.width = width;
    this.height = height;
    int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    for (int i = 0; i < 64; i++) {
      quantizers[i] = Math.clamp((LUMINANCE[i] * scale + 50) / 100, 1, 255);
    }
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    table(tables, 0x00, DC_COUNTS, DC_VALUES);
    table(tables, 0x10, AC_COUNTS, AC_VALUES);
    header = header(tables.toByteArray());
  }

  /// Marker segments from SOI to SOS for an image of that size; entropy-coded data and EOI follow.
  byte[] header(byte[] tables) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, 0xFF, 0xD8);
    put(out, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
    put(out, 0xFF, 0xDB, 0, 67, 0);
    for (int at : ZIGZAG) {
      out.write(quantizers[at]);
    }
    put(out, 0xFF, 0xC0, 0, 11, 8, height >> 8, height, width >> 8, width, 1, 1, 0x11, 0);
    out.writeBytes(tables);
    put(out, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0);
    return out.toByteArray();
  }

  /// Encodes gray levels, row by row.
  public byte[] encode(byte[] pixels) {
    BitWriter scan = new BitWriter();
    int previous = 0;
    for (int top = 0; top < height; top += BLOCK) {
      for (int left = 0; left < width; left += BLOCK) {
        load(pixels, left, top);
        transform();
        previous = code(scan, previous);
      }
    }
    scan.align(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 4096);
    out.writeBytes(header);
    for (byte b : scan.toBytes()) {
      out.write(b);
      if (b == (byte) 0xFF) {
        out.write(0);
      }
    }
    put(out, 0xFF, 0xD9);
    return out.toByteArray();
  }

  private void load(byte[] pixels, int left, int top) {
    for (int y = 0; y < BLOCK; y++) {
      int row = Math.min(top + y, height - 1) * width;
      for (int x = 0; x < BLOCK; x++) {
        samples[y * BLOCK + x] = (pixels[row + Math.min(left + x, width - 1)] & 0xFF) - 128;
      }
    }
  }

  private void transform() {
    for (int y = 0; y < BLOCK; y++) {
      for (int u = 0; u < BLOCK; u++) {
        double sum = 0;
        for (int x = 0; x < BLOCK; x++) {
          sum += samples[y * BLOCK + x] * COSINES[u * BLOCK + x];
        }
        rows[y * BLOCK + u] = sum;
      }
    }
    for (int v = 0; v < BLOCK; v++) {
      for (int u = 0; u < BLOCK; u++) {
        double sum = 0;
        for (int y = 0; y < BLOCK; y++) {
          sum += rows[y * BLOCK + u] * COSINES[v * BLOCK + y];
        }
        coefficients[v * BLOCK + u] = (int) Math.rint(sum / quantizers[v * BLOCK + u]);
      }
    }
  }

  private int code(BitWriter out, int previousDc) {
    symbol(out, DC_CODES, 0, coefficients[0] - previousDc);
    int run = 0;
    for (int i = 1; i < 64; i++) {
      int value = coefficients[ZIGZAG[i]];
      if (value == 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) {
        emit(out, AC_CODES[0xF0]);
      }
      symbol(out, AC_CODES, run, value);
      run = 0;
    }
    if (run > 0) {
      emit(out, AC_CODES[0]);
    }
    return coefficients[0];
  }

  private static void symbol(BitWriter out, int[] codes, int run, int value) {
    int size = 32 - Integer.numberOfLeadingZeros(Math.abs(value));
    emit(out, codes[(run << 4) | size]);
    if (size > 0) {
      out.bits(value < 0 ? value - 1 : value, size);
    }
  }

  private static void emit(BitWriter out, int code) {
    out.bits(code & 0xFFFF, code >>> 16);
  }

  /// A table of Huffman codes: how many there are of each length from 1 to 16, and their values.
  static void table(ByteArrayOutputStream out, int id, int[] counts, int[] values) {
    put(out, 0xFF, 0xC4, 0, 19 + values.length, id);
    put(out, counts);
    put(out, values);
  }

  private static void put(ByteArrayOutputStream out, int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
  }

  /// Codes by symbol (annex C): the code in the low 16 bits, its length above.
  private static int[] codes(int[] counts, int[] values) {
    int[] codes = new int[256];
    int code = 0;
    int next = 0;
    for (int length = 1; length <= counts.length; length++) {
      for (int i = 0; i < counts[length - 1]; i++) {
        codes[values[next++]] = (length << 16) | code++;
      }
      code <<= 1;
    }
    return codes;
  }

  private static double[] cosines() {
    double[] table = new double[64];
    for (int u = 0; u < BLOCK; u++) {
      for (int x = 0; x < BLOCK; x++) {
        table[u * BLOCK + x] =
            (u == 0 ? Math.sqrt(0.125) : 0.5)
                * StrictMath.cos((2 * x + 1) * u * Math.PI / (2 * BLOCK));
      }
    }
    return table;
  }
}
