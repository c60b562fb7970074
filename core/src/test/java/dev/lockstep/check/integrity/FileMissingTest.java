package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class FileMissingTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new FileMissing();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.FILE_MISSING,
            Location.file("velodyne_points/data/0000000177.bin"),
            new Evidence.Violation("file", "missing", "one for each stamp")),
        Defect.of(
            DefectKind.FILE_UNREADABLE,
            Location.file("image_02/data/0000000003.png"),
            new Evidence.Violation("file", "permission denied", "readable")));
  }

  @Override
  public String expected() {
    return """
    error INT003 file-missing: file missing that the recording names: file missing (expected one for each stamp)
      at velodyne_points/data/0000000177.bin
    error INT003 file-missing: file cannot be opened: file permission denied (expected readable)
      at image_02/data/0000000003.png\
    """;
  }
}
