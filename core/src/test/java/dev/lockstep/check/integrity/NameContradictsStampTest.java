package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class NameContradictsStampTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new NameContradictsStamp();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.NAME_CONTRADICTS,
            Location.stream("CAM_FRONT")
                .withFile("samples/CAM_FRONT/n015__CAM_FRONT__1532402927612460.jpg")
                .withMessages(4, 4)
                .withStamps(1532402927662460000L, 1532402927662460000L),
            new Evidence.Mismatch(
                "stamp in the file name", "1532402927612460000 ns", "1532402927662460000 ns")));
  }

  @Override
  public String expected() {
    return """
    error INT037 name-contradicts-stamp: stamps that should be equal differ between file name and tables: stamp in the file name stored 1532402927612460000 ns, computed 1532402927662460000 ns
      at CAM_FRONT, message 4, stamp 1532402927662460000 ns, samples/CAM_FRONT/n015__CAM_FRONT__1532402927612460.jpg\
    """;
  }
}
