package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class PayloadMalformedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new PayloadMalformed();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CDR_MALFORMED,
            Location.stream("/lidar")
                .withMessages(7, 7)
                .withFile("drive.mcap")
                .withBytes(9120, 593),
            new Evidence.OutOfRange(
                "length of header.frame_id at byte 12", 4294967280L, null, 577, "")),
        Defect.of(
            DefectKind.ROS1_MALFORMED,
            Location.stream("/imu").withMessages(5, 5).withFile("drive.bag").withBytes(5040, 324),
            new Evidence.OutOfRange(
                "bytes behind the last member at byte 320", 4L, null, 0, "bytes")),
        Defect.of(
            DefectKind.PROTOBUF_MALFORMED,
            Location.stream("/gps").withMessages(3, 3).withFile("drive.mcap").withBytes(400, 38),
            new Evidence.Violation("wire type of latitude at byte 21", "2", "1")));
  }

  @Override
  public String expected() {
    return """
    error INT021 payload-malformed: CDR payload is malformed: length of header.frame_id at byte 12 4294967280 (expected at most 577)
      at /lidar, message 7, drive.mcap, byte 9120+593
    error INT021 payload-malformed: ROS 1 payload is malformed: bytes behind the last member at byte 320 4 bytes (expected at most 0 bytes)
      at /imu, message 5, drive.bag, byte 5040+324
    error INT021 payload-malformed: protobuf payload is malformed: wire type of latitude at byte 21 2 (expected 1)
      at /gps, message 3, drive.mcap, byte 400+38\
    """;
  }
}
