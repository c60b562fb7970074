package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class SpecificationBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new SpecificationBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.SPEC_MUST,
            Location.bytes("drive.mcap", 900, 110),
            new Evidence.Violation(
                "summary",
                "statistics without the channels that they count",
                "channels repeated in the summary")));
  }

  @Override
  public String expected() {
    return """
    warning INT015 specification-broken: a MUST of the format's specification is broken: summary statistics without the channels that they count (expected channels repeated in the summary)
      at drive.mcap, byte 900+110\
    """;
  }
}
