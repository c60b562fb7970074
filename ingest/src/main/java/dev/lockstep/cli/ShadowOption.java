package dev.lockstep.cli;

import dev.lockstep.shadow.ShadowShare;
import org.jspecify.annotations.Nullable;

/// `--shadow` and `--shadow-seed`: which share of a recording is read a second time.
final class ShadowOption {
  static final String SHADOW =
      "Read this share of the blocks (5%%, 100%%) a second time in another way, and report where"
          + " the two reads disagree. Off by default.";

  static final String SEED = "Chooses which blocks. Default: 0. Equal seeds choose equally.";

  private ShadowOption() {}

  /// The share, or null where none was asked for.
  ///
  /// @throws IllegalArgumentException if it is no share
  static @Nullable ShadowShare of(@Nullable String share, long seed) {
    if (share == null) {
      return null;
    }
    try {
      return ShadowShare.parse(share, seed);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--shadow: " + e.getMessage(), e);
    }
  }
}
