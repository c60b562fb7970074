package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class PointerInsteadOfDataTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new PointerInsteadOfData();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.LFS_POINTER,
            Location.bytes("0000000000.png", 0, 131),
            new Evidence.Violation(
                "content", "pointer to 892341 bytes, sha256:0a1b", "the data itself")));
  }

  @Override
  public String expected() {
    return """
    error INT004 pointer-instead-of-data: git-LFS pointer instead of data: content pointer to 892341 bytes, sha256:0a1b (expected the data itself)
      at 0000000000.png, byte 0+131\
    """;
  }
}
