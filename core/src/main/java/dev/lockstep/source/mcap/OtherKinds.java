package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells what bears the name of an MCAP file and is another kind of file, by its first bytes.
final class OtherKinds {
  /// What the first bytes of a kind are, and what to say of it.
  private enum Kind {
    GZIP("1F8B08", "as gzip begins: the file is compressed as a whole"),
    ZSTD("28B52FFD", "as zstd begins: the file is compressed as a whole"),
    LZ4("04224D18", "as lz4 begins: the file is compressed as a whole"),
    BZIP2("425A68", "as bzip2 begins: the file is compressed as a whole"),
    XZ("FD377A585A00", "as xz begins: the file is compressed as a whole"),
    ZIP("504B0304", "as a ZIP archive begins"),
    ROS1("23524F53424147", "as a ROS 1 bag begins"),
    SQLITE("53514C697465", "as an SQLite database begins (rosbag2 names it .db3)");

    private final String digits;
    private final String words;

    Kind(String digits, String words) {
      this.digits = digits;
      this.words = words;
    }

    boolean begins(MemorySegment segment) {
      byte[] bytes = HexFormat.of().parseHex(digits);
      return segment.byteSize() >= bytes.length
          && segment.asSlice(0, bytes.length).mismatch(MemorySegment.ofArray(bytes)) < 0;
    }
  }

  /// Longest beginning of a page in which its kind is looked for; judged.
  private static final int TEXT_BYTES = 64;

  private OtherKinds() {}

  /// What `segment` looks like, or null.
  static @Nullable String of(MemorySegment segment) {
    for (Kind kind : Kind.values()) {
      if (kind.begins(segment)) {
        return kind.words;
      }
    }
    int length = (int) Math.min(TEXT_BYTES, segment.byteSize());
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (segment.get(McapLayout.U8, i) & 0xFF));
    }
    String begin = text.toString().strip().toLowerCase(Locale.ROOT);
    return begin.startsWith("<!doctype html") || begin.startsWith("<html")
        ? "as a web page begins: a download that failed"
        : null;
  }
}
