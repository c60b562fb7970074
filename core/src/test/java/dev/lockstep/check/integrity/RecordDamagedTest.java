package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class RecordDamagedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new RecordDamaged();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.RECORD_LENGTH,
            Location.bytes("drive.mcap", 2400, 25000),
            new Evidence.Violation("record length", "1152921504606846976", "at most 99221")),
        Defect.of(
            DefectKind.RECORD_MALFORMED,
            Location.bytes("drive.mcap", 300, 40),
            new Evidence.Violation(
                "Channel record", "field topic ends behind the record", "all fields inside")),
        Defect.of(
            DefectKind.RECORD_FORBIDDEN,
            Location.bytes("drive.mcap", 500, 12),
            new Evidence.Violation("opcode", "0x00", "0x01 or above")),
        Defect.of(
            DefectKind.RECORD_UNKNOWN,
            Location.bytes("drive.mcap", 600, 12),
            new Evidence.Violation("opcode", "0x23", "a known one")),
        Defect.of(
            DefectKind.TEXT_ENCODING,
            Location.bytes("drive.mcap", 700, 12),
            new Evidence.Violation("topic", "2F C3 28", "UTF-8")),
        Defect.of(
            DefectKind.HEADER_MALFORMED,
            Location.bytes("drive.mcap", 8, 0),
            new Evidence.Violation("Header", "none", "the first record")),
        Defect.of(
            DefectKind.MAGIC_DAMAGED,
            Location.bytes("drive.mcap", 0, 8),
            new Evidence.Violation("first eight bytes", "894D435150300D0A", "894D434150300D0A")),
        Defect.of(
            DefectKind.TIME_OUT_OF_RANGE,
            Location.stream("/imu").withMessages(20, 20).withFile("drive.mcap").withBytes(6441, 20),
            new Evidence.Violation("log time", "18446744073709551611 ns", "below 2^63")));
  }

  @Override
  public String expected() {
    return """
    error INT008 record-damaged: record length is impossible: record length 1152921504606846976 (expected at most 99221)
      at drive.mcap, byte 2400+25000
    error INT008 record-damaged: record cannot be parsed: Channel record field topic ends behind the record (expected all fields inside)
      at drive.mcap, byte 300+40
    error INT008 record-damaged: record with opcode 0: opcode 0x00 (expected 0x01 or above)
      at drive.mcap, byte 500+12
    warning INT008 record-damaged: record of an unknown reserved opcode: opcode 0x23 (expected a known one)
      at drive.mcap, byte 600+12
    error INT008 record-damaged: text is not UTF-8: topic 2F C3 28 (expected UTF-8)
      at drive.mcap, byte 700+12
    error INT008 record-damaged: file header is missing or damaged: Header none (expected the first record)
      at drive.mcap, byte 8
    error INT008 record-damaged: magic bytes of the format are damaged: first eight bytes 894D435150300D0A (expected 894D434150300D0A)
      at drive.mcap, byte 0+8
    error INT008 record-damaged: time is too large to be one: log time 18446744073709551611 ns (expected below 2^63)
      at /imu, message 20, drive.mcap, byte 6441+20\
    """;
  }
}
