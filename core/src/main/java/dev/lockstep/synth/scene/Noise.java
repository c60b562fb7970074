package dev.lockstep.synth.scene;

/// Random numbers by coordinates: the same seed, lane and index always give the same number, in any
/// order and on any machine.
///
/// Each number is the finaliser of SplitMix64 (Steele, Lea, Flood 2014: shifts 30, 27, 31 and the
/// constants below) over a combination of the three coordinates. No state is kept, so a drive can
/// be computed from any moment on and by any number of threads.
public final class Noise {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final double UNIT = 0x1p-53;

  private Noise() {}

  /// 64 bits.
  ///
  /// @param seed seed of the drive or fault
  /// @param lane what the number is for; different uses take different lanes
  /// @param index which number of the lane
  public static long bits(long seed, long lane, long index) {
    return mix(mix(mix(seed + GOLDEN) + lane * GOLDEN) + index * GOLDEN);
  }

  /// A number in `[0, 1)`, 53 bits.
  public static double uniform(long seed, long lane, long index) {
    return (bits(seed, lane, index) >>> 11) * UNIT;
  }

  /// A number in `[low, high)`.
  public static double between(long seed, long lane, long index, double low, double high) {
    return low + (high - low) * uniform(seed, lane, index);
  }

  /// A whole number in `[0, bound)`.
  ///
  /// @throws IllegalArgumentException if `bound` is not positive
  public static long below(long seed, long lane, long index, long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound: " + bound + " (expected above 0)");
    }
    return Math.floorMod(bits(seed, lane, index) >>> 1, bound);
  }

  /// A number of mean 0 and standard deviation 1, within ±3.5: the sum of four 16-bit uniforms
  /// (Irwin-Hall), close to a normal distribution and free of transcendental functions.
  public static double bell(long seed, long lane, long index) {
    long bits = bits(seed, lane, index);
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    // Four uniforms on [0, 1) have variance 4/12.
    return (sum / 65536.0 - 2.0) * Math.sqrt(3.0);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
