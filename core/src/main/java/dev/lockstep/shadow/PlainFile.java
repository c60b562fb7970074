package dev.lockstep.shadow;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file read by plain calls of the operating system, in no order, through one window of memory.
///
/// The first read sees files through a mapping; this one shares no code with it.
final class PlainFile implements AutoCloseable {
  /// Bytes read ahead: a call costs as much as copying some of them. Judged.
  private static final int WINDOW_BYTES = 1 << 16;

  private final FileChannel channel;
  private final long lengthBytes;
  private ByteBuffer window = buffer(WINDOW_BYTES);
  private long windowAt;
  private int windowBytes;

  /// Opens `path`.
  ///
  /// @throws IOException if the operating system refuses
  PlainFile(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
    lengthBytes = channel.size();
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  long lengthBytes() {
    return lengthBytes;
  }

  /// `lengthBytes` bytes from `offset` on, until the next call.
  ///
  /// @throws EOFException if the file has fewer
  ByteBuffer bytes(long offset, int lengthBytes) throws IOException {
    int at = locate(offset, lengthBytes);
    return window.slice(at, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Where in [#window] `lengthBytes` bytes from `offset` on lie, until the next call.
  ///
  /// @throws EOFException if the file has fewer
  int locate(long offset, int lengthBytes) throws IOException {
    if (offset < 0 || lengthBytes < 0 || offset > this.lengthBytes - lengthBytes) {
      throw new EOFException("byte " + offset + "+" + lengthBytes + " of " + this.lengthBytes);
    }
    if (offset < windowAt || offset + lengthBytes > windowAt + windowBytes) {
      if (lengthBytes > window.capacity()) {
        window = buffer(Math.max(lengthBytes, 2 * window.capacity()));
      }
      int most = Math.max(lengthBytes, WINDOW_BYTES);
      windowBytes = 0;
      window.clear().limit((int) Math.min(most, this.lengthBytes - offset));
      windowAt = offset;
      fill(window, offset);
      windowBytes = window.limit();
      window.clear();
    }
    return (int) (offset - windowAt);
  }

  /// The bytes in memory; the callers' to set position and limit of, and to clear.
  ByteBuffer window() {
    return window;
  }

  private void fill(ByteBuffer to, long offset) throws IOException {
    while (to.hasRemaining()) {
      int read = channel.read(to, offset + to.position());
      if (read < 0) {
        throw new EOFException("byte " + (offset + to.position()) + " can no longer be read");
      }
    }
    to.flip();
  }

  /// Reads exactly `lengthBytes` bytes from `offset` on, without the window.
  ByteBuffer exactly(long offset, int lengthBytes, ByteBuffer into) throws IOException {
    ByteBuffer to =
        into.capacity() >= lengthBytes ? into : buffer(Math.max(lengthBytes, 2 * into.capacity()));
    to.clear().limit(lengthBytes);
    fill(to, offset);
    return to;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
