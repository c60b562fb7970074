package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class BlockBuffersTest {
  private static final long MIB = 1 << 20;

  @Test
  void servesABlockThatIsALittleLargerFromTheSameBuffer() {
    try (BlockBuffers buffers = new BlockBuffers(64 * MIB)) {
      long first;
      try (BlockBuffers.Lease lease = buffers.take(4 * MIB)) {
        first = lease.segment().address();
        assertThat(lease.segment().byteSize()).isEqualTo(4 * MIB);
      }
      try (BlockBuffers.Lease lease = buffers.take(5 * MIB)) {
        assertThat(lease.segment().address()).isEqualTo(first);
        assertThat(lease.segment().byteSize()).isEqualTo(5 * MIB);
      }
    }
  }

  @Test
  void givesAllThatTheLimitAllows() {
    try (BlockBuffers buffers = new BlockBuffers(8 * MIB)) {
      // With something to spare, the second one would wait for the first.
      try (BlockBuffers.Lease one = buffers.take(4 * MIB);
          BlockBuffers.Lease other = buffers.take(4 * MIB)) {
        assertThat(one.segment().byteSize() + other.segment().byteSize()).isEqualTo(8 * MIB);
      }
      try (BlockBuffers.Lease whole = buffers.take(8 * MIB)) {
        assertThat(whole.segment().byteSize()).isEqualTo(8 * MIB);
      }
      assertThatThrownBy(() -> buffers.take(9 * MIB)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
