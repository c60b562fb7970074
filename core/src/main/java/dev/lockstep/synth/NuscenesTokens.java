package dev.lockstep.synth;

import java.util.Locale;

/// Tokens of rows, all different, in an order that the seed decides.
final class NuscenesTokens {
  private final long seed;
  private int given;

  NuscenesTokens(long seed) {
    this.seed = seed;
  }

  /// The next one: 32 hexadecimal digits.
  String next() {
    long high = mixed(seed * 0x9E37_79B9_7F4A_7C15L + 2L * given);
    long low = mixed(high + 2L * given + 1);
    given++;
    return String.format(Locale.ROOT, "%016x%016x", high, low);
  }

  /// The finalizer of SplitMix64.
  private static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
