package dev.lockstep.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Follows the records of an MCAP stream as it arrives in pieces, and finds its end: opcode and
/// length of each record are looked at, bodies are passed over, nothing is kept or allocated.
///
/// ```text
/// magic(8) | record* | footer record | magic(8)
/// record   opcode u8 | length u64 | body(length)
/// chunk    start u64 | end u64 | uncompressed_size u64 | ...
/// ```
///
/// Limits are enforced on what a record claims, before its body arrives. Not safe for several
/// threads.
public final class McapFraming {
  /// `89 M C A P 0 \r \n`, little-endian (specification, "Magic").
  private static final long MAGIC = 0x0A0D_3050_4143_4D89L;

  private static final int MAGIC_BYTES = 8;
  private static final int RECORD_HEAD_BYTES = 9;
  private static final int FOOTER = 0x02;
  private static final int FOOTER_BYTES = 20;
  private static final int CHUNK = 0x06;

  /// Bytes of a chunk that are looked at: two times and the uncompressed size.
  private static final int CHUNK_HEAD_BYTES = 24;

  private enum At {
    FIRST_MAGIC(MAGIC_BYTES),
    HEAD(RECORD_HEAD_BYTES),
    CHUNK_HEAD(CHUNK_HEAD_BYTES),
    BODY(0),
    LAST_MAGIC(MAGIC_BYTES),
    END(0);

    /// Bytes that are collected before there is something to decide.
    final int bytes;

    At(int bytes) {
      this.bytes = bytes;
    }
  }

  private final Limits limits;
  private final ByteBuffer head =
      ByteBuffer.allocate(CHUNK_HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private At at = At.FIRST_MAGIC;
  private long position;
  private long recordStart;
  private long left;
  private boolean footer;
  private long records;

  /// What a record may claim.
  ///
  /// @param recordBytes longest body of a record
  /// @param chunkBytes largest uncompressed size of a chunk
  /// @param chunkRatio largest ratio of uncompressed to compressed size; sizes below
  ///   [#RATIO_FLOOR_BYTES] may have any
  public record Limits(long recordBytes, long chunkBytes, long chunkRatio) {
    /// Chunks up to this size are no danger whatever their ratio.
    public static final long RATIO_FLOOR_BYTES = 64L << 20;

    /// Records up to 256 MiB, chunks up to 1 GiB unpacked and 200 times their size.
    public static final Limits DEFAULT = new Limits(256L << 20, 1L << 30, 200);
  }

  /// Begins at the first byte of a stream.
  public McapFraming(Limits limits) {
    this.limits = limits;
    expect(At.FIRST_MAGIC);
  }

  /// Goes on at a record that begins at `recordStart`, as [#recordStart] told.
  public static McapFraming at(long recordStart, Limits limits) {
    McapFraming framing = new McapFraming(limits);
    if (recordStart > 0) {
      framing.position = recordStart;
      framing.recordStart = recordStart;
      framing.expect(At.HEAD);
    }
    return framing;
  }

  /// Passes over the bytes between position and limit of `bytes`, whose position stays.
  ///
  /// @return how many of them belong to the stream: fewer than there are only at its end
  /// @throws RefusedException `malformed` or `limit`, with the place
  public int accept(ByteBuffer bytes) throws RefusedException {
    int start = bytes.position();
    int i = start;
    int end = bytes.limit();
    while (i < end && at != At.END) {
      if (at == At.BODY) {
        int step = (int) Math.min(left, end - i);
        i += step;
        position += step;
        left -= step;
        if (left == 0) {
          bodyEnded();
        }
        continue;
      }
      int step = Math.min(at.bytes - head.position(), end - i);
      head.put(head.position(), bytes, i, step).position(head.position() + step);
      i += step;
      position += step;
      if (head.position() == at.bytes) {
        decide();
      }
    }
    return i - start;
  }

  private void decide() throws RefusedException {
    switch (at) {
      case FIRST_MAGIC -> {
        if (head.getLong(0) != MAGIC) {
          throw malformed("no MCAP magic", 0);
        }
        expect(At.HEAD);
      }
      case LAST_MAGIC -> {
        if (head.getLong(0) != MAGIC) {
          throw malformed("no MCAP magic behind the footer", position - MAGIC_BYTES);
        }
        at = At.END;
      }
      case HEAD -> recordBegins(head.get(0) & 0xFF, head.getLong(1));
      case CHUNK_HEAD -> {
        checkChunk(head.getLong(16));
        left -= CHUNK_HEAD_BYTES;
        at = At.BODY;
        if (left == 0) {
          bodyEnded();
        }
      }
      case BODY, END -> throw new IllegalStateException(at.name());
    }
  }

  private void recordBegins(int opcode, long lengthBytes) throws RefusedException {
    if (opcode == 0) {
      throw malformed("opcode 0", recordStart);
    }
    if (lengthBytes < 0 || lengthBytes > limits.recordBytes()) {
      throw limit(
          "record of %s bytes (expected at most %d)"
              .formatted(Long.toUnsignedString(lengthBytes), limits.recordBytes()));
    }
    if (opcode == FOOTER && lengthBytes != FOOTER_BYTES) {
      throw malformed(
          "footer of %d bytes (expected %d)".formatted(lengthBytes, FOOTER_BYTES), recordStart);
    }
    footer = opcode == FOOTER;
    left = lengthBytes;
    if (opcode == CHUNK && lengthBytes >= CHUNK_HEAD_BYTES) {
      expect(At.CHUNK_HEAD);
    } else if (lengthBytes == 0) {
      bodyEnded();
    } else {
      at = At.BODY;
    }
  }

  /// `left` is still the whole record here; its fixed fields are few beside the packed bytes.
  private void checkChunk(long unpackedBytes) throws RefusedException {
    if (unpackedBytes < 0 || unpackedBytes > limits.chunkBytes()) {
      throw limit(
          "chunk of %s bytes unpacked (expected at most %d)"
              .formatted(Long.toUnsignedString(unpackedBytes), limits.chunkBytes()));
    }
    if (unpackedBytes > Limits.RATIO_FLOOR_BYTES && unpackedBytes / left >= limits.chunkRatio()) {
      throw limit(
          "chunk of %d bytes unpacks to %d (expected at most %d times as many)"
              .formatted(left, unpackedBytes, limits.chunkRatio()));
    }
  }

  private void bodyEnded() {
    records++;
    recordStart = position;
    expect(footer ? At.LAST_MAGIC : At.HEAD);
  }

  private void expect(At next) {
    at = next;
    head.clear();
    if (next == At.HEAD) {
      recordStart = position;
    }
  }

  /// Whether footer and magic have come: nothing may follow.
  public boolean ended() {
    return at == At.END;
  }

  /// Where to go on with [#at]: start of the record that is under way, and of the footer once that
  /// has come, so that the magic behind it is still asked for.
  public long recordStart() {
    return at == At.LAST_MAGIC || at == At.END
        ? position - head.position() - FOOTER_BYTES - RECORD_HEAD_BYTES
        : recordStart;
  }

  /// How many records are complete.
  public long records() {
    return records;
  }

  private static RefusedException malformed(String what, long offset) {
    return new RefusedException(ErrorCode.MALFORMED, what + ", at byte " + offset);
  }

  private RefusedException limit(String what) {
    return new RefusedException(ErrorCode.LIMIT, what + ", at byte " + recordStart);
  }
}
