package dev.lockstep.codec;

import static dev.lockstep.codec.Lz4Layout.HISTORY_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Decompresses LZ4 frames: every form of version 01 but those that need a dictionary, with blocks
/// independent or linked, all checksums verified.
///
/// Working memory is on the heap, made on first use and kept: at most two blocks and 64 KiB, which
/// is 0.5 MiB for the usual blocks of 64 KiB and 8.1 MiB for the largest.
public final class Lz4FrameDecoder implements Decompressor {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Decoded bytes that are kept in one array at least, so that small linked blocks do not move
  /// their history each time.
  private static final int MIN_WINDOW_BYTES = 256 << 10;

  private final Lz4BlockDecoder blocks = new Lz4BlockDecoder();
  private final boolean verifiesContent;
  private final XxHash32 contentHash = new XxHash32(0);
  private byte[] stored = {};
  private byte[] window = {};

  // The decompression under way. All of it is set anew by each call.
  private MemorySegment in = MemorySegment.NULL;
  private MemorySegment out = MemorySegment.NULL;
  private long ip;
  private long op;

  /// A decoder that verifies all checksums.
  public Lz4FrameDecoder() {
    this(true);
  }

  /// @param verifiesContent whether content checksums are verified, which takes a good part of the
  ///   time; a caller leaves that out who holds a checksum of the same bytes against them
  Lz4FrameDecoder(boolean verifiesContent) {
    this.verifiesContent = verifiesContent;
  }

  @Override
  public Decompressed decompress(MemorySegment in, MemorySegment out)
      throws MalformedCompressionException {
    this.in = in;
    this.out = out;
    ip = 0;
    op = 0;
    try {
      boolean checksummed = true;
      boolean first = true;
      while (first || startsFrame()) {
        first = false;
        int magic = intAt(ip, "magic");
        if ((magic & Lz4Layout.SKIPPABLE_MASK) == Lz4Layout.SKIPPABLE_MAGIC) {
          skip();
        } else {
          checksummed &= frame(magic);
        }
      }
      return new Decompressed(op, ip, checksummed);
    } finally {
      this.in = MemorySegment.NULL;
      this.out = MemorySegment.NULL;
    }
  }

  @Override
  public void close() {
    stored = new byte[0];
    window = new byte[0];
  }

  private boolean startsFrame() {
    if (in.byteSize() - ip < Integer.BYTES) {
      return false;
    }
    int magic = in.get(INT, ip);
    return magic == Lz4Layout.MAGIC
        || (magic & Lz4Layout.SKIPPABLE_MASK) == Lz4Layout.SKIPPABLE_MAGIC;
  }

  private void skip() throws MalformedCompressionException {
    long size = intAt(ip + Integer.BYTES, "size of a skippable frame") & 0xFFFF_FFFFL;
    long left = in.byteSize() - ip - Lz4Layout.SKIPPABLE_HEAD_BYTES;
    if (size > left) {
      throw malformed(ip, "skippable frame: " + size + " bytes (" + left + " left)");
    }
    ip += Lz4Layout.SKIPPABLE_HEAD_BYTES + size;
  }

