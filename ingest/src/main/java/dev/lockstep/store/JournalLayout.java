package dev.lockstep.store;

import dev.lockstep.checksum.Crc32c;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The journal: entries of 64 bytes, little-endian, nothing else.
///
/// ```text
///  0 magic u32 "LSJ1"     4 part number u32
///  8 stream ULID u64 u64 (high, low)
/// 24 from u64            32 to u64             the range that was written
/// 40 durable u64         48 record_start u64   known to be durable; where framing goes on
/// 56 range_crc32c u32    60 entry_crc32c u32   over from..to of the part; over bytes 0..60
/// ```
final class JournalLayout {
  static final int ENTRY_BYTES = 64;
  private static final int MAGIC = 0x314A_534C;
  private static final int PART = 4;
  private static final int STREAM_HIGH = 8;
  private static final int STREAM_LOW = 16;
  private static final int FROM = 24;
  private static final int TO = 32;
  private static final int DURABLE = 40;
  private static final int RECORD_START = 48;
  private static final int RANGE_CRC = 56;
  private static final int ENTRY_CRC = 60;

  private JournalLayout() {}

  /// One entry.
  ///
  /// @param part whose bytes
  /// @param from first byte of the range
  /// @param to byte behind the range
  /// @param durable bytes of the part that were durable before this entry was written
  /// @param recordStart where the MCAP record begins that is under way at `to`
  /// @param rangeCrc32c CRC-32C of the range
  record Entry(PartKey part, long from, long to, long durable, long recordStart, int rangeCrc32c) {

    /// An entry that vouches for nothing beyond what is durable.
    static Entry base(PartKey part, long durable, long recordStart) {
      return new Entry(part, durable, durable, durable, recordStart, 0);
    }
  }

  static void put(ByteBuffer out, Entry entry) {
    ByteBuffer bytes = out.slice(out.position(), ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, MAGIC);
    bytes.putInt(PART, entry.part().number());
    bytes.putLong(STREAM_HIGH, entry.part().stream().high());
    bytes.putLong(STREAM_LOW, entry.part().stream().low());
    bytes.putLong(FROM, entry.from());
    bytes.putLong(TO, entry.to());
    bytes.putLong(DURABLE, entry.durable());
    bytes.putLong(RECORD_START, entry.recordStart());
    bytes.putInt(RANGE_CRC, entry.rangeCrc32c());
    bytes.putInt(ENTRY_CRC, Crc32c.of(MemorySegment.ofBuffer(bytes), 0, ENTRY_CRC));
    out.position(out.position() + ENTRY_BYTES);
  }

  /// Reads the entry at the position of `in`, or null if there is no sound one.
  static @Nullable Entry get(ByteBuffer in) {
    ByteBuffer bytes = in.slice(in.position(), ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + ENTRY_BYTES);
    if (bytes.getInt(0) != MAGIC
        || bytes.getInt(ENTRY_CRC) != Crc32c.of(MemorySegment.ofBuffer(bytes), 0, ENTRY_CRC)) {
      return null;
    }
    return new Entry(
        new PartKey(
            new Ulid(bytes.getLong(STREAM_HIGH), bytes.getLong(STREAM_LOW)), bytes.getInt(PART)),
        bytes.getLong(FROM),
        bytes.getLong(TO),
        bytes.getLong(DURABLE),
        bytes.getLong(RECORD_START),
        bytes.getInt(RANGE_CRC));
  }
}
