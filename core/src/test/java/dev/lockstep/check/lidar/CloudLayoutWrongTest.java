package dev.lockstep.check.lidar;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class CloudLayoutWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new CloudLayoutWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CLOUD_LAYOUT,
            Location.stream("/lidar")
                .withMessages(20, 20)
                .withFile("drive.mcap")
                .withBytes(27013, 593),
            new Evidence.Mismatch("row_step", "487", "40 * 12 = 480")));
  }

  @Override
  public String expected() {
    return """
    error LID001 cloud-layout-wrong: point cloud contradicts its own layout: row_step stored 487, computed 40 * 12 = 480
      at /lidar, message 20, drive.mcap, byte 27013+593\
    """;
  }
}
