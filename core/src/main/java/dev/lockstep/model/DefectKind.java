package dev.lockstep.model;

import static dev.lockstep.model.Severity.ERROR;
import static dev.lockstep.model.Severity.INFO;
import static dev.lockstep.model.Severity.WARNING;

import java.util.Set;

/// What a reader can find wrong with a container or a payload while reading it.
///
/// Readers say what they saw; the integrity, LiDAR, video and label rules each claim a set of kinds
/// and turn them into findings. Each kind is claimed by exactly one rule.
public enum DefectKind {
  // ---- the file as a whole
  FILE_EMPTY("file holds no bytes", ERROR),
  FILE_TRUNCATED("file ends too early", ERROR),
  FILE_CHANGED("file shrank or failed while it was read", ERROR),
  FILE_UNREADABLE("file cannot be opened", ERROR),
  LFS_POINTER("git-LFS pointer instead of data", ERROR),
  ZERO_PAGES("pages of zeros where data should be", ERROR),
  TRAILING_BYTES("bytes after the end", WARNING),
  FILE_MISSING("file missing that the recording names", ERROR),

  // ---- checksums that the container stores
  CHUNK_CRC("chunk checksum does not match", ERROR),
  DATA_CRC("data section checksum does not match", ERROR),
  SUMMARY_CRC("summary checksum does not match", ERROR),
  ATTACHMENT_CRC("attachment checksum does not match", ERROR),
  FRAME_CHECKSUM("compressed frame's own checksum does not match", ERROR),

  // ---- framing
  RECORD_LENGTH("record length is impossible", ERROR),
  RECORD_MALFORMED("record cannot be parsed", ERROR),
  RECORD_FORBIDDEN("record with opcode 0", ERROR),
  RECORD_UNKNOWN("record of an unknown reserved opcode", WARNING),
  TEXT_ENCODING("text is not UTF-8", ERROR),
  CHUNK_UNREADABLE("chunk cannot be decompressed", ERROR),
  CHUNK_SIZE("chunk size does not match its content", ERROR),
  CHUNK_TOO_LARGE("chunk is larger than the limit and was not examined", ERROR),
  CODEC_TRAILING("bytes after the compressed frame", WARNING),
  HEADER_MALFORMED("file header is missing or damaged", ERROR),
  MAGIC_DAMAGED("magic bytes of the format are damaged", ERROR),
  TIME_OUT_OF_RANGE("time is too large to be one", ERROR),

  // ---- order and place of records
  RECORD_MISPLACED("record where the format does not allow it", ERROR),
  RECORD_DUPLICATED("record that may stand once stands twice", ERROR),
  SUMMARY_UNGROUPED("summary records are not grouped", WARNING),
  FOOTER_POINTER("footer points to the wrong place", ERROR),
  SUMMARY_OFFSET("summary offset does not match the summary", WARNING),

  // ---- definitions
  SCHEMA_UNKNOWN("stream refers to a schema that does not exist", ERROR),
  SCHEMA_REDEFINED("schema id defined twice with different content", ERROR),
  SCHEMA_ID_ZERO("schema with the forbidden id 0", ERROR),
  SCHEMA_UNPARSABLE("schema cannot be parsed", WARNING),
  CHANNEL_UNKNOWN("message of a stream that is not defined", ERROR),
  CHANNEL_REDEFINED("stream id defined twice with different content", ERROR),
  TOPIC_SHARED("two streams share a topic with different schemas", WARNING),
  PROFILE_BROKEN("recording breaks the rules of its profile", WARNING),

  // ---- redundant fields
  CHUNK_TIMES("chunk times do not match its messages", ERROR),
  MESSAGE_INDEX("message index does not match the messages", ERROR),
  MESSAGE_INDEX_MISSING("messages of a chunk are not indexed", WARNING),
  CHUNK_INDEX("chunk index does not match the chunk", ERROR),
  CHUNK_INDEX_MISSING("chunk is missing from the chunk index", ERROR),
  ATTACHMENT_INDEX("attachment index does not match the attachment", WARNING),
  METADATA_INDEX("metadata index does not match the metadata", WARNING),
  BYTES_SHIFTED("bytes were lost or put in, and what lies behind has moved", ERROR),
  STATISTICS("statistics do not match the data", ERROR),
  COUNT_MISMATCH("count does not match the data", ERROR),

