package dev.lockstep.check.label;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class LabelMalformedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new LabelMalformed();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.LABEL_MALFORMED,
            Location.stream("label_02")
                .withMessages(41, 41)
                .withFile("0001.txt")
                .withBytes(5120, 77),
            new Evidence.Violation("columns", "9", "17, or 18")));
  }

  @Override
  public String expected() {
    return """
    error LAB012 label-malformed: label cannot be parsed: columns 9 (expected 17, or 18)
      at label_02, message 41, 0001.txt, byte 5120+77\
    """;
  }
}
