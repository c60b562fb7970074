package dev.lockstep.arrow;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;

/// Arrow's buffers as segments.
final class Segments {
  private Segments() {}

  /// The first `lengthBytes` bytes of a buffer; valid as long as the buffer is.
  @SuppressWarnings("restricted") // the address and the length are the buffer's own
  static MemorySegment of(ArrowBuf buffer, long lengthBytes) {
    if (lengthBytes > buffer.capacity()) {
      throw new IndexOutOfBoundsException(lengthBytes + " of " + buffer.capacity() + " bytes");
    }
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(lengthBytes);
  }
}
