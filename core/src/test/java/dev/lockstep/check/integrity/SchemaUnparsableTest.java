package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class SchemaUnparsableTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new SchemaUnparsable();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.SCHEMA_UNPARSABLE,
            Location.stream("/tracks").withFile("drive.mcap").withBytes(120, 411),
            new Evidence.Violation(
                "type used in lab_msgs/Tracks",
                "'lab_msgs/Track'",
                "its definition in the schema")));
  }

  @Override
  public String expected() {
    return """
    warning INT024 schema-unparsable: schema cannot be parsed: type used in lab_msgs/Tracks 'lab_msgs/Track' (expected its definition in the schema)
      at /tracks, drive.mcap, byte 120+411\
    """;
  }
}
