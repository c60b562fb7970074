package dev.lockstep.shadow;

import dev.lockstep.model.Times;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.regex.Pattern;

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

  private static final Pattern SPACE = Pattern.compile("\\s+");
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
    for (String line : schema.lines().limit(500).toList()) {
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      // Constants are no fields.
      if (!text.isEmpty() && !text.contains("=")) {
        return SPACE.split(text, 2)[0];
      }
    }
    return "";
  }

  /// The stamp of a payload, ns; [Times#NONE] where it has none.
  long read(ByteBuffer payload) {
    int at = this == ROS1_TIME ? 0 : Integer.BYTES;
    if (this == UNKNOWN || payload.remaining() < at + 2 * Integer.BYTES) {
      return Times.NONE;
    }
    int from = payload.position();
    ByteBuffer order = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (this == CDR && (payload.get(from + 1) & 1) == 0) {
      order.order(ByteOrder.BIG_ENDIAN);
    }
    int first = order.getInt(from + at);
    long seconds = this == CDR ? first : Integer.toUnsignedLong(first);
    long nanos = Integer.toUnsignedLong(order.getInt(from + at + Integer.BYTES));
    return seconds * Times.SECOND + nanos;
  }
}
