package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class BytesAfterEndTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new BytesAfterEnd();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.TRAILING_BYTES,
            Location.bytes("drive.mcap", 101621, 512),
            new Evidence.Violation("bytes after the closing magic", "512", "none")),
        Defect.of(
            DefectKind.CODEC_TRAILING,
            Location.bytes("drive.mcap", 4096, 8),
            new Evidence.Violation("bytes after the zstd frame", "8", "none")));
  }

  @Override
  public String expected() {
    return """
    warning INT006 bytes-after-end: bytes after the end: bytes after the closing magic 512 (expected none)
      at drive.mcap, byte 101621+512
    warning INT006 bytes-after-end: bytes after the compressed frame: bytes after the zstd frame 8 (expected none)
      at drive.mcap, byte 4096+8\
    """;
  }
}
