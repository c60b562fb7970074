package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Text from untrusted bytes, short enough and clean enough to show.
final class Texts {
  /// Characters shown of foreign text (judged).
  static final int MAX_CHARS = 60;

  private Texts() {}

  /// `text` in quotes, cut to [#MAX_CHARS], control characters as escapes.
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("'");
    int shown = Math.min(text.length(), MAX_CHARS);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c < ' ' || (c >= 0x7F && c < 0xA0) || Character.isSurrogate(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append(shown < text.length() ? "...'" : "'").toString();
  }

  /// The text in a range that lies within `bytes`, at most 4096 bytes of it.
  static String utf8(MemorySegment bytes, long at, int lengthBytes) {
    byte[] copy = new byte[Math.min(lengthBytes, 4096)];
    MemorySegment.copy(bytes, at, MemorySegment.ofArray(copy), 0, copy.length);
    return new String(copy, StandardCharsets.UTF_8);
  }

  /// Whether an ASCII text occurs in a range, letter case ignored.
  static boolean contains(MemorySegment bytes, long at, int lengthBytes, String lowerCase) {
    int last = lengthBytes - lowerCase.length();
    for (int i = 0; i <= last; i++) {
      int n = 0;
      while (n < lowerCase.length()
          && lower(bytes.get(ValueLayout.JAVA_BYTE, at + i + n)) == lowerCase.charAt(n)) {
        n++;
      }
      if (n == lowerCase.length()) {
        return true;
      }
    }
    return false;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  /// Bytes as hex pairs.
  static String hex(MemorySegment bytes, long at, int lengthBytes) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lengthBytes; i++) {
      out.append(i == 0 ? "" : " ")
          .append(String.format(Locale.ROOT, "%02X", bytes.get(ValueLayout.JAVA_BYTE, at + i)));
    }
    return out.toString();
  }
}
