package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class ReceiveBuffersTest {
  private static final int PIECE_BYTES = 256 << 10;

  /// As much as may wait for one part.
  private static final int PIECES = 32;

  @Test
  void usesTheSameMemoryAgainHoweverLongAStreamIs() {
    try (ReceiveBuffers buffers = new ReceiveBuffers()) {
      assertThat(buffers.takenBytes()).isEqualTo(ReceiveBuffers.CHUNK_BYTES);
      ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
      for (int i = 0; i < 2_000; i++) {
        ByteBuf piece = buffers.allocator().ioBuffer(PIECE_BYTES);
        assertThat(piece.isDirect()).isTrue();
        waiting.add(piece);
        if (waiting.size() == PIECES) {
          // The queue runs empty now and then: the memory stays all the same.
          while (!waiting.isEmpty()) {
            waiting.remove().release();
          }
        }
        assertThat(buffers.takenBytes()).isEqualTo(ReceiveBuffers.CHUNK_BYTES);
      }
      waiting.forEach(ByteBuf::release);
    }
  }

  @Test
  void takesMoreWhereMuchWaitsAndGivesItBack() {
    try (ReceiveBuffers buffers = new ReceiveBuffers()) {
      ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
      for (int i = 0; i < 8 * PIECES; i++) {
        waiting.add(buffers.allocator().ioBuffer(PIECE_BYTES));
      }
      assertThat(buffers.takenBytes()).isGreaterThan(4 * ReceiveBuffers.CHUNK_BYTES - 1);
      waiting.forEach(ByteBuf::release);
      // One that was hardly used may stay.
      assertThat(buffers.takenBytes()).isLessThanOrEqualTo(2 * ReceiveBuffers.CHUNK_BYTES);
    }
  }
}
