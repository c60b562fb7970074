package dev.lockstep.store;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// A name made by the server: 48 bits of milliseconds and 80 random bits, 26 letters and digits
/// that sort by time (github.com/ulid/spec).
///
/// @param high time and the first 16 random bits
/// @param low the other random bits
record Ulid(long high, long low) {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 26;
  private static final int DIGIT_BITS = 5;
  private static final SecureRandom RANDOM = new SecureRandom();

  static Ulid next(long epochMillis) {
    return new Ulid(epochMillis << 16 | (RANDOM.nextLong() & 0xFFFF), RANDOM.nextLong());
  }

  /// Reads 26 digits; null if `text` is something else.
  static @Nullable Ulid parse(String text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      return null;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = DIGITS.indexOf(text.charAt(i));
      if (digit < 0) {
        return null;
      }
      high = high << DIGIT_BITS | low >>> (Long.SIZE - DIGIT_BITS);
      low = low << DIGIT_BITS | digit;
    }
    return new Ulid(high, low);
  }

  @Override
  public String toString() {
    char[] text = new char[LENGTH];
    long h = high;
    long l = low;
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS.charAt((int) (l & 31));
      l = l >>> DIGIT_BITS | h << (Long.SIZE - DIGIT_BITS);
      h >>>= DIGIT_BITS;
    }
    return new String(text);
  }
}
