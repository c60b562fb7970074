package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class FileTruncatedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new FileTruncated();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.FILE_TRUNCATED,
            Location.bytes("drive.mcap", 54000, 196),
            new Evidence.Violation("chunk record", "196 bytes left", "25000 bytes")),
        Defect.of(
            DefectKind.FILE_CHANGED,
            Location.bytes("other.mcap", 8192, 4096),
            new Evidence.Violation(
                "read", "failed: the file is shorter than when it was opened", "the same file")));
  }

  @Override
  public String expected() {
    return """
    error INT002 file-truncated: file ends too early: chunk record 196 bytes left (expected 25000 bytes)
      at drive.mcap, byte 54000+196
    error INT002 file-truncated: file shrank or failed while it was read: read failed: the file is shorter than when it was opened (expected the same file)
      at other.mcap, byte 8192+4096\
    """;
  }
}
