package dev.lockstep.shadow;

import dev.lockstep.model.Times;
import java.nio.ByteBuffer;
import java.util.Set;

/// Where a message that begins with a stamp has it, by the first field of its schema.
enum RawStamp {
  /// ROS 2: encapsulation (4 bytes), seconds i32, nanoseconds u32.
  CDR,
  /// ROS 1 header: sequence u32, seconds u32, nanoseconds u32.
  ROS1_HEADER,
  /// ROS 1 time: seconds u32, nanoseconds u32.
  ROS1_TIME,
  /// Elsewhere, or in an encoding that is not read twice.
  UNKNOWN;

  /// Lines of a schema that are looked through, and one more for what is left. Judged.
  private static final int MAX_LINES = 500;

  private static final Set<String> HEADERS =
      Set.of("std_msgs/Header", "std_msgs/msg/Header", "Header");
  private static final Set<String> CDR_TIMES =
      Set.of("builtin_interfaces/Time", "builtin_interfaces/msg/Time", "time");

  /// By what an MCAP schema says.
  static RawStamp of(String messageEncoding, String schemaEncoding, String schema) {
    String type = firstType(schema);
    if (messageEncoding.equals("cdr") && schemaEncoding.equals("ros2msg")) {
      return HEADERS.contains(type) || CDR_TIMES.contains(type) ? CDR : UNKNOWN;
    }
    if (messageEncoding.equals("ros1") && schemaEncoding.equals("ros1msg")) {
      return HEADERS.contains(type) ? ROS1_HEADER : type.equals("time") ? ROS1_TIME : UNKNOWN;
    }
    return UNKNOWN;
  }

  private static String firstType(String schema) {
    for (String line : schema.split("\n", MAX_LINES)) {
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      // Constants are no fields.
      if (!text.isEmpty() && !text.contains("=")) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
        return text.substring(0, end);
      }
    }
    return "";
  }

  /// The stamp of a payload of `length` bytes from `from` on, ns; [Times#NONE] where it has none.
  ///
  /// @param payload little-endian; holds as much of the payload as a stamp takes
  long read(ByteBuffer payload, int from, int length) {
    int at = this == ROS1_TIME ? 0 : Integer.BYTES;
    if (this == UNKNOWN || length < at + 2 * Integer.BYTES) {
      return Times.NONE;
    }
    int first = payload.getInt(from + at);
    int second = payload.getInt(from + at + Integer.BYTES);
    if (this == CDR && (payload.get(from + 1) & 1) == 0) {
      first = Integer.reverseBytes(first);
      second = Integer.reverseBytes(second);
    }
    long seconds = this == CDR ? first : Integer.toUnsignedLong(first);
    return seconds * Times.SECOND + Integer.toUnsignedLong(second);
  }
}
