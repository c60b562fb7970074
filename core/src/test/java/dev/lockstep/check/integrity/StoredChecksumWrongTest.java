package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class StoredChecksumWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new StoredChecksumWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CHUNK_CRC,
            Location.bytes("drive.mcap", 2400, 25000),
            new Evidence.Mismatch("chunk CRC-32", "0x1A2B3C4D", "0x99887766")),
        Defect.of(
            DefectKind.DATA_CRC,
            Location.bytes("drive.mcap", 0, 99000),
            new Evidence.Mismatch("data section CRC-32", "0x00000001", "0x99887766")),
        Defect.of(
            DefectKind.SUMMARY_CRC,
            Location.bytes("drive.mcap", 99100, 2400),
            new Evidence.Mismatch("summary CRC-32", "0x00000002", "0x99887766")),
        Defect.of(
            DefectKind.ATTACHMENT_CRC,
            Location.bytes("drive.mcap", 98000, 900),
            new Evidence.Mismatch("attachment CRC-32", "0x00000003", "0x99887766")),
        Defect.of(
            DefectKind.FRAME_CHECKSUM,
            Location.bytes("drive.mcap", 30000, 21000),
            new Evidence.Violation("content checksum of the LZ4 frame", "wrong", "right")));
  }

  @Override
  public String expected() {
    return """
    error INT007 stored-checksum-wrong: chunk checksum does not match: chunk CRC-32 stored 0x1A2B3C4D, computed 0x99887766
      at drive.mcap, byte 2400+25000
    error INT007 stored-checksum-wrong: data section checksum does not match: data section CRC-32 stored 0x00000001, computed 0x99887766
      at drive.mcap, byte 0+99000
    error INT007 stored-checksum-wrong: summary checksum does not match: summary CRC-32 stored 0x00000002, computed 0x99887766
      at drive.mcap, byte 99100+2400
    error INT007 stored-checksum-wrong: attachment checksum does not match: attachment CRC-32 stored 0x00000003, computed 0x99887766
      at drive.mcap, byte 98000+900
    error INT007 stored-checksum-wrong: compressed frame's own checksum does not match: content checksum of the LZ4 frame wrong (expected right)
      at drive.mcap, byte 30000+21000\
    """;
  }
}
