package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class BagMetadataWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new BagMetadataWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.BAG_METADATA,
            Location.file("metadata.yaml"),
            Evidence.Mismatch.ofCount("message count of /lidar", 60, 57)));
  }

  @Override
  public String expected() {
    return """
    error INT038 bag-metadata-wrong: bag metadata contradict the data: message count of /lidar stored 60, computed 57
      at metadata.yaml\
    """;
  }
}
