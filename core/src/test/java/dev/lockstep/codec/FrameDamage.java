package dev.lockstep.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Damages compressed frames at random and watches what a decompressor does to its output.
final class FrameDamage {
  private static final byte CANARY = 0x5A;
  private static final int CANARY_BYTES = 256;

  private final Arena arena;
  private final Decompressor decompressor;

  FrameDamage(Arena arena, Decompressor decompressor) {
    this.arena = arena;
    this.decompressor = decompressor;
  }

  /// Decompresses `rounds` mutations of `frames`, all at most `maxOutput` bytes long when whole,
  /// and returns how many were refused.
  ///
  /// Anything thrown but the exception that is promised fails the test, as does a byte changed
  /// outside the output, or a place reported outside the input.
  int run(List<byte[]> frames, int maxOutput, int rounds, long seed) {
    MemorySegment around = arena.allocate(maxOutput + 2L * CANARY_BYTES);
    MemorySegment inputs =
        arena.allocate(frames.stream().mapToInt(f -> f.length).max().orElse(0) + 64L);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      Random random = new Random(seed + round);
      byte[] damaged = damage(frames.get(random.nextInt(frames.size())), random);
      int room = random.nextInt(4) == 0 ? random.nextInt(maxOutput + 1) : maxOutput;
      MemorySegment in =
          random.nextBoolean()
              ? MemorySegment.ofArray(damaged)
              : inputs.asSlice(0, damaged.length).copyFrom(MemorySegment.ofArray(damaged));
      around.fill(CANARY);
      MemorySegment out = around.asSlice(CANARY_BYTES, room);
      try {
        Decompressed result = decompressor.decompress(in, out);
        assertThat(result.inputBytes()).as("seed %d", seed + round).isBetween(0L, in.byteSize());
        assertThat(result.outputBytes()).as("seed %d", seed + round).isBetween(0L, (long) room);
      } catch (MalformedCompressionException e) {
        refused++;
        assertThat(e.offset()).as("seed %d", seed + round).isBetween(0L, in.byteSize());
        assertThat(e.decodedBytes()).as("seed %d", seed + round).isBetween(0L, (long) room);
      }
      assertUntouched(around.asSlice(0, CANARY_BYTES), seed + round);
      assertUntouched(around.asSlice(CANARY_BYTES + room), seed + round);
    }
    return refused;
  }

  private static void assertUntouched(MemorySegment canary, long seed) {
    for (long i = 0; i < canary.byteSize(); i++) {
      if (canary.get(ValueLayout.JAVA_BYTE, i) != CANARY) {
        throw new AssertionError("wrote outside the output, seed " + seed);
      }
    }
  }

  private static byte[] damage(byte[] frame, Random random) {
    byte[] damaged = frame.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = damaged.length == 0 ? 0 : random.nextInt(damaged.length);
      // Heads decide most, so they are hit more often than their length would have it.
      at = random.nextInt(3) == 0 ? Math.min(at, random.nextInt(24)) : at;
      switch (damaged.length == 0 ? 5 : random.nextInt(7)) {
        case 0, 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> damaged[at] = (byte) random.nextInt();
        case 3 -> damaged = Arrays.copyOf(damaged, at);
        case 4 -> Arrays.fill(damaged, at, Math.min(damaged.length, at + 4), (byte) 0xFF);
        case 5 -> {
          byte[] longer = Arrays.copyOf(damaged, damaged.length + random.nextInt(20));
          for (int i = damaged.length; i < longer.length; i++) {
            longer[i] = (byte) random.nextInt();
          }
          damaged = longer;
        }
        default -> {
          int from = random.nextInt(damaged.length);
          int count = Math.min(random.nextInt(64), damaged.length - Math.max(from, at));
          System.arraycopy(damaged, from, damaged, at, count);
        }
      }
    }
    return damaged;
  }
}
