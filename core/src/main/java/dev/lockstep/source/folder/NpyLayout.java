package dev.lockstep.source.folder;

import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The file format of NumPy arrays (NEP 1; numpy.lib.format).
///
/// ```text
///  0  6  0x93 N U M P Y
///  6  2  version: 1.0, 2.0, 3.0
///  8  2  length of the header, little-endian; 4 bytes from version 2.0 on
/// 10  .  {'descr': '<f8', 'fortran_order': False, 'shape': (1200, 3), }  spaces, line feed
///  .  .  the elements, row by row; column by column in Fortran order
/// ```
final class NpyLayout {
  static final int MAGIC_BYTES = 6;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION_AT = 6;
  private static final int LENGTH_AT = 8;

  /// Longest header that is read; NumPy itself refuses more than 10,000.
  private static final int MAX_HEADER = 10_000;

  static final String EXPECTED = "descr, fortran_order and shape of a plain array";

  static final Pattern DTYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([A-Za-z]\\d+)'");
  static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9L, ]*)\\)");

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private NpyLayout() {}

  /// Offset of the first element, or the file's length where the header says more.
  static long dataAt(MemorySegment file) {
    if (file.byteSize() < LENGTH_AT + Short.BYTES) {
      return file.byteSize();
    }
    boolean old = file.get(ValueLayout.JAVA_BYTE, VERSION_AT) <= 1;
    if (!old && file.byteSize() < LENGTH_AT + Integer.BYTES) {
      return file.byteSize();
    }
    long length =
        old
            ? Short.toUnsignedLong(file.get(SHORT, LENGTH_AT))
            : Integer.toUnsignedLong(file.get(INT, LENGTH_AT));
    return Math.min(file.byteSize(), LENGTH_AT + (old ? Short.BYTES : Integer.BYTES) + length);
  }

  /// The header's text, or null if the file is no array.
  static @Nullable String header(MemorySegment file) {
    if (file.byteSize() < LENGTH_AT + Integer.BYTES) {
      return null;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (file.get(ValueLayout.JAVA_BYTE, i) != MAGIC[i]) {
        return null;
      }
    }
    int version = file.get(ValueLayout.JAVA_BYTE, VERSION_AT);
    if (version < 1 || version > 3) {
      return null;
    }
    int from = LENGTH_AT + (version == 1 ? Short.BYTES : Integer.BYTES);
    long length = dataAt(file) - from;
    if (length < 0 || length > MAX_HEADER) {
      return null;
    }
    byte[] text = new byte[(int) length];
    MemorySegment.copy(file, from, MemorySegment.ofArray(text), 0, text.length);
    return new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  /// Types of elements that can be stamps.
  enum Type {
    F8(8),
    F4(4),
    I8(8),
    I4(4),
    U8(8),
    U4(4);

    private static final long[] POWERS = {
      1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }

    static @Nullable Type of(String word) {
      for (Type type : values()) {
        if (type.name().equals(word.toUpperCase(Locale.ROOT))) {
          return type;
        }
      }
      return null;
    }

    static String words() {
      return Arrays.stream(values())
          .map(type -> type.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));
    }

    /// An element times ten to the power of `power`, or [Times#NONE] where that is no number or too
    /// large. Floating-point numbers are split at the point first, so that nothing is lost but what
    /// they do not hold.
    long scaled(MemorySegment file, long at, boolean bigEndian, int power) {
      return switch (this) {
        case F8, F4 -> scaled(real(file, at, bigEndian), power);
        case I8, I4, U4 -> scaled(whole(file, at, bigEndian), power);
        case U8 -> {
          long bits = whole(file, at, bigEndian);
          yield bits < 0 ? Times.NONE : scaled(bits, power);
        }
      };
    }

    /// The element as a number.
    double value(MemorySegment file, long at, boolean bigEndian) {
      return switch (this) {
        case F8, F4 -> real(file, at, bigEndian);
        case I8, I4, U8, U4 -> whole(file, at, bigEndian);
      };
    }

    private double real(MemorySegment file, long at, boolean bigEndian) {
      long bits = whole(file, at, bigEndian);
      return this == F8 ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
    }

    private long whole(MemorySegment file, long at, boolean bigEndian) {
      if (bytes == Long.BYTES) {
        long value = file.get(LONG, at);
        return bigEndian ? Long.reverseBytes(value) : value;
      }
      int value = file.get(INT, at);
      int ordered = bigEndian ? Integer.reverseBytes(value) : value;
      return this == U4 ? Integer.toUnsignedLong(ordered) : ordered;
    }

    private static long scaled(long value, int power) {
      long high = Math.multiplyHigh(value, POWERS[power]);
      long low = value * POWERS[power];
      return high == low >> 63 ? low : Times.NONE;
    }

    static long scaled(double value, int power) {
      double whole = Math.floor(value);
      if (!(Math.abs(whole) < 9.2e18 / POWERS[power])) {
        return Times.NONE;
      }
      return (long) whole * POWERS[power] + Math.round((value - whole) * POWERS[power]);
    }

    /// An element in words.
    String text(MemorySegment file, long at, boolean bigEndian) {
      return switch (this) {
        case F8, F4 -> Double.toString(real(file, at, bigEndian));
        case I8, I4, U4 -> Long.toString(whole(file, at, bigEndian));
        case U8 -> Long.toUnsignedString(whole(file, at, bigEndian));
      };
    }
  }
}