  /// Decodes the frame at `ip`; returns whether its content was under a checksum.
  private boolean frame(int magic) throws MalformedCompressionException {
    long frameStart = ip;
    long contentStart = op;
    int flags = header(magic);
    boolean hasSize = (flags & Lz4Layout.FLG_CONTENT_SIZE) != 0;
    boolean blockChecksums = (flags & Lz4Layout.FLG_BLOCK_CHECKSUM) != 0;
    boolean contentChecksum = (flags & Lz4Layout.FLG_CONTENT_CHECKSUM) != 0;
    boolean linked = (flags & Lz4Layout.FLG_INDEPENDENT) == 0;
    int blockLimit =
        Lz4Layout.blockBytes(byteAt(frameStart + Lz4Layout.BD_OFFSET) >>> Lz4Layout.BD_SIZE_SHIFT);

    contentHash.reset();
    int position = 0;
    for (int size = intAt(ip, "block size"); size != 0; size = intAt(ip, "block size")) {
      if (!linked) {
        position = 0;
      }
      int room = (int) Math.min(blockLimit, out.byteSize() - op);
      position = makeRoom(position, room);
      int end = block(size, blockLimit, blockChecksums, position, position + room);
      if (contentChecksum && verifiesContent) {
        contentHash.update(window, position, end - position);
      }
      MemorySegment.copy(MemorySegment.ofArray(window), position, out, op, end - position);
      op += end - position;
      position = end;
    }
    ip += Integer.BYTES;

    if (hasSize && in.get(LONG, frameStart + Lz4Layout.FIXED_HEAD_BYTES) != op - contentStart) {
      throw malformed(
          frameStart + Lz4Layout.FIXED_HEAD_BYTES,
          "content size: "
              + Long.toUnsignedString(in.get(LONG, frameStart + Lz4Layout.FIXED_HEAD_BYTES))
              + " stored, "
              + (op - contentStart)
              + " decoded");
    }
    if (contentChecksum) {
      if (verifiesContent) {
        verify("content checksum", ip, contentHash.value());
      } else {
        intAt(ip, "content checksum");
      }
      ip += Integer.BYTES;
    }
    return contentChecksum && verifiesContent || blockChecksums;
  }

  /// Checks the frame header at `ip`, steps over it and returns FLG.
  private int header(int magic) throws MalformedCompressionException {
    if (magic == Lz4Layout.LEGACY_MAGIC) {
      throw malformed(ip, "legacy LZ4 frame (not supported)");
    }
    if (magic != Lz4Layout.MAGIC) {
      throw malformed(ip, "magic: 0x%08X (expected 0x%08X)".formatted(magic, Lz4Layout.MAGIC));
    }
    byte[] head = new byte[(int) Math.min(Lz4Layout.MAX_HEAD_BYTES, in.byteSize() - ip)];
    MemorySegment.copy(in, ip, MemorySegment.ofArray(head), 0, head.length);
    if (head.length < Lz4Layout.FIXED_HEAD_BYTES) {
      throw malformed(ip, "ends within the frame header");
    }
    int flags = head[Lz4Layout.FLG_OFFSET] & 0xFF;
    int sizes = head[Lz4Layout.BD_OFFSET] & 0xFF;
    if ((flags & Lz4Layout.FLG_VERSION_MASK) != Lz4Layout.FLG_VERSION) {
      throw malformed(
          ip + Lz4Layout.FLG_OFFSET, "frame version: " + (flags >>> 6) + " (expected 1)");
    }
    boolean hasSize = (flags & Lz4Layout.FLG_CONTENT_SIZE) != 0;
    boolean hasDictionary = (flags & Lz4Layout.FLG_DICTIONARY) != 0;
    int checkAt =
        Lz4Layout.FIXED_HEAD_BYTES
            + (hasSize ? Long.BYTES : 0)
            + (hasDictionary ? Integer.BYTES : 0);
    if (head.length <= checkAt) {
      throw malformed(ip, "ends within the frame header");
    }
    // Before the fields: with a wrong checksum none of them is to be believed.
    int computed =
        (XxHash32.of(head, Lz4Layout.FLG_OFFSET, checkAt - Lz4Layout.FLG_OFFSET, 0) >>> 8) & 0xFF;
    if (computed != (head[checkAt] & 0xFF)) {
      throw malformed(
          ip + checkAt,
          "header checksum: 0x%02X stored, 0x%02X computed"
              .formatted(head[checkAt] & 0xFF, computed));
    }
    if ((flags & Lz4Layout.FLG_RESERVED) != 0 || (sizes & Lz4Layout.BD_RESERVED) != 0) {
      throw malformed(ip + Lz4Layout.FLG_OFFSET, "reserved bits of the frame header are set");
    }
    if (sizes >>> Lz4Layout.BD_SIZE_SHIFT < Lz4Layout.MIN_SIZE_CODE) {
      throw malformed(
          ip + Lz4Layout.BD_OFFSET,
          "block size code: " + (sizes >>> Lz4Layout.BD_SIZE_SHIFT) + " (expected 4 to 7)");
    }
    if (hasDictionary) {
      throw malformed(ip, "frame needs a dictionary (not supported)");
    }
    if (hasSize) {
      long size = in.get(LONG, ip + Lz4Layout.FIXED_HEAD_BYTES);
      if (Long.compareUnsigned(size, out.byteSize() - op) > 0) {
        throw malformed(
            ip + Lz4Layout.FIXED_HEAD_BYTES,
            "content size: "
                + Long.toUnsignedString(size)
                + " (the output takes "
                + (out.byteSize() - op)
                + " bytes more)");
      }
    }
    ip += checkAt + 1;
    return flags;
  }

