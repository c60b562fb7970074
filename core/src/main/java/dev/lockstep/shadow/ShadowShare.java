package dev.lockstep.shadow;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which share of a recording is read twice, and by which seed it is chosen.
///
/// The choice rests on places in the recording alone, so that it is the same however its bytes
/// arrive.
///
/// @param share above 0, at most 1
/// @param seed chooses which blocks
public record ShadowShare(double share, long seed) {
  /// The share where none is given: one block of twenty, which a recording pays with a few percent
  /// of its check (measured, see `bench shadow`).
  public static final ShadowShare DEFAULT = new ShadowShare(0.05, 0);

  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?) ?%");

  /// @throws IllegalArgumentException if the share is not above 0 and at most 1
  public ShadowShare {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "share: " + share * 100 + "% (expected above 0%, at most 100%)");
    }
  }

  /// Reads a share in percent, such as `5%`.
  ///
  /// @throws IllegalArgumentException if `text` is none
  public static ShadowShare parse(String text, long seed) {
    Matcher percent = PERCENT.matcher(text);
    if (!percent.matches()) {
      throw new IllegalArgumentException(
          "share: '" + text + "' (expected a percentage such as 5%)");
    }
    return new ShadowShare(Double.parseDouble(percent.group(1)) / 100, seed);
  }

  /// Whether the place with this key is read twice.
  boolean holds(long key) {
    return share >= 1 || rank(key) < share;
  }

  /// Half the share; its places are among those of this.
  ShadowShare halved() {
    return new ShadowShare(share / 2, seed);
  }

  /// A number in [0, 1) that follows from seed and key (the finaliser of SplitMix64).
  double rank(long key) {
    long z = (seed + 1) * 0x9E37_79B9_7F4A_7C15L + key;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1.0p-53;
  }
}
