package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class FileEmptyTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new FileEmpty();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.FILE_EMPTY,
            Location.bytes("drive.mcap", 0, 0),
            new Evidence.Violation("file size", "0 bytes", "at least 1")));
  }

  @Override
  public String expected() {
    return """
    error INT001 file-empty: file holds no bytes: file size 0 bytes (expected at least 1)
      at drive.mcap, byte 0\
    """;
  }
}