  /// Decodes the block at `ip` into the window from `position` to `limit` at most; returns the end
  /// of what it holds.
  private int block(int size, int blockLimit, boolean checksum, int position, int limit)
      throws MalformedCompressionException {
    boolean plain = (size & Lz4Layout.PLAIN_BIT) != 0;
    int storedBytes = size & ~Lz4Layout.PLAIN_BIT;
    if (storedBytes > blockLimit) {
      throw malformed(ip, "block size: " + storedBytes + " (expected " + blockLimit + " or less)");
    }
    long data = ip + Integer.BYTES;
    if (storedBytes > in.byteSize() - data) {
      throw malformed(
          ip, "block size: " + storedBytes + " (" + (in.byteSize() - data) + " bytes left)");
    }
    if (plain && storedBytes > limit - position) {
      throw malformed(ip, "block decodes to more than " + (limit - position) + " bytes");
    }
    byte[] target = plain ? window : storedArray(storedBytes);
    int targetFrom = plain ? position : 0;
    MemorySegment.copy(in, data, MemorySegment.ofArray(target), targetFrom, storedBytes);
    long next = data + storedBytes;
    if (checksum) {
      verify("block checksum", next, XxHash32.of(target, targetFrom, storedBytes, 0));
      next += Integer.BYTES;
    }
    int end = position + storedBytes;
    if (!plain) {
      end = blocks.decode(stored, 0, storedBytes, window, historyFrom(position), position, limit);
      if (end < 0) {
        throw malformed(data + blocks.faultOffset(), blocks.fault());
      }
    }
    ip = next;
    return end;
  }

  private static int historyFrom(int position) {
    return Math.max(0, position - HISTORY_BYTES);
  }

  private byte[] storedArray(int bytes) {
    if (stored.length < bytes) {
      stored = new byte[Math.max(bytes, HISTORY_BYTES)];
    }
    return stored;
  }

  /// Makes the window hold `room` bytes after `position`, keeping the history before it; returns
  /// where that position is now.
  private int makeRoom(int position, int room) {
    if (position + room <= window.length) {
      return position;
    }
    int history = position - historyFrom(position);
    int needed = HISTORY_BYTES + Math.max(room, MIN_WINDOW_BYTES);
    byte[] target = needed > window.length ? new byte[needed] : window;
    System.arraycopy(window, position - history, target, 0, history);
    window = target;
    return history;
  }

  private void verify(String name, long offset, int computed) throws MalformedCompressionException {
    int expected = intAt(offset, name);
    if (expected != computed) {
      throw malformed(
          offset, "%s: 0x%08X stored, 0x%08X computed".formatted(name, expected, computed));
    }
  }

  private int byteAt(long offset) {
    return in.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }

  private int intAt(long offset, String name) throws MalformedCompressionException {
    if (in.byteSize() - offset < Integer.BYTES) {
      throw malformed(offset, "ends within: " + name);
    }
    return in.get(INT, offset);
  }

  private MalformedCompressionException malformed(long offset, String what) {
    return new MalformedCompressionException(offset, what, op);
  }
}
