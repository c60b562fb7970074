package dev.lockstep.mapped;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Bytes of a segment as a stream, for parsers that want one. Copies as it is read and holds
/// nothing; mapped bytes are read inside their file's guard.
public final class SegmentStream extends InputStream {
  private final MemorySegment bytes;
  private long at;

  /// A stream over all of `bytes`.
  public SegmentStream(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return at < bytes.byteSize() ? bytes.get(ValueLayout.JAVA_BYTE, at++) & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, bytes.byteSize() - at);
    if (count <= 0) {
      return -1;
    }
    MemorySegment.copy(bytes, at, MemorySegment.ofArray(into), from, count);
    at += count;
    return count;
  }
}
