package dev.lockstep.payload;

import org.jspecify.annotations.Nullable;

/// Where the parts of one message lie that its content rules need: filled by the walk over a
/// message, read by [PointCloudContent], [ImageContent] and their kin. Reused for every message of
/// a thread.
///
/// Offsets are into the segment that holds the message; -1 where the message has no such part.
final class Scratch {
  /// Stamp of the message; CDR only.
  static final int STAMP = 0;

  /// Text: name of the frame of reference.
  static final int FRAME_ID = 1;

  /// The payload proper: points, image or video bytes.
  static final int DATA = 2;

  /// Text: coding of an image or video.
  static final int FORMAT = 3;

  static final int HEIGHT = 4;
  static final int WIDTH = 5;
  static final int POINT_STEP = 6;
  static final int ROW_STEP = 7;
  static final int BIG_ENDIAN = 8;
  static final int DENSE = 9;

  /// Descriptions of a point's fields; count is their number.
  static final int FIELDS = 10;

  /// Rates of turn about x, y and z, three doubles; CDR only.
  static final int RATES = 11;

  /// Quaternion, x, y, z and w, four doubles; CDR only.
  static final int QUATERNION = 12;

  /// Acceleration along x, y and z, three doubles; CDR only.
  static final int ACCELERATION = 13;

  /// Position x, y and z, three doubles; CDR only.
  static final int POSITION = 14;

  /// Latitude, longitude and altitude, three doubles; CDR only.
  static final int GEODETIC = 15;

  /// Number of parts.
  static final int SLOTS = 16;

  /// Fields of a point that are looked at; further ones are counted only.
  static final int MAX_POINT_FIELDS = 64;

  /// Bytes that are looked at together: half of a core's first cache.
  private static final int BLOCK_BYTES = 16 << 10;

  /// Where each part begins.
  final long[] at = new long[SLOTS];

  /// Bytes of a text or of data, number of elements of a list; 0 for a plain number.
  final int[] count = new int[SLOTS];

  /// Plain numbers of a message whose coding spreads them (protobuf), by slot.
  final long[] value = new long[SLOTS];

  final int[] fieldOffset = new int[MAX_POINT_FIELDS];
  final int[] fieldType = new int[MAX_POINT_FIELDS];

  /// First character of a name of one character, [#TIME], [#LASER] or [#INTENSITY] for what these
  /// say of a point, else 0.
  final int[] fieldName = new int[MAX_POINT_FIELDS];

  /// Stands for a name of the time of a point.
  static final int TIME = 0x1_0000;

  /// Stands for a name of the number of a point's laser.
  static final int LASER = 0x2_0000;

  /// Stands for a name of the intensity of a point.
  static final int INTENSITY = 0x3_0000;

  /// Elements in a field, 1 for nearly all.
  final int[] fieldCount = new int[MAX_POINT_FIELDS];

  int fields;

  /// The bytes of an image, in words.
  final Words words = new Words(BLOCK_BYTES);

  private @Nullable SweepProfiler profiler;

  private @Nullable JpegScan jpegScan;

  private byte[] block = {};
  private int[] ints = {};

  /// Room for some points of `step` bytes, at least one; content is left over from before.
  byte[] block(int step) {
    int need = Math.max(step, BLOCK_BYTES);
    if (block.length < need) {
      block = new byte[need];
    }
    return block;
  }

  /// Room for some points of `step` bytes, at least one, in numbers of four bytes.
  int[] ints(int step) {
    int need = Math.max(step, BLOCK_BYTES) / Integer.BYTES;
    if (ints.length < need) {
      ints = new int[need];
    }
    return ints;
  }

  /// Sums up sweeps, made on first use.
  SweepProfiler profiler() {
    SweepProfiler made = profiler;
    if (made == null) {
      made = new SweepProfiler();
      profiler = made;
    }
    return made;
  }

  /// Follows the codes of images, made on first use.
  JpegScan jpegScan() {
    JpegScan made = jpegScan;
    if (made == null) {
      made = new JpegScan();
      jpegScan = made;
    }
    return made;
  }

  /// A walk over a CDR message, made on first use.
  @Nullable CdrWalk walk;

  /// A walk over a protobuf message, made on first use.
  @Nullable ProtoWalk protoWalk;

  void clear() {
    for (int i = 0; i < SLOTS; i++) {
      at[i] = -1;
      count[i] = 0;
      value[i] = 0;
    }
    fields = 0;
  }
}
