package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class LayoutBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new LayoutBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.LAYOUT_BROKEN,
            Location.bytes("lockstep.yaml", 31, 9),
            new Evidence.Violation(
                "line 3, /streams/0/unit",
                "unknown key unit",
                "one of stream, modality, files, content, fields, optional, stamps")));
  }

  @Override
  public String expected() {
    return """
    error INT042 layout-broken: layout cannot be used: line 3, /streams/0/unit unknown key unit (expected one of stream, modality, files, content, fields, optional, stamps)
      at lockstep.yaml, byte 31+9\
    """;
  }
}
