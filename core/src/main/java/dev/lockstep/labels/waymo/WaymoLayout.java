package dev.lockstep.labels.waymo;

import dev.lockstep.checksum.Crc32c;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// Layout of a TFRecord file (TensorFlow, `core/lib/io/record_writer.h`) and numbers of the fields
/// of its frames (waymo-open-dataset, `dataset.proto` and `label.proto`).
///
/// ```text
/// record   u64 length, u32 masked CRC32C of those 8 bytes,
///          payload of `length` bytes, u32 masked CRC32C of the payload      little-endian
/// masked   rotated right by 15 bits, plus 0xA282EAD8
///
/// Frame         1 context { 1 name }   2 timestamp_micros
///               6 laser_labels*        8 camera_labels* { 1 camera  2 labels* }
/// Label         1 box   2 metadata { 1 speed_x  2 speed_y  3 accel_x  4 accel_y }
///               3 type  4 id  5 difficulty of detection  6 of tracking  7 LiDAR points in the box
/// Box           1 x  2 y  3 z (centre)  4 width  5 length  6 height  7 heading     double
/// ```
final class WaymoLayout {
  static final int LENGTH_BYTES = Long.BYTES;
  static final int HEAD_BYTES = LENGTH_BYTES + Integer.BYTES;
  static final int TAIL_BYTES = Integer.BYTES;

  static final int FRAME_CONTEXT = 1;
  static final int FRAME_MICROS = 2;
  static final int FRAME_LASER_LABELS = 6;
  static final int FRAME_CAMERA_LABELS = 8;

  static final int CONTEXT_NAME = 1;

  static final int CAMERA_NAME = 1;
  static final int CAMERA_LABELS = 2;

  static final int LABEL_BOX = 1;
  static final int LABEL_METADATA = 2;
  static final int LABEL_TYPE = 3;
  static final int LABEL_ID = 4;
  static final int LABEL_DETECTION_DIFFICULTY = 5;
  static final int LABEL_TRACKING_DIFFICULTY = 6;
  static final int LABEL_POINTS = 7;

  /// Fields of a box are doubles numbered from 1.
  static final int BOX_X = 1;

  static final int BOX_Y = 2;
  static final int BOX_Z = 3;
  static final int BOX_WIDTH = 4;
  static final int BOX_LENGTH = 5;
  static final int BOX_HEIGHT = 6;
  static final int BOX_HEADING = 7;

  /// Fields of a label's metadata that are kept, from number 1.
  static final List<String> METADATA = List.of("speed_x", "speed_y", "accel_x", "accel_y");

  /// Values of `Label.Type`.
  static final List<String> TYPES =
      List.of("TYPE_UNKNOWN", "TYPE_VEHICLE", "TYPE_PEDESTRIAN", "TYPE_SIGN", "TYPE_CYCLIST");

  /// Values of `CameraName`.
  static final List<String> CAMERAS =
      List.of(
          "UNKNOWN",
          "FRONT",
          "FRONT_LEFT",
          "FRONT_RIGHT",
          "SIDE_LEFT",
          "SIDE_RIGHT",
          "REAR_LEFT",
          "REAR",
          "REAR_RIGHT");

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private WaymoLayout() {}

  /// The checksum that a file stores for a range.
  static int maskedCrc(MemorySegment bytes, long at, long lengthBytes) {
    return Crc32c.masked(Crc32c.of(bytes, at, lengthBytes));
  }

  /// A stored checksum.
  static int crcAt(MemorySegment bytes, long at) {
    return bytes.get(INT, at);
  }

  /// A stored length.
  static long lengthAt(MemorySegment bytes, long at) {
    return bytes.get(LONG, at);
  }

  /// The name of a number, or the number.
  static String named(List<String> names, int number) {
    return number >= 0 && number < names.size() ? names.get(number) : Integer.toString(number);
  }
}
