package dev.lockstep.source.rosbag2;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Layout of SQLite 3 files (sqlite.org/fileformat2.html); all numbers are big-endian.
///
/// ```text
/// file   page 1 | page 2 | ... each of the page size; page 1 begins with the file header:
///   0 "SQLite format 3\0"  16 u16 page size (1 = 65536)  18 u8 u8 write/read version (2 = WAL)
///  20 u8 reserved bytes at the end of each page  21 u8 64, u8 32, u8 32
///  24 u32 change counter  28 u32 pages  32 u32 first freelist trunk  36 u32 freelist pages
///  52 u32 largest root page (auto-vacuum, else 0)  56 u32 text encoding (1 UTF-8, 2 LE, 3 BE)
///  92 u32 version-valid-for (equals 24 where 28 is right)
///
/// b-tree page (from byte 100 on page 1)                               section 1.6
///   0 u8 kind: 2 index interior, 5 table interior, 10 index leaf, 13 table leaf
///   1 u16 first free block  3 u16 cells  5 u16 cell content (0 = 65536)  7 u8 fragmented bytes
///   8 u32 rightmost child (interior only)  8/12 u16 offset of each cell
/// table leaf cell:     varint payload length, varint rowid, payload, u32 first overflow page
/// table interior cell: u32 left child, varint rowid
/// overflow page:       u32 next page (0 = last), content
///
/// payload  = record: varint header length, varint serial type a column, values     section 2.1
///
/// -wal file                                                           section 4
///   header 32: u32 0x377F0682/3, u32 3007000, u32 page size, u32 sequence, u32 salt-1,
///              u32 salt-2, u32 u32 checksum of bytes 0..23
///   frame: u32 page, u32 pages of the database after the commit (0 = no commit), u32 salt-1,
///          u32 salt-2, u32 u32 checksum so far, page
/// ```
final class SqliteLayout {
  static final byte[] MAGIC = {
    'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f', 'o', 'r', 'm', 'a', 't', ' ', '3', 0
  };

  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  static final int FILE_HEADER_BYTES = 100;
  static final int PAGE_SIZE_AT = 16;
  static final int RESERVED_AT = 20;
  static final int FRACTIONS_AT = 21;
  static final int CHANGE_COUNTER_AT = 24;
  static final int PAGE_COUNT_AT = 28;
  static final int FREELIST_AT = 32;
  static final int FREELIST_COUNT_AT = 36;
  static final int LARGEST_ROOT_AT = 52;
  static final int TEXT_ENCODING_AT = 56;
  static final int VALID_FOR_AT = 92;

  static final int MIN_PAGE_BYTES = 512;
  static final int MAX_PAGE_BYTES = 65536;

  /// Least usable bytes of a page (section 1.3.4).
  static final int MIN_USABLE_BYTES = 480;

  static final int TABLE_INTERIOR = 5;
  static final int TABLE_LEAF = 13;
  static final int INDEX_INTERIOR = 2;
  static final int INDEX_LEAF = 10;

  static final int MAX_VARINT_BYTES = 9;

  static final int CELL_COUNT_AT = 3;
  static final int RIGHT_CHILD_AT = 8;
  static final int LEAF_HEAD_BYTES = 8;
  static final int INTERIOR_HEAD_BYTES = 12;

  static final int WAL_MAGIC = 0x377F0682;
  static final int WAL_VERSION = 3007000;
  static final int WAL_HEADER_BYTES = 32;
  static final int FRAME_HEADER_BYTES = 24;

  private SqliteLayout() {}

  /// Bytes of a table leaf's payload that stand in its cell (section 1.6): the rest overflows.
  static int localBytes(long payloadBytes, int usable) {
    int most = usable - 35;
    if (payloadBytes <= most) {
      return (int) payloadBytes;
    }
    int least = (usable - 12) * 32 / 255 - 23;
    int rest = least + (int) ((payloadBytes - least) % (usable - 4));
    return rest <= most ? rest : least;
  }

  /// Whether a size is one that pages can have.
  static boolean isPageSize(long bytes) {
    return bytes >= MIN_PAGE_BYTES && bytes <= MAX_PAGE_BYTES && Long.bitCount(bytes) == 1;
  }
}
