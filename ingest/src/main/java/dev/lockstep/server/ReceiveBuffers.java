package dev.lockstep.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

/// Where what is received lies until it is written.
///
/// Netty's default allocator takes large buffers from the system one by one, and Java fills each
/// with zeros first: measured, 0.1 ms and more for 256 KiB, which is longer than it takes to
/// receive them. Here a chunk of [#CHUNK_BYTES] is taken once and used again and again; more of
/// them come and go with what waits. A pool gives its first chunk back when it is collected, not
/// before, so that all servers of a process share one.
final class ReceiveBuffers implements AutoCloseable {
  private static final int PAGE_BYTES = 8 << 10;

  /// Pages of a chunk as a power of two: 16 MiB, above what waits for one part
  /// ([StoreOptions#DEFAULT][dev.lockstep.store.StoreOptions]).
  private static final int MAX_ORDER = 11;

  static final long CHUNK_BYTES = (long) PAGE_BYTES << MAX_ORDER;

  /// Buffers that a thread keeps for itself, of those up to 32 KiB: for many slow senders.
  private static final int SMALL_KEPT = 64;

  private static final int NORMAL_KEPT = 16;

  /// One arena, since a chunk in each would lie idle where one sender is fast.
  private final PooledByteBufAllocator pool =
      new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, MAX_ORDER, SMALL_KEPT, NORMAL_KEPT, false);

  /// A chunk of which nothing is used is given back to the system: so a little of one is.
  private final ByteBuf anchor = pool.directBuffer(PAGE_BYTES);

  /// Made with the first server.
  private static final class OfProcess {
    static final ReceiveBuffers BUFFERS = new ReceiveBuffers();
  }

  /// Those of this process.
  static ReceiveBuffers ofProcess() {
    return OfProcess.BUFFERS;
  }

  ByteBufAllocator allocator() {
    return pool;
  }

  /// Memory that is taken from the system, whether or not it is used.
  long takenBytes() {
    return pool.metric().usedDirectMemory();
  }

  @Override
  public void close() {
    anchor.release();
  }
}
