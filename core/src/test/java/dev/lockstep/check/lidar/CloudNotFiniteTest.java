package dev.lockstep.check.lidar;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class CloudNotFiniteTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new CloudNotFinite();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CLOUD_NOT_FINITE,
            Location.stream("/lidar")
                .withMessages(20, 20)
                .withFile("drive.mcap")
                .withBytes(27013, 593),
            new Evidence.Violation(
                "points with x, y or z not finite",
                "40 of 40",
                "none, the sweep says that it is dense")));
  }

  @Override
  public String expected() {
    return """
    error LID002 cloud-not-finite: point cloud holds coordinates that are no numbers: points with x, y or z not finite 40 of 40 (expected none, the sweep says that it is dense)
      at /lidar, message 20, drive.mcap, byte 27013+593\
    """;
  }
}
