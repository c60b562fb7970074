package dev.lockstep.source.mcap;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Where everything lies in an MCAP file (specification of version `0`, sections "File Format" and
/// "Records"). All numbers are little-endian and unaligned.
///
/// ```text
/// file     magic(8) Header ...data section... DataEnd [summary] [summary offsets] Footer magic(8)
/// record   opcode u8 | length u64 | body
/// S        length u32 | UTF-8                    B32/B64  length u32/u64 | bytes
/// Map      length u32 in bytes | entries         Array    length u32 in bytes | entries
///
/// 01 Header           profile S | library S
/// 02 Footer           summary_start u64 | summary_offset_start u64 | summary_crc u32
/// 03 Schema           id u16 | name S | encoding S | data B32
/// 04 Channel          id u16 | schema_id u16 | topic S | message_encoding S | metadata Map(S, S)
/// 05 Message          channel_id u16 | sequence u32 | log_time u64 | publish_time u64 | data
/// 06 Chunk            start u64 | end u64 | uncompressed_size u64 | uncompressed_crc u32 |
///                     compression S | records B64
/// 07 MessageIndex     channel_id u16 | Array(log_time u64, offset u64)
/// 08 ChunkIndex       start u64 | end u64 | chunk_offset u64 | chunk_length u64 |
///                     Map(channel u16, offset u64) | message_index_length u64 | compression S |
///                     compressed_size u64 | uncompressed_size u64
/// 09 Attachment       log_time u64 | create_time u64 | name S | media_type S | data B64 | crc u32
/// 0A AttachmentIndex  offset u64 | length u64 | log_time u64 | create_time u64 | data_size u64 |
///                     name S | media_type S
/// 0B Statistics       messages u64 | schemas u16 | channels u32 | attachments u32 | metadata u32 |
///                     chunks u32 | start u64 | end u64 | Map(channel u16, messages u64)
/// 0C Metadata         name S | Map(S, S)
/// 0D MetadataIndex    offset u64 | length u64 | name S
/// 0E SummaryOffset    opcode u8 | start u64 | length u64
/// 0F DataEnd          data_section_crc u32
/// ```
///
/// Opcode 00 is forbidden, 10 to 7F are reserved, 80 to FF are private. A record may be longer than
/// its fields, except Message, DataEnd and Footer. Every CRC is CRC-32 and absent where it is 0.
final class McapLayout {
  /// The eight bytes `89 M C A P 0 \r \n` at both ends, read as one number.
  static final long MAGIC = 0x0A0D_3050_4143_4D89L;

  static final int MAGIC_BYTES = 8;

  static final int HEADER = 0x01;
  static final int FOOTER = 0x02;
  static final int SCHEMA = 0x03;
  static final int CHANNEL = 0x04;
  static final int MESSAGE = 0x05;
  static final int CHUNK = 0x06;
  static final int MESSAGE_INDEX = 0x07;
  static final int CHUNK_INDEX = 0x08;
  static final int ATTACHMENT = 0x09;
  static final int ATTACHMENT_INDEX = 0x0A;
  static final int STATISTICS = 0x0B;
  static final int METADATA = 0x0C;
  static final int METADATA_INDEX = 0x0D;
  static final int SUMMARY_OFFSET = 0x0E;
  static final int DATA_END = 0x0F;

  /// Highest opcode that the specification defines.
  static final int LAST_KNOWN = DATA_END;

  /// First opcode that belongs to applications.
  static final int FIRST_PRIVATE = 0x80;

  /// Channel ids have 16 bits.
  static final int CHANNELS = 1 << Short.SIZE;

  /// Opcode and length in front of every body.
  static final int RECORD_HEAD_BYTES = 9;

  /// Offset of the length in a record.
  static final int LENGTH_OFFSET = 1;

  /// Channel, sequence and two times in front of a message's payload.
  static final int MESSAGE_HEAD_BYTES = 22;

  static final int MESSAGE_SEQUENCE_OFFSET = 2;
  static final int MESSAGE_LOG_TIME_OFFSET = 6;
  static final int MESSAGE_PUBLISH_TIME_OFFSET = 14;

  /// Chunk fields in front of the compression name.
  static final int CHUNK_FIXED_BYTES = 28;

  /// Channel and array length in front of the entries of a message index.
  static final int MESSAGE_INDEX_HEAD_BYTES = 6;

  /// Time and offset: one entry of a message index.
  static final int MESSAGE_INDEX_ENTRY_BYTES = 16;

  static final int DATA_END_BYTES = 4;
  static final int FOOTER_BYTES = 20;

  /// Bytes of the footer record that the summary checksum covers: all but the checksum.
  static final int FOOTER_SUMMED_BYTES = RECORD_HEAD_BYTES + FOOTER_BYTES - Integer.BYTES;

  /// Footer record and magic: where the footer lies from the end of a sound file.
  static final int FILE_TAIL_BYTES = RECORD_HEAD_BYTES + FOOTER_BYTES + MAGIC_BYTES;

  /// Length of a chunk record that its writer has not finished yet: some write the head first and
  /// fill it in at the end.
  static final long OPEN_LENGTH = -1L;

  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private McapLayout() {}

  /// Name of a record kind as the specification gives it.
  static String nameOf(int opcode) {
    return switch (opcode) {
      case HEADER -> "Header";
      case FOOTER -> "Footer";
      case SCHEMA -> "Schema";
      case CHANNEL -> "Channel";
      case MESSAGE -> "Message";
      case CHUNK -> "Chunk";
      case MESSAGE_INDEX -> "MessageIndex";
      case CHUNK_INDEX -> "ChunkIndex";
      case ATTACHMENT -> "Attachment";
      case ATTACHMENT_INDEX -> "AttachmentIndex";
      case STATISTICS -> "Statistics";
      case METADATA -> "Metadata";
      case METADATA_INDEX -> "MetadataIndex";
      case SUMMARY_OFFSET -> "SummaryOffset";
      case DATA_END -> "DataEnd";
      default -> "record 0x%02X".formatted(opcode);
    };
  }
}
