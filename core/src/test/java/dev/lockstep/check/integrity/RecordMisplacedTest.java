package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class RecordMisplacedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new RecordMisplaced();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.RECORD_MISPLACED,
            Location.bytes("drive.mcap", 3000, 120),
            new Evidence.Violation("Attachment record", "inside a chunk", "in the data section")),
        Defect.of(
            DefectKind.RECORD_DUPLICATED,
            Location.bytes("drive.mcap", 4000, 30),
            new Evidence.Violation("Header record", "second", "one")),
        Defect.of(
            DefectKind.SUMMARY_UNGROUPED,
            Location.bytes("drive.mcap", 99500, 60),
            new Evidence.Violation(
                "Schema record", "behind records of other kinds", "one group of each kind")));
  }

  @Override
  public String expected() {
    return """
    error INT010 record-misplaced: record where the format does not allow it: Attachment record inside a chunk (expected in the data section)
      at drive.mcap, byte 3000+120
    error INT010 record-misplaced: record that may stand once stands twice: Header record second (expected one)
      at drive.mcap, byte 4000+30
    warning INT010 record-misplaced: summary records are not grouped: Schema record behind records of other kinds (expected one group of each kind)
      at drive.mcap, byte 99500+60\
    """;
  }
}
