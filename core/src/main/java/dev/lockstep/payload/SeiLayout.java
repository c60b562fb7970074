package dev.lockstep.payload;

/// Layout of supplemental enhancement information that tells times (ITU-T H.264, 7.3.2.3, D.1;
/// H.265, 7.3.5, D.2; MISB ST 0604).
///
/// ```text
/// unit     header 1/2 | { FF ... type | FF ... size | payload } ... | 80
/// pic_timing (H.264, 1)     [cpb delay | dpb delay] | pic_struct 4 | { clock stamp } 1..3
/// time_code (H.265, 136)    count 2 | { clock stamp }
/// clock stamp   there 1 | [ct_type 2, H.264 only] | fields 1 | counting 5 | full 1 |
///               discontinuity 1 | dropped 1 | frames 8/9 | s 6 | min 6 | h 5 | offset
/// user data (5), 28 bytes   identifier 16 | status 1 | b b FF b b FF b b FF b b
///                           the b together: microseconds or nanoseconds since 1970
/// ```
final class SeiLayout {
  static final int H264_PICTURE_TIMING = 1;
  static final int USER_DATA = 5;
  static final int H265_TIME_CODE = 136;

  /// Bytes of the identifier in front of user data.
  static final int IDENTIFIER_BYTES = 16;

  /// Identifier and stamp together.
  static final int PRECISION_BYTES = 28;

  /// `MISPmicrosectime`.
  static final byte[] H264_MICROSECONDS = {
    0x4D, 0x49, 0x53, 0x50, 0x6D, 0x69, 0x63, 0x72, 0x6F, 0x73, 0x65, 0x63, 0x74, 0x69, 0x6D, 0x65
  };

  static final byte[] H265_MICROSECONDS = {
    (byte) 0xA8,
    0x68,
    0x7D,
    (byte) 0xD4,
    (byte) 0xD7,
    0x59,
    0x37,
    0x58,
    (byte) 0xA5,
    (byte) 0xCE,
    (byte) 0xF0,
    0x33,
    (byte) 0x8B,
    0x65,
    0x45,
    (byte) 0xF1
  };

  static final byte[] H265_NANOSECONDS = {
    (byte) 0xCF,
    (byte) 0x84,
    (byte) 0x82,
    0x78,
    (byte) 0xEE,
    0x23,
    0x30,
    0x6C,
    (byte) 0x92,
    0x65,
    (byte) 0xE8,
    (byte) 0xFE,
    (byte) 0xF2,
    0x2F,
    (byte) 0xB8,
    (byte) 0xB8
  };

  /// Byte behind every two of a precision stamp.
  static final int GUARD = 0xFF;

  /// Bit of the status that says that the clock jumped.
  static final int DISCONTINUITY = 0x40;

  /// Clock stamps by pic_struct (H.264, table D-1).
  static final int[] CLOCK_STAMPS = {1, 1, 1, 2, 2, 3, 3, 2, 3};

  /// counting_type of time codes that leave the first numbers of most minutes out (table D-3).
  static final int COUNTING_DROPS = 4;

  private SeiLayout() {}
}
