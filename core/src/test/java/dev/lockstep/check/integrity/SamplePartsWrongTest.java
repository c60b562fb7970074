package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class SamplePartsWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new SamplePartsWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.SAMPLE_PARTS,
            Location.bytes("v1.0-mini/sample.json", 3254, 216).withMessages(15, 15),
            new Evidence.Violation(
                "keyframes of CAM_FRONT in sample 46afdbcb489347cc22a30b7f94160c1f",
                "none",
                "1, as in 29 of 30 samples")));
  }

  @Override
  public String expected() {
    return """
    warning INT048 sample-parts-wrong: rows do not belong to their sample: keyframes of CAM_FRONT in sample 46afdbcb489347cc22a30b7f94160c1f none (expected 1, as in 29 of 30 samples)
      at row 15, v1.0-mini/sample.json, byte 3254+216\
    """;
  }
}
