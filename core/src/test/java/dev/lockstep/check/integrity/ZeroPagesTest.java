package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class ZeroPagesTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new ZeroPages();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.ZERO_PAGES,
            Location.bytes("drive.mcap", 8192, 4096),
            new Evidence.Violation("zeros on page bounds", "4096 of 101621 bytes", "data")));
  }

  @Override
  public String expected() {
    return """
    error INT005 zero-pages: pages of zeros where data should be: zeros on page bounds 4096 of 101621 bytes (expected data)
      at drive.mcap, byte 8192+4096\
    """;
  }
}
