package dev.lockstep.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// When the bytes of a part arrived, by the clocks of this host: what the mapping between the
/// sender's clock and ours is made of.
///
/// ```text
/// entry  offset u64 | monotonic ns u64 | ns since 1970 u64      little-endian, 24 bytes
/// ```
///
/// An entry says that everything before `offset` had arrived by then. At most one entry in
/// [#INTERVAL_NS] and at most [#HELD] in memory; written now and then, never synced: it helps, and
/// nothing depends on it.
final class ArrivalLog {
  static final String SUFFIX = ".arrivals";
  static final int ENTRY_BYTES = 24;

  /// Finer than any sensor's period, and 2.4 kB a second at most.
  static final long INTERVAL_NS = 10_000_000L;

  private static final int HELD = 1024;
  private static final long NS_PER_MILLI = 1_000_000L;

  private final Path file;
  private final ByteBuffer held =
      ByteBuffer.allocate(HELD * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long lastNs;
  private boolean any;

  ArrivalLog(Path file) {
    this.file = file;
  }

  /// Everything before `offset` has arrived by `nowNs`.
  synchronized void arrived(long offset, long nowNs) {
    if ((any && nowNs - lastNs < INTERVAL_NS) || !held.hasRemaining()) {
      return;
    }
    any = true;
    lastNs = nowNs;
    held.putLong(offset).putLong(nowNs).putLong(System.currentTimeMillis() * NS_PER_MILLI);
  }

  /// Writes what is held.
  void flush() throws IOException {
    ByteBuffer out;
    synchronized (this) {
      if (held.position() == 0) {
        return;
      }
      held.flip();
      out = ByteBuffer.allocate(held.remaining()).put(held).flip();
      held.clear();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }
  }
}
