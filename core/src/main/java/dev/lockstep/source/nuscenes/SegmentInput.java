package dev.lockstep.source.nuscenes;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads a segment as a stream.
final class SegmentInput extends InputStream {
  private final MemorySegment segment;
  private long position;

  SegmentInput(MemorySegment segment) {
    this.segment = segment;
  }

  @Override
  public int read() {
    return position < segment.byteSize()
        ? segment.get(ValueLayout.JAVA_BYTE, position++) & 0xFF
        : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    long left = segment.byteSize() - position;
    if (left <= 0) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(left, length);
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, target, offset, count);
    position += count;
    return count;
  }
}
