package dev.lockstep.payload;

import dev.lockstep.payload.PayloadFacts.Fault;
import dev.lockstep.report.FindingText;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What tests of payloads share.
final class Payloads {
  static final String POINT_CLOUD =
      """
      std_msgs/Header header
      uint32 height
      uint32 width
      sensor_msgs/PointField[] fields
      bool    is_bigendian # byte order
      uint32  point_step
      uint32  row_step
      uint8[] data
      bool is_dense
      ================================================================================
      MSG: std_msgs/Header
      builtin_interfaces/Time stamp
      string frame_id
      ================================================================================
      MSG: builtin_interfaces/Time
      int32 sec
      uint32 nanosec
      ================================================================================
      MSG: sensor_msgs/PointField
      uint8 INT8    = 1
      uint8 FLOAT32 = 7
      string name
      uint32 offset
      uint8 datatype
      uint32 count
      """;

  private Payloads() {}

  static PayloadProfile ros(String schemaName, String schema) {
    return PayloadProfile.of(
        "/topic", "cdr", schemaName, "ros2msg", schema.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads a message that lies in the middle of other bytes, with room for nothing more.
  static PayloadFacts read(PayloadProfile profile, byte[] message) {
    return read(profile.reader(), message);
  }

  static PayloadFacts read(PayloadReader reader, byte[] message) {
    byte[] around = new byte[message.length + 13];
    System.arraycopy(message, 0, around, 13, message.length);
    PayloadFacts facts = new PayloadFacts();
    facts.wantFrameId = true;
    reader.read(MemorySegment.ofArray(around), 13, message.length, facts);
    return facts;
  }

  /// Faults as `KIND: text`.
  static List<String> faults(PayloadFacts facts) {
    return facts.faults().stream().map(Payloads::text).toList();
  }

  static String text(Fault fault) {
    return fault.kind() + ": " + FindingText.evidence(fault.evidence());
  }
}
