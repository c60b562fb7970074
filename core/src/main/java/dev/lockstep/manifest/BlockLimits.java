package dev.lockstep.manifest;

/// When a block closes. The limits are stored in the manifest, so that a later read cuts alike.
///
/// @param messages most messages of a block
/// @param bytes most payload bytes, except where one message alone is longer
public record BlockLimits(int messages, long bytes) {
  /// 10 messages: a second of LiDAR, small enough to point at, large enough that 40 bytes of sums a
  /// block cost nothing. 16 MiB keeps a block of raw images within one read.
  public static final BlockLimits DEFAULT = new BlockLimits(10, 16L << 20);

  /// Most messages that a block may be allowed: bounds what a reader of a manifest must hold.
  /// Judged: ten seconds of a 400 Hz IMU.
  public static final int MAX_MESSAGES = 4096;

  /// @throws IllegalArgumentException if a limit is not positive or allows too many messages
  public BlockLimits {
    if (!valid(messages, bytes)) {
      throw new IllegalArgumentException(
          "block limits: "
              + messages
              + " messages, "
              + bytes
              + " bytes (expected 1 to "
              + MAX_MESSAGES
              + " messages, at least 1 byte)");
    }
  }

  /// Whether these are limits that a block may have.
  static boolean valid(long messages, long bytes) {
    return messages >= 1 && messages <= MAX_MESSAGES && bytes >= 1;
  }
}
