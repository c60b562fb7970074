package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class SizeNotMultipleTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new SizeNotMultiple();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.SIZE_NOT_MULTIPLE,
            Location.stream("velodyne_points")
                .withMessages(12, 12)
                .withFile("velodyne_points/data/0000000012.bin"),
            new Evidence.Violation(
                "size of the sweep", "22013 bytes", "a multiple of 16, 13 bytes are left over")));
  }

  @Override
  public String expected() {
    return """
    error INT025 size-not-multiple: size is not a multiple of the element size: size of the sweep 22013 bytes (expected a multiple of 16, 13 bytes are left over)
      at velodyne_points, message 12, velodyne_points/data/0000000012.bin\
    """;
  }
}
