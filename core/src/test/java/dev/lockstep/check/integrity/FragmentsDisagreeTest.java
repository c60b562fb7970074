package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class FragmentsDisagreeTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new FragmentsDisagree();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.FRAGMENT_TIME,
            Location.bytes("live.mp4", 10520, 20).withStream("video/1"),
            Evidence.Mismatch.ofCount(
                "decode time of the fragment, against the end of the one before, ticks (fragment 4"
                    + " after 2)",
                38400,
                25600)),
        Defect.of(
            DefectKind.FRAGMENT_SEQUENCE,
            Location.bytes("live.mp4", 20480, 16),
            new Evidence.Violation("number of the fragment", "1", "5 (decode times go on)")),
        Defect.of(
            DefectKind.SEGMENT_INDEX,
            Location.bytes("live.mp4", 709, 68),
            new Evidence.Violation(
                "references of sidx", "3 of 4 behind the end of the file", "fragments")));
  }

  @Override
  public String expected() {
    return """
    error INT034 fragments-disagree: fragment does not begin where the one before ended: decode time of the fragment, against the end of the one before, ticks (fragment 4 after 2) stored 38400, computed 25600
      at video/1, live.mp4, byte 10520+20
    warning INT034 fragments-disagree: fragment numbers do not ascend by one: number of the fragment 1 (expected 5 (decode times go on))
      at live.mp4, byte 20480+16
    warning INT034 fragments-disagree: segment index does not match the fragments: references of sidx 3 of 4 behind the end of the file (expected fragments)
      at live.mp4, byte 709+68\
    """;
  }
}
