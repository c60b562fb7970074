package dev.lockstep.payload;

/// Layout of H.264 and H.265 byte streams (ITU-T H.264 and H.265, Annex B): NAL units, each behind
/// a start code.
///
/// ```text
/// [00] 00 00 01 | header | payload ...  [00 ...]
/// header, H.264: 1 byte    forbidden_zero_bit 1 | nal_ref_idc 2 | nal_unit_type 5
/// header, H.265: 2 bytes   forbidden_zero_bit 1 | nal_unit_type 6 | layer 6 | temporal id + 1, 3
/// payload: 00 00 is followed by 03 and then 00..03, never by 00, 01 or 02
/// ```
final class AnnexBLayout {
  static final int FORBIDDEN_BIT = 0x80;

  static final int H264_TYPE_MASK = 0x1F;
  static final int H264_SLICE = 1;
  static final int H264_PARTITION_A = 2;
  static final int H264_IDR = 5;
  static final int H264_SEI = 6;
  static final int H264_SPS = 7;
  static final int H264_PPS = 8;

  static final int H264_REFERENCE_MASK = 0x60;

  /// slice_type modulo 5 (H.264, table 7-6).
  static final int SLICE_P = 0;

  static final int SLICE_B = 1;
  static final int SLICE_I = 2;
  static final int SLICE_SP = 3;
  static final int SLICE_SI = 4;

  static final int H265_TYPE_SHIFT = 1;
  static final int H265_TYPE_MASK = 0x3F;
  static final int H265_LAST_SLICE = 31;
  static final int H265_IRAP_FIRST = 16;
  static final int H265_IRAP_LAST = 23;
  static final int H265_BLA_LAST = 18;
  static final int H265_IDR_W_RADL = 19;
  static final int H265_IDR_N_LP = 20;

  /// Pictures that are shown in front of the keyframe that they follow (table 7-1).
  static final int H265_RADL_FIRST = 6;

  static final int H265_RADL_LAST = 7;
  static final int H265_RASL_LAST = 9;

  /// Up to here, even types are pictures that none of their own layer refers to.
  static final int H265_LAST_SUB_LAYER = 14;

  static final int H265_VPS = 32;
  static final int H265_SPS = 33;
  static final int H265_PPS = 34;
  static final int H265_PREFIX_SEI = 39;
  static final int H265_TEMPORAL_ID_MASK = 7;

  /// Byte that breaks up two zeros in a payload.
  static final int EMULATION_PREVENTION = 3;

  /// Bytes of the length in front of a NAL unit in MP4 files.
  static final int LENGTH_PREFIX_BYTES = 4;

  private AnnexBLayout() {}
}
