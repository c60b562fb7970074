package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class ManifestDamagedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new ManifestDamaged();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.MANIFEST_DAMAGED,
            Location.file("drive.mcap.blocks.arrow"),
            new Evidence.Violation(
                "chained CRC-32C of block 12 of /lidar", "0x0000BEEF", "0x1A2B3C4D")));
  }

  @Override
  public String expected() {
    return """
    error INT041 manifest-damaged: block manifest is damaged and was not used: chained CRC-32C of block 12 of /lidar 0x0000BEEF (expected 0x1A2B3C4D)
      at drive.mcap.blocks.arrow\
    """;
  }
}
