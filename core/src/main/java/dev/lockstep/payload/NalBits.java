package dev.lockstep.payload;

/// Bits of a NAL unit's payload, most significant first, without the bytes that break up zeros
/// (H.264, 7.2, 7.4.1 and 9.1). Reading past the end gives zeros and is remembered.
final class NalBits {
  /// aspect_ratio_idc behind which width and height stand (H.264 table E-1, H.265 table E.1).
  private static final int EXTENDED_ASPECT = 255;

  private final byte[] bytes;
  private final int end;
  private int at;
  private final boolean plain;
  private int zeros;
  private int current;
  private int left;
  private boolean ended;

  /// The payload in `[from, to)`.
  NalBits(byte[] bytes, int from, int to) {
    this(bytes, from, to, false);
  }

  private NalBits(byte[] bytes, int from, int to, boolean plain) {
    this.plain = plain;
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /// Bytes in `[from, to)` from which those that break up zeros have been taken already.
  static NalBits plain(byte[] bytes, int from, int to) {
    return new NalBits(bytes, from, to, true);
  }

  /// Whether more was asked for than there is, so that values are not to be trusted.
  boolean ended() {
    return ended;
  }

  int bit() {
    if (left == 0) {
      load();
    }
    left--;
    return (current >> left) & 1;
  }

  private void load() {
    if (!plain && at < end && zeros >= 2 && bytes[at] == AnnexBLayout.EMULATION_PREVENTION) {
      at++;
      zeros = 0;
    }
    left = 8;
    if (at >= end) {
      ended = true;
      current = 0;
      return;
    }
    current = bytes[at++] & 0xFF;
    zeros = current == 0 ? zeros + 1 : 0;
  }

  boolean flag() {
    return bit() == 1;
  }

  /// At most 32 bits.
  int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 1) | bit();
    }
    return value;
  }

  /// Unsigned exponential Golomb code; -1 where it is longer than 32 bits.
  int ue() {
    int zeroBits = 0;
    while (!flag()) {
      zeroBits++;
      if (zeroBits > 31 || ended) {
        ended = true;
        return -1;
      }
    }
    return (1 << zeroBits) - 1 + bits(zeroBits);
  }

  /// Signed exponential Golomb code.
  int se() {
    int code = ue();
    return (code & 1) == 1 ? code / 2 + 1 : -(code / 2);
  }

  /// Passes over `bits` bits.
  void skipBits(int bits) {
    for (int i = 0; i < bits; i++) {
      bit();
    }
  }

  /// Passes over `codes` Exp-Golomb codes, or as many as there are.
  void skipCodes(int codes) {
    for (int i = 0; i < codes && !ended; i++) {
      ue();
    }
  }

  /// Passes over how pictures are to be presented, which stands first in the usability information
  /// of both codings: aspect, overscan, kind of signal, place of chroma samples (H.264 E.1.1, H.265
  /// E.2.1).
  void skipPresentation() {
    if (flag() && bits(8) == EXTENDED_ASPECT) {
      bits(32);
    }
    if (flag()) {
      bit();
    }
    if (flag()) {
      bits(4);
      if (flag()) {
        bits(24);
      }
    }
    if (flag()) {
      skipCodes(2);
    }
  }
}
