package dev.lockstep.payload;

/// Decompresses LZF, the coding of compressed PCD files (liblzf, `lzf_d.c`).
///
/// ```text
/// 000LLLLL <L+1 bytes>                         so many bytes as they are
/// LLLooooo oooooooo                            L+2 bytes from o+1 bytes back, L 1 to 6
/// 111ooooo LLLLLLLL oooooooo                   L+9 bytes from o+1 bytes back
/// ```
final class Lzf {
  private static final int LITERALS_BELOW = 32;
  private static final int LONG_MATCH = 7;

  private Lzf() {}

  /// Decompresses all of `in` to `out`.
  ///
  /// @return number of bytes that `out` was given, -1 if `in` is no LZF or `out` too small
  static int decompress(byte[] in, byte[] out) {
    int at = 0;
    int to = 0;
    while (at < in.length) {
      int control = in[at++] & 0xFF;
      if (control < LITERALS_BELOW) {
        int length = control + 1;
        if (length > in.length - at || length > out.length - to) {
          return -1;
        }
        System.arraycopy(in, at, out, to, length);
        at += length;
        to += length;
        continue;
      }
      int length = control >> 5;
      if (length == LONG_MATCH) {
        if (at >= in.length) {
          return -1;
        }
        length += in[at++] & 0xFF;
      }
      length += 2;
      if (at >= in.length) {
        return -1;
      }
      int from = to - ((control & 0x1F) << 8) - (in[at++] & 0xFF) - 1;
      if (from < 0 || length > out.length - to) {
        return -1;
      }
      // Byte by byte: a match may reach into itself.
      for (int i = 0; i < length; i++) {
        out[to++] = out[from++];
      }
    }
    return to;
  }
}