  // ---- media files: tables against data
  MOVIE_MISSING("media data without the tables to read it", ERROR),
  MEDIA_MISSING("tables without the media data that they list", ERROR),
  SAMPLE_OUTSIDE("samples lie outside of the media data", ERROR),
  SAMPLE_OVERLAP("bytes belong to two samples", WARNING),
  FRAGMENT_SEQUENCE("fragment numbers do not ascend by one", WARNING),
  FRAGMENT_TIME("fragment does not begin where the one before ended", ERROR),
  SEGMENT_INDEX("segment index does not match the fragments", WARNING),

  // ---- what a bag says of itself
  BAG_METADATA("bag metadata contradict the data", ERROR),
  TRANSACTION_OPEN("transaction was not finished", WARNING),

  // ---- what the endpoint noted when it took the recording
  RECORDING_INTERRUPTED("recording begins behind a hole", ERROR),

  // ---- rules of the specification that do not hurt reading
  SPEC_MUST("a MUST of the format's specification is broken", WARNING),

  // ---- payloads
  PAYLOAD_EMPTY("message without payload", WARNING),
  CDR_MALFORMED("CDR payload is malformed", ERROR),
  ROS1_MALFORMED("ROS 1 payload is malformed", ERROR),
  PROTOBUF_MALFORMED("protobuf payload is malformed", ERROR),
  JSON_INVALID("JSON payload is invalid", ERROR),
  JSON_SCHEMA("JSON payload breaks its schema", ERROR),
  CLOUD_LAYOUT("point cloud contradicts its own layout", ERROR),
  CLOUD_NOT_FINITE("point cloud holds coordinates that are no numbers", ERROR),
  IMAGE_TRUNCATED("image is cut off", ERROR),
  IMAGE_MALFORMED("image structure is damaged", ERROR),
  IMAGE_LAYOUT("image contradicts its own layout", ERROR),
  IMAGE_WITHOUT_PICTURE("image holds no picture", INFO),
  VIDEO_MALFORMED("video frame is not a byte stream of its codec", ERROR),
  KEYFRAME_MARK("keyframe mark does not match the frame", ERROR),
  EDIT_LIST("edit list changes what is shown", WARNING),
  TEXT_MALFORMED("line or field cannot be parsed", ERROR),
  SIZE_NOT_MULTIPLE("size is not a multiple of the element size", ERROR),

  // ---- tables and label files
  STAMP_LINE_LOST("line without a stamp in a stamp list", ERROR),
  STAMPS_CONTRADICT("stamps of one message contradict each other", ERROR),
  LABEL_MALFORMED("label cannot be parsed", ERROR),
  BOX_INVALID("box that cannot exist", ERROR),
  CALIBRATION_INVALID("calibration is not a rigid transform", ERROR),
  POSE_INVALID("pose is not a rigid transform", ERROR),
  LINK_BROKEN("row refers to a row that does not exist", ERROR),
  TOKEN_DUPLICATED("token stands in two rows", ERROR),
  CHAIN_BROKEN("chain of rows is broken", ERROR),
  SAMPLE_PARTS("rows do not belong to their sample", WARNING),
  NAME_CONTRADICTS("stamps that should be equal differ between file name and tables", ERROR),

  // ---- the description of a folder's layout
  LAYOUT_BROKEN("layout cannot be used", ERROR),

  // ---- the block manifest beside the recording
  MANIFEST_DAMAGED("block manifest is damaged and was not used", ERROR);

  /// What may cost messages of any stream, so that holes in them are no faults of their own.
  private static final Set<DefectKind> LOSSES =
      Set.of(
          FILE_CHANGED,
          ZERO_PAGES,
          CHUNK_CRC,
          FRAME_CHECKSUM,
          RECORD_LENGTH,
          RECORD_MALFORMED,
          RECORD_FORBIDDEN,
          CHUNK_UNREADABLE,
          CHUNK_SIZE,
          CHUNK_TOO_LARGE,
          BYTES_SHIFTED,
          CHANNEL_UNKNOWN);

  private final String title;
  private final Severity severity;

  DefectKind(String title, Severity severity) {
    this.title = title;
    this.severity = severity;
  }

  /// The defect in words.
  public String title() {
    return title;
  }

  /// Whether it may cost messages of any stream.
  public boolean losesMessages() {
    return LOSSES.contains(this);
  }

  /// How bad it is unless the reader knows better.
  public Severity severity() {
    return severity;
  }
}
