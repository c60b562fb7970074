package dev.lockstep.source.matroska;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Set;

/// Layout of Matroska files (RFC 8794 for EBML, RFC 9559): elements in elements, all numbers
/// big-endian but for checksums.
///
/// ```text
/// element   id 1..4 | size 1..8 | body       leading zeros of the first byte tell the length;
///                                            a size of nothing but ones: unknown, up to an element
///                                            that cannot be inside
///
/// EBML
/// Segment ┬ SeekHead ─ Seek ─ SeekID SeekPosition
///         ├ Info ─ TimestampScale Duration
///         ├ Tracks ─ TrackEntry ─ number type CodecID CodecPrivate DefaultDuration ...
///         ├ Cluster ┬ Timestamp
///         │         ├ SimpleBlock
///         │         └ BlockGroup ─ Block ReferenceBlock
///         ├ Cues ─ CuePoint ─ CueTime CueTrackPositions ─ CueTrack CueClusterPosition
///         └ Tags Chapters Attachments
/// CRC-32  first child of any of them: of all bytes behind it in its parent, little-endian
///
/// block     track, as a size | time 2, signed, from the cluster's | flags 1 | frames
/// flags     keyframe 1 (SimpleBlock) | ... | lacing 2 | discardable 1
/// lacing    0 one frame | 01 sizes in sums of bytes (Xiph) | 10 equal sizes | 11 sizes as EBML
///           frames - 1, 1 | sizes of all but the last | frames
/// ```
final class MatroskaLayout {
  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfShort S16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt U32_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final int EBML = 0x1A45_DFA3;
  static final int SEGMENT = 0x1853_8067;
  static final int SEEK_HEAD = 0x114D_9B74;
  static final int SEEK = 0x4DBB;
  static final int SEEK_ID = 0x53AB;
  static final int SEEK_POSITION = 0x53AC;
  static final int INFO = 0x1549_A966;
  static final int TIMESTAMP_SCALE = 0x2A_D7B1;
  static final int TRACKS = 0x1654_AE6B;
  static final int TRACK_ENTRY = 0xAE;
  static final int TRACK_NUMBER = 0xD7;
  static final int TRACK_TYPE = 0x83;
  static final int CODEC_ID = 0x86;
  static final int CODEC_PRIVATE = 0x63A2;
  static final int CODEC_DELAY = 0x56AA;
  static final int DURATION = 0x4489;
  static final int DEFAULT_DURATION = 0x23_E383;
  static final int CONTENT_ENCODINGS = 0x6D80;
  static final int CLUSTER = 0x1F43_B675;
  static final int TIMESTAMP = 0xE7;
  static final int SIMPLE_BLOCK = 0xA3;
  static final int BLOCK_GROUP = 0xA0;
  static final int BLOCK = 0xA1;
  static final int REFERENCE_BLOCK = 0xFB;
  static final int CUES = 0x1C53_BB6B;
  static final int CUE_POINT = 0xBB;
  static final int CUE_POSITIONS = 0xB7;
  static final int CUE_CLUSTER = 0xF1;
  static final int CUE_RELATIVE = 0xF0;
  static final int CLUSTER_POSITION = 0xA7;
  static final int PREVIOUS_SIZE = 0xAB;
  static final int TAGS = 0x1254_C367;
  static final int CHAPTERS = 0x1043_A770;
  static final int ATTACHMENTS = 0x1941_A469;
  static final int CRC_32 = 0xBF;
  static final int VOID = 0xEC;

  /// Elements of a segment, none of which can be inside of a cluster.
  static final Set<Integer> TOP =
      Set.of(SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, TAGS, CHAPTERS, ATTACHMENTS);

  static final int VIDEO = 1;
  static final int SOUND = 2;
  static final int SUBTITLE = 17;

  /// Nanoseconds of a tick where the file does not say.
  static final long DEFAULT_SCALE_NS = 1_000_000;

  static final int KEYFRAME_FLAG = 0x80;
  static final int LACING_SHIFT = 1;
  static final int LACING_MASK = 3;
  static final int LACING_XIPH = 1;
  static final int LACING_EQUAL = 2;
  static final int LACING_EBML = 3;

  /// Bytes of a CRC-32 element: id, size, sum.
  static final int CRC_ELEMENT_BYTES = 6;

  private MatroskaLayout() {}

  static int u8(MemorySegment file, long at) {
    return file.get(U8, at) & 0xFF;
  }

  /// The id as people write it.
  static String hex(int id) {
    return String.format(Locale.ROOT, "%X", id);
  }

  /// Name of an element at the top.
  static String name(int id) {
    return switch (id) {
      case EBML -> "EBML";
      case SEGMENT -> "Segment";
      case SEEK_HEAD -> "SeekHead";
      case INFO -> "Info";
      case TRACKS -> "Tracks";
      case CLUSTER -> "Cluster";
      case CUES -> "Cues";
      case TAGS -> "Tags";
      case CHAPTERS -> "Chapters";
      case ATTACHMENTS -> "Attachments";
      case BLOCK_GROUP -> "BlockGroup";
      case SIMPLE_BLOCK -> "SimpleBlock";
      default -> "element " + hex(id);
    };
  }
}
