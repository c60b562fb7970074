package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NearBytesTest {
  @Test
  void readsWhatIsThereInAnyOrder() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[8 + random.nextInt(60_000)];
      random.nextBytes(bytes);
      ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      NearBytes near = new NearBytes();
      near.over(MemorySegment.ofArray(bytes));
      int at = 0;
      for (int read = 0; read < 2_000; read++) {
        // Mostly a little further, as a walk over records goes, and now and then anywhere.
        at = random.nextInt(50) == 0 ? random.nextInt(bytes.length) : at + random.nextInt(40);
        at %= bytes.length - 7;
        assertThat(near.u8(at)).as("seed %d, %d", seed, at).isEqualTo(bytes[at] & 0xFF);
        assertThat(near.u16(at)).isEqualTo(expected.getShort(at) & 0xFFFF);
        assertThat(near.u32(at)).isEqualTo(expected.getInt(at));
        assertThat(near.u64(at)).isEqualTo(expected.getLong(at));
      }
      int last = bytes.length - 1;
      assertThat(near.u8(last)).isEqualTo(bytes[last] & 0xFF);
    }
  }

  @Test
  void refusesWhatLiesBeyondTheEnd() {
    NearBytes near = new NearBytes();
    near.over(MemorySegment.ofArray(new byte[20]));
    assertThat(near.u64(12)).isZero();
    assertThatThrownBy(() -> near.u64(13)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> near.u8(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> near.u8(20)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void forgetsTheSegmentBefore() {
    NearBytes near = new NearBytes();
    near.over(MemorySegment.ofArray(new byte[] {1, 2, 3}));
    assertThat(near.u8(1)).isEqualTo(2);
    near.over(MemorySegment.ofArray(new byte[] {4, 5, 6}));
    assertThat(near.u8(1)).isEqualTo(5);
  }
}
