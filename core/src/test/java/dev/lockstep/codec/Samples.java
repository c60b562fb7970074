package dev.lockstep.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Bytes of the kinds that compression meets, and copies of them outside the heap.
enum Samples {
  ZEROS {
    @Override
    void fill(byte[] bytes, Random random) {
      Arrays.fill(bytes, (byte) 0);
    }
  },
  RANDOM {
    @Override
    void fill(byte[] bytes, Random random) {
      random.nextBytes(bytes);
    }
  },
  /// Words from a small set: many short matches at all distances.
  TEXT {
    @Override
    void fill(byte[] bytes, Random random) {
      String[] words = {"sensor ", "lidar/top ", "stamp=", "12345", "67, ", "box ", "track_"};
      StringBuilder text = new StringBuilder();
      while (text.length() < bytes.length) {
        text.append(words[random.nextInt(words.length)]).append(random.nextInt(1000));
      }
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) text.charAt(i);
      }
    }
  },
  /// Points of 22 bytes with noisy coordinates: short matches between runs of literals.
  POINTS {
    @Override
    void fill(byte[] bytes, Random random) {
      ByteBuffer points = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; points.remaining() >= 22; i++) {
        double range = 20 + 10 * Math.sin(i * 0.001) + random.nextGaussian() * 0.02;
        points.putFloat((float) (range * Math.cos(i * 0.0001)));
        points.putFloat((float) (range * Math.sin(i * 0.0001)));
        points.putFloat((float) (-1.7 + (i % 64) * 0.1));
        points.putFloat(random.nextInt(100));
        points.putShort((short) (i % 64));
        points.putInt(i / 64 * 100_000);
      }
    }
  },
  /// Short patterns of every period up to 40, each for a while: matches that overlap themselves.
  PERIODIC {
    @Override
    void fill(byte[] bytes, Random random) {
      int i = 0;
      while (i < bytes.length) {
        int period = 1 + random.nextInt(40);
        int end = Math.min(bytes.length, i + period + random.nextInt(300));
        for (int start = i; i < end; i++) {
          bytes[i] = i - start < period ? (byte) random.nextInt(256) : bytes[i - period];
        }
      }
    }
  };

  abstract void fill(byte[] bytes, Random random);

  /// `length` bytes of this kind, the same for the same seed.
  byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    fill(bytes, new Random(seed));
    return bytes;
  }

  /// Any of the kinds.
  static Samples any(Random random) {
    List<Samples> kinds = List.of(values());
    return kinds.get(random.nextInt(kinds.size()));
  }

  /// A copy outside the heap.
  static MemorySegment offHeap(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /// The first `length` bytes of a segment.
  static byte[] firstBytes(MemorySegment segment, long length) {
    return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
