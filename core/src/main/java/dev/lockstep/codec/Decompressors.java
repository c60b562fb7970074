package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/// Decompression by the name that a container stores, for any number of threads.
///
/// There are as many decompressors of a kind as threads that decompress it at one time; each is
/// kept for the next.
public final class Decompressors implements AutoCloseable {
  /// LZ4 frames, as MCAP, Arrow and ROS bags name them.
  public static final String LZ4 = "lz4";

  /// zstd frames, as MCAP, Arrow and rosbag2 name them.
  public static final String ZSTD = "zstd";

  /// bzip2 streams, as ROS bags name them.
  public static final String BZ2 = "bz2";

  private static final Map<String, Supplier<Decompressor>> KINDS =
      Map.of(LZ4, Lz4FrameDecoder::new, ZSTD, ZstdDecoder::new, BZ2, Bzip2Decoder::new);

  private final boolean verifiesContent;

  private final ConcurrentMap<String, ConcurrentLinkedDeque<Decompressor>> idle =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// Decompressors that verify all checksums.
  public Decompressors() {
    this(true);
  }

  private Decompressors(boolean verifiesContent) {
    this.verifiesContent = verifiesContent;
  }

  /// Decompressors that leave the checksum of an LZ4 frame's content out, for a caller who holds
  /// another checksum of the same bytes against what comes out.
  public static Decompressors withoutContentSums() {
    return new Decompressors(false);
  }

  /// Names that [#decompress] takes, sorted.
  public static List<String> names() {
    return KINDS.keySet().stream().sorted().toList();
  }

  /// Decompresses the frames at the front of `in` into the front of `out`, see
  /// [Decompressor#decompress]. `out` must be native memory.
  ///
  /// @throws MalformedCompressionException if the input is not whole and right, or holds more than
  ///   `out` can take
  /// @throws IllegalArgumentException if `name` is none of [#names()]
  public Decompressed decompress(String name, MemorySegment in, MemorySegment out)
      throws MalformedCompressionException {
    Supplier<Decompressor> kind =
        !verifiesContent && name.equals(LZ4) ? Decompressors::unverifiedLz4 : KINDS.get(name);
    if (kind == null) {
      throw new IllegalArgumentException("compression: " + name + " (known: " + names() + ")");
    }
    ConcurrentLinkedDeque<Decompressor> ready =
        idle.computeIfAbsent(name, _ -> new ConcurrentLinkedDeque<>());
    Decompressor decompressor = ready.pollFirst();
    if (decompressor == null) {
      decompressor = kind.get();
    }
    try {
      return decompressor.decompress(in, out);
    } finally {
      ready.addFirst(decompressor);
      if (closed) {
        close();
      }
    }
  }

  private static Decompressor unverifiedLz4() {
    return new Lz4FrameDecoder(false);
  }

  /// Releases the decompressors that are not at work, and the others as they finish.
  @Override
  public void close() {
    closed = true;
    for (ConcurrentLinkedDeque<Decompressor> ready : idle.values()) {
      for (Decompressor each = ready.pollFirst(); each != null; each = ready.pollFirst()) {
        each.close();
      }
    }
  }
}
