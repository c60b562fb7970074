package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class CountWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new CountWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.STATISTICS,
            Location.bytes("drive.mcap", 100700, 110),
            new Evidence.Mismatch("message count", "321", "320")),
        Defect.of(
            DefectKind.COUNT_MISMATCH,
            Location.bytes("tracklet_labels.xml", 120, 20),
            new Evidence.Mismatch("count of tracklets", "16", "15")));
  }

  @Override
  public String expected() {
    return """
    error INT012 count-wrong: statistics do not match the data: message count stored 321, computed 320
      at drive.mcap, byte 100700+110
    error INT012 count-wrong: count does not match the data: count of tracklets stored 16, computed 15
      at tracklet_labels.xml, byte 120+20\
    """;
  }
}
