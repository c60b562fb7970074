package dev.lockstep.source.nuscenes;

/// A token as 128 bits: those of 32 hexadecimal digits as they are, any other (Lyft has 64 digits,
/// and single numbers) by two hashes of 64 bits. 0, 0 stands for an empty token.
///
/// Two hashed tokens of a set of ten million are equal by chance once in 10^24 sets.
final class Token {
  private static final int DIGITS = 32;

  long high;
  long low;

  /// Takes the token that stands in `length` characters of `text` from `at` on.
  void set(char[] text, int at, int length) {
    high = 0;
    low = 0;
    if (length == 0) {
      return;
    }
    if (length != DIGITS || !takesDigits(text, at) || (high | low) == 0) {
      hash(text, at, length);
    }
  }

  /// Whether it is no token.
  boolean isEmpty() {
    return (high | low) == 0;
  }

  /// No token.
  void clear() {
    high = 0;
    low = 0;
  }

  private boolean takesDigits(char[] text, int at) {
    for (int i = 0; i < DIGITS; i++) {
      char c = text[at + i];
      int digit;
      if (c >= '0' && c <= '9') {
        digit = c - '0';
      } else if (c >= 'a' && c <= 'f') {
        digit = c - 'a' + 10;
      } else {
        return false;
      }
      high = high << 4 | low >>> 60;
      low = low << 4 | digit;
    }
    return true;
  }

  private void hash(char[] text, int at, int length) {
    long a = 0x9E37_79B9_7F4A_7C15L ^ length;
    long b = 0xC2B2_AE3D_27D4_EB4FL + length;
    for (int i = 0; i < length; i++) {
      a = mixed(a ^ text[at + i]);
      b = mixed(b + text[at + i] * 0x1_0001L);
    }
    high = a | 1L << 63;
    low = b;
  }

  /// The finalizer of SplitMix64: each bit of the input changes half of those of the output.
  static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
