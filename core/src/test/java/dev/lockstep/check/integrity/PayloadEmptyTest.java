package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class PayloadEmptyTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new PayloadEmpty();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.PAYLOAD_EMPTY,
            Location.stream("/lidar")
                .withMessages(20, 20)
                .withFile("drive.mcap")
                .withBytes(27013, 0),
            new Evidence.Violation("payload", "0 bytes", "a message")));
  }

  @Override
  public String expected() {
    return """
    warning INT020 payload-empty: message without payload: payload 0 bytes (expected a message)
      at /lidar, message 20, drive.mcap, byte 27013\
    """;
  }
}
