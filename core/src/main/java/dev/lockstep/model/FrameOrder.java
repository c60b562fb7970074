package dev.lockstep.model;

/// What the head of a video frame says of its place in the order of decoding, packed into an `int`
/// (H.264, 7.3.3): the number that counts reference frames, and how it counts.
///
/// ```text
/// bits 0..15  frame_num        16..20  log2 of its modulus        21..  flags
/// ```
///
/// 0 stands for a message of which nothing is known.
public final class FrameOrder {
  /// The number and its modulus are known.
  public static final int KNOWN = 1 << 21;

  /// Later frames may refer to the frame; the next number is one higher.
  public static final int REFERENCE = 1 << 22;

  /// The frame begins anew: its number is 0.
  public static final int RESTART = 1 << 23;

  /// The stream may leave numbers out.
  public static final int GAPS_ALLOWED = 1 << 24;

  /// The next frame counts as if this one had the number 0 (memory management operation 5). Of
  /// H.265, the order counts begin anew at the frame (IDR, BLA).
  public static final int RESETS = 1 << 25;

  /// The frame may be one that [#RESETS]: its head is longer than what was looked at.
  public static final int MAY_RESET = 1 << 26;

  /// The message holds a field: the other field of the frame has the same number.
  public static final int FIELD = 1 << 27;

  /// The message holds frames with several numbers, of which this is the last.
  public static final int SEVERAL = 1 << 28;

  /// No parameter sets that the frame names came before it.
  public static final int PARAMETERS_MISSING = 1 << 29;

  /// The frame refers to no other, as far as its first slice shows.
  public static final int INTRA = 1 << 30;

  /// The frames that the frame refers to are known (H.265): the number is how many of them never
  /// came. Nothing is known of numbers then.
  public static final int REFERENCES = 1 << 31;

  private static final int NUMBER_MASK = 0xFFFF;
  private static final int LOG2_SHIFT = 16;
  private static final int LOG2_MASK = 0x1F;

  private FrameOrder() {}

  /// Packs a number, the log2 of its modulus (at most 16) and flags.
  public static int of(int number, int log2Modulus, int flags) {
    return (number & NUMBER_MASK) | (log2Modulus << LOG2_SHIFT) | flags;
  }

  /// The number.
  public static int number(int order) {
    return order & NUMBER_MASK;
  }

  /// What numbers are counted modulo.
  public static int modulus(int order) {
    return 1 << ((order >> LOG2_SHIFT) & LOG2_MASK);
  }

  /// Whether `flag` is set.
  public static boolean has(int order, int flag) {
    return (order & flag) != 0;
  }
}
