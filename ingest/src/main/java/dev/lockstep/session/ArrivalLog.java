package dev.lockstep.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// When the bytes of a part arrived, by the clocks of this host: what the mapping between the
/// sender's clock and ours is made of.
///
/// ```text
/// entry  offset u64 | monotonic ns u64 | ns since 1970 u64      little-endian, 24 bytes
/// ```
///
/// An entry says that everything before `offset` had arrived by then. At most one entry in
/// [#INTERVAL_NS], and one for the last bytes at each flush; at most [#HELD] in memory; written now
/// and then, never synced. It tells where a hole began when a client comes back ([#lastMillis]); no
/// promise about stored bytes depends on it.
final class ArrivalLog {
  static final String SUFFIX = ".arrivals";
  static final int ENTRY_BYTES = 24;

  /// Finer than any sensor's period, and 2.4 kB a second at most.
  static final long INTERVAL_NS = 10_000_000L;

  private static final int HELD = 1024;
  private static final long NS_PER_MILLI = 1_000_000L;
  private static final int WALL_OFFSET = 2 * Long.BYTES;

  private final Path file;
  private final ByteBuffer held =
      ByteBuffer.allocate(HELD * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private Entry last = new Entry(0, 0, 0);
  private boolean lastIsHeld = true;
  private long heldNs = Long.MIN_VALUE;

  /// One entry.
  ///
  /// @param offset bytes of the part that had arrived
  /// @param monotonicNs by the monotonic clock of the host, which begins anew when it starts
  /// @param wallNs ns since 1970 by its wall clock, which may be set
  record Entry(long offset, long monotonicNs, long wallNs) {}

  ArrivalLog(Path file) {
    this.file = file;
  }

  /// Everything before `offset` has arrived by `nowNs`.
  synchronized void arrived(long offset, long nowNs) {
    last = new Entry(offset, nowNs, System.currentTimeMillis() * NS_PER_MILLI);
    boolean early = heldNs != Long.MIN_VALUE && nowNs - heldNs < INTERVAL_NS;
    // Room for one is left to the last bytes.
    lastIsHeld = !early && held.remaining() > ENTRY_BYTES;
    if (lastIsHeld) {
      hold();
    }
  }

  private void hold() {
    heldNs = last.monotonicNs;
    held.putLong(last.offset).putLong(last.monotonicNs).putLong(last.wallNs);
  }

  /// Writes what is held, and the arrival of the last bytes.
  void flush() throws IOException {
    ByteBuffer out;
    synchronized (this) {
      if (!lastIsHeld) {
        hold();
        lastIsHeld = true;
      }
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

  /// All whole entries of a file, in the order of their writing; none if there is no such file.
  static List<Entry> read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (Files.exists(file)) {
      ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      while (in.remaining() >= ENTRY_BYTES) {
        entries.add(new Entry(in.getLong(), in.getLong(), in.getLong()));
      }
    }
    return entries;
  }

  /// When the last byte of a part arrived, milliseconds since 1970; 0 if that is not known.
  static long lastMillis(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      long whole = channel.size() / ENTRY_BYTES;
      return whole > 0 && channel.read(entry, (whole - 1) * ENTRY_BYTES) == ENTRY_BYTES
          ? entry.getLong(WALL_OFFSET) / NS_PER_MILLI
          : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
