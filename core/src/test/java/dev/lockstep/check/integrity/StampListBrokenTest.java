package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class StampListBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new StampListBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.STAMP_LINE_LOST,
            Location.stream("velodyne_points")
                .withMessages(177, 180)
                .withFile("velodyne_points/timestamps.txt")
                .withBytes(5310, 4),
            new Evidence.Violation(
                "lines 178..181",
                "blank",
                "a stamp: 4 messages are lost; skipping blank lines would shift 266 later"
                    + " messages")),
        Defect.of(
            DefectKind.STAMPS_CONTRADICT,
            Location.stream("velodyne_points").withMessages(5, 5).withStamps(300, 300),
            new Evidence.Violation("start, centre and end", "100, 300, 200 ns", "ascending")));
  }

  @Override
  public String expected() {
    return """
    error INT026 stamp-list-broken: line without a stamp in a stamp list: lines 178..181 blank (expected a stamp: 4 messages are lost; skipping blank lines would shift 266 later messages)
      at velodyne_points, messages 177..180, velodyne_points/timestamps.txt, byte 5310+4
    error INT026 stamp-list-broken: stamps of one message contradict each other: start, centre and end 100, 300, 200 ns (expected ascending)
      at velodyne_points, message 5, stamp 300 ns\
    """;
  }
}
