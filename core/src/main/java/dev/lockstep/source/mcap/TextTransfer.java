package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Tells from the magic that a file went through a transfer which took it for text: the magic holds
/// a byte above 127, a carriage return and a line feed for that purpose. Every byte of such a kind
/// in the file has been changed then, and none can be told from those that were not.
final class TextTransfer {
  private static final String NAME = "4D43415030";

  /// Bytes at the beginning that must look changed. Judged: a hundred line feeds in binary data.
  private static final long CONFIRMING_BYTES = 64 << 10;

  /// What becomes of the magic, in hexadecimal digits, and how.
  private enum Change {
    CRLF("89" + NAME + "0D0D0A", "each LF became CR LF"),
    CR("89" + NAME + "0D0D", "each LF became CR"),
    LF("89" + NAME + "0A", "each CR LF became LF"),
    SEVEN_BITS("09" + NAME + "0D0A", "the highest bit of each byte was cleared"),
    REPLACED("EFBFBD" + NAME, "what is not UTF-8 was replaced by U+FFFD"),
    ENCODED("C289" + NAME, "each byte above 127 was encoded as UTF-8");

    private final String bytes;
    private final String how;

    Change(String bytes, String how) {
      this.bytes = bytes;
      this.how = how;
    }

    MemorySegment magic() {
      return MemorySegment.ofArray(HexFormat.of().parseHex(bytes));
    }

    /// Whether what follows looks changed, too: one wrong bit or byte in the magic can look alike.
    boolean isConfirmed(MemorySegment segment) {
      byte before = 0;
      for (long at = 0; at < Math.min(segment.byteSize(), CONFIRMING_BYTES); at++) {
        byte b = segment.get(McapLayout.U8, at);
        boolean contradicts =
            switch (this) {
              case CRLF -> b == '\n' && before != '\r';
              case CR -> b == '\n';
              case LF -> b == '\n' && before == '\r';
              case SEVEN_BITS -> b < 0;
              case REPLACED, ENCODED -> false;
            };
        if (contradicts) {
          return false;
        }
        before = b;
      }
      return true;
    }
  }

  private TextTransfer() {}

  /// How the file that begins with `segment` was changed, or null if its beginning does not show
  /// it.
  static @Nullable String of(MemorySegment segment) {
    for (Change change : Change.values()) {
      MemorySegment bytes = change.magic();
      if (segment.byteSize() >= bytes.byteSize()
          && segment.asSlice(0, bytes.byteSize()).mismatch(bytes) < 0
          && change.isConfirmed(segment)) {
        return change.how;
      }
    }
    return null;
  }
}
