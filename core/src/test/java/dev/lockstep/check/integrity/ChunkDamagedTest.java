package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class ChunkDamagedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new ChunkDamaged();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CHUNK_UNREADABLE,
            Location.bytes("drive.mcap", 2400, 7000),
            new Evidence.Violation("zstd frame", "damaged at byte 12", "readable")),
        Defect.of(
            DefectKind.CHUNK_SIZE,
            Location.bytes("drive.mcap", 9400, 7000),
            new Evidence.Mismatch("uncompressed size", "4611686018427387904", "25140")),
        Defect.of(
            DefectKind.CHUNK_TOO_LARGE,
            Location.bytes("drive.mcap", 16400, 7000),
            new Evidence.Violation(
                "uncompressed size", "268435456 bytes", "at most 134217728 bytes")));
  }

  @Override
  public String expected() {
    return """
    error INT009 chunk-damaged: chunk cannot be decompressed: zstd frame damaged at byte 12 (expected readable)
      at drive.mcap, byte 2400+7000
    error INT009 chunk-damaged: chunk size does not match its content: uncompressed size stored 4611686018427387904, computed 25140
      at drive.mcap, byte 9400+7000
    error INT009 chunk-damaged: chunk is larger than the limit and was not examined: uncompressed size 268435456 bytes (expected at most 134217728 bytes)
      at drive.mcap, byte 16400+7000\
    """;
  }
}
