package dev.lockstep.source.mcap;

/// 64-bit fingerprints by which records are compared without being kept. Two different ones agree
/// by chance once in 2^64; nobody is defended against.
final class Fingerprint {
  private static final long SEED = 0x6A09_E667_F3BC_C908L;

  private Fingerprint() {}

  /// The fingerprint of nothing.
  static long start() {
    return SEED;
  }

  /// A fingerprint extended by a number; the order of extensions counts.
  static long with(long fingerprint, long value) {
    return scramble(fingerprint ^ scramble(value + SEED));
  }

  /// A fingerprint extended by a text.
  static long with(long fingerprint, String text) {
    long result = with(fingerprint, text.length());
    for (int i = 0; i < text.length(); i++) {
      result = result * 0x0000_0100_0000_01B3L ^ text.charAt(i);
    }
    return scramble(result);
  }

  /// A fingerprint extended by bytes.
  static long with(long fingerprint, byte[] bytes) {
    long result = with(fingerprint, bytes.length);
    for (byte b : bytes) {
      result = result * 0x0000_0100_0000_01B3L ^ b;
    }
    return scramble(result);
  }

  /// The fingerprint of a pair. Those of many pairs are summed, so that their order does not count.
  static long ofPair(long a, long b) {
    return scramble(scramble(a + SEED) ^ (b * 0x9E37_79B9_7F4A_7C15L));
  }

  /// The sum of the fingerprints of the pairs that the first `count` of `numbers` are.
  static long ofPairs(long[] numbers, int count) {
    long sum = 0;
    for (int i = 0; i + 1 < count; i += 2) {
      sum += ofPair(numbers[i], numbers[i + 1]);
    }
    return sum;
  }

  /// Mixes all bits into all others (constants of the finaliser of a 64-bit mixing function with
  /// full avalanche).
  private static long scramble(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
