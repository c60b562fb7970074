package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.source.Interruption;
import dev.lockstep.testing.DefectCheckContract;
import java.time.Instant;
import java.util.List;

class RecordingInterruptedTest implements DefectCheckContract {
  private static final long LEFT = Instant.parse("2026-03-01T08:15:30.250Z").toEpochMilli();

  @Override
  public DefectCheck check() {
    return new RecordingInterrupted();
  }

  @Override
  public List<Defect> violating() {
    return List.of(new Interruption(0, 1_310_720, LEFT, LEFT + 4200, 65_536).defect("00001.mcap"));
  }

  @Override
  public String expected() {
    return """
    error INT043 recording-interrupted: recording begins behind a hole: client reconnected 4200 ms without a byte since 2026-03-01T08:15:30.250Z, behind byte 1310720 of part 0, 65536 bytes thrown away by the client (expected one connection from first to last)
      at 00001.mcap, byte 0\
    """;
  }
}
